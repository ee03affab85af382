import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Testing

struct AttentionTests {
  private let key = RandomKey(seed: 1)

  /// The parts of augmented attention in double precision, for `[positions, width]`.
  private struct Formula {
    let query: Array64
    let keys: Array64
    let values: Array64

    init(_ x: Array64, _ weights: Weights) throws {
      func part(_ name: String) throws -> Array64 {
        let w = try #require(weights["\(name).weight"]).doubles
        let b = try #require(weights["\(name).bias"]).doubles
        return try Array64.zip(Reference.matmul(x, Reference.transposed(w)), b, +)
      }
      query = try part("query")
      keys = try part("key")
      values = try part("value")
    }

    /// softmax((Q Kᵀ + Q Vᵀ) / √width), the two products apart, as the formula is written.
    func softmax() throws -> Array64 {
      let scores = try Array64.zip(
        Reference.matmul(query, Reference.transposed(keys)),
        Reference.matmul(query, Reference.transposed(values)), +)
      let scale = Double(query.shape[-1]).squareRoot()
      return Reference.softmax(scores.map { $0 / scale })
    }
  }

  private func attend(_ mechanism: any AttentionMechanism, _ x: HostArray) throws -> HostArray {
    let graph = Graph(for: mechanism, mode: .inference)
    return try mechanism.attending(sequence: graph.input("x", x.type)).value(
      inputs: ["x": x], variables: mechanism.initialWeights(key: key).arrays)
  }

  private func shown(_ mechanism: any AttentionMechanism, _ x: HostArray) throws -> HostArray? {
    let graph = Graph(for: mechanism, mode: .inference)
    return try mechanism.weights(sequence: graph.input("x", x.type))?.value(
      inputs: ["x": x], variables: mechanism.initialWeights(key: key).arrays)
  }

  // MARK: The formula

