/// MultiHead(X) = concat(head₁ … head_h) W_Oᵀ + b_O,  headᵢ = softmax(Qᵢ Kᵢᵀ / √headSize + mask) Vᵢ
///
/// with Q, K, V = X W_QKVᵀ + b_QKV, one product for all three, each cut into h heads of
/// headSize = width / h. Parameters: 4 (width² + width). Operations for N positions:
/// 8 N width² + 4 N² width.
///
/// As a mechanism that a network carries it adds to what it is given, Y = X + MultiHead(X).
///
/// Vaswani et al. 2017, section 3.2.2. Differs: projections have a bias.
public struct MultiHeadAttention: AttentionMechanism {
  /// Queries, keys and values one behind the other: `[3 · width, width]` and `[3 · width]`
  public let qkv: Linear
  /// `[width, width]` and `[width]`
  public let output: Linear
  /// How many heads there are.
  public let heads: Int

  /// Attention over positions of `width` channels.
  ///
  /// - Throws: `InputError` unless `heads` divides `width`.
  public init(width: Int, heads: Int) throws {
    try AttentionHeads.check(width: width, heads: heads)
    qkv = Linear(inputs: width, outputs: 3 * width)
    output = Linear(inputs: width, outputs: width)
    self.heads = heads
  }

  /// The attended positions, without a residual path.
  ///
  /// - Parameters:
  ///   - x: `[batch, positions, width]`
  ///   - mask: which positions each may see.
  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor, mask: AttentionMask = .none) -> Tensor {
    output(AttentionHeads.joined(selfAttention(projections(x), mask: mask)))
  }

  /// - Returns: x + MultiHead(x), of the shape of `x`
  public func attending(sequence x: Tensor) -> Tensor { x + self(x) }

  /// - Returns: MultiHead(x), of the shape of `x`
  public func change(sequence x: Tensor) -> Tensor? { self(x) }

  /// The mean over heads.
  public func weights(sequence x: Tensor) -> Tensor? {
    let parts = AttentionHeads.parts(projections(x))
    return attentionWeights(query: parts[0], key: parts[1]).mean(axes: [1])
  }

  /// As many as the maps that networks attend over have at most.
  public var mostPositions: Int? { AttentionHeads.mostPositions }

  /// Queries, keys and values one behind the other, `[3, batch, heads, positions, headSize]`.
  func projections(_ x: Tensor) -> Tensor {
    let (batch, positions, width) = (x.shape[0], x.shape[1], x.shape[2])
    return qkv(x).reshaped([batch, positions, 3, heads, width / heads]).permuted([2, 0, 3, 1, 4])
  }
}

/// Multi-head attention of one sequence to another:
/// queries from X, keys and values from the memory M.
///
///     Q = X W_Qᵀ + b_Q,  K, V = M W_KVᵀ + b_KV
///
/// Vaswani et al. 2017, section 3.2.3, "encoder-decoder attention".
public struct CrossAttention: Module {
  /// `[width, width]` and `[width]`
  public let query: Linear
  /// Keys and values one behind the other: `[2 · width, memoryWidth]` and `[2 · width]`
  public let keyValue: Linear
  /// `[width, width]` and `[width]`
  public let output: Linear
  /// How many heads there are.
  public let heads: Int

  /// Attention of positions of `width` channels to a memory of `memoryWidth`, or as many.
  ///
  /// - Throws: `InputError` unless `heads` divides `width`.
  public init(width: Int, memoryWidth: Int? = nil, heads: Int) throws {
    try AttentionHeads.check(width: width, heads: heads)
    query = Linear(inputs: width, outputs: width)
    keyValue = Linear(inputs: memoryWidth ?? width, outputs: 2 * width)
    output = Linear(inputs: width, outputs: width)
    self.heads = heads
  }

  /// - Parameters:
  ///   - x: `[batch, queries, width]`
  ///   - memory: `[batch, keys, memoryWidth]`
  ///   - mask: which keys each query may see.
  /// - Returns: the shape of `x`
  public func callAsFunction(
    _ x: Tensor, memory: Tensor, mask: AttentionMask = .none
  ) -> Tensor {
    let (batch, keys, width) = (memory.shape[0], memory.shape[1], x.shape[2])
    let parts = AttentionHeads.parts(
      keyValue(memory).reshaped([batch, keys, 2, heads, width / heads]).permuted([2, 0, 3, 1, 4]))
    let attended = scaledDotProductAttention(
      query: AttentionHeads.divided(query(x), into: heads), key: parts[0], value: parts[1],
      mask: mask)
    return output(AttentionHeads.joined(attended))
  }
}

/// What mechanisms with heads share.
enum AttentionHeads {
  /// Mechanisms that compare every position with every other look at no more than this: their cost
  /// grows with the square.
  static let mostPositions = 1024

  /// `[batch, positions, width]` → `[batch, heads, positions, headSize]`
  static func divided(_ x: Tensor, into heads: Int) -> Tensor {
    x.reshaped([x.shape[0], x.shape[1], heads, x.shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  /// `[batch, heads, positions, headSize]` → `[batch, positions, width]`
  static func joined(_ x: Tensor) -> Tensor {
    x.permuted([0, 2, 1, 3]).reshaped([x.shape[0], x.shape[2], x.shape[1] * x.shape[3]])
  }

  /// `[parts, batch, heads, positions, headSize]` → its parts without the first axis
  static func parts(_ x: Tensor) -> [Tensor] {
    x.split(axis: 0, parts: x.shape[0])
      .map { $0.reshaped(Shape(Array(x.shape.sizes.dropFirst()))) }
  }

  /// The number of heads where nobody chose it: the largest of 8, 4 and 2 that leaves whole heads
  /// of 8 channels or more, else 1.
  static func usual(width: Int) -> Int {
    [8, 4, 2].first { width % $0 == 0 && width / $0 >= 8 } ?? 1
  }

  static func check(width: Int, heads: Int) throws {
    guard heads > 0, width > 0, width % heads == 0 else {
      throw InputError(
        "\(heads) heads do not divide a width of \(width)",
        advice: "Choose a number of heads that divides the width")
    }
  }
}
