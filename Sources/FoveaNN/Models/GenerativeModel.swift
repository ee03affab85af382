/// A model of language that goes on with a text.
package protocol GenerativeModel: Module {
  /// Tokens that are known.
  var vocabulary: Int { get }
  /// Positions that are seen together at most.
  var length: Int { get }

  /// - Parameter x: int32 `[1, positions]`
  /// - Returns: logits of what comes next behind each position, `[1, positions, vocabulary]`
  func callAsFunction(_ x: Tensor) -> Tensor

  /// Adds some positions to a text whose keys and values are in a cache.
  ///
  /// - Parameters:
  ///   - x: int32 `[1, positions]`
  ///   - position: how many positions the cache holds, int32 `[1]`.
  ///   - row: of which of the new positions the logits are wanted, int32 `[1]`.
  ///   - capacity: positions that fit into the cache.
  /// - Returns: logits of what comes next, `[1, vocabulary]`
  func next(_ x: Tensor, position: Tensor, row: Tensor, capacity: Int) -> Tensor
}

extension GPT: GenerativeModel {
  package var vocabulary: Int { options.vocabulary }

  package var length: Int { options.length }

  package func next(_ x: Tensor, position: Tensor, row: Tensor, capacity: Int) -> Tensor {
    let places = KeyValueCache.places(position, count: x.shape[1])
    let states = layers.cached(
      tokens(x) + x.graph[positions].gather(places), position: position, capacity: capacity)
    return tokens.logits(norm(states.gather(row)))
  }
}
