public import FoveaArray

/// Host arrays with names: what one step of training or prediction is fed.
public struct Batch: Sendable {
  /// The arrays by the names of the graph's inputs: `images` `[batch, height, width, channels]`
  /// as bytes, `labels` `[batch]` as int32.
  public let arrays: [String: HostArray]
  /// Which examples of the dataset these are, in order.
  public let examples: [Int]

  /// A batch of these examples.
  public init(arrays: [String: HostArray], examples: [Int]) {
    self.arrays = arrays
    self.examples = examples
  }
}