  @Test func augmentedAttentionIsItsFormula() throws {
    let mechanism = AugmentedAttention(width: 6)
    let x = numbers([1, 9, 6], seed: 20, scale: 3)
    let flat = Array64([9, 6], x.doubles.values)
    let softmax = try Formula(flat, mechanism.initialWeights(key: key)).softmax()
    let a = Array64([9, 9]) { softmax[$0] + ($0[0] == $0[1] ? 1 : 0) }
    let expected = Reference.matmul(a, flat)
    expectClose(try attend(mechanism, x), Array64([1, 9, 6], expected.values), absolute: 5e-6)
    // What it shows is the softmax, without the identity.
    expectClose(
      try #require(try shown(mechanism, x)), Array64([1, 9, 9], softmax.values), absolute: 5e-6)
  }

  /// Rows of the softmax sum to 1, those of A = softmax + I to 2: a constant comes out doubled.
  @Test func theRowsOfASumToTwo() throws {
    let mechanism = AugmentedAttention(width: 5)
    let x = numbers([2, 7, 5], seed: 21, scale: 2)
    let weights = try #require(try shown(mechanism, x)).doubles
    for row in weights.reduce(axes: [2], keepingAxes: false, { $0.reduce(0, +) }).values {
      #expect(abs(row - 1) < 1e-6)
    }
    #expect(weights.values.allSatisfy { $0 >= 0 })
    let constant = HostArray(repeating: Float(0.75), shape: [2, 7, 5])
    expectClose(
      try attend(mechanism, constant), Array64([2, 7, 5]) { _ in 1.5 }, absolute: 2e-6)
  }

  /// Q Kᵀ + Q Vᵀ = Q (K + V)ᵀ: only the sum of key and value weights counts.
  @Test func keyAndValueWeightsEnterAsASum() throws {
    let mechanism = AugmentedAttention(width: 6)
    let x = numbers([1, 8, 6], seed: 22, scale: 2)
    let flat = Array64([8, 6], x.doubles.values)
    let formula = try Formula(flat, mechanism.initialWeights(key: key))
    let apart = try Array64.zip(
      Reference.matmul(formula.query, Reference.transposed(formula.keys)),
      Reference.matmul(formula.query, Reference.transposed(formula.values)), +)
    let together = Reference.matmul(
      formula.query, Reference.transposed(try Array64.zip(formula.keys, formula.values, +)))
    for (left, right) in zip(apart.values, together.values) { #expect(abs(left - right) < 1e-12) }
    // What goes from one to the other changes nothing but rounding.
    var moved = mechanism.initialWeights(key: key)
    for part in ["weight", "bias"] {
      let keys = try #require(moved["key.\(part)"])
      let values = try #require(moved["value.\(part)"])
      moved["key.\(part)"] = HostArray(
        keys.shape, zip(keys.floats, values.floats).map { $0 + 0.75 * $1 })
      moved["value.\(part)"] = HostArray(values.shape, values.floats.map { 0.25 * $0 })
    }
    let graph = Graph(for: mechanism, mode: .inference)
    let y = mechanism.attending(sequence: graph.input("x", x.type))
    let after = try y.value(inputs: ["x": x], variables: moved.arrays)
    expectClose(after, try attend(mechanism, x).doubles, absolute: 5e-6)
    // One product serves both: query, and key plus value.
    let plan = try graph.compile(outputs: ["y": y])
    #expect((plan.steps + plan.preparation).count { $0.op == "matmul" } == 2)
  }

  @Test func parametersAndWorkAreAsStated() throws {
    for width in [8, 64] {
      let mechanism = AugmentedAttention(width: width)
      #expect(mechanism.parameterCounts.trained == 3 * (width * width + width))
      let (batch, positions) = (4, 36)
      let graph = Graph(for: mechanism, mode: .inference)
      let y = mechanism.attending(
        sequence: graph.input("x", ArrayType([batch, positions, width])))
      let plan = try graph.compile(outputs: ["y": y])
      let elements = batch * positions * width
      // Two projections with bias, scores and weighted sum, the identity.
      let products = 2 * 2 * elements * width + 2 * 2 * elements * positions
      #expect(plan.floatingPointOperations == products + elements)
    }
  }

  // MARK: Maps

  @Test func aMapIsASequenceOfItsPlaces() throws {
    let mechanism = AugmentedAttention(width: 4)
    let x = numbers([2, 4, 3, 5], seed: 23)
    let graph = Graph(for: mechanism, mode: .inference)
    let variables = mechanism.initialWeights(key: key).arrays
    let y = try mechanism.attending(map: graph.input("x", x.type)).value(
      inputs: ["x": x], variables: variables)
    #expect(y.shape == x.shape)
    let sequence = Array64([2, 15, 4]) { x.doubles[[$0[0], $0[2], $0[1] / 5, $0[1] % 5]] }
    let expected = try attend(mechanism, sequence.host(.float32)).doubles
    expectClose(
      y, Array64([2, 4, 3, 5]) { expected[[$0[0], $0[2] * 5 + $0[3], $0[1]]] }, absolute: 5e-6)
  }

  // MARK: The controls

  @Test(arguments: [1, 8, 33, 64]) func theControlHasExactlyAsManyParameters(width: Int) {
    #expect(
      MatchedControl(width: width).parameterCounts.trained
        == AugmentedAttention(width: width).parameterCounts.trained)
  }

  /// The control sees each position alone.
  @Test func noPositionOfTheControlSeesAnother() throws {
    let mechanism = MatchedControl(width: 5)
    let x = numbers([1, 6, 5], seed: 24)
    let whole = try attend(mechanism, x)
    for position in 0..<6 {
      let alone = HostArray([1, 1, 5], Array(x.floats[(5 * position)..<(5 * position + 5)]))
      expectClose(
        try attend(mechanism, alone),
        Array64([1, 1, 5], whole.doubles.values[(5 * position)..<(5 * position + 5)].map { $0 }),
        absolute: 1e-6)
    }
    #expect(try shown(mechanism, x) == nil)
  }

  @Test func noAttentionIsTheIdentity() throws {
    let x = numbers([2, 3, 4], seed: 25)
    #expect(try attend(NoAttention(), x) == x)
    #expect(NoAttention().parameters.isEmpty)
  }

  // MARK: Functions

  @Test func anAdditiveMaskShutsKeysOut() throws {
    let graph = Graph()
    let q = graph.input("q", ArrayType([3, 4]))
    let k = graph.input("k", ArrayType([5, 4]))
    let mask = graph.constant(
      HostArray([5], [0, -.infinity, 0, -.infinity, 0] as [Float]))
    let feed = ["q": numbers([3, 4], seed: 26), "k": numbers([5, 4], seed: 27)]
    let weights = try attentionWeights(query: q, key: k, mask: .additive(mask))
      .value(inputs: feed).doubles
    for row in 0..<3 {
      #expect(weights[[row, 1]] == 0 && weights[[row, 3]] == 0)
      #expect(abs((0..<5).reduce(0.0) { $0 + weights[[row, $1]] } - 1) < 1e-6)
    }
    let attended = try scaledDotProductAttention(
      query: q, key: k, value: k, mask: .additive(mask)
    ).value(inputs: feed)
    let k64 = try #require(feed["k"]).doubles
    expectClose(attended, Reference.matmul(weights, k64), absolute: 5e-6)
  }

  // MARK: Memory

  /// At inference no more than a tile of the matrix of scores exists: memory grows with N, not N².
  @Test func inferenceNeverHoldsTheMatrix() throws {
    func arena(_ positions: Int) throws -> Int {
      let mechanism = AugmentedAttention(width: 16)
      let graph = Graph(for: mechanism, mode: .inference)
      let y = mechanism.attending(sequence: graph.input("x", ArrayType([1, positions, 16])))
      return try graph.compile(outputs: ["y": y]).arenaBytes
    }
    let (small, large) = (try arena(2_048), try arena(8_192))
    #expect(large < 8_192 * 8_192 * 4 / 32)
    // A few arrays of 16 numbers a position; each of two threads packs the keys and the values.
    #expect(large - small < (8_192 - 2_048) * 16 * 4 * 12)
  }

  /// Training holds one such matrix at most; the gradient's tiles make it none.
  @Test func trainingHoldsNoMoreThanOneMatrix() throws {
    let positions = 4_096
    let mechanism = AugmentedAttention(width: 16)
    let graph = Graph(for: mechanism, mode: .training)
    let x = graph.input("x", ArrayType([1, positions, 16]))
    let variables = mechanism.parameters.map { graph[$0.parameter] }
    let gradients = mechanism.attending(sequence: x).sumOfSquares()
      .gradients(withRespectTo: variables + [x])
    let outputs = Dictionary(
      uniqueKeysWithValues: gradients.enumerated().map { ("\($0)", $1) })
    let arena = try graph.compile(outputs: outputs).arenaBytes
    #expect(arena < positions * positions * 4)
  }
}
