/// Y = X ⊙ σ(F_r f_r) ⊙ σ(F_c f_c),  [f_r; f_c] = h(BN(F [row means of X; column means of X]))
///
/// with h(x) = x · min(max(x + 3, 0), 6) / 6: a gate for each row and channel and one for each column
/// and channel, so that it knows places and yet costs one pass over X. With
/// hidden = max(width / 32, 8): 3 width · hidden + 3 hidden + 2 width trained parameters;
/// 6 (rows + columns) width · hidden operations, and four for each element of X. Shows the mean over
/// channels of both gates' product.
///
/// Hou, Zhou and Feng 2021, "Coordinate attention for efficient mobile network design",
/// equations 4 to 9.
public struct CoordinateAttention: AttentionMechanism {
  /// `[hidden, width, 1, 1]` and `[hidden]`
  public let reduce: Convolution2D
  /// Of `hidden` channels.
  public let norm: BatchNorm
  /// `[width, hidden, 1, 1]` and `[width]`
  public let rows: Convolution2D
  /// `[width, hidden, 1, 1]` and `[width]`
  public let columns: Convolution2D

  /// Gates over `width` channels.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    width: Int, reduction: Int = 32, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      width >= 1 && reduction >= 1, "CoordinateAttention: \(width) channels over \(reduction)",
      file: file, line: line)
    let hidden = max(width / reduction, 8)
    reduce = Convolution2D(inputs: width, outputs: hidden, kernelSize: 1)
    norm = BatchNorm(channels: hidden)
    rows = Convolution2D(inputs: hidden, outputs: width, kernelSize: 1)
    columns = Convolution2D(inputs: hidden, outputs: width, kernelSize: 1)
  }

  /// - Parameter x: `[batch, width, rows, columns]`
  /// - Returns: the same shape
  public func attending(map x: Tensor) -> Tensor {
    let rowMeans = x.mean(axes: [3], keepingAxes: true)  // [batch, width, rows, 1]
    let columnMeans = x.mean(axes: [2], keepingAxes: true).permuted([0, 1, 3, 2])
    let both = norm(reduce(Tensor.concatenate([rowMeans, columnMeans], axis: 2)))
    let graph = x.graph
    let ramp = (both + 3).maximum(graph.constant(0)).minimum(graph.constant(6))
    let hidden = both * ramp * (1 / 6)
    let count = x.shape[2]
    let rowGate = rows(hidden.slice(axis: 2, 0..<count)).sigmoid()
    let columnGate = columns(hidden.slice(axis: 2, count..<(count + x.shape[3])))
      .permuted([0, 1, 3, 2]).sigmoid()
    (rowGate * columnGate).mean(axes: [1], keepingAxes: true).named(AttentionMark.gate)
    return x * rowGate * columnGate
  }

  /// - Returns: what the gates change, of the shape of `x`
  public func change(map x: Tensor) -> Tensor? { attending(map: x) - x }

  /// - Parameter x: `[batch, positions, width]`, as a map of one column.
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor { attendingAsMap(sequence: x) }
}
