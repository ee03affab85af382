package import FoveaData
import FoveaKernels
import FoveaNN
package import FoveaRuns

/// What a network is made of and what becomes of it: layers, parameters, the graph as it was
/// written, and the plan that runs.
package struct NetworkInspection: Codable, Sendable {
  /// What is compiled.
  package enum Mode: String, Codable, Sendable, CaseIterable {
    /// Forward pass, loss, backward pass and the optimiser's update, as one plan.
    case train
    /// Forward pass to logits.
    case infer
  }

  /// A part of the network.
  package struct Layer: Codable, Sendable {
    package let path: String
    package let kind: String
    package let parameters: Int
  }

  /// An array that the network keeps.
  package struct Parameter: Codable, Sendable {
    package let path: String
    package let shape: [Int]
    package let count: Int
    /// Whether a training step changes it by its gradient.
    package let isTrained: Bool
  }

  package var schemaVersion = 1
  /// The network's name, and that of the attention it carries.
  package let network: String
  package let attention: String
  /// What examples are.
  package let medium: Medium
  package let mode: Mode
  package let batch: Int
  /// Examples as they enter: batch, height, width, channels of pictures; batch, frames, features of
  /// recordings; batch, tokens of texts.
  package let inputShape: [Int]
  package let classes: Int
  package let trainedParameters: Int
  package let totalParameters: Int
  package let layers: [Layer]?
  package let parameters: [Parameter]?
  /// One line a node, as the network was written down, before any pass.
  package let graph: [String]?
  package let plan: PlanInspection?

  /// The parts that can be asked for.
  package struct Parts: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let layers = Parts(rawValue: 1)
    package static let graph = Parts(rawValue: 2)
    package static let plan = Parts(rawValue: 4)
    package static let all: Parts = [.layers, .graph, .plan]
  }

  /// A plan is made for machines larger than this one, but none that there is not.
  private static let mostBytes = 1 << 40

  /// Looks at the network of a classifier.
  ///
  /// - Throws: `InputError` for options that cannot be.
  package init(
    _ classifier: ClassifierDescription, settings: TrainingSettings, mode: Mode,
    batch: Int, parts: Parts = .all
  ) throws {
    guard batch > 0 else {
      throw InputError("a batch of \(batch) cannot be", advice: "Give at least 1")
    }
    try NumberCheck.require("a batch", batch, in: 1...TrainingSettings.batchLimit)
    let model = try classifier.model()
    try MachineMemory.require(
      SizeArithmetic.product([model.parameterCounts.total, 4]), for: "this network",
      advice: "Give a smaller one")
    medium = classifier.input.medium
    network = classifier.network.name
    attention = classifier.network.attention
    self.mode = mode
    self.batch = batch
    inputShape = model.inputShape(model.usualShape(batch: batch))
    classes = model.classCount
    (trainedParameters, totalParameters) = model.parameterCounts(freezing: settings.frozen)
    layers =
      parts.contains(.layers)
      ? model.network.layers.map {
        Layer(path: $0.path, kind: $0.kind, parameters: $0.parameterCount)
      } : nil
    parameters =
      parts.contains(.layers)
      ? model.parameters.map { named in
        Parameter(
          path: named.path, shape: named.parameter.shape.sizes,
          count: named.parameter.shape.elementCount,
          isTrained: settings.step.trains(named))
      } : nil
    guard !parts.isDisjoint(with: [.graph, .plan]) else {
      (graph, plan) = (nil, nil)
      return
    }
    let (graph, outputs) = NetworkInspection.graph(model, settings, mode, batch)
    let bytes = graph.bytesAlive(outputs: outputs)
    guard bytes <= Self.mostBytes else {
      throw InputError(
        "a batch of \(NumberText.count(batch)) of this network takes "
          + "\(NumberText.prefixed(Double(bytes), unit: "B")) of memory",
        advice: "Give a smaller batch, smaller examples or a smaller network")
    }
    self.graph =
      parts.contains(.graph)
      ? GraphText.describe(
        Program(nodes: graph.nodes, outputs: outputs.mapValues(\.value), mode: graph.mode)
      ).split(separator: "\n").map(String.init) : nil
    var options = CompileOptions()
    options.threads = settings.threads
    plan =
      parts.contains(.plan)
      ? PlanInspection(try graph.compile(outputs: outputs, options: options)) : nil
  }

  private static func graph(
    _ model: any ClassificationModel, _ settings: TrainingSettings, _ mode: Mode, _ batch: Int
  ) -> (Graph, [String: Tensor]) {
    switch mode {
    case .train:
      return TrainingModel.stepGraph(
        model, settings: settings, batch: model.usualShape(batch: batch))
    case .infer:
      let graph = Graph(for: model, mode: .inference)
      return (graph, ["logits": model.logits(in: graph, batch: batch)])
    }
  }
}
