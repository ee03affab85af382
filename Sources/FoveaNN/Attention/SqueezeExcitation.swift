/// Y = X ⊙ σ(W₂ relu(W₁ s + b₁) + b₂),  s = mean of X over all places
///
/// A gate for each channel, from what all places hold on average. With hidden = max(width / 16, 4)
/// units: 2 width · hidden + hidden + width parameters; 4 width · hidden operations, and three for
/// each element of X. Shows no place: every place has the same gate.
///
/// Hu, Shen and Sun 2018, "Squeeze-and-excitation networks", equations 2 to 4. Differs: at least
/// four units, as 16 would leave a narrow network none.
public struct SqueezeExcitation: AttentionMechanism {
  /// `[hidden, width]` and `[hidden]`
  public let down: Linear
  /// `[width, hidden]` and `[width]`
  public let up: Linear

  /// A gate over `width` channels.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, reduction: Int = 16, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      width >= 1 && reduction >= 1, "SqueezeExcitation: \(width) channels over \(reduction)",
      file: file, line: line)
    let hidden = max(width / reduction, 4)
    down = Linear(inputs: width, outputs: hidden)
    up = Linear(inputs: hidden, outputs: width)
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

  private func gate(_ mean: Tensor) -> Tensor { up(down(mean).relu()).sigmoid() }
}
