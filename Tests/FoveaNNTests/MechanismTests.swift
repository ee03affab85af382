import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Glibc
import Testing

/// Every built-in mechanism against its formula on paper, in double precision.
struct MechanismTests {
  private let key = RandomKey(seed: 3)
  private static let shape: Shape = [2, 16, 4, 6]

  private func attend(
    _ mechanism: any AttentionMechanism, _ x: HostArray, _ weights: Weights,
    mode: GraphMode = .inference
  ) throws -> Array64 {
    let graph = Graph(for: mechanism, mode: mode)
    let tensor = graph.input("x", x.type)
    let y =
      x.shape.rank == 4 ? mechanism.attending(map: tensor) : mechanism.attending(sequence: tensor)
    #expect(y.shape == x.shape)
    return try y.value(inputs: ["x": x], variables: weights.arrays).doubles
  }

  /// Start values with biases and zero starts away from 0.
  private func weights(_ mechanism: any AttentionMechanism) -> Weights {
    Weights(
      Dictionary(
        uniqueKeysWithValues: mechanism.parameters.enumerated().map { index, named in
          let values = numbers(named.parameter.shape, seed: 70 + index, scale: 0.5)
          return (
            named.path,
            named.path.hasSuffix("Variance")
              ? HostArray(values.shape, values.floats.map { 1 + abs($0) }) : values
          )
        }))
  }

