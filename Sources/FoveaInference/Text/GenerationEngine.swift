import FoveaArray
import FoveaKernels
package import FoveaNN

/// Runs a model of language on the kernel thread.
package final class GenerationEngine: Sendable {
  private let worker: Worker

  package init(_ network: any GenerativeModel, _ weights: Weights, threads: Int?) {
    worker = Worker(network, weights, threads)
  }

  package func generate(
    _ prompt: [Int32], end: Int32?, options: TextGenerator.Options
  ) async throws -> ([Int32], TextGenerator.End) {
    try await worker.generate(prompt, end: end, options: options)
  }

  func logits(after ids: [Int32], usesCache: Bool) async throws -> [Float] {
    try await worker.logits(after: ids, usesCache: usesCache)
  }

  /// A plan that adds positions to a cache, tied to variables.
  ///
  /// - Parameters:
  ///   - positions: that run together.
  ///   - capacity: positions of the cache; 0 for a pass without one.
  package static func session(
    _ network: any GenerativeModel, _ variables: VariableStore, positions: Int, capacity: Int,
    threads: Int?
  ) throws -> Session {
    let graph = Graph(for: network, mode: .inference)
    let ids = graph.input("ids", ArrayType([1, positions], .int32))
    let logits =
      capacity == 0
      ? network(ids)
      : network.next(
        ids, position: graph.input("position", ArrayType([1], .int32)),
        row: graph.input("row", ArrayType([1], .int32)), capacity: capacity)
    var options = CompileOptions()
    options.threads = threads
    options.storedVariables = variables.layouts
    return try Session(
      graph.compile(outputs: ["logits": logits], options: options), variables: variables)
  }
}

@PromptKernelActor
private final class Worker {
  /// Positions of a prompt that run together.
  private static let block = 32

  private struct Size: Hashable {
    let positions: Int
    /// Positions of the cache; 0 for a pass without one.
    let capacity: Int
  }

  private let network: any GenerativeModel
  private let weights: Weights
  private let threads: Int?
  private var madeVariables: VariableStore?
  private var sessions: [Size: Session] = [:]
  /// A cache is one text's: a second request must not run between two tokens of the first.
  private var queue: [CheckedContinuation<Void, Never>] = []
  private var isBusy = false

  nonisolated init(_ network: any GenerativeModel, _ weights: Weights, _ threads: Int?) {
    self.network = network
    self.weights = weights
    self.threads = threads
  }

  func generate(
    _ prompt: [Int32], end: Int32?, options: TextGenerator.Options
  ) async throws -> ([Int32], TextGenerator.End) {
    await enter()
    defer { leave() }
    let sampler = TokenSampler(options)
    var ids = prompt
    let capacity = capacity(for: min(prompt.count + options.maximumTokens, network.length))
    var known = 0
    for step in 0..<options.maximumTokens {
      try Task.checkCancellation()
      guard ids.count < network.length else {
        return (Array(ids.dropFirst(prompt.count)), .modelLength)
      }
      let logits =
        options.usesCache
        ? try await advance(ids, &known, capacity: capacity) : try pass(ids)
      try Self.check(logits)
      let next = sampler.token(logits, step: step)
      if next == end { return (Array(ids.dropFirst(prompt.count)), .finished) }
      ids.append(next)
      await Task.yield()
    }
    return (Array(ids.dropFirst(prompt.count)), .maximumTokens)
  }

  func logits(after ids: [Int32], usesCache: Bool) async throws -> [Float] {
    await enter()
    defer { leave() }
    var known = 0
    let logits =
      usesCache
      ? try await advance(ids, &known, capacity: capacity(for: ids.count)) : try pass(ids)
    try Self.check(logits)
    return logits
  }

  private static func check(_ logits: [Float]) throws {
    guard logits.allSatisfy(\.isFinite) else {
      throw InputError(
        "the model's logits are not numbers",
        advice: "Its weights are broken: train or fetch it again")
    }
  }

  private func enter() async {
    if isBusy { await withCheckedContinuation { queue.append($0) } } else { isBusy = true }
  }

  private func leave() {
    if queue.isEmpty { isBusy = false } else { queue.removeFirst().resume() }
  }

  /// Caches come in few sizes, so that few plans serve all lengths.
  private func capacity(for positions: Int) -> Int {
    min((positions + 127) / 128 * 128, network.length)
  }

  /// Brings the cache up to the text; gives the logits of what follows.
  private func advance(
    _ ids: [Int32], _ known: inout Int, capacity: Int
  ) async throws -> [Float] {
    while known < ids.count {
      try Task.checkCancellation()
      let rest = ids.count - known
      // A block may be filled up: what is written behind the text is overwritten later.
      let positions = rest > 1 && known + Self.block <= capacity ? Self.block : 1
      let count = min(rest, positions)
      let part = Array(ids[known..<(known + count)])
      let session = try session(Size(positions: positions, capacity: capacity))
      try session.set(
        "ids",
        to: HostArray(
          [1, positions], part + [Int32](repeating: 0, count: positions - count)))
      try session.set("position", to: HostArray([Int32(known)]))
      try session.set("row", to: HostArray([Int32(count - 1)]))
      try session.run()
      known += count
      if known == ids.count { return try session.output("logits").floats }
      // Requests of others come between the blocks of a long prompt.
      await Task.yield()
    }
    return []
  }

  /// One pass over the whole text.
  private func pass(_ ids: [Int32]) throws -> [Float] {
    let positions = min(
      (ids.count + Self.block - 1) / Self.block * Self.block, network.length)
    let session = try session(Size(positions: positions, capacity: 0))
    try session.set(
      "ids",
      to: HostArray([1, positions], ids + [Int32](repeating: 0, count: positions - ids.count)))
    try session.run()
    let vocabulary = network.vocabulary
    let numbers = try session.output("logits").floats
    return Array(numbers[((ids.count - 1) * vocabulary)..<(ids.count * vocabulary)])
  }

  private func session(_ size: Size) throws -> Session {
    if let session = sessions[size] { return session }
    let variables = madeVariables ?? VariableStore(weights.arrays)
    madeVariables = variables
    let session = try GenerationEngine.session(
      network, variables, positions: size.positions, capacity: size.capacity, threads: threads)
    sessions[size] = session
    return session
  }
}
