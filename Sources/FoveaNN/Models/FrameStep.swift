/// A network that can read forward, frame by frame.
protocol FrameByFrame: SequenceClassifier {
  /// One step; `nil` where the network was made to read otherwise.
  func step(of input: SoundInputLayer) -> FrameStep?
}

extension RecurrentClassifier: FrameByFrame {
  func step(of input: SoundInputLayer) -> FrameStep? { FrameStep(self, input: input) }
}

/// A recurrent network that reads forward, frame by frame: one step, and what is held between two.
///
/// The pool is kept as its sums: with s the score of a state h, and m the largest score so far,
///
///     w ← w exp(m − m′) + exp(s − m′),  v ← v exp(m − m′) + exp(s − m′) h,  pooled = v / w
///
/// which is the softmax over all frames so far, without overflow; for the mean all scores are 0.
package struct FrameStep: Sendable {
  private let input: SoundInputLayer
  private let network: RecurrentClassifier
  private let weights: RecurrentWeights

  /// The step of a model; `nil` where it does not read forward frame by frame.
  package init?(_ model: SoundModel) {
    guard case .sequence(let network as any FrameByFrame) = model.reader,
      let step = network.step(of: model.input)
    else { return nil }
    self = step
  }

  /// The step of a recurrent network; `nil` where it reads in both directions.
  init?(_ network: RecurrentClassifier, input: SoundInputLayer) {
    guard network.options.readsForward == true else { return nil }
    switch network.recurrent {
    case let layer as LSTM: weights = layer.forward
    case let layer as GRU: weights = layer.forward
    default: return nil
    }
    self.input = input
    self.network = network
  }

  /// The arrays that are held between two frames, before the first.
  package var start: [String: HostArray] {
    let size = network.options.hidden
    func row(_ count: Int, _ value: Float = 0) -> HostArray {
      HostArray([1, count], [Float](repeating: value, count: count))
    }
    var arrays = ["hidden": row(size), "sum": row(size), "weight": row(1)]
    arrays["largest"] = row(1, AttentionMask.shutOut)
    if network.options.cell == .lstm { arrays["cell"] = row(size) }
    return arrays
  }

  /// The graph of one step: input `frame` `[1, features]` beside what is held; outputs what is held
  /// behind it, and `logits` `[1, classes]` of all frames so far.
  package func graph(of model: SoundModel) -> (graph: Graph, outputs: [String: Tensor]) {
    let graph = Graph(for: model, mode: .inference)
    var held: [String: Tensor] = [:]
    for (name, array) in start { held[name] = graph.input(name, array.type) }
    let frame = graph.input("frame", ArrayType([1, input.features]))
    let scaled =
      (frame - graph.constant(HostArray(input.mean))) / graph.constant(HostArray(input.deviation))
    let (hidden, cell) = state(scaled, held["hidden"] ?? scaled, held["cell"])
    var next = pooled(hidden, held)
    next["hidden"] = hidden
    if let cell { next["cell"] = cell }
    return (graph, next)
  }

  /// The state behind a frame; see `Recurrence`.
  private func state(
    _ x: Tensor, _ hidden: Tensor, _ cell: Tensor?
  ) -> (hidden: Tensor, cell: Tensor?) {
    let graph = x.graph
    let fromInput = x.linear(graph[weights.inputWeight], graph[weights.inputBias])
    let fromState = hidden.linear(graph[weights.recurrentWeight], graph[weights.recurrentBias])
    guard let cell else {
      let (ahead, back) = (fromInput.split(axis: 1, parts: 3), fromState.split(axis: 1, parts: 3))
      let reset = (ahead[0] + back[0]).sigmoid()
      let update = (ahead[1] + back[1]).sigmoid()
      let candidate = (ahead[2] + reset * back[2]).tanh()
      return (candidate + update * (hidden - candidate), nil)
    }
    let gates = (fromInput + fromState).split(axis: 1, parts: 4)
    let next = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh()
    return (gates[3].sigmoid() * next.tanh(), next)
  }

  /// The pool's sums with one more state, and the logits.
  private func pooled(_ state: Tensor, _ held: [String: Tensor]) -> [String: Tensor] {
    guard let sum = held["sum"], let weight = held["weight"], let before = held["largest"] else {
      fatalError("frame step: the pool's sums are missing")
    }
    let score: Tensor =
      if let pool = network.pool as? AdditiveAttentionPool {
        pool.score(pool.project(state).tanh())
      } else { weight * 0 }
    let largest = before.maximum(score)
    let (old, new) = ((before - largest).exp(), (score - largest).exp())
    var next = ["largest": largest, "weight": weight * old + new, "sum": sum * old + new * state]
    var vector = (next["sum"] ?? sum) / (next["weight"] ?? weight)
    if let matched = network.pool as? MatchedPool {
      vector = matched(vector.reshaped([1, 1, vector.shape[1]]), lengths: nil)
    }
    next["logits"] = network.head(vector)
    return next
  }
}

/// Hears a stream frame by frame, on variables of its own.
///
/// Belongs to the thread that made it, like a session.
package final class FrameListener {
  private let step: FrameStep
  private let session: Session
  private var held: [String: HostArray]

  /// A listener at the beginning of a stream; `nil` where the model does not read forward.
  ///
  /// - Throws: `InputError` when the weights do not fit the model.
  package init?(_ model: SoundModel, weights: Weights) throws {
    guard let step = FrameStep(model) else { return nil }
    try weights.check(against: model)
    let (graph, outputs) = step.graph(of: model)
    // A frame is too little to be divided among threads.
    var options = CompileOptions()
    options.threads = 1
    session = try Session(
      graph.compile(outputs: outputs, options: options), variables: weights.arrays)
    self.step = step
    held = step.start
  }

  /// Forgets what was heard.
  package func restart() { held = step.start }

  /// The state behind the last frame, `[1, size]`.
  package var state: HostArray? { held["hidden"] }

  /// Hears a frame's features, and gives the logits of all frames since the beginning.
  package func hear(_ frame: [Float]) throws -> [Float] {
    var outputs = try session.run(
      held.merging(["frame": HostArray([1, frame.count], frame)]) { $1 })
    let logits = outputs.removeValue(forKey: "logits")
    held = outputs
    return logits?.floats ?? []
  }
}
