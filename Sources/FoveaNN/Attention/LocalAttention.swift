/// Y = X + MultiHead(X) within windows: each place attends to the places of its own window.
///
/// Maps are cut into windows of 4×4 places, sequences into 16 positions each; a window that reaches
/// over the edge sees what there is. Parameters: 4 (width² + width). Operations for N positions:
/// 8 N width² + 4 · 16 N width. Shows the weights, 0 outside the window; they are formed only when
/// asked for.
///
/// Liu et al. 2021, "Swin Transformer", section 3.2. Differs: windows are not shifted from layer to
/// layer and have no position bias, as the convolutions around it know places.
public struct LocalAttention: AttentionMechanism {
  /// Queries, keys and values one behind the other: `[3 · width, width]` and `[3 · width]`
  public let qkv: Linear
  /// `[width, width]` and `[width]`
  public let output: Linear
  /// How many heads there are.
  public let heads: Int

  /// Rows and columns of a window over a map.
  public static let window: Size2D = 4

  /// Attention over positions of `width` channels.
  ///
  /// - Throws: `InputError` unless `heads` divides `width`.
  public init(width: Int, heads: Int) throws {
    try AttentionHeads.check(width: width, heads: heads)
    qkv = Linear(inputs: width, outputs: 3 * width)
    output = Linear(inputs: width, outputs: width)
    self.heads = heads
  }

  /// - Parameter x: `[batch, width, rows, columns]`
  /// - Returns: the same shape
  public func attending(map x: Tensor) -> Tensor {
    let places = MapPlaces.sequence(x)
    return MapPlaces.map(places + difference(places, WindowGrid(over: x)), like: x)
  }

  /// - Returns: what is added to `x`, of its shape
  public func change(map x: Tensor) -> Tensor? {
    MapPlaces.map(difference(MapPlaces.sequence(x), WindowGrid(over: x)), like: x)
  }

  /// - Parameter x: `[batch, positions, width]`
  /// - Returns: the same shape
  public func attending(sequence x: Tensor) -> Tensor { x + difference(x, .sequence(x)) }

  /// - Returns: what is added to `x`, of its shape
  public func change(sequence x: Tensor) -> Tensor? { difference(x, .sequence(x)) }

  /// The mean over heads.
  public func weights(sequence x: Tensor) -> Tensor? {
    let (query, key, _) = projections(x)
    return WindowGrid.sequence(x).weights(query: query, key: key).mean(axes: [1])
  }

  private func difference(_ x: Tensor, _ grid: WindowGrid) -> Tensor {
    let (query, key, value) = projections(x)
    grid.weights(query: query, key: key).named(AttentionMark.weights)
    value.named(AttentionMark.values)
    let (operand, masking) = grid.mask(x.graph).operand(batchRank: 3)
    let windows = grid.divided(query).attention(
      key: grid.divided(key), value: grid.divided(value), mask: operand, masking: masking)
    return output(AttentionHeads.joined(grid.joined(windows).named(AttentionMark.attended)))
  }

  /// `[batch, heads, positions, headSize]` each.
  private func projections(_ x: Tensor) -> (query: Tensor, key: Tensor, value: Tensor) {
    let parts = qkv(x).split(axis: 2, parts: 3)
      .map { AttentionHeads.divided($0, into: heads) }
    return (parts[0], parts[1], parts[2])
  }
}

/// Places in rows and columns, cut into windows from the upper left corner on.
private struct WindowGrid {
  let rows: Int
  let columns: Int
  let window: Size2D

  init(rows: Int, columns: Int, window: Size2D) {
    self.rows = rows
    self.columns = columns
    self.window = Size2D(min(window.height, rows), min(window.width, columns))
  }

  /// Windows over a map.
  init(over map: Tensor) {
    self.init(rows: map.shape[2], columns: map.shape[3], window: LocalAttention.window)
  }

  /// Windows of as many positions of a sequence as a map's windows have places.
  static func sequence(_ x: Tensor) -> WindowGrid {
    let window = LocalAttention.window
    return WindowGrid(
      rows: 1, columns: x.shape[1], window: Size2D(1, window.height * window.width))
  }

  private var down: Int { (rows + window.height - 1) / window.height }
  private var across: Int { (columns + window.width - 1) / window.width }
  private var places: Int { window.height * window.width }
  private var isEven: Bool { rows % window.height == 0 && columns % window.width == 0 }

  /// `[batch, heads, rows · columns, size]` → `[batch, heads, windows, places, size]`
  func divided(_ x: Tensor) -> Tensor {
    let (batch, heads, size) = (x.shape[0], x.shape[1], x.shape[3])
    var grid = x.reshaped([batch, heads, rows, columns, size])
    if !isEven {
      grid = grid.padded(
        before: [0, 0, 0, 0, 0],
        after: [0, 0, down * window.height - rows, across * window.width - columns, 0])
    }
    return grid.reshaped([batch, heads, down, window.height, across, window.width, size])
      .permuted([0, 1, 2, 4, 3, 5, 6])
      .reshaped([batch, heads, down * across, places, size])
  }

  /// The reverse of `divided`.
  func joined(_ x: Tensor) -> Tensor {
    let (batch, heads, size) = (x.shape[0], x.shape[1], x.shape[4])
    let grid = x.reshaped([batch, heads, down, across, window.height, window.width, size])
      .permuted([0, 1, 2, 4, 3, 5, 6])
      .reshaped([batch, heads, down * window.height, across * window.width, size])
    return grid.slice(axis: 2, 0..<rows).slice(axis: 3, 0..<columns)
      .reshaped([batch, heads, rows * columns, size])
  }

  /// What lies over the edge is not seen: `[windows, 1, places]`.
  func mask(_ graph: Graph) -> AttentionMask {
    guard !isEven else { return .none }
    let numbers = (0..<(down * across * places)).map { index -> Float in
      let (place, box) = (index % places, index / places)
      let row = box / across * window.height + place / window.width
      let column = box % across * window.width + place % window.width
      return row < rows && column < columns ? 0 : AttentionMask.shutOut
    }
    return .additive(graph.constant(HostArray([down * across, 1, places], numbers)))
  }

  /// The weights over all places, 0 outside the query's window:
  /// `[batch, heads, rows · columns, rows · columns]`.
  func weights(query: Tensor, key: Tensor) -> Tensor {
    let count = rows * columns
    let graph = query.graph
    let windows = (0..<Int32(count)).map { place in
      let (row, column) = (place / Int32(columns), place % Int32(columns))
      return row / Int32(window.height) * Int32(across) + column / Int32(window.width)
    }
    let keys = graph.constant(HostArray(windows))
    let isSeen = keys.equal(to: keys.reshaped([count, 1]))
    return attentionWeights(
      query: query, key: key,
      mask: .additive(isSeen.select(0, graph.constant(AttentionMask.shutOut))))
  }
}
