/// How recordings enter a network: their features, and what they are normalised by.
public struct SoundInputLayer: Hashable, Sendable {
  /// Numbers in a frame.
  public var features: Int
  /// The mean of each over the training recordings.
  public var mean: [Float]
  /// The standard deviation of each over the training recordings.
  public var deviation: [Float]

  /// An input of this kind.
  public init(features: Int, mean: [Float], deviation: [Float]) {
    self.features = features
    self.mean = mean
    self.deviation = deviation
  }

  /// The normalised frames `[batch, frames, features]`, 0 behind the end of each recording, and the
  /// frames of each, int32 `[batch]`.
  ///
  /// Adds the inputs `frames` and `lengths` to the graph.
  public func frames(in graph: Graph, batch: BatchShape) -> (frames: Tensor, lengths: Tensor) {
    let frames = graph.input("frames", ArrayType([batch.count, batch.steps, features]))
    let lengths = graph.input("lengths", ArrayType([batch.count], .int32))
    let scaled =
      (frames - graph.constant(HostArray(mean))) / graph.constant(HostArray(deviation))
    return (scaled * SequenceMask.of(lengths, steps: batch.steps), lengths)
  }
}

/// Which steps of a batch belong to their sequences.
enum SequenceMask {
  /// 1 where a step is one of the sequence's, else 0: `[batch, steps, 1]`.
  static func of(_ lengths: Tensor, steps: Int) -> Tensor {
    let places = lengths.graph.constant(HostArray((0..<Int32(steps)).map { $0 }))
    return places.less(than: lengths.reshaped([lengths.shape[0], 1])).cast(to: .float32)
      .reshaped([lengths.shape[0], steps, 1])
  }
}

/// A network for sequences of any length that tells classes apart.
public protocol SequenceClassifier: Module {
  /// - Parameters:
  ///   - x: `[batch, steps, features]`
  ///   - lengths: steps of each sequence, int32 `[batch]`; what lies behind counts for nothing. All
  ///     where not given.
  /// - Returns: logits `[batch, classes]`
  func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor
}

/// A network for sequences of frames, words or events with its input.
public protocol SequenceModel: ClassificationModel {
  /// Numbers in a frame.
  var features: Int { get }
  /// - Parameters:
  ///   - frames: as they come behind the input, `[batch, frames, features]`
  ///   - lengths: frames of each, int32 `[batch]`; all where not given.
  /// - Returns: logits `[batch, classes]`
  func logits(ofFrames frames: Tensor, lengths: Tensor?) -> Tensor
  /// How many frames the network works on where there are so many.
  func workedFrames(_ frames: Int) -> Int
}

extension SequenceModel {
  /// As many as there are.
  public func workedFrames(_ frames: Int) -> Int { frames }
}

/// A network for recordings with its input.
public struct SoundModel: SequenceModel {
  /// How recordings enter.
  public let input: SoundInputLayer
  /// From frames to logits; a map has one channel, features down and time across.
  public let reader: NetworkReader
  /// How many classes there are.
  public let classCount: Int
  private let usualSteps: Int

  /// The model of a description.
  ///
  /// - Parameter frames: frames of a recording at most.
  /// - Throws: `InputError` for options that cannot be, and for an unknown attention.
  public init(
    _ description: NetworkDescription, input: SoundInputLayer, frames: Int,
    mechanisms: AttentionCatalog = .builtIn
  ) throws {
    self.input = input
    classCount = description.classes
    usualSteps = frames
    reader = try description.reader(mechanisms: mechanisms)
  }

  /// The network without its input.
  public var network: any Module {
    switch reader {
    case .sequence(let network): network
    case .steps(let network): network
    case .map(let network): network
    }
  }

  /// Each step of a recording where the network labels steps.
  public var output: ModelOutput {
    if case .steps = reader { return .steps }
    return .classes
  }

  /// The network's parameters, under the network's own paths.
  public var parameters: [NamedParameter] { network.parameters }

  /// Numbers in a frame.
  public var features: Int { input.features }

  /// A network for maps fills recordings up to its own number.
  public func workedFrames(_ frames: Int) -> Int {
    guard case .map = reader else { return frames }
    return max(usualSteps, frames)
  }

  /// The longest recordings.
  public func usualShape(batch: Int) -> BatchShape {
    BatchShape(batch, steps: usualSteps, words: output == .steps ? 8 : 0)
  }

  /// Recordings as long as the arrays.
  public func shape(of arrays: [String: HostArray], batch: Int) -> BatchShape {
    BatchShape(
      batch, steps: arrays["frames"]?.shape[1] ?? usualSteps,
      words: arrays["targets"]?.shape[1] ?? 0)
  }

  /// `[batch, frames, features]`
  public func inputShape(_ batch: BatchShape) -> [Int] {
    [batch.count, batch.steps, input.features]
  }

  /// - Returns: logits, shaped as `output` says.
  public func logits(in graph: Graph, batch: BatchShape) -> Tensor {
    let (frames, lengths) = input.frames(in: graph, batch: batch)
    return logits(ofFrames: frames, lengths: lengths)
  }

  /// - Parameters:
  ///   - frames: normalised, `[batch, frames, features]`
  ///   - lengths: frames of each, int32 `[batch]`; all where not given.
  /// - Returns: logits, shaped as `output` says.
  public func logits(ofFrames frames: Tensor, lengths: Tensor?) -> Tensor {
    switch reader {
    case .sequence(let network): return network(frames, lengths: lengths)
    case .steps(let network): return network(frames, lengths: lengths)
    case .map(let network):
      require(
        frames.shape[1] == usualSteps,
        "sound: made for \(usualSteps) frames, not \(frames.shape)")
      // [batch, frames, features] → [batch, 1, features, frames]
      return network(
        frames.permuted([0, 2, 1]).reshaped([frames.shape[0], 1, input.features, usualSteps]))
    }
  }
}
