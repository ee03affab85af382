import CAllocationCounter
import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaTestSupport
import Testing

struct SessionTests {
  private let adam = ParameterUpdate.adam(
    beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decoupled: false)

  /// A training step of kernels that are all Fovea's own.
  private func nativeStep() throws -> Plan {
    let graph = Graph(mode: .training)
    let x = graph.input("x", ArrayType([64, 40]))
    let w = graph.variable("w", ArrayType([64, 40]))
    let loss = ((x * w).tanh().softmax() + w).sumOfSquares()
    let gradient = loss.gradients(withRespectTo: [w])[0]
    w.update(
      adam, gradient: gradient, states: [graph.variable("m", w.type), graph.variable("v", w.type)],
      learningRate: graph.constant(0.01), step: graph.input("step", ArrayType([])))
    return try graph.compile(outputs: ["loss": loss])
  }

  @Test func aRunAllocatesNothing() throws {
    let session = try Session(nativeStep(), variables: ["w": numbers([64, 40])])
    try session.set("x", to: numbers([64, 40]))
    try session.set("step", to: HostArray(Float(1)))
    try session.run()
    allocation_counter_start()
    for _ in 0..<50 { try session.run() }
    let counted = allocation_counter_stop()
    #expect(counted.count == 0, "\(counted.count) allocations, of \(counted.largest) bytes at most")
  }

  /// The counter counts: what a test of nothing would not show.
  @Test func theCounterSeesAnAllocation() {
    allocation_counter_start()
    let array = [Float](repeating: 1, count: 5_000)
    let counted = allocation_counter_stop()
    #expect(array.count == 5_000)
    #expect(counted.count >= 1 && counted.largest >= 20_000)
  }

  private func numbers(_ shape: Shape, seed: Int = 1) -> HostArray {
    Domain.uniform(-1, 1).values(shape, seed: seed).host(.float32)
  }

  // MARK: Determinism

  private func results(seed: Int, threads: Int) throws -> [String: HostArray] {
    let random = RandomGraph(seed: seed)
    var options = CompileOptions()
    options.threads = threads
    let session = try Session(random.graph.compile(outputs: random.outputs, options: options))
    for (name, array) in random.inputs where session.plan.inputs[name] != nil {
      try session.set(name, to: array)
    }
    try session.run()
    var results: [String: HostArray] = [:]
    for name in random.outputs.keys { results[name] = try session.output(name) }
    return results
  }

  @Test(arguments: 0..<8) func theSameSeedGivesTheSameBits(seed: Int) throws {
    #expect(try results(seed: seed, threads: 2) == results(seed: seed, threads: 2))
  }

  @Test(arguments: 0..<8) func otherThreadCountsAgreeUpToRounding(seed: Int) throws {
    let two = try results(seed: seed, threads: 2)
    for (name, one) in try results(seed: seed, threads: 1) {
      let scale = one.floats.map { Double(abs($0)) }.max() ?? 0
      expectClose(
        try #require(two[name]), Array64(one), absolute: 1e-6 + 1e-4 * scale, relative: 1e-4,
        "\(name) of graph \(seed)")
    }
  }

  @Test func dropoutFollowsItsKeyAlone() throws {
    func dropped(key: [Int32], threads: Int) throws -> HostArray {
      let graph = Graph(mode: .training)
      var options = CompileOptions()
      options.threads = threads
      return try graph.input("x", ArrayType([300, 70])).dropout(rate: 0.4).value(
        inputs: ["x": numbers([300, 70]), "randomKey": HostArray(key)], options: options)
    }
    let first = try dropped(key: [1, 2], threads: 2)
    #expect(try dropped(key: [1, 2], threads: 1) == first)
    #expect(try dropped(key: [1, 3], threads: 2) != first)
  }

  // MARK: Inputs, outputs, variables

