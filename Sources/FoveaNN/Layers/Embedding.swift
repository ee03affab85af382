/// A vector for each word, character or other number below a bound.
public struct Embedding: PlacedLayer {
  /// `[vocabulary, width]`
  public let weight: Parameter

  /// Vectors of `width` numbers, normal with a deviation at first.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    vocabulary: Int, width: Int, deviation: Float = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      vocabulary >= 1 && width >= 1,
      "Embedding: vectors of \(width) numbers for \(vocabulary) words",
      file: file, line: line)
    weight = Parameter([vocabulary, width], .normal(deviation: deviation))
  }

  /// - Parameter indices: int32 `[batch…]`, each below the vocabulary's size; another one fails
  ///   the run.
  /// - Returns: `[batch…, width]`
  public func callAsFunction(
    _ indices: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    indices.graph[weight, file, line].gather(indices, file: file, line: line)
  }

  /// x Wᵀ with the embedding's own vectors: an output layer whose weights are tied to the input's
  /// (Press and Wolf 2017).
  ///
  /// - Parameter x: `[batch…, width]`
  /// - Returns: `[batch…, vocabulary]`
  public func logits(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { x.linear(x.graph[weight, file, line], nil, file, line) }
}
