import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport

/// Numbers between −1 and 1 that follow from a seed.
func numbers(_ shape: Shape, seed: Int, scale: Double = 1) -> HostArray {
  Domain.uniform(-scale, scale).values(shape, seed: seed).host(.float32)
}

extension Layer {
  /// The layer's result for `x` with start weights of seed 1, or with other weights.
  func value(
    _ x: HostArray, mode: GraphMode = .inference, weights: Weights? = nil
  ) throws -> HostArray {
    let graph = Graph(for: self, mode: mode)
    let y = self(graph.input("x", x.type))
    return try y.value(
      inputs: ["x": x, "randomKey": HostArray([5, 6] as [Int32])],
      variables: (weights ?? initialWeights(key: RandomKey(seed: 1))).arrays)
  }

  /// `path shape`, one a parameter.
  var parameterList: [String] { parameters.map { "\($0.path) \($0.parameter.shape)" } }
}

extension HostArray {
  /// The numbers in double precision.
  var doubles: Array64 { Array64(self) }
}

extension CNN.Options {
  /// Small pictures of three classes.
  static var small: CNN.Options {
    var options = CNN.Options(height: 16, width: 16, classes: 3)
    options.widths = [8, 16]
    options.hidden = 12
    return options
  }
}
