package import FoveaNN
package import FoveaRuns

/// What training takes of memory, held against what there is before a folder is made.
package enum TrainingMemory {
  /// Copies of all weights that are alive at once at most: those that it starts with, the best ones, and a
  /// checkpoint with its bytes, in which the optimiser's arrays stand too.
  private static func copies(_ optimizer: TrainingSettings.OptimizerName) -> Int {
    let state = optimizer == .sgd ? 1 : 2
    let trained = 1 + state
    // What is trained, a second one whose steps are timed, and the checkpoint twice.
    return 2 * trained + 2 * (trained + 1) + 2
  }

  /// Fails where a graph is far beyond what the machine could hold, before anything is compiled; near
  /// the limit the session says it.
  ///
  /// - Throws: `InputError` with what it takes and what there is.
  static func checkFarBeyond(
    _ network: some Module, _ graph: Graph, _ outputs: [String: Tensor]
  ) throws {
    let weights = SizeArithmetic.product([network.parameterCounts.total, 4])
    try MachineMemory.require(
      max(weights, graph.bytesAlive(outputs: outputs) / 4), for: "a batch of this network",
      advice: "Give smaller sizes, or a smaller batch")
  }

  /// Fails unless the machine has the memory to train a model.
  ///
  /// - Parameter examples: how many are trained on.
  /// - Throws: `InputError` with what it takes and what there is.
  package static func check(
    _ model: any ClassificationModel, settings: TrainingSettings, examples: Int
  ) throws {
    let advice = "Give a smaller network, smaller batches, or smaller or shorter examples"
    let weights = SizeArithmetic.product(
      [model.parameterCounts.total, 4, copies(settings.optimizer)])
    try MachineMemory.require(weights, for: "training this network", advice: advice)
    let batch = model.usualShape(batch: min(settings.batchSize, max(examples, 1)))
    let (graph, outputs) = TrainingModel.stepGraph(model, settings: settings, batch: batch)
    // The steps that are timed first have an arena of their own.
    func needed(_ step: Int) -> Int { SizeArithmetic.sum([weights, step, step]) }
    let estimate = graph.bytesAlive(outputs: outputs)
    let available = MachineMemory.availableBytes
    guard needed(estimate) > available / 4 else { return }
    // Near the limit the plan itself is asked, far beyond it nobody waits for one.
    var step = estimate
    if estimate / 16 < available {
      var options = CompileOptions()
      options.threads = settings.threads
      step = try graph.compile(outputs: outputs, options: options).arenaBytes
    }
    try MachineMemory.require(
      needed(step), for: "training on batches of \(NumberText.count(batch.count))",
      advice: advice)
  }
}
