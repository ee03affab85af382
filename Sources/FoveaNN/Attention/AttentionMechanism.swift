/// A way of attending that a network can carry: the same shape out as in, so that it can be put in
/// and left out.
///
/// A mechanism works on a sequence of positions or on a map; one that is made for one of them gets
/// the other in its own form.
public protocol AttentionMechanism: Module {
  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  func attending(sequence x: Tensor) -> Tensor

  /// - Parameter x: `[batch, width, rows, columns]`
  /// - Returns: the same shape
  func attending(map x: Tensor) -> Tensor

  /// What each position attends to, if the mechanism knows places.
  ///
  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: `[batch, positions, positions]`, each row of non-negative numbers that sum to 1;
  ///   `nil` where the mechanism shows no place.
  func weights(sequence x: Tensor) -> Tensor?
}

extension AttentionMechanism {
  /// The map's places, row by row, as a sequence and back.
  public func attending(map x: Tensor) -> Tensor {
    let positions = x.permuted([0, 2, 3, 1])  // [batch, rows, columns, width]
    let (batch, rows, columns) = (positions.shape[0], positions.shape[1], positions.shape[2])
    let sequence = positions.reshaped([batch, rows * columns, -1])
    return attending(sequence: sequence)
      .reshaped([batch, rows, columns, -1])
      .permuted([0, 3, 1, 2])
  }

  /// Shows no place.
  public func weights(sequence x: Tensor) -> Tensor? { nil }
}

/// No attention: the identity. What the plain twin of a network carries.
public struct NoAttention: AttentionMechanism {
  /// The identity.
  public init() {}

  /// - Returns: `x`
  public func attending(sequence x: Tensor) -> Tensor { x }

  /// - Returns: `x`
  public func attending(map x: Tensor) -> Tensor { x }
}
