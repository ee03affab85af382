import FoveaArray
import FoveaGraph
import FoveaTestSupport
import Glibc

private let any = Domain.uniform(-1, 1)

private func batchNorm(_ name: String, _ shape: Shape, epsilon: Float = 1e-5) -> OpCase {
  let channels = ArrayType([shape[1]])
  return OpCase(
    "batchNorm, \(name)",
    [(ArrayType(shape), .uniform(-2, 3)), (channels, .uniform(0.5, 2)), (channels, any)],
    absolute: 1e-5,
    build: { $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: epsilon).result },
    reference: {
      Reference.normalized(
        $0[0], axes: [0] + Array(2..<shape.rank), along: 1, scale: $0[1], shift: $0[2],
        epsilon: Double(epsilon))
    })
}

@CaseList var normalizationCases: [OpCase] {
  batchNorm("pictures", [4, 3, 5, 6])
  batchNorm("16 channels", [3, 16, 4, 4])
  batchNorm("epsilon", [4, 3, 2, 2], epsilon: 0.5)
  batchNorm("table", [7, 5])
  OpCase(
    "batchNorm, mean", [(ArrayType([4, 3, 5, 6]), any)], differentiable: [],
    build: {
      let ones = $0[0].graph.constant(HostArray(repeating: Float(1), shape: [3]))
      return $0[0].batchNorm(scale: ones, shift: ones).mean
    },
    reference: {
      $0[0].reduce(axes: [0, 2, 3], keepingAxes: false) { $0.reduce(0, +) / Double($0.count) }
    })
  OpCase(
    "batchNorm, given statistics",
    [
      (ArrayType([4, 3, 5, 6]), any), (ArrayType([3]), .uniform(0.5, 2)), (ArrayType([3]), any),
      (ArrayType([3]), any), (ArrayType([3]), .uniform(0.5, 2)),
    ], absolute: 1e-5,
    build: {
      $0[0].batchNorm(
        scale: $0[1], shift: $0[2], mean: $0[3], variance: $0[4], epsilon: 0.01)
    },
    reference: { x in
      Array64(x[0].shape) { index in
        let c = [index[1]]
        return (x[0][index] - x[3][c]) / (x[4][c] + Double(Float(0.01))).squareRoot() * x[1][c]
          + x[2][c]
      }
    })
  OpCase(
    "convolution, then batchNorm in inference",
    [
      (ArrayType([2, 3, 5, 5]), any), (ArrayType([16, 3, 3, 3]), any), (ArrayType([16]), any),
      (ArrayType([16]), .uniform(0.5, 2)), (ArrayType([16]), any), (ArrayType([16]), any),
      (ArrayType([16]), .uniform(0.5, 2)),
    ], mode: .inference, absolute: 1e-5,
    build: {
      $0[0].convolution2D(weight: $0[1], bias: $0[2], padding: 1)
        .batchNorm(scale: $0[3], shift: $0[4], mean: $0[5], variance: $0[6]).relu()
    },
    reference: { x in
      let y = Reference.convolution(x[0], x[1], bias: x[2], .init(before: [1, 1]))
      return Array64(y.shape) { index in
        let c = [index[1]]
        let normal = (y[index] - x[5][c]) / (x[6][c] + Double(Float(1e-5))).squareRoot()
        return max(normal * x[3][c] + x[4][c], 0)
      }
    })
  OpCase(
    "layerNorm",
    [(ArrayType([3, 4, 6]), any), (ArrayType([6]), .uniform(0.5, 2)), (ArrayType([6]), any)],
    absolute: 1e-5, build: { $0[0].layerNorm(scale: $0[1], shift: $0[2]) },
    reference: {
      Reference.normalized(
        $0[0], axes: [2], along: 2, scale: $0[1], shift: $0[2], epsilon: 1e-5)
    })
  OpCase(
    "layerNorm, epsilon",
    [(ArrayType([5, 7]), any), (ArrayType([7]), .uniform(0.5, 2)), (ArrayType([7]), any)],
    absolute: 1e-5, build: { $0[0].layerNorm(scale: $0[1], shift: $0[2], epsilon: 0.3) },
    reference: {
      Reference.normalized(
        $0[0], axes: [1], along: 1, scale: $0[1], shift: $0[2], epsilon: Double(Float(0.3)))
    })
  OpCase(
    "cross-entropy", [(ArrayType([6, 5]), any), (ArrayType([6], .int32), .integers(5))],
    build: { $0[0].crossEntropy(labels: $0[1]) },
    reference: { Reference.crossEntropy($0[0], labels: $0[1]) })
  OpCase(
    "cross-entropy, smoothing and weights",
    [
      (ArrayType([6, 5]), any), (ArrayType([6], .int32), .integers(5)),
      (ArrayType([5]), .uniform(0.5, 2)),
    ], differentiable: [0],
    build: { $0[0].crossEntropy(labels: $0[1], labelSmoothing: 0.1, classWeights: $0[2]) },
    reference: {
      Reference.crossEntropy(
        $0[0], labels: $0[1], smoothing: Double(Float(0.1)), weights: $0[2])
    })
  OpCase(
    "mean squared error", [(ArrayType([6, 5]), any), (ArrayType([6, 5]), any)],
    build: { $0[0].meanSquaredError($0[1]) },
    reference: { x in
      Array64([], [zip(x[0].values, x[1].values).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) / 30])
    })
  OpCase(
    "normalised pixels",
    [
      (ArrayType([2, 4, 5, 3], .uint8), .integers(256)), (ArrayType([3]), any),
      (ArrayType([3]), .uniform(0.2, 1)),
    ], differentiable: [], build: { $0[0].normalizedPixels(mean: $0[1], deviation: $0[2]) },
    reference: { x in
      Array64([2, 3, 4, 5]) { i in
        (x[0][[i[0], i[2], i[3], i[1]]] / 255 - x[1][[i[1]]]) / x[2][[i[1]]]
      }
    })
  OpCase(
    "normalised pixels, grey",
    [
      (ArrayType([2, 4, 5, 1], .uint8), .integers(256)), (ArrayType([1]), any),
      (ArrayType([1]), .uniform(0.2, 1)),
    ], differentiable: [], build: { $0[0].normalizedPixels(mean: $0[1], deviation: $0[2]) },
    reference: { x in
      Array64([2, 1, 4, 5]) { i in
        (x[0][[i[0], i[2], i[3], 0]] / 255 - x[1][[0]]) / x[2][[0]]
      }
    })
}
