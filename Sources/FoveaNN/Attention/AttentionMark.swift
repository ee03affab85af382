/// The names under which attention leaves in a graph what it shows, so that an explanation can ask
/// a plan for it. What nobody asks for is not computed.
public enum AttentionMark {
  /// `[batch…, queries, keys]`: what each query attends to, rows that sum to 1.
  public static let weights = "attention.weights"
  /// `[batch…, keys, valueSize]`: what the weights sum.
  public static let values = "attention.values"
  /// `[batch…, queries, valueSize]`: the weighted sums.
  public static let attended = "attention.attended"
  /// `[batch, width, rows, columns]`: the map whose places attend to each other.
  public static let map = "attention.map"
  /// `[batch, 1, rows, columns]`: how far a gate lets each place through.
  public static let gate = "attention.gate"
}

/// The names under which a network leaves feature maps in a graph.
public enum FeatureMark {
  /// `[batch, channels, rows, columns]`: what the last convolution found, before attention; of a
  /// network for sequences what it found in each frame, `[batch, frames, channels]`.
  public static let lastMap = "features.lastMap"
}

extension AttentionMechanism {
  /// What the mechanism makes of a map, with marks in the graph for what it shows.
  ///
  /// A mechanism made of `scaledDotProductAttention` marks its weights itself; of another one the
  /// weights are marked that it gives for the map's places.
  ///
  /// - Parameter x: `[batch, width, rows, columns]`
  /// - Returns: the same shape
  package func marking(map x: Tensor) -> Tensor {
    let graph = x.graph
    x.named(AttentionMark.map)
    func shown() -> Int {
      graph.tensors(named: AttentionMark.weights).count
        + graph.tensors(named: AttentionMark.gate).count
    }
    let before = shown()
    let y = attending(map: x)
    if shown() == before {
      let places = x.permuted([0, 2, 3, 1])
        .reshaped([x.shape[0], x.shape[2] * x.shape[3], x.shape[1]])
      weights(sequence: places)?.named(AttentionMark.weights)
    }
    return y
  }
}
