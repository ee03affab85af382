import FoveaGraph
import FoveaKernels
import FoveaMetrics
package import FoveaNN

/// A network made ready to be asked where it looks: its passes run on normalised pictures, in
/// batches, with one plan for each pass and batch size.
///
/// Belongs to the thread that made it, like a session.
package final class ExplainedNetwork {
  /// How pictures enter.
  package let input: PictureInputLayer
  /// How many classes there are.
  package let classCount: Int
  private let network: any Layer
  private let variables: VariableStore
  private let threads: Int?
  private var sessions: [SessionKey: Session] = [:]
  /// Additions and multiplications so far.
  private(set) var operations = 0.0

  private struct SessionKey: Hashable {
    let pass: String
    let batch: Int
  }

  /// A network with its weights.
  ///
  /// - Throws: `InputError` when the weights do not fit the network.
  package init(
    _ network: any Layer, input: PictureInputLayer, classCount: Int, weights: Weights,
    threads: Int? = nil
  ) throws {
    try weights.check(against: network)
    self.network = network
    self.input = input
    self.classCount = classCount
    self.threads = threads
    variables = VariableStore(weights.arrays)
  }

  /// A model with its weights.
  ///
  /// - Throws: `InputError` when the weights do not fit the network.
  package convenience init(
    _ model: PictureModel, weights: Weights, threads: Int? = nil
  ) throws {
    try self.init(
      model.layer, input: model.input, classCount: model.classCount, weights: weights,
      threads: threads)
  }

  /// Puts other numbers in the place of the network's weights.
  package func set(_ weights: Weights) throws {
    // Variables exist from the first plan on.
    _ = try session(.forward, batch: 1)
    for (path, array) in weights.arrays { try variables.set(path, to: array) }
  }

  /// Additions and multiplications of one picture's forward pass.
  package func forwardOperations() throws -> Double {
    Double(max(try session(.forward, batch: 1).plan.floatingPointOperations, 1))
  }

  /// Pictures that run together at most: powers of two, fewer where pictures are large.
  private var largestBatch: Int {
    var batch = 32
    while batch > 1, batch * input.height * input.width > 1 << 21 { batch /= 2 }
    return batch
  }

  /// Runs a pass over pictures.
  ///
  /// - Parameters:
  ///   - count: how many pictures there are.
  ///   - target: the explained class.
  ///   - picture: gives each picture in turn, `[channels, height, width]`.
  ///   - read: takes each picture's outputs, and its `logits`.
  /// - Throws: `InputError` where an output is not finite; `CancellationError` between two batches.
  package func run(
    _ pass: NetworkPass, count: Int, target: Int, picture: (Int) -> [Float],
    read: (Int, [String: ArraySlice<Float>]) -> Void
  ) throws {
    var next = 0
    while next < count {
      try Task.checkCancellation()
      var batch = largestBatch
      while batch > count - next { batch /= 2 }
      let session = try session(pass, batch: batch)
      let pictures = (next..<(next + batch)).flatMap(picture)
      try session.set(
        "pictures",
        to: HostArray([batch, input.channels, input.height, input.width], pictures))
      if session.plan.inputs["target"] != nil {
        var row = [Float](repeating: 0, count: classCount)
        row[target] = 1
        try session.set(
          "target", to: HostArray([batch, classCount], (0..<batch).flatMap { _ in row }))
      }
      try session.run()
      operations += Double(session.plan.floatingPointOperations)
      var outputs: [String: [Float]] = [:]
      for name in session.plan.outputs.keys {
        let values = try session.output(name).floats
        guard values.allSatisfy(\.isFinite) else { throw InputError.notFinite() }
        outputs[name] = values
      }
      for item in 0..<batch {
        read(
          next + item,
          outputs.mapValues { values in
            let size = values.count / batch
            return values[(item * size)..<((item + 1) * size)]
          })
      }
      next += batch
    }
  }

  /// The probability of each class for one picture.
  package func probabilities(of picture: InputPicture) throws -> [Float] {
    var result: [Float] = []
    try run(.forward, count: 1, target: 0, picture: { _ in picture.values }) { _, outputs in
      result = softmax(Array(outputs["logits"] ?? [])).probabilities
    }
    return result
  }

  private func session(_ pass: NetworkPass, batch: Int) throws -> Session {
    let key = SessionKey(pass: pass.name, batch: batch)
    if let session = sessions[key] { return session }
    let graph = Graph(for: network, mode: .inference)
    let pictures = graph.input(
      "pictures", ArrayType([batch, input.channels, input.height, input.width]))
    let logits = network(pictures)
    let target = graph.input("target", ArrayType([batch, classCount]))
    var outputs = try pass.outputs(
      NetworkPass.Context(graph: graph, pictures: pictures, logits: logits, target: target))
    outputs["logits"] = logits
    var options = CompileOptions()
    options.threads = threads
    options.storedVariables = variables.layouts
    let plan = try graph.compile(outputs: outputs, options: options)
    let session = try Session(plan, variables: variables)
    sessions[key] = session
    return session
  }
}
