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

  /// What attending adds, attending(sequence: x) − x: what a layer with a residual path of its own
  /// takes. `nil` where nothing is added.
  ///
  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  func change(sequence x: Tensor) -> Tensor?

  /// What attending to a map adds; `nil` where nothing is added.
  ///
  /// - Parameter x: `[batch, width, rows, columns]`
  /// - Returns: the same shape
  func change(map x: Tensor) -> Tensor?

  /// How many positions the mechanism can look at together; `nil` for any number.
  var mostPositions: Int? { get }
}

extension AttentionMechanism {
  /// The map's places, row by row, as a sequence and back.
  public func attending(map x: Tensor) -> Tensor {
    MapPlaces.map(attending(sequence: MapPlaces.sequence(x)), like: x)
  }

  /// The map's places, row by row, as a sequence and back.
  public func change(map x: Tensor) -> Tensor? {
    change(sequence: MapPlaces.sequence(x)).map { MapPlaces.map($0, like: x) }
  }

  /// Shows no place.
  public func weights(sequence x: Tensor) -> Tensor? { nil }

  /// The difference that attending makes.
  public func change(sequence x: Tensor) -> Tensor? { attending(sequence: x) - x }

  /// Any number.
  public var mostPositions: Int? { nil }

  /// For mechanisms made for maps: a sequence as a map of one column, and back.
  func attendingAsMap(sequence x: Tensor) -> Tensor {
    let (batch, positions, width) = (x.shape[0], x.shape[1], x.shape[2])
    let map = x.permuted([0, 2, 1]).reshaped([batch, width, positions, 1])
    return attending(map: map).reshaped([batch, width, positions]).permuted([0, 2, 1])
  }
}

/// The places of a map, row by row, as a sequence.
enum MapPlaces {
  /// `[batch, width, rows, columns]` → `[batch, rows · columns, width]`
  static func sequence(_ map: Tensor) -> Tensor {
    map.permuted([0, 2, 3, 1])
      .reshaped([map.shape[0], map.shape[2] * map.shape[3], map.shape[1]])
  }

  /// The reverse, for rows and columns of a map.
  static func map(_ sequence: Tensor, like map: Tensor) -> Tensor {
    Self.map(sequence, rows: map.shape[2], columns: map.shape[3])
  }

  /// `[batch, rows · columns, width]` → `[batch, width, rows, columns]`
  static func map(_ sequence: Tensor, rows: Int, columns: Int) -> Tensor {
    sequence.reshaped([sequence.shape[0], rows, columns, sequence.shape[2]])
      .permuted([0, 3, 1, 2])
  }
}

/// No attention: the identity. What the plain twin of a network carries.
public struct NoAttention: AttentionMechanism {
  /// The identity.
  public init() {}

  /// - Returns: `x`
  public func attending(sequence x: Tensor) -> Tensor { x }

  /// - Returns: `x`
  public func attending(map x: Tensor) -> Tensor { x }

  /// - Returns: `nil`
  public func change(sequence x: Tensor) -> Tensor? { nil }
}
