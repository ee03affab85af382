package import FoundationEssentials
import FoveaNN

/// A recorded training run of another framework: start weights, one batch, the losses of its steps
/// and the logits after the last one, in double precision.
///
/// File format: safetensors with `parameter.<name>`, `buffer.<name>` (statistics), `input`, `target`
/// if there is one, `losses`, `logits`; names are PyTorch's. Metadata: `workload`, `arguments` (JSON:
/// sizes away from their defaults), `optimizer` (JSON).
package struct ReferenceRun: Sendable {
  package private(set) var workload: Workload
  package let optimizer: Optimizer
  package let learningRate: Float
  private let weights: Weights
  private let input: HostArray
  private let target: HostArray?
  private let losses: [Double]
  private let logits: [Double]

  /// How the same run went here.
  package struct Outcome: Codable, Sendable {
    package let workload: String
    package let losses: [Double]
    /// The largest |ours − theirs| / |theirs| over the steps.
    package let largestRelativeLossDeviation: Double
    /// The largest |ours − theirs| over the logits after the last step.
    package let largestLogitDeviation: Double
  }

  private struct OptimizerSettings: Decodable {
    let name: String
    let learningRate: Float
    let weightDecay: Float?
    let momentum: Float?
    let nesterov: Bool?

    enum CodingKeys: String, CodingKey {
      case name, momentum, nesterov
      case learningRate = "learning_rate"
      case weightDecay = "weight_decay"
    }
  }

  /// Reads a recorded run.
  ///
  /// - Throws: `InputError` when the file is malformed or records a workload that is not there.
  package init(contentsOf url: URL) throws {
    let file = try Safetensors(contentsOf: url)
    func metadata(_ key: String) throws -> String {
      guard let value = file.metadata[key] else {
        throw InputError("is no recorded run: \(key) is missing", at: url.path)
      }
      return value
    }
    func decoded<Settings: Decodable>(_ key: String, _ what: String) throws -> Settings {
      do {
        return try JSONDecoder().decode(Settings.self, from: Data(metadata(key).utf8))
      } catch is DecodingError {
        throw InputError("the \(what) are not readable", at: url.path)
      }
    }
    let arguments: [String: Int] =
      file.metadata["arguments"] == nil ? [:] : try decoded("arguments", "workload's arguments")
    var workload = try Workload(named: metadata("workload"), arguments: arguments)
    let settings: OptimizerSettings = try decoded("optimizer", "optimizer's settings")
    learningRate = settings.learningRate
    for number in [
      settings.learningRate, settings.weightDecay ?? 0, settings.momentum ?? 0,
    ] where !number.isFinite || number < 0 {
      throw InputError("the optimizer's settings hold \(number)", at: url.path)
    }
    switch settings.name {
    case "adam": optimizer = .adam(weightDecay: settings.weightDecay ?? 0)
    case "adamw": optimizer = .adamW(weightDecay: settings.weightDecay ?? 0)
    case "sgd":
      optimizer = .sgd(
        momentum: settings.momentum ?? 0, nesterov: settings.nesterov ?? false,
        weightDecay: settings.weightDecay ?? 0)
    default: throw InputError("the optimizer \(settings.name) is not known", at: url.path)
    }
    var arrays: [String: HostArray] = [:]
    for entry in file.entries {
      for prefix in ["parameter.", "buffer."] where entry.name.hasPrefix(prefix) {
        let path = PyTorchNames.path(of: String(entry.name.dropFirst(prefix.count)))
        arrays[path] = try file.array(entry.name)
      }
    }
    weights = Weights(arrays)
    try weights.check(against: workload.network, at: url.path)
    input = try file.array("input")
    workload.itemShape = Array(input.shape.sizes.dropFirst())
    target = workload.target == .none ? nil : try file.array("target")
    let batch = input.shape.sizes.first ?? 0
    for (name, array, type) in [
      ("input", input, workload.inputType(batch: batch)),
      ("target", target, workload.targetType(batch: batch)),
    ] where array?.type != type {
      throw InputError(
        "\(name) is \(array.map { "\($0.type)" } ?? "missing"), the workload needs "
          + "\(type.map { "\($0)" } ?? "none")", at: url.path)
    }
    self.workload = workload
    losses = try file.doubles("losses")
    logits = try file.doubles("logits")
  }

  /// Trains the same steps on the same batch.
  package func run(threads: Int? = nil) throws -> Outcome {
    let batch = input.shape[0]
    let network = workload.network
    var options = CompileOptions()
    options.threads = threads
    let graph = Graph(for: network, mode: .training)
    let loss = workload.loss(in: graph, batch: batch)
    loss.minimize(network, StepSettings(optimizer: optimizer))
    let plan = try graph.compile(outputs: ["loss": loss], options: options)
    let variables = VariableStore(weights.arrays)
    let session = try Session(plan, variables: variables)
    try session.set("input", to: input)
    if let target { try session.set("target", to: target) }
    try session.set("learningRate", to: HostArray(learningRate))
    var found: [Double] = []
    for step in 1...losses.count {
      try session.set("step", to: HostArray(Float(step)))
      try session.run()
      found.append(Double(try session.output("loss").scalar))
    }
    let forward = Graph(for: network, mode: .inference)
    options.storedVariables = variables.layouts
    let evaluation = try forward.compile(
      outputs: ["logits": workload.logits(in: forward, batch: batch)], options: options)
    let ours = try Session(evaluation, variables: variables).run(["input": input])["logits"]
    return Outcome(
      workload: workload.name, losses: found,
      largestRelativeLossDeviation: zip(found, losses).map { abs($0 - $1) / abs($1) }.max() ?? 0,
      largestLogitDeviation: zip(ours?.floats ?? [], logits).map { abs(Double($0) - $1) }.max()
        ?? .infinity)
  }
}
