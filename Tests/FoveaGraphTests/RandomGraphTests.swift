import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaTestSupport
import Testing

/// The passes change how a graph is computed, not what: on networks drawn at random.
struct RandomGraphTests {
  private static let seeds = 0..<60

  private func run(
    _ random: RandomGraph, optimizes: Bool, level: ProcessorLevel = .current
  ) throws -> [String: HostArray] {
    var options = CompileOptions()
    options.optimizes = optimizes
    options.level = level
    options.threads = 2
    let plan = try random.graph.compile(outputs: random.outputs, options: options)
    let session = try Session(plan)
    for (name, array) in random.inputs where plan.inputs[name] != nil {
      try session.set(name, to: array)
    }
    try session.run()
    var results: [String: HostArray] = [:]
    for name in random.outputs.keys { results[name] = try session.output(name) }
    return results
  }

  @Test(arguments: seeds) func passesOnAndOffAgree(seed: Int) throws {
    let random = RandomGraph(seed: seed)
    let off = try run(random, optimizes: false)
    for level in Set([ProcessorLevel.current, .avx512]) {
      let on = try run(random, optimizes: true, level: level)
      for (name, expected) in off {
        let actual = try #require(on[name])
        let reference = Array64(expected)
        #expect(reference.values.allSatisfy { $0.isFinite }, "\(name) of graph \(seed)")
        // Rounding is relative to the numbers that take part, of a few units, not to each result.
        let scale = max(1, reference.values.map(abs).max() ?? 0)
        expectClose(
          actual, reference, absolute: 1e-4 * scale, relative: 1e-4,
          "\(name) of graph \(seed), kernels for \(level)")
      }
    }
  }

  /// The graphs above are made of every op that a network can be written in.
  @Test func theGraphsTakeInEveryOp() throws {
    var names: Set<String> = []
    for seed in Self.seeds {
      let random = RandomGraph(seed: seed)
      names.formUnion(random.graph.nodes.map { type(of: $0.op).name })
      var options = CompileOptions()
      options.level = .avx512
      names.formUnion(
        try random.graph.optimized(outputs: random.outputs, options: options).nodes
          .map { type(of: $0.op).name })
    }
    // Updates have no results, pixels are bytes, arg max has no gradient, recurrent ops and splits
    // want shapes that seldom come together by chance, and products of bytes are for inference alone:
    // their own cases run with passes on and off.
    let apart = [
      UpdateParameter.name, UpdateMovingAverage.name, CachedAttention.name, NormalizePixels.name,
      ArgMax.name, Variable.name, Split.name, Recurrence.name, RecurrenceGradient.name,
      CTCLoss.name, QuantizedMatMul.name,
    ]
    let missing = OpInventory.all.map { $0.name }.filter {
      !names.contains($0) && !apart.contains($0)
    }
    #expect(missing == [])
  }
}
