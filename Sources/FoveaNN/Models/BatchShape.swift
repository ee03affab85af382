/// What one plan of a model is made for: how many examples run together, and how long they are.
public struct BatchShape: Hashable, Sendable {
  /// How many examples.
  public var count: Int
  /// Frames of the longest; 1 where examples have no length.
  public var steps: Int

  /// A batch of examples.
  public init(_ count: Int, steps: Int = 1) {
    self.count = count
    self.steps = steps
  }
}
