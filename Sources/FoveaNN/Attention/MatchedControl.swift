/// y = x + W₃ relu(W₂ relu(W₁ x + b₁) + b₂) + b₃ at each position alone.
///
/// The control for `AugmentedAttention`: exactly as many parameters, 3 (width² + width), as deep,
/// with a residual path, but no position sees another. A network that gains as much from it as from
/// attention gained from parameters, not from attention.
public struct MatchedControl: AttentionMechanism {
  /// `[width, width]` and `[width]`
  public let first: Linear
  /// `[width, width]` and `[width]`
  public let second: Linear
  /// `[width, width]` and `[width]`
  public let third: Linear

  /// A control over positions of `width` channels.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(width >= 1, "MatchedControl: \(width) channels", file: file, line: line)
    first = Linear(inputs: width, outputs: width)
    second = Linear(inputs: width, outputs: width)
    third = Linear(inputs: width, outputs: width)
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor {
    x + third(second(first(x).relu()).relu())
  }
}