  private func dense(_ x: [Double], _ weights: Weights, _ name: String) throws -> [Double] {
    let w = try #require(weights["\(name).weight"]).doubles
    let b = weights["\(name).bias"]?.doubles
    let inputs = w.values.count / w.shape[0]
    return (0..<w.shape[0]).map { o in
      (0..<inputs).reduce(b?[[o]] ?? 0) { $0 + x[$1] * w.values[o * inputs + $1] }
    }
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  // MARK: Gates

  @Test func squeezeExcitationIsItsFormula() throws {
    let mechanism = SqueezeExcitation(width: 16)
    let weights = weights(mechanism)
    let x = numbers(Self.shape, seed: 60)
    let d = x.doubles
    let gates = try (0..<2).map { item in
      let means = (0..<16).map { c in
        (0..<24).reduce(0.0) { $0 + d[[item, c, $1 / 6, $1 % 6]] } / 24
      }
      let hidden = try dense(means, weights, "down").map { max($0, 0) }
      return try dense(hidden, weights, "up").map(sigmoid)
    }
    let y = try attend(mechanism, x, weights)
    expectClose(y.host(.float32), Array64(Self.shape) { d[$0] * gates[$0[0]][$0[1]] })
  }

  @Test func efficientChannelAttentionIsItsFormula() throws {
    let mechanism = EfficientChannelAttention(width: 16)
    #expect(mechanism.windowSize == 3)
    #expect(EfficientChannelAttention(width: 256).windowSize == 5)
    let weights = weights(mechanism)
    let w = try #require(weights["convolution.weight"]).floats.map(Double.init)
    let x = numbers(Self.shape, seed: 61)
    let d = x.doubles
    let y = try attend(mechanism, x, weights)
    func mean(_ item: Int, _ c: Int) -> Double {
      guard (0..<16).contains(c) else { return 0 }
      return (0..<24).reduce(0.0) { $0 + d[[item, c, $1 / 6, $1 % 6]] } / 24
    }
    expectClose(
      y.host(.float32),
      Array64(Self.shape) { i in
        d[i] * sigmoid((0..<3).reduce(0.0) { $0 + w[$1] * mean(i[0], i[1] + $1 - 1) })
      })
  }

  @Test func cbamIsItsFormula() throws {
    let mechanism = CBAM(width: 16)
    let weights = weights(mechanism)
    let x = numbers(Self.shape, seed: 62)
    let d = x.doubles
    let gates = try (0..<2).map { item in
      let places = (0..<16).map { c in (0..<24).map { d[[item, c, $0 / 6, $0 % 6]] } }
      func branch(_ pooled: [Double]) throws -> [Double] {
        try dense(dense(pooled, weights, "down").map { max($0, 0) }, weights, "up")
      }
      let sums = zip(
        try branch(places.map { $0.reduce(0, +) / 24 }), try branch(places.map { $0.max() ?? 0 }))
      return sums.map { sigmoid($0 + $1) }
    }
    let gated = Array64(Self.shape) { d[$0] * gates[$0[0]][$0[1]] }
    let maps = Array64([2, 2, 4, 6]) { i in
      let channels = (0..<16).map { gated[[i[0], $0, i[2], i[3]]] }
      return i[1] == 0 ? channels.reduce(0, +) / 16 : channels.max() ?? 0
    }
    let spatial = Reference.convolution(
      maps, try #require(weights["spatial.weight"]).doubles,
      bias: try #require(weights["spatial.bias"]).doubles, .init(before: [3, 3])
    ).map(sigmoid)
    expectClose(
      try attend(mechanism, x, weights).host(.float32),
      Array64(Self.shape) { gated[$0] * spatial[[$0[0], 0, $0[2], $0[3]]] }, absolute: 5e-6)
    // The gate over places is what it shows.
    let graph = Graph(for: mechanism, mode: .inference)
    _ = mechanism.attending(map: graph.input("x", x.type))
    let gate = try #require(graph.tensors(named: AttentionMark.gate).first)
    expectClose(
      try gate.value(inputs: ["x": x], variables: weights.arrays), spatial, absolute: 5e-6)
  }

  @Test func coordinateAttentionIsItsFormula() throws {
    let mechanism = CoordinateAttention(width: 16)
    let weights = weights(mechanism)
    let x = numbers(Self.shape, seed: 63)
    let d = x.doubles
    func number(_ path: String, _ index: Int) throws -> Double {
      try #require(weights[path]).doubles.values[index]
    }
    func gate(_ item: Int, _ part: String, _ means: [Double]) throws -> [Double] {
      let hidden = try dense(means, weights, "reduce").enumerated().map { c, value in
        let normal =
          try (value - number("norm.runningMean", c))
          / (number("norm.runningVariance", c) + 1e-5).squareRoot() * number("norm.weight", c)
          + number("norm.bias", c)
        return normal * min(max(normal + 3, 0), 6) / 6
      }
      return try dense(hidden, weights, part).map(sigmoid)
    }
    let rows = try (0..<2).map { item in
      try (0..<4).map { r in
        try gate(
          item, "rows", (0..<16).map { c in (0..<6).reduce(0.0) { $0 + d[[item, c, r, $1]] } / 6 })
      }
    }
    let columns = try (0..<2).map { item in
      try (0..<6).map { q in
        try gate(
          item, "columns",
          (0..<16).map { c in (0..<4).reduce(0.0) { $0 + d[[item, c, $1, q]] } / 4 })
      }
    }
    expectClose(
      try attend(mechanism, x, weights).host(.float32),
      Array64(Self.shape) { i in
        d[i] * rows[i[0]][i[2]][i[1]] * columns[i[0]][i[3]][i[1]]
      }, absolute: 5e-6)
  }

  // MARK: Positions that attend to positions

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
    let weights = weights(mechanism)
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
    let weights = weights(mechanism)
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
    let weights = weights(mechanism)
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
    let weights = weights(mechanism)
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
    let weights = weights(mechanism)
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

  // MARK: What holds for all of them

  static let names = AttentionCatalog.builtIn.names.filter { !AttentionCatalog.isControl($0) }

  @Test func theseAreTheMechanisms() {
    #expect(
      Self.names == [
        "additive", "augmented", "cbam", "coordinate", "eca", "linear", "local", "multihead",
        "nonlocal", "se",
      ])
  }

  /// Trained parameters at 64 channels, as the documentation's formulas give them.
  @Test(arguments: [
    ("additive", 2 * 64 * 16 + 2 * 16), ("augmented", 3 * 4160),
    ("cbam", 2 * 64 * 8 + 8 + 64 + 99), ("coordinate", 3 * 64 * 8 + 3 * 8 + 2 * 64), ("eca", 3),
    ("linear", 4 * 4160), ("local", 4 * 4160), ("multihead", 4 * 4160),
    ("nonlocal", 4 * 64 * 32 + 3 * 32 + 64), ("se", 2 * 64 * 4 + 4 + 64),
  ])
  func costsAndTheControlAreAsStated(name: String, parameters: Int) throws {
    let catalog = AttentionCatalog.builtIn
    #expect(try catalog.mechanism(name, width: 64).parameterCounts.trained == parameters)
    let control = try catalog.mechanism(AttentionCatalog.control(of: name), width: 64)
    #expect(control.parameterCounts.trained == parameters)
    #expect(control is MatchedControl == (name == "augmented"))
    // The control sees each position alone.
    let x = numbers([1, 4, 64], seed: 71)
    let weights = weights(control)
    let whole = try attend(control, x, weights)
    let alone = try attend(
      control, HostArray([1, 1, 64], Array(x.floats[64..<128])), weights)
    expectClose(
      alone.host(.float32), Array64([1, 1, 64], Array(whole.values[64..<128])), absolute: 1e-5)
  }

