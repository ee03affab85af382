import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Glibc
import Testing

/// Positions that attend to positions against their formulas on paper, in double precision.
struct PositionMechanismTests {
  private let key = RandomKey(seed: 3)

  /// For one item: what the formula adds to x, from queries, keys, values of each head.
  private func added(
    _ x: Array64, heads: Int, scale: Double, _ q: Array64, _ k: Array64, _ v: Array64,
    isSeen: (Int, Int) -> Bool = { _, _ in true }
  ) -> Array64 {
    let size = q.shape[1] / heads
    let valueSize = v.shape[1] / heads
    return Array64([x.shape[0], v.shape[1]]) { i in
      let head = i[1] / valueSize
      let scores = (0..<x.shape[0]).map { j in
        isSeen(i[0], j)
          ? exp(
            scale
              * (0..<size).reduce(0.0) {
                $0 + q[[i[0], head * size + $1]] * k[[j, head * size + $1]]
              })
          : 0
      }
      let total = scores.reduce(0, +)
      return (0..<x.shape[0]).reduce(0.0) { $0 + scores[$1] / total * v[[$1, i[1]]] }
    }
  }

  private func project(_ x: Array64, _ weights: Weights, _ name: String) throws -> Array64 {
    let rows = try (0..<x.shape[0]).map { row in
      try dense((0..<x.shape[1]).map { x[[row, $0]] }, weights, name)
    }
    return Array64([x.shape[0], rows[0].count], rows.flatMap { $0 })
  }

  private func columns(_ x: Array64, _ range: Range<Int>) -> Array64 {
    Array64([x.shape[0], range.count]) { x[[$0[0], range.lowerBound + $0[1]]] }
  }

  private func sum(_ x: Array64, _ y: Array64) throws -> Array64 {
    let total = try Array64.zip(x, y, +)
    return Array64(Shape([1] + total.shape.sizes), total.values)
  }

  @Test func multiHeadAttentionIsItsFormula() throws {
    let mechanism = try MultiHeadAttention(width: 8, heads: 2)
    let weights = formulaWeights(mechanism)
    let x = numbers([1, 5, 8], seed: 64)
    let d = Array64([5, 8], x.doubles.values)
    let qkv = try project(d, weights, "qkv")
    let attended = added(
      d, heads: 2, scale: 0.5, columns(qkv, 0..<8), columns(qkv, 8..<16), columns(qkv, 16..<24))
    expectClose(
      try attend(mechanism, x, weights).host(.float32),
      try sum(d, project(attended, weights, "output")), absolute: 5e-6)
  }

