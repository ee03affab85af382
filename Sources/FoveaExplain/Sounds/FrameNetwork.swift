import FoveaNN

/// A network for recordings as one for pictures of one row: a frame is a place, a feature a channel,
/// so that every way of highlighting serves both.
struct FrameNetwork: Layer {
  let model: SoundModel

  /// The model's parameters, under its own paths.
  var parameters: [NamedParameter] { model.parameters }

  /// How many frames the network works on where a recording has so many.
  func workedFrames(_ frames: Int) -> Int {
    guard case .map(_, let count) = model.reader else { return frames }
    return max(count, frames)
  }

  /// - Parameter x: normalised features, `[batch, features, 1, frames]`
  /// - Returns: logits `[batch, classes]`
  func callAsFunction(_ x: Tensor) -> Tensor {
    let (batch, features, frames) = (x.shape[0], x.shape[1], x.shape[3])
    var y = x.reshaped([batch, features, frames]).permuted([0, 2, 1])
    let missing = workedFrames(frames) - frames
    if missing > 0 { y = y.padded(before: [0, 0, 0], after: [0, missing, 0]) }
    return model.logits(ofFrames: y, lengths: nil)
  }
}

extension ExplainedNetwork {
  /// A network for recordings of so many frames.
  ///
  /// - Throws: `InputError` when the weights do not fit the network.
  convenience init(
    _ model: SoundModel, frames: Int, weights: Weights, threads: Int? = nil
  ) throws {
    try self.init(
      FrameNetwork(model: model),
      input: PictureInputLayer(
        height: 1, width: frames, channels: model.input.features, mean: [], deviation: []),
      classCount: model.classCount, weights: weights, threads: threads)
  }
}
