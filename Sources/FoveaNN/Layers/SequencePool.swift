/// A way to make one vector of a sequence.
public protocol SequencePool: Module {
  /// - Parameters:
  ///   - x: `[batch, positions, width]`
  ///   - lengths: how many positions each item has, int32 `[batch]`; all where not given.
  /// - Returns: `[batch, width]`
  func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor
}

extension AdditiveAttentionPool: SequencePool {}

/// The mean over the positions that a sequence has: what attention pooling is compared with.
public struct MeanPool: SequencePool {
  /// The mean.
  public init() {}

  /// - Returns: `[batch, width]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor {
    guard let lengths else { return x.mean(axes: [1]) }
    let (batch, steps, width) = (x.shape[0], x.shape[1], x.shape[2])
    let counts = SequenceMask.of(lengths, steps: steps).reshaped([batch, 1, steps])
    let sum = counts.matmul(x).reshaped([batch, width])
    let number = lengths.cast(to: .float32).reshaped([batch, 1]).maximum(x.graph.constant(1))
    return sum / number
  }
}

/// m + m · (wᵀ tanh(W m + b)) with m the mean over positions.
///
/// The control for `AdditiveAttentionPool`: exactly the same parameters and as deep, but no position
/// is told from another.
public struct MatchedPool: SequencePool {
  /// `[hidden, width]` and `[hidden]`
  public let project: Linear
  /// `[1, hidden]`
  public let score: Linear

  /// A pool over positions of `width` numbers.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, hidden: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      width >= 1 && hidden >= 1, "MatchedPool: \(hidden) units over \(width) channels", file: file,
      line: line)
    project = Linear(inputs: width, outputs: hidden)
    score = Linear(inputs: hidden, outputs: 1, bias: false)
  }

  /// - Returns: `[batch, width]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor {
    let mean = MeanPool()(x, lengths: lengths)
    return mean + mean * score(project(mean).tanh())
  }
}
