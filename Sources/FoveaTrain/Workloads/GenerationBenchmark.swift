import FoveaInference
import FoveaKernels
package import FoveaNN

/// How long a GPT takes for a token beside the time in which its weights and its cache can be read
/// once, which no order of computing can go below: each new token meets every weight, and the keys and
/// values of all positions before it.
package struct GenerationBenchmark: Codable, Sendable {
  package let threads: Int
  /// Positions that a token sees, on average.
  package let context: Int
  package let millisecondsPerToken: Double
  /// Weights that a token is multiplied with; the vectors of tokens and positions that are only
  /// looked up do not count, those that give the logits do.
  package let weightBytes: Int
  /// Keys and values of as many positions as a token sees.
  package let cacheBytes: Int
  /// Bytes that are read a second when an array larger than all caches is added up, in 10⁹.
  package let gigabytesPerSecond: Double

  /// The time in which weights and cache are read once.
  package let floorMilliseconds: Double
  /// How many times the floor a token takes.
  package let ratio: Double

  /// A GPT with the sizes of GPT-2's smallest model.
  package static var smallestGPT2: GPT.Options {
    var options = GPT.Options()
    options.vocabulary = 50_257
    options.length = 1_024
    options.width = 768
    options.heads = 12
    options.layers = 12
    options.style.activation = .geluTanh
    return options
  }

  /// Generates with random weights, tokens being drawn from all, and reads memory in between; medians
  /// over rounds.
  ///
  /// - Parameters:
  ///   - context: positions that a token sees, on average.
  ///   - tokens: in a round.
  package static func measure(
    _ options: GPT.Options, context: Int = 128, tokens: Int = 32, rounds: Int = 5,
    threads: Int? = nil
  ) async throws -> GenerationBenchmark {
    guard tokens > 0, rounds > 0, context > tokens / 2, context + tokens / 2 < options.length
    else {
      throw InputError(
        "\(tokens) tokens around position \(context) do not fit into \(options.length) positions")
    }
    let network = try GPT(options)
    try checkMemory(network)
    let engine = GenerationEngine(
      network, network.initialWeights(key: RandomKey(seed: 0)), threads: threads)
    let key = RandomKey(seed: 1)
    let prompt = (0..<(context - tokens / 2)).map {
      Int32(key.integer(below: options.vocabulary, at: UInt64($0)))
    }
    let reader = try await MemoryReader(threads: threads)
    var times: [Double] = []
    var rates: [Double] = []
    for round in 0...rounds {
      // What the prompt takes is taken off: it is written in both cases, and one token.
      var seconds: [Double] = []
      for count in [1, 1 + tokens] {
        let clock = ContinuousClock()
        let start = clock.now
        let (ids, _) = try await engine.generate(
          prompt, end: nil, options: TextGenerator.Options(maximumTokens: count))
        seconds.append((clock.now - start).seconds)
        guard ids.count == count else {
          throw InputError("\(ids.count) tokens were written instead of \(count)")
        }
      }
      let rate = try await reader.gigabytesPerSecond()
      guard round > 0 else { continue }  // The first makes plans.
      times.append(1e3 * (seconds[1] - seconds[0]) / Double(tokens))
      rates.append(rate)
    }
    let parameters = network.layers.flatMap(\.parameters) + network.norm.parameters
    let numbers =
      parameters.map(\.parameter.shape.elementCount).reduce(0, +)
      + network.tokens.weight.shape.elementCount
    let milliseconds = times.sorted()[rounds / 2]
    let rate = rates.sorted()[rounds / 2]
    let cacheBytes = 4 * 2 * options.layers * options.width * context
    let floor = 1e-6 * Double(4 * numbers + cacheBytes) / rate
    return GenerationBenchmark(
      threads: threads ?? KernelTeam.defaultThreads, context: context,
      millisecondsPerToken: milliseconds, weightBytes: 4 * numbers, cacheBytes: cacheBytes,
      gigabytesPerSecond: rate, floorMilliseconds: floor, ratio: milliseconds / floor)
  }
}

extension GenerationBenchmark {
  /// Random weights, and those of the sessions.
  private static func checkMemory(_ network: GPT) throws {
    try MachineMemory.require(
      SizeArithmetic.product([network.parameterCounts.total, 4, 2]), for: "this network",
      advice: "Give smaller sizes")
  }

  /// Times each step of the plan that gives one more token, the cache being full up to a context.
  package static func profile(
    _ options: GPT.Options, context: Int = 128, iterations: Int, threads: Int? = nil
  ) throws -> WorkloadProfile {
    let network = try GPT(options)
    try checkMemory(network)
    let variables = VariableStore(network.initialWeights(key: RandomKey(seed: 0)).arrays)
    let session = try GenerationEngine.session(
      network, variables, positions: 1, capacity: context + 1, threads: threads)
    try session.set("ids", to: HostArray([1, 1], [Int32(0)]))
    try session.set("position", to: HostArray([Int32(context)]))
    try session.set("row", to: HostArray([Int32(0)]))
    return try WorkloadProfile.measure(
      session, workload: "generate", mode: .infer, batch: 1, iterations: iterations)
  }
}

/// Adds up an array that is larger than the caches.
@KernelActor
private final class MemoryReader {
  private static let count = 1 << 26
  private let session: Session

  init(threads: Int?) throws {
    var options = CompileOptions()
    options.threads = threads
    let graph = Graph()
    let array = graph.input("array", ArrayType([Self.count]))
    session = try Session(graph.compile(outputs: ["sum": array.sum()], options: options))
    try session.set("array", to: HostArray(repeating: Float(1), shape: [Self.count]))
  }

  func gigabytesPerSecond() throws -> Double {
    4e-9 * Double(Self.count) / (try Stopwatch.median(seconds: 0.1) { try session.run() })
  }
}
