/// A made-up picture whose answer, and the place of what it depends on, are known.
public struct Scene: Hashable, Sendable {
  /// A rectangle in whole pixels; the picture's top left corner is 0, 0.
  public struct Box: Hashable, Sendable {
    /// Pixels left of it.
    public let x: Int
    /// Rows above it.
    public let y: Int
    /// Pixels across.
    public let width: Int
    /// Rows.
    public let height: Int
  }

  /// The picture: 48×48, three channels.
  public let picture: Picture
  /// The answer, an index into the classes of the kind.
  public let label: Int
  /// Where the grating is whose orientation (`feature`) or tint (`match`) is the answer: two
  /// deviations of its envelope to each side.
  public let targetBox: Box
  /// How many gratings do not matter.
  public let distractorCount: Int
}
