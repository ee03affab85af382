import FoveaArray
import FoveaKernels
import Glibc
import Testing

struct ElementwiseKernelTests {
  private func apply(
    _ function: ElementwiseFunction, _ inputs: [HostArray], threads: Int = 2
  ) throws -> HostArray {
    let program = ElementwiseProgram(
      inputs: inputs.map(\.elementType),
      steps: [.init(function, inputs.indices.map { .input($0) })])
    let type = ArrayType(inputs[0].shape, try program.stepTypes()[0])
    let kernel = try ElementwiseKernel.make(
      program, inputs: inputs.map { .rowMajor($0.type) }, result: .rowMajor(type),
      threads: threads)
    return try run(kernel, inputs, results: [type])[0]
  }

  private static let unary: [(ElementwiseFunction, @Sendable (Double) -> Double)] = [
    (.negate, { -$0 }), (.absolute, { abs($0) }), (.sign, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
    (.exp, { exp($0) }), (.relu, { max($0, 0) }), (.sigmoid, { 1 / (1 + exp(-$0)) }),
    (.tanh, { tanh($0) }), (.erf, { erf($0) }),
    (.gelu, { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }),
  ]

  @Test(arguments: sizes) func functionsAgreeWithTheLoop(count: Int) throws {
    let x = numbers([count], seed: 1, scale: 6)
    for (function, reference) in Self.unary {
      let y = try apply(function, [x])
      expectClose(
        y.floats, x.floats.map { reference(Double($0)) }, absolute: 4e-7, relative: 3e-6,
        "\(function.name) of \(count)")
    }
    let positive = HostArray(x.floats.map { abs($0) + 0.01 })
    expectClose(
      try apply(.log, [positive]).floats, positive.floats.map { log(Double($0)) },
      absolute: 4e-7, relative: 3e-6, "log")
    expectClose(
      try apply(.squareRoot, [positive]).floats, positive.floats.map { Double($0).squareRoot() },
      absolute: 0, relative: 1e-6, "sqrt")
  }

  /// Where a formula is evaluated carelessly, it overflows or loses everything.
  @Test func functionsHoldAtTheEdges() throws {
    let edges: [Float] = [
      0, -0.0, 1e-30, -1e-30, 88, -88, 104, -104, 1e30, -1e30, .infinity, -.infinity, .nan,
      .greatestFiniteMagnitude, .leastNormalMagnitude,
    ]
    let x = HostArray(edges)
    for (function, reference) in Self.unary where function != .sign && function != .gelu {
      // The lowest numbers of exp are flushed to 0.
      expectClose(
        try apply(function, [x]).floats, edges.map { Double(Float(reference(Double($0)))) },
        absolute: 1.3e-38, relative: 1e-5, function.name)
    }
    let logarithm = try apply(
      .log, [HostArray([0, 1, .infinity, -1, .nan, .leastNormalMagnitude] as [Float])]
    ).floats
    #expect(logarithm[0] == -.infinity && logarithm[1] == 0 && logarithm[2] == .infinity)
    #expect(logarithm[3].isNaN && logarithm[4].isNaN)
    #expect(abs(logarithm[5] - Float(log(Double(Float.leastNormalMagnitude)))) < 1e-4)
  }

  @Test(arguments: sizes) func pairsAgreeWithTheLoop(count: Int) throws {
    let a = numbers([count], seed: 2, scale: 3)
    let b = numbers([count], seed: 3, scale: 3)
    let cases: [(ElementwiseFunction, (Double, Double) -> Double)] = [
      (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
      (
        .geluGradient,
        { dy, x in
          let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
          return dy * (0.5 * (1 + erf(x / 2.0.squareRoot())) + x * density)
        }
      ),
      (.divide, { $0 / $1 }), (.minimum, { min($0, $1) }), (.maximum, { max($0, $1) }),
    ]
    for (function, reference) in cases {
      expectClose(
        try apply(function, [a, b]).floats,
        zip(a.floats, b.floats).map { reference(Double($0), Double($1)) }, function.name)
    }
  }

  @Test(arguments: sizes) func bytesAreWidenedAndCut(count: Int) throws {
    let bytes = HostArray((0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) })
    let wide = try apply(.cast(.float32), [bytes])
    #expect(wide.floats == (0..<count).map { Float(UInt8(truncatingIfNeeded: $0 * 37)) })
    #expect(try apply(.cast(.uint8), [wide]) == bytes)
    let truths = try apply(.cast(.bool), [bytes])
    #expect(
      truths.elements(of: Bool.self) == (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) != 0 })
  }

  /// Threads share a loop by element counts, and every element is computed alike.
  @Test func theNumberOfThreadsChangesNothing() throws {
    let x = numbers([50_000], seed: 4, scale: 4)
    let one = try apply(.gelu, [x], threads: 1)
    for threads in [2, 3, 4] {
      KernelTeam.use(threads: threads)
      #expect(try apply(.gelu, [x], threads: threads) == one)
    }
    KernelTeam.use(threads: KernelTeam.defaultThreads)
  }

  @Test func aResultMayTakeItsOperandsPlace() throws {
    let program = ElementwiseProgram(
      inputs: [.float32], constants: [.float(2)],
      steps: [
        .init(.multiply, [.input(0), .constant(0)]), .init(.add, [.step(0), .input(0)]),
      ])
    let x = numbers([1_000], seed: 5)
    let layout = Layout.rowMajor(x.type)
    let kernel = try ElementwiseKernel.make(program, inputs: [layout], result: layout, threads: 2)
    let arena = Memory(byteCount: 4_096 + kernel.scratchBytes)
    try arena.write(x, in: layout)
    let slot = Slot(storage: .arena(0), layout: layout)
    try BoundKernels([(kernel, [slot, slot])], arena: arena, scratchOffset: 4_096, variables: [])
      .run()
    #expect(try arena.read(in: layout).floats == x.floats.map { $0 * 2 + $0 })
  }
}
