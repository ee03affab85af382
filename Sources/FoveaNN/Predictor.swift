import FoveaKernels

/// Runs a model forward on batches of any size, with one plan for each shape.
///
/// Belongs to the thread that made it, like a session.
package final class Predictor {
  private let model: any ClassificationModel
  private let variables: VariableStore
  private let options: CompileOptions
  private var sessions: [BatchShape: Session] = [:]
  private let arena: Arena

  /// A predictor on variables that are stored elsewhere, as in training.
  ///
  /// - Parameter arena: memory that others use in turn.
  package init(
    _ model: any ClassificationModel, variables: VariableStore, arena: Arena = Arena(),
    threads: Int? = nil
  ) {
    self.model = model
    self.variables = variables
    self.arena = arena
    var options = CompileOptions()
    options.threads = threads
    self.options = options
  }

  /// A predictor with weights of its own.
  ///
  /// - Throws: `InputError` when the weights do not fit the model.
  package convenience init(
    _ model: any ClassificationModel, weights: Weights, threads: Int? = nil
  ) throws {
    try weights.check(against: model)
    self.init(model, variables: VariableStore(weights.arrays), threads: threads)
  }

  /// Logits `[batch, classes]` of a batch's arrays; arrays that the model does not take are left.
  package func logits(_ arrays: [String: HostArray], batch: Int) throws -> HostArray {
    let session = try session(model.shape(of: arrays, batch: batch))
    for (name, array) in arrays where session.plan.inputs[name] != nil {
      try session.set(name, to: array)
    }
    try session.run()
    return try session.output("logits")
  }

  private func session(_ batch: BatchShape) throws -> Session {
    if let session = sessions[batch] { return session }
    let graph = Graph(for: model, mode: .inference)
    let logits = model.logits(in: graph, batch: batch)
    var options = options
    options.storedVariables = variables.layouts
    let plan = try graph.compile(outputs: ["logits": logits], options: options)
    let session = try Session(plan, variables: variables, arena: arena)
    sessions[batch] = session
    return session
  }
}
