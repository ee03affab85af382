/// A vector for each word, character or other number below a bound.
public struct Embedding: Layer {
  /// `[vocabulary, width]`
  public let weight: Parameter

  /// Vectors of `width` numbers, normal with a deviation at first.
  public init(vocabulary: Int, width: Int, deviation: Float = 1) {
    weight = Parameter([vocabulary, width], .normal(deviation: deviation))
  }

  /// - Parameter indices: int32 `[batch…]`, each below the vocabulary's size; another one fails
  ///   the run.
  /// - Returns: `[batch…, width]`
  public func callAsFunction(_ indices: Tensor) -> Tensor {
    indices.graph[weight].gather(indices)
  }

  /// x Wᵀ with the embedding's own vectors: an output layer whose weights are tied to the input's
  /// (Press and Wolf 2017).
  ///
  /// - Parameter x: `[batch…, width]`
  /// - Returns: `[batch…, vocabulary]`
  public func logits(_ x: Tensor) -> Tensor { x.linear(x.graph[weight], nil) }
}
