import FoveaNN

/// A network for recordings or texts as one for pictures of one row: a frame or token is a place, a
/// feature a channel, so that every way of highlighting serves all.
struct FrameNetwork: Layer {
  let model: any SequenceModel

  /// The model's parameters, under its own paths.
  var parameters: [NamedParameter] { model.parameters }

  /// - Parameter x: normalised features, `[batch, features, 1, frames]`
  /// - Returns: logits `[batch, classes]`
  func callAsFunction(_ x: Tensor) -> Tensor {
    let (batch, features, frames) = (x.shape[0], x.shape[1], x.shape[3])
    var y = x.reshaped([batch, features, frames]).permuted([0, 2, 1])
    let missing = model.workedFrames(frames) - frames
    if missing > 0 { y = y.padded(before: [0, 0, 0], after: [0, missing, 0]) }
    return model.logits(ofFrames: y, lengths: nil)
  }
}

/// The networks for the lengths of frames that were asked for last.
struct FrameNetworks {
  let model: any SequenceModel
  let weights: Weights
  let threads: Int?
  /// How many are kept.
  let most: Int
  /// The latest last.
  private var made: [(frames: Int, network: ExplainedNetwork)] = []

  init(_ model: any SequenceModel, weights: Weights, threads: Int?, most: Int) {
    (self.model, self.weights, self.threads, self.most) = (model, weights, threads, most)
  }

  /// The network for so many frames.
  ///
  /// - Throws: `InputError` when the weights do not fit the network.
  mutating func network(frames: Int) throws -> ExplainedNetwork {
    if let known = made.first(where: { $0.frames == frames }) { return known.network }
    let network = try ExplainedNetwork(model, frames: frames, weights: weights, threads: threads)
    made.append((frames, network))
    if made.count > most { made.removeFirst() }
    return network
  }
}

extension ExplainedNetwork {
  /// A network for recordings of so many frames, or texts of so many tokens.
  ///
  /// - Throws: `InputError` when the weights do not fit the network.
  fileprivate convenience init(
    _ model: any SequenceModel, frames: Int, weights: Weights, threads: Int? = nil
  ) throws {
    try self.init(
      FrameNetwork(model: model),
      input: PictureInputLayer(
        height: 1, width: frames, channels: model.features, mean: [], deviation: []),
      classCount: model.classCount, weights: weights, threads: threads)
  }
}