  @Test(arguments: names) func whatAttendingAddsIsTheDifference(name: String) throws {
    let mechanism = try AttentionCatalog.builtIn.mechanism(name, width: 16)
    let weights = weights(mechanism)
    for shape in [[2, 6, 16], [2, 16, 4, 3]] as [Shape] {
      let x = numbers(shape, seed: 72)
      let graph = Graph(for: mechanism, mode: .inference)
      let input = graph.input("x", x.type)
      let change =
        shape.rank == 4 ? mechanism.change(map: input) : mechanism.change(sequence: input)
      let found = try #require(change).value(inputs: ["x": x], variables: weights.arrays)
      let whole = try attend(mechanism, x, weights)
      expectClose(found, try Array64.zip(whole, x.doubles, -), absolute: 1e-5)
    }
  }

  /// Items of a batch do not see each other.
  @Test(arguments: names) func anItemIsAttendedAlone(name: String) throws {
    let mechanism = try AttentionCatalog.builtIn.mechanism(name, width: 16)
    let weights = weights(mechanism)
    let x = numbers([3, 16, 4, 4], seed: 73)
    let whole = try attend(mechanism, x, weights)
    let second = try attend(
      mechanism, HostArray([1, 16, 4, 4], Array(x.floats[256..<512])), weights)
    expectClose(
      second.host(.float32), Array64([1, 16, 4, 4], Array(whole.values[256..<512])), absolute: 1e-5)
  }

  /// The difference quotient of Σ y² along a direction of all weights and of x, in training.
  @Test(arguments: names) func theGradientIsTheSlope(name: String) throws {
    let mechanism = try AttentionCatalog.builtIn.mechanism(name, width: 16)
    let weights = weights(mechanism)
    let x = numbers([2, 16, 4, 3], seed: 74)
    let graph = Graph(for: mechanism, mode: .training)
    let input = graph.input("x", x.type)
    let loss = mechanism.attending(map: input).sumOfSquares() * 0.01
    let trained = mechanism.parameters.filter(\.parameter.isTrained)
    let gradients = loss.gradients(
      withRespectTo: [input] + trained.map { graph[$0.parameter] })
    var outputs = ["loss": loss]
    for (index, gradient) in gradients.enumerated() { outputs["\(index)"] = gradient }
    let plan = try graph.compile(outputs: outputs)
    func run(_ step: Float) throws -> [String: HostArray] {
      func moved(_ array: HostArray, _ seed: Int) -> HostArray {
        let direction = numbers(array.shape, seed: seed).floats
        return HostArray(array.shape, zip(array.floats, direction).map { $0 + step * $1 })
      }
      var arrays = weights.arrays
      for (index, named) in trained.enumerated() {
        arrays[named.path] = try moved(#require(arrays[named.path]), 91 + index)
      }
      return try Session(plan, variables: arrays).run(["x": moved(x, 90)])
    }
    let middle = try run(0)
    var slope = 0.0
    for index in gradients.indices {
      let gradient = try #require(middle["\(index)"]).doubles.values
      let direction = numbers(gradients[index].shape, seed: 90 + index).doubles.values
      slope += zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let step = 2e-3
    let ahead = Double(try #require(run(Float(step))["loss"]).scalar)
    let behind = Double(try #require(run(-Float(step))["loss"]).scalar)
    let quotient = (ahead - behind) / (2 * step)
    #expect(abs(quotient - slope) < 5e-3 + 0.02 * abs(slope), "\(quotient) for \(slope)")
  }

  // MARK: Rows on demand

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