  @Test func aWrongInputIsNamed() throws {
    let graph = Graph()
    let session = try Session(
      graph.compile(outputs: ["y": graph.input("x", ArrayType([2])).exp()]))
    #expect(throws: InputError("the plan has no input called z", advice: "Its inputs are: x")) {
      try session.set("z", to: HostArray(Float(1)))
    }
    #expect(throws: InputError("input x is float32[2], not float32[3]")) {
      try session.set("x", to: HostArray([1, 2, 3] as [Float]))
    }
    #expect(throws: InputError("the plan has no output called z", advice: "Its outputs are: y")) {
      try session.output("z")
    }
  }

  /// A plan that cannot have a variable's start value does not use it up.
  @Test func startValuesOutliveAPlanThatTheyDoNotFit() throws {
    let store = VariableStore(["w": HostArray([3, 5] as [Float])])
    func session(_ type: ArrayType) throws -> Session {
      let graph = Graph()
      return try Session(
        graph.compile(outputs: ["y": graph.variable("w", type) * graph.constant(2)]),
        variables: store)
    }
    #expect(throws: KernelError.self) { try session(ArrayType([3])) }
    #expect(try session(ArrayType([2])).run([:])["y"]?.floats == [6, 10])
  }

  @Test func anInputStaysForTheRunsToCome() throws {
    let graph = Graph()
    let x = graph.input("x", ArrayType([500]))
    let y = graph.input("y", ArrayType([500]))
    let session = try Session(graph.compile(outputs: ["z": (x.exp().softmax() + y).tanh()]))
    try session.set("x", to: numbers([500], seed: 2))
    try session.set("y", to: numbers([500], seed: 3))
    try session.run()
    let first = try session.output("z")
    try session.run()
    #expect(try session.output("z") == first)
  }

  /// Two sizes of a step with a constant and with something prepared, in one arena and in two, the
  /// larger one made first or last.
  @Test(arguments: [[3, 50], [50, 3], [3, 4]]) func plansInOneArenaGiveWhatTheyGiveAlone(
    _ sizes: [Int]
  ) throws {
    let store = VariableStore(["w": numbers([40, 40])])
    func session(_ rows: Int, _ arena: Arena?) throws -> Session {
      let graph = Graph(mode: .inference)
      let weights = graph.variable("w", ArrayType([40, 40])).tanh()
      let factors = graph.constant(numbers([rows, 40], seed: 7))
      let y = graph.input("x", ArrayType([rows, 40])).matmul(weights) * factors
      return try Session(
        graph.compile(outputs: ["y": y, "sum": y.sum()]), variables: store, arena: arena)
    }
    let arena = Arena()
    let together = try sizes.map { try session($0, arena) }
    let alone = try sizes.map { try session($0, nil) }
    for (turn, index) in [0, 1, 1, 0, 1, 0, 0].enumerated() {
      let input = ["x": numbers([sizes[index], 40], seed: 10 + turn)]
      let (found, expected) = try (together[index].run(input), alone[index].run(input))
      #expect(found == expected)
      #expect(try together[index].output("sum") == expected["sum"])
    }
  }

  @Test func whatDependsOnVariablesAloneIsPreparedOnce() throws {
    let graph = Graph()
    let w = graph.variable("w", ArrayType([40]))
    let y = graph.input("x", ArrayType([3, 40])) * w.exp().softmax()
    let plan = try graph.compile(outputs: ["y": y])
    #expect(plan.preparation.count == 2 && plan.steps.count == 1)
    let store = VariableStore(["w": numbers([40], seed: 4)])
    let session = try Session(plan, variables: store)
    let x = numbers([3, 40], seed: 5)
    let first = try #require(try session.run(["x": x])["y"])
    // A variable that changes from outside is seen by the next run.
    try store.set("w", to: numbers([40], seed: 6))
    let second = try #require(try session.run(["x": x])["y"])
    #expect(first != second)
    #expect(
      try second
        == y.value(inputs: ["x": x], variables: ["w": numbers([40], seed: 6)]))
  }

  @Test func anIndexOutOfRangeFailsTheRunAndTheNextOneWorks() throws {
    let graph = Graph()
    let y = graph.input("x", ArrayType([5, 2])).gather(graph.input("i", ArrayType([3], .int32)))
    let session = try Session(graph.compile(outputs: ["y": y]))
    let x = numbers([5, 2], seed: 7)
    #expect(throws: KernelError("gather: an index lies outside 0..<5")) {
      try session.run(["x": x, "i": HostArray([0, 5, 1] as [Int32])])
    }
    let found = try session.run(["i": HostArray([4, 0, 4] as [Int32])])["y"]
    #expect(
      found?.floats == [
        x.floats[8], x.floats[9], x.floats[0], x.floats[1], x.floats[8], x.floats[9],
      ])
  }

  @Test func gradientsOfGradientsAreGraphCodeToo() throws {
    let graph = Graph(mode: .training)
    let x = graph.input("x", ArrayType([4]))
    let first = (x * x * x).sum().gradients(withRespectTo: [x])[0]
    let second = first.sum().gradients(withRespectTo: [x])[0]
    let values = HostArray([1, -2, 0.5, 3] as [Float])
    #expect(try second.value(inputs: ["x": values]).floats == [6, -12, 3, 18])
    // A tensor on which the loss does not depend has zeros.
    let other = graph.input("other", ArrayType([2, 2]))
    #expect(
      try x.sum().gradients(withRespectTo: [other])[0].value() == HostArray(zeros: other.type))
  }
}
