import FoveaArray
import FoveaGraph
import FoveaTestSupport

private let any = Domain.uniform(-1, 1)

private func empty(
  _ name: String, _ inputs: [Shape], result: Shape,
  _ build: @escaping @Sendable ([Tensor]) -> Tensor
) -> OpCase {
  OpCase(
    "\(name), empty", inputs.map { (ArrayType($0), any) }, build: build,
    reference: { _ in Array64(result, [Double](repeating: 0, count: result.elementCount)) })
}

/// Arrays without elements: what is computed from them is empty too, and the gradients of weights
/// that met nothing are zeros.
@CaseList var emptyCases: [OpCase] {
  empty("softmax, no rows", [[0, 4]], result: [0, 4]) { $0[0].softmax() }
  empty("softmax, no columns", [[4, 0]], result: [4, 0]) { $0[0].softmax() }
  empty("logSoftmax", [[0, 4]], result: [0, 4]) { $0[0].logSoftmax() }
  empty("gelu", [[0, 4]], result: [0, 4]) { $0[0].gelu() }
  empty("where", [[0, 4], [4]], result: [0, 4]) { $0[0].less(than: $0[1]).select($0[0], $0[1]) }
  empty("convolution, no items", [[0, 3, 5, 5], [4, 3, 3, 3], [4]], result: [0, 4, 3, 3]) {
    $0[0].convolution2D(weight: $0[1], bias: $0[2])
  }
  empty("max pooling, no items", [[0, 3, 4, 4]], result: [0, 3, 2, 2]) {
    $0[0].maxPool2D(window: 2)
  }
  empty("average pooling, no items", [[0, 3, 4, 4]], result: [0, 3, 2, 2]) {
    $0[0].averagePool2D(window: 2)
  }
  empty("global pooling, no items", [[0, 3, 4, 4]], result: [0, 3]) {
    $0[0].globalAveragePool2D()
  }
  empty("layerNorm, no rows", [[0, 4], [4], [4]], result: [0, 4]) {
    $0[0].layerNorm(scale: $0[1], shift: $0[2])
  }
  empty("batchNorm, given statistics, no items", [[0, 3], [3], [3], [3]], result: [0, 3]) {
    $0[0].batchNorm(scale: $0[1], shift: $0[2], mean: $0[3], variance: $0[3] * $0[3])
  }
  empty("attention, no queries", [[2, 0, 4], [2, 3, 4], [2, 3, 5]], result: [2, 0, 5]) {
    $0[0].attention(key: $0[1], value: $0[2])
  }
  empty("attention, no groups", [[0, 2, 4], [0, 3, 4], [0, 3, 5]], result: [0, 2, 5]) {
    $0[0].attention(key: $0[1], value: $0[2])
  }
  empty("matmul, no batch", [[0, 2, 4], [0, 4, 3]], result: [0, 2, 3]) { $0[0].matmul($0[1]) }
  empty("slice", [[0, 4]], result: [0, 2]) { $0[0].slice(axis: 1, 1..<3) }
  empty("pad", [[0, 2]], result: [0, 4]) { $0[0].padded(before: [0, 1], after: [0, 1]) }
  empty("pad, all of it", [[0, 2]], result: [3, 2]) {
    $0[0].padded(before: [1, 0], after: [2, 0])
  }
  empty("broadcast", [[1, 3]], result: [0, 3]) { $0[0].broadcast(to: [0, 3]) }
  empty("reshape", [[0, 6]], result: [2, 0, 3]) { $0[0].reshaped([2, 0, 3]) }
  empty("concatenate", [[0, 3], [0, 3]], result: [0, 3]) { Tensor.concatenate($0, axis: 0) }
  empty("max over rows, no columns", [[4, 0]], result: [0]) { $0[0].max(axes: [0]) }
  empty("variance, no rows", [[0, 4]], result: [0]) { $0[0].variance(axes: [1]) }
  empty("sum of squares of nothing", [[0, 4]], result: [4]) { $0[0].sumOfSquares(axes: [0]) }
  OpCase(
    "gather, no indices, empty",
    [(ArrayType([4, 3]), any), (ArrayType([0], .int32), .integers(4))],
    build: { $0[0].gather($0[1]) }, reference: { _ in Array64([0, 3], []) })
  OpCase(
    "scatter-add of nothing, empty",
    [(ArrayType([0, 3]), any), (ArrayType([0], .int32), .integers(4))],
    build: { $0[0].scatterAdd(at: $0[1], size: 4) },
    reference: { _ in Array64([4, 3], [Double](repeating: 0, count: 12)) })
  OpCase(
    "argMax, no rows, empty", [(ArrayType([0, 3]), any)], differentiable: [],
    build: { $0[0].argMax() }, reference: { _ in Array64([0], []) })
  OpCase(
    "normalised pixels, no items, empty",
    [
      (ArrayType([0, 2, 2, 3], .uint8), .integers(9)), (ArrayType([3]), any), (ArrayType([3]), any),
    ],
    differentiable: [], build: { $0[0].normalizedPixels(mean: $0[1], deviation: $0[2]) },
    reference: { _ in Array64([0, 3, 2, 2], []) })
}
