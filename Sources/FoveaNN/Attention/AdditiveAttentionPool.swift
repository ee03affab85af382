/// Σⱼ aⱼ xⱼ,  a = softmax over j of wᵀ tanh(W xⱼ + b): a sequence as one vector.
///
/// Bahdanau, Cho and Bengio 2015, section A.1.2, without a query: the same question is asked of every
/// sequence, as in Yang et al. 2016, equations 5 to 7.
public struct AdditiveAttentionPool: Module {
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
      width >= 1 && hidden >= 1, "AdditiveAttentionPool: \(hidden) units over \(width) channels",
      file: file, line: line)
    project = Linear(inputs: width, outputs: hidden)
    score = Linear(inputs: hidden, outputs: 1, bias: false)
  }

  /// - Parameters:
  ///   - x: `[batch, positions, width]`
  ///   - lengths: how many positions each item has, int32 `[batch]`; all where not given.
  /// - Returns: `[batch, width]`
  public func callAsFunction(_ x: Tensor, lengths: Tensor? = nil) -> Tensor {
    x.named(AttentionMark.values)
    return weights(x, lengths: lengths).named(AttentionMark.weights).matmul(x)
      .named(AttentionMark.attended).reshaped([x.shape[0], x.shape[2]])
  }

  /// What the pool attends to: `[batch, 1, positions]`, rows that sum to 1.
  public func weights(_ x: Tensor, lengths: Tensor? = nil) -> Tensor {
    let scores = score(project(x).tanh()).reshaped([x.shape[0], 1, x.shape[1]])
    return (lengths.map { AttentionMask.lengths($0) } ?? .none).softmax(scores)
  }
}