  @Test func crossAttentionIsItsFormula() throws {
    let layer = try CrossAttention(width: 8, memoryWidth: 6, heads: 2)
    #expect(
      layer.parameters.map { "\($0.path) \($0.parameter.shape)" } == [
        "query.weight [8, 8]", "query.bias [8]", "keyValue.weight [16, 6]", "keyValue.bias [16]",
        "output.weight [8, 8]", "output.bias [8]",
      ])
    let weights = layer.initialWeights(key: key)
    let (x, memory) = (numbers([1, 3, 8], seed: 65), numbers([1, 5, 6], seed: 66))
    let graph = Graph(for: layer, mode: .inference)
    let y = try layer(graph.input("x", x.type), memory: graph.input("memory", memory.type))
      .value(inputs: ["x": x, "memory": memory], variables: weights.arrays)
    let q = try project(Array64([3, 8], x.doubles.values), weights, "query")
    let kv = try project(Array64([5, 6], memory.doubles.values), weights, "keyValue")
    func head(_ x: Array64, _ first: Int) -> Array64 { columns(x, first..<(first + 4)) }
    let heads = [0, 4].map {
      Reference.attention(head(q, $0), head(kv, $0), head(kv, 8 + $0), scale: 0.5)
    }
    let attended = Array64([3, 8]) { heads[$0[1] / 4][[$0[0], $0[1] % 4]] }
    let expected = try project(attended, weights, "output")
    expectClose(y, Array64([1, 3, 8], expected.values), absolute: 5e-6)
  }

  @Test func nonLocalAttentionIsItsFormulaAndStartsAsTheIdentity() throws {
    let mechanism = NonLocalAttention(width: 8)
    let weights = formulaWeights(mechanism)
    let x = numbers([1, 5, 8], seed: 67)
    let d = Array64([5, 8], x.doubles.values)
    let attended = added(
      d, heads: 1, scale: 1, try project(d, weights, "query"), try project(d, weights, "key"),
      try project(d, weights, "value"))
    expectClose(
      try attend(mechanism, x, weights).host(.float32),
      try sum(d, project(attended, weights, "output")), absolute: 5e-6)
    #expect(
      try attend(mechanism, x, mechanism.initialWeights(key: key)).values == x.doubles.values)
  }

  @Test func additiveAttentionIsItsFormula() throws {
    let mechanism = AdditiveAttention(width: 8)
    let weights = formulaWeights(mechanism)
    let x = numbers([1, 5, 8], seed: 68)
    let d = Array64([5, 8], x.doubles.values)
    let (q, k) = (try project(d, weights, "query"), try project(d, weights, "key"))
    let w = try #require(weights["score.weight"]).doubles
    let scores = Array64([5, 5]) { i in
      (0..<8).reduce(0.0) { $0 + w[[0, $1]] * tanh(q[[i[0], $1]] + k[[i[1], $1]]) }
    }
    expectClose(
      try attend(mechanism, x, weights).host(.float32),
      try sum(d, Reference.matmul(Reference.softmax(scores), d)), absolute: 5e-6)
  }

  private func feature(_ x: Double) -> Double { x > 0 ? x + 1 : exp(x) }

  @Test(arguments: [(5, false), (5, true), (150, true)])
  func linearAttentionIsItsQuadraticForm(positions: Int, isCausal: Bool) throws {
    let mechanism = LinearAttention(width: 4, isCausal: isCausal)
    let weights = formulaWeights(mechanism)
    let x = numbers([1, positions, 4], seed: 69)
    let d = Array64([positions, 4], x.doubles.values)
    let q = try project(d, weights, "query").map(feature)
    let k = try project(d, weights, "key").map(feature)
    let v = try project(d, weights, "value")
    let scores = Array64([positions, positions]) { i in
      isCausal && i[1] > i[0]
        ? 0 : (0..<4).reduce(0.0) { $0 + q[[i[0], $1]] * k[[i[1], $1]] }
    }
    let totals = scores.reduce(axes: [1], keepingAxes: true) { $0.reduce(0, +) }
    let a = try Array64.zip(scores, totals, /)
    expectClose(
      try attend(mechanism, x, weights).host(.float32),
      try sum(d, project(Reference.matmul(a, v), weights, "output")), absolute: 2e-5)
    let graph = Graph(for: mechanism, mode: .inference)
    let shown = try #require(mechanism.weights(sequence: graph.input("x", x.type)))
      .value(inputs: ["x": x], variables: weights.arrays)
    expectClose(shown, Array64([1, positions, positions], a.values), absolute: 5e-6)
  }

  /// Maps whose sides divide into windows, and one whose sides do not.
  @Test(arguments: [(4, 8), (5, 6), (3, 2)])
  func localAttentionSeesItsWindowAlone(rows: Int, columns: Int) throws {
    let mechanism = try LocalAttention(width: 8, heads: 2)
    let weights = formulaWeights(mechanism)
    let x = numbers([1, 8, rows, columns], seed: 70)
    let count = rows * columns
    let d = Array64([count, 8]) { x.doubles[[0, $0[1], $0[0] / columns, $0[0] % columns]] }
    let qkv = try project(d, weights, "qkv")
    func window(_ place: Int) -> [Int] { [place / columns / 4, place % columns / 4] }
    let attended = added(
      d, heads: 2, scale: 0.5, self.columns(qkv, 0..<8), self.columns(qkv, 8..<16),
      self.columns(qkv, 16..<24)
    ) { window($0) == window($1) }
    let expected = try sum(d, project(attended, weights, "output"))
    expectClose(
      try attend(mechanism, x, weights).host(.float32),
      Array64([1, 8, rows, columns]) { expected[[0, $0[2] * columns + $0[3], $0[1]]] },
      absolute: 5e-6)
    // What it shows is 0 outside the window, and sums to 1.
    let graph = Graph(for: mechanism, mode: .inference)
    _ = mechanism.attending(map: graph.input("x", x.type))
    let shown = try #require(graph.tensors(named: AttentionMark.weights).first)
      .value(inputs: ["x": x], variables: weights.arrays).doubles
    #expect(shown.shape == [1, 2, count, count])
    for index in shown.shape.indices where window(index[2]) != window(index[3]) {
      #expect(shown[index] == 0)
    }
    for row in shown.reduce(axes: [3], keepingAxes: false, { $0.reduce(0, +) }).values {
      #expect(abs(row - 1) < 1e-5)
    }
  }

  /// The rows that are asked for are those of the whole matrix, and what the fused kernel weighs by.
  @Test func wantedRowsAreThoseOfTheWholeMatrix() throws {
    let graph = Graph()
    let shape: Shape = [2, 3, 70, 8]
    let feed = [
      "q": numbers(shape, seed: 75, scale: 2), "k": numbers(shape, seed: 76, scale: 2),
      "v": numbers(shape, seed: 77), "lengths": HostArray([70, 9] as [Int32]),
      "bias": numbers([70, 70], seed: 78),
    ]
    let q = graph.input("q", ArrayType(shape))
    let k = graph.input("k", ArrayType(shape))
    let v = graph.input("v", ArrayType(shape))
    let masks: [AttentionMask] = [
      .none, .causal, .lengths(graph.input("lengths", ArrayType([2], .int32))),
      .additive(graph.input("bias", ArrayType([70, 70]))),
    ]
    for mask in masks {
      let fused = try scaledDotProductAttention(query: q, key: k, value: v, mask: mask)
        .value(inputs: feed).doubles
      let whole = try attentionWeights(query: q, key: k, mask: mask).value(inputs: feed).doubles
      let wanted = attentionWeights(query: q, key: k, mask: mask, rows: 5..<8)
      #expect(wanted.shape == [2, 3, 3, 70])
      let rows = try wanted.value(inputs: feed)
      expectClose(
        rows, Array64([2, 3, 3, 70]) { whole[[$0[0], $0[1], 5 + $0[2], $0[3]]] }, absolute: 1e-6,
        relative: 0)
      let attended = Reference.matmul(rows.doubles, try #require(feed["v"]).doubles)
      expectClose(
        attended.host(.float32),
        Array64([2, 3, 3, 8]) { fused[[$0[0], $0[1], 5 + $0[2], $0[3]]] },
        absolute: 1e-6, relative: 0)
      // Only the rows wanted are computed.
      let plan = try graph.compile(outputs: ["rows": wanted])
      let products = plan.steps.filter { $0.op == "matmul" }
      #expect(products.map(\.floatingPointOperations) == [2 * 2 * 3 * 3 * 70 * 8])
    }
  }
}
