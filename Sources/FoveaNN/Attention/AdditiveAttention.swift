/// Y = A X + X,  A = softmax over j of wᵀ tanh(W_Q xᵢ + b + W_K xⱼ)
///
/// Positions are compared by a small network, not by a product. With hidden = max(width / 4, 8):
/// 2 width · hidden + 2 hidden parameters; 4 N width · hidden + N² (5 hidden + 2 width) operations,
/// and N² · hidden numbers in memory, hence at most 256 positions. Shows A.
///
/// Bahdanau, Cho and Bengio 2015, "Neural machine translation by jointly learning to align and
/// translate", section A.1.2. Differs: a sequence attends to itself, with a residual path.
public struct AdditiveAttention: AttentionMechanism {
  /// `[hidden, width]` and `[hidden]`
  public let query: Linear
  /// `[hidden, width]`
  public let key: Linear
  /// `[1, hidden]`
  public let score: Linear

  /// Attention over positions of `width` channels.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(width >= 1, "AdditiveAttention: \(width) channels", file: file, line: line)
    let hidden = max(width / 4, 8)
    query = Linear(inputs: width, outputs: hidden)
    key = Linear(inputs: width, outputs: hidden, bias: false)
    score = Linear(inputs: hidden, outputs: 1, bias: false)
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor { x + difference(x) }

  /// - Returns: what is added to `x`, of its shape
  public func change(sequence x: Tensor) -> Tensor? { difference(x) }

  private func difference(_ x: Tensor) -> Tensor {
    x.named(AttentionMark.values)
    return attention(x).named(AttentionMark.weights).matmul(x).named(AttentionMark.attended)
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: `[batch, positions, positions]`
  public func weights(sequence x: Tensor) -> Tensor? { attention(x) }

  private func attention(_ x: Tensor) -> Tensor {
    let (batch, positions) = (x.shape[0], x.shape[1])
    let queries = query(x).reshaped([batch, positions, 1, -1])
    let keys = key(x).reshaped([batch, 1, positions, -1])
    return score((queries + keys).tanh()).reshaped([batch, positions, positions]).softmax()
  }

  /// Beyond, the numbers of all pairs would fill the memory.
  public var mostPositions: Int? { 256 }
}
