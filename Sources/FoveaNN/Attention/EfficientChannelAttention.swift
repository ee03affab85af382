import Glibc

/// Y = X ⊙ σ(w ∗ s),  s = mean of X over all places, w a window over neighbouring channels
///
/// A gate for each channel from its neighbours' means: size parameters, where size is the odd number
/// nearest to |log₂(width) / 2 + 1 / 2|, from above; 2 size · width operations, and two for each
/// element of X. Shows no place: every place has the same gate.
///
/// Wang et al. 2020, "ECA-Net", equations 9 and 12.
public struct EfficientChannelAttention: AttentionMechanism {
  /// The window, as a convolution over a picture of one channel: `[1, 1, size, 1]`
  public let convolution: Convolution2D
  /// Channels that the window covers.
  public let windowSize: Int

  /// A gate over `width` channels.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(width >= 1, "EfficientChannelAttention: \(width) channels", file: file, line: line)
    let size = Int(abs((log2(Double(max(width, 1))) + 1) / 2))
    windowSize = size % 2 == 1 ? size : size + 1
    convolution = Convolution2D(
      inputs: 1, outputs: 1, kernelSize: Size2D(windowSize, 1),
      padding: .symmetric(Size2D(windowSize / 2, 0)), bias: false)
  }

  /// - Parameter x: `[batch, width, rows, columns]`
  /// - Returns: the same shape
  public func attending(map x: Tensor) -> Tensor {
    x * gate(x.mean(axes: [2, 3])).reshaped([x.shape[0], x.shape[1], 1, 1])
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor {
    x * gate(x.mean(axes: [1])).reshaped([x.shape[0], 1, x.shape[2]])
  }

  /// - Parameter mean: `[batch, width]`
  private func gate(_ mean: Tensor) -> Tensor {
    convolution(mean.reshaped([mean.shape[0], 1, mean.shape[1], 1])).sigmoid()
  }
}
