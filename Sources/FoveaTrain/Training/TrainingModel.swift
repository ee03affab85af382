package import FoveaData
import FoveaInference
import FoveaKernels
package import FoveaNN
package import FoveaRuns

/// A model in training: its variables, and a plan for each shape of batch.
///
/// Belongs to the kernel thread, like a session.
package final class TrainingModel {
  /// The model without its numbers.
  package let description: any ClassificationModel
  let settings: TrainingSettings
  private let classWeights: [Float]?
  let variables: VariableStore
  private var sessions: [BatchShape: Session] = [:]
  let arena = Arena()
  /// Runs the model forward on the same variables.
  package let predictor: Predictor

  /// A model that starts with these weights and optimiser's arrays.
  package init(
    _ model: any ClassificationModel, settings: TrainingSettings, classWeights: [Float]? = nil,
    weights: Weights, optimizer: Weights = Weights()
  ) throws {
    try weights.check(against: model)
    description = model
    self.settings = settings
    self.classWeights = classWeights
    variables = VariableStore(
      weights.arrays.merging(optimizer.arrays) { weight, _ in weight })
    predictor = Predictor(
      model, variables: variables, arena: arena, threads: settings.threads)
  }

  /// What a step gave.
  package struct StepResult: Sendable {
    /// The mean loss over the batch.
    package let loss: Float
    /// How many of the batch were right.
    package let correct: Float
    /// The norm of all gradients together; 0 where they have no limit, for then nothing asks for it.
    package let gradientNorm: Float
  }

  /// One training step. `step` is counted from 0, `key` decides what is random in it.
  package func train(
    _ arrays: [String: HostArray], batch: Int, learningRate: Float, step: Int, key: RandomKey
  ) throws -> StepResult {
    let session = try session(description.shape(of: arrays, batch: batch))
    for (name, array) in arrays where session.plan.inputs[name] != nil {
      try session.set(name, to: array)
    }
    try session.set("learningRate", to: HostArray(learningRate))
    try session.set("step", to: HostArray(Float(step + 1)))
    if session.plan.inputs["randomKey"] != nil {
      let words = [UInt32(truncatingIfNeeded: key.value), UInt32(key.value >> 32)]
      try session.set("randomKey", to: HostArray(words.map { Int32(bitPattern: $0) }))
    }
    try session.run()
    return StepResult(
      loss: try session.output("loss").scalar, correct: try correct(session, arrays, batch),
      gradientNorm: session.plan.outputs["gradientNorm"] == nil
        ? 0 : try session.output("gradientNorm").scalar)
  }

  /// How many of the batch were right: their class, or all of their words by the most probable path; of
  /// items, what those with the largest scores gain.
  private func correct(
    _ session: Session, _ arrays: [String: HostArray], _ batch: Int
  ) throws -> Float {
    switch description.output {
    case .classes, .items: return try session.output("correct").scalar
    case .steps:
      let path = try session.output("path")
      let (symbols, steps) = (path.elements(of: Int32.self), path.shape[1])
      let lengths = arrays["lengths"]?.elements(of: Int32.self)
      let said = Batch(arrays: arrays, examples: Array(0..<batch)).transcripts
      let right = said.enumerated().count { row, words in
        let end = row * steps + (lengths.map { Int($0[row]) } ?? steps)
        return words
          == WordDecoder.collapsed(
            symbols[(row * steps)..<end].lazy.map { Int($0) }, blank: description.classCount)
      }
      return Float(right)
    }
  }

  /// The weights as they are now.
  package func weights() throws -> Weights {
    var weights = Weights()
    for named in description.parameters { weights[named.path] = try variables.value(named.path) }
    return weights
  }

  /// The optimiser's arrays as they are now.
  package func optimizerArrays() throws -> Weights {
    var arrays = Weights()
    for name in variables.names where name.hasPrefix(Optimizer.statePrefix) {
      arrays[name] = try variables.value(name)
    }
    return arrays
  }

  /// Compiles the plan for the usual batches of a size; the first one chooses how variables are stored.
  @discardableResult
  package func prepare(batch: Int) throws -> Plan {
    try session(description.usualShape(batch: batch)).plan
  }

  private func session(_ batch: BatchShape) throws -> Session {
    if let session = sessions[batch] { return session }
    let (graph, outputs) = TrainingModel.stepGraph(
      description, settings: settings, classWeights: classWeights, batch: batch)
    var options = CompileOptions()
    options.threads = settings.threads
    options.storedVariables = variables.layouts
    let plan = try graph.compile(outputs: outputs, options: options)
    let session = try Session(plan, variables: variables, arena: arena)
    sessions[batch] = session
    return session
  }

  /// The graph of one training step: the mean loss, how many of the batch are right, what is heard at
  /// each step or what the chosen items gain, and the optimiser's updates.
  package static func stepGraph(
    _ model: any ClassificationModel, settings: TrainingSettings, classWeights: [Float]? = nil,
    batch: BatchShape
  ) -> (graph: Graph, outputs: [String: Tensor]) {
    let graph = Graph(for: model, mode: .training)
    let logits = model.logits(in: graph, batch: batch)
    func input(_ name: String, _ shape: Shape) -> Tensor {
      graph.input(name, ArrayType(shape, .int32))
    }
    var outputs: [String: Tensor]
    let loss: Tensor
    switch model.output {
    case .classes:
      let labelCount = model.labelCount(batch)
      let labels = input("labels", [labelCount])
      loss = logits.crossEntropy(
        labels: labels, labelSmoothing: settings.labelSmoothing,
        classWeights: classWeights.map { graph.constant(HostArray($0)) })
      var correct = logits.argMax().equal(to: labels).cast(to: .float32).sum()
      // Of examples with several labels each counts by its share of right ones.
      if labelCount != batch.count { correct = correct * (Float(batch.count) / Float(labelCount)) }
      outputs = ["correct": correct]
    case .steps:
      loss = logits.ctcLoss(
        targets: input("targets", [batch.count, batch.words]),
        inputLengths: input("lengths", [batch.count]),
        targetLengths: input("targetLengths", [batch.count])
      ).mean()
      outputs = ["path": logits.argMax()]
    case .items:
      let type = ArrayType([batch.count, batch.steps])
      let shares = graph.input("shares", type)
      loss = -(shares * logits.logSoftmax()).sum() * (1 / Float(batch.count))
      let items = graph.constant(HostArray((0..<Int32(batch.steps)).map { $0 }))
      let isChosen = logits.argMax().reshaped([batch.count, 1]).equal(to: items)
      outputs = ["correct": isChosen.select(graph.input("gains", type), 0).sum()]
    }
    outputs["gradientNorm"] = loss.minimize(model, settings.step)
    outputs["loss"] = loss
    return (graph, outputs)
  }
}

extension TrainingSettings {
  /// The same for examples of a medium: words in the place of `usual`.
  package func suiting(_ medium: Medium) -> TrainingSettings {
    var settings = self
    if augmentation == Self.usualAugmentation {
      settings.augmentation = medium.usualAugmentation
    }
    return settings
  }

  /// What a training step does beside the forward pass.
  var step: StepSettings {
    let optimizer: Optimizer =
      switch self.optimizer {
      case .sgd: .sgd(momentum: 0.9, weightDecay: weightDecay)
      case .adam: .adam(weightDecay: weightDecay)
      case .adamw: .adamW(weightDecay: weightDecay)
      }
    return StepSettings(optimizer: optimizer, gradientClip: gradientClip, frozen: frozen)
  }

  /// The learning rate of a step (counted from 0) out of `total`.
  func learningRate(step: Int, of total: Int) -> Float {
    let schedule: LearningRateSchedule =
      switch self.schedule {
      case .constant: .constant
      case .cosine: .cosine
      case .warmup: .warmUpCosine(steps: max(1, total / 20))
      }
    return schedule.learningRate(step: step, of: total, rate: learningRate)
  }
}
