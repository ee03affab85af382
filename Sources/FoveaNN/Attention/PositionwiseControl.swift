/// y = x ⊙ (1 + g) + W₂ relu(W₁ x + b₁) + b₂ at each position alone, with a given number of
/// parameters.
///
/// The control for any attention mechanism: exactly as many trained parameters, a residual path, but
/// no position sees another. Of P parameters each hidden unit takes 2 width + 1; what is left goes to
/// shifts b₂ of the first channels, and what is then left to their gains g. A network that gains as
/// much from it as from attention gained from parameters, not from attention.
///
/// `AugmentedAttention` has a control of its own, `MatchedControl`, that is as deep as it.
public struct PositionwiseControl: AttentionMechanism {
  /// `[hidden, width]` and `[hidden]`; `nil` where there are too few parameters for a unit.
  public let up: Linear?
  /// `[width, hidden]`
  public let down: Linear?
  /// `[channels]`, of the first channels.
  public let shift: Parameter?
  /// `[channels]`, of the first channels.
  public let gain: Parameter?
  private let width: Int

  /// A control over positions of `width` channels with exactly so many parameters.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, parameterCount: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      width >= 1 && parameterCount >= 0,
      "PositionwiseControl: \(parameterCount) parameters for \(width) channels", file: file,
      line: line)
    self.width = width
    let perUnit = 2 * min(width, parameterCount) + 1
    let hidden = parameterCount / perUnit
    let rest = parameterCount % perUnit
    up = hidden > 0 ? Linear(inputs: width, outputs: hidden) : nil
    down = hidden > 0 ? Linear(inputs: hidden, outputs: width, bias: false) : nil
    let shifts = min(rest, width)
    shift = shifts > 0 ? Parameter([shifts], .zeros) : nil
    gain = rest > shifts ? Parameter([rest - shifts], .zeros) : nil
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor {
    var y = x
    if let gain { y = y + x * channels(x.graph, gain) }
    if let up, let down { y = y + down(up(x).relu()) }
    if let shift { y = y + channels(x.graph, shift) }
    return y
  }

  /// `[width]`, zeros behind the channels that the parameter has.
  private func channels(_ graph: Graph, _ parameter: Parameter) -> Tensor {
    let missing = width - parameter.shape[0]
    return missing == 0
      ? graph[parameter] : graph[parameter].padded(before: [0], after: [missing])
  }
}
