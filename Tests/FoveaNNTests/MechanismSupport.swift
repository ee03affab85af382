import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Glibc
import Testing

/// What a mechanism makes of a map or a sequence.
func attend(
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
func formulaWeights(_ mechanism: any AttentionMechanism) -> Weights {
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

/// W x + b.
func dense(_ x: [Double], _ weights: Weights, _ name: String) throws -> [Double] {
  let w = try #require(weights["\(name).weight"]).doubles
  let b = weights["\(name).bias"]?.doubles
  let inputs = w.values.count / w.shape[0]
  return (0..<w.shape[0]).map { o in
    (0..<inputs).reduce(b?[[o]] ?? 0) { $0 + x[$1] * w.values[o * inputs + $1] }
  }
}

/// 1 / (1 + exp(−x))
func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
