import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Glibc
import Testing

/// Gates over channels and places against their formulas on paper, in double precision.
struct GateMechanismTests {
  private static let shape: Shape = [2, 16, 4, 6]

  @Test func squeezeExcitationIsItsFormula() throws {
    let mechanism = SqueezeExcitation(width: 16)
    let weights = formulaWeights(mechanism)
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
    let weights = formulaWeights(mechanism)
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
    let weights = formulaWeights(mechanism)
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
    let weights = formulaWeights(mechanism)
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
}
