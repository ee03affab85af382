import FoveaArray
import FoveaKernels
import FoveaNN

/// Runs an encoder on the kernel thread, texts of about the same length together.
final class EmbeddingEngine: Sendable {
  private let worker: Worker

  init(
    _ network: BERT, _ weights: Weights, pooling: SentenceEmbedder.Pooling, normalizes: Bool,
    precision: SentenceEmbedder.Precision, threads: Int?
  ) {
    worker = Worker(network, weights, pooling, normalizes, precision, threads)
  }

  func embeddings(of texts: [[Int32]]) async throws -> [[Float]] {
    try await worker.embeddings(of: texts)
  }
}

@KernelActor
private final class Worker {
  /// Texts that run together at most.
  private static let largestBatch = 32
  /// Texts that run together at least, as long as there are so many: a plan for fewer costs more than
  /// filling them up to the length of others.
  private static let smallestBatch = 16
  /// Lengths are rounded up to a multiple of this, so that a few plans serve all of them.
  private static let lengthStep = 8

  private struct Size: Hashable {
    let batch: Int
    let length: Int
  }

  private let network: BERT
  /// Weights that are read as bytes.
  private let quantized: Set<String>
  /// The variables' numbers, until the store has them.
  private var weights: [String: HostArray]
  private let pooling: SentenceEmbedder.Pooling
  private let normalizes: Bool
  private let threads: Int?
  private var madeVariables: VariableStore?
  private var sessions: [Size: Session] = [:]
  private let arena = Arena()

  nonisolated init(
    _ network: BERT, _ weights: Weights, _ pooling: SentenceEmbedder.Pooling, _ normalizes: Bool,
    _ precision: SentenceEmbedder.Precision, _ threads: Int?
  ) {
    self.network = network
    quantized = precision == .int8 ? network.denseWeights : []
    self.weights = QuantizeProducts.arrays(of: weights.arrays, quantizing: quantized)
    self.pooling = pooling
    self.normalizes = normalizes
    self.threads = threads
  }

  func embeddings(of texts: [[Int32]]) async throws -> [[Float]] {
    var results = [[Float]](repeating: [], count: texts.count)
    // By length, so that little is filled up.
    let order = texts.indices.sorted { (texts[$0].count, $0) < (texts[$1].count, $1) }
    var rest = order[...]
    while let first = rest.first {
      try Task.checkCancellation()
      let length = rounded(texts[first].count)
      let alike = rest.prefix { rounded(texts[$0].count) == length }.count
      var batch = Self.largestBatch
      while batch > max(alike, Self.smallestBatch) || batch > rest.count { batch /= 2 }
      let part = rest.prefix(batch).map { texts[$0] }
      let longest = part.map(\.count).max() ?? 0
      let vectors = try run(part, Size(batch: batch, length: rounded(longest)))
      for (index, vector) in zip(rest, vectors) {
        try NonFiniteOutput.check(vector, first: index)
      }
      for (index, vector) in zip(rest, vectors) { results[index] = vector }
      rest = rest.dropFirst(batch)
      await Task.yield()
    }
    return results
  }

  private func rounded(_ length: Int) -> Int {
    let step = Self.lengthStep
    return min((max(length, 1) + step - 1) / step * step, network.options.length)
  }

  private func run(_ texts: [[Int32]], _ size: Size) throws -> [[Float]] {
    let session = try session(size)
    let ids = texts.flatMap { $0 + [Int32](repeating: 0, count: size.length - $0.count) }
    try session.set("ids", to: HostArray([size.batch, size.length], ids))
    try session.set("lengths", to: HostArray(texts.map { Int32($0.count) }))
    try session.run()
    let numbers = try session.output("embeddings").floats
    let width = network.options.width
    return (0..<size.batch).map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
  }

  private func session(_ size: Size) throws -> Session {
    if let session = sessions[size] { return session }
    let variables = madeVariables ?? VariableStore(weights)
    madeVariables = variables
    weights = [:]
    let graph = Graph(for: network, mode: .inference)
    let ids = graph.input("ids", ArrayType([size.batch, size.length], .int32))
    let lengths = graph.input("lengths", ArrayType([size.batch], .int32))
    let hidden = network(ids, lengths: lengths)  // [batch, positions, width]
    var vectors =
      switch pooling {
      case .mean: hidden.mean(ofFirst: lengths)
      case .first:
        hidden.slice(axis: 1, 0..<1).reshaped([size.batch, network.options.width])
      }
    if normalizes {
      let norm = (vectors * vectors).sum(axes: [1], keepingAxes: true).squareRoot()
      vectors = vectors / norm.maximum(graph.constant(1e-12))
    }
    var options = CompileOptions()
    options.threads = threads
    options.storedVariables = variables.layouts
    options.quantizedVariables = quantized
    let plan = try graph.compile(outputs: ["embeddings": vectors], options: options)
    let session = try Session(plan, variables: variables, arena: arena)
    sessions[size] = session
    return session
  }
}
