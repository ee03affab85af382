import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaTestSupport

private let any = Domain.uniform(-1, 1)

private let padded = WindowGeometry(
  strides: [2, 1], paddingBefore: [1, 1], paddingAfter: [1, 1], dilations: [1, 2])

/// For each result element of a convolution the places of its taps: (o, i, j), (c, y, x), (u, v).
private func taps(
  source: Shape, weights: Shape, geometry: WindowGeometry,
  _ body: (_ result: [Int], _ source: [Int], _ weight: [Int]) -> Void
) {
  let height = geometry.outputSize(source[2], window: weights[2], axis: 0)
  let width = geometry.outputSize(source[3], window: weights[3], axis: 1)
  let places: Shape = [
    source[0], weights[0], height, width, weights[1], weights[2], weights[3],
  ]
  for place in places.indices {
    let (b, o, i, j) = (place[0], place[1], place[2], place[3])
    let (c, u, v) = (place[4], place[5], place[6])
    let y = i * geometry.strides[0] + u * geometry.dilations[0] - geometry.paddingBefore[0]
    let x = j * geometry.strides[1] + v * geometry.dilations[1] - geometry.paddingBefore[1]
    guard (0..<source[2]).contains(y), (0..<source[3]).contains(x) else { continue }
    body([b, o, i, j], [b, c, y, x], [o, c, u, v])
  }
}

extension Array64 {
  fileprivate static func sum(
    _ shape: Shape, _ fill: (_ add: (_ index: [Int], _ value: Double) -> Void) -> Void
  ) -> Array64 {
    let strides = shape.rowMajorStrides
    var values = [Double](repeating: 0, count: shape.elementCount)
    fill { index, value in values[Swift.zip(index, strides).map { $0 * $1 }.reduce(0, +)] += value }
    return Array64(shape, values)
  }
}

/// The backward convolutions as ops of their own: they have gradient rules too.
@CaseList var gradientOpCases: [OpCase] {
  OpCase(
    "convolution's input gradient",
    [(ArrayType([2, 3, 3, 4]), any), (ArrayType([3, 2, 3, 2]), any)], absolute: 5e-6,
    build: {
      $0[0].graph.apply(
        Convolution2DInputGradient(geometry: padded, source: [2, 2, 5, 4]), $0)[0]
    },
    reference: { x in
      Array64.sum([2, 2, 5, 4]) { add in
        taps(source: [2, 2, 5, 4], weights: [3, 2, 3, 2], geometry: padded) {
          add($1, x[0][$0] * x[1][$2])
        }
      }
    })
  OpCase(
    "convolution's weight gradient",
    [(ArrayType([2, 2, 5, 4]), any), (ArrayType([2, 3, 3, 4]), any)], absolute: 5e-6,
    build: {
      let results = $0[0].graph.apply(
        Convolution2DWeightGradient(geometry: padded, weights: [3, 2, 3, 2], hasBias: true), $0)
      return results[0] + results[1].reshaped([3, 1, 1, 1])
    },
    reference: { x in
      let bias = x[1].reduce(axes: [0, 2, 3], keepingAxes: false) { $0.reduce(0, +) }
      let weights = Array64.sum([3, 2, 3, 2]) { add in
        taps(source: [2, 2, 5, 4], weights: [3, 2, 3, 2], geometry: padded) {
          add($2, x[0][$1] * x[1][$0])
        }
      }
      return Array64([3, 2, 3, 2]) { weights[$0] + bias[[$0[0]]] }
    })
  OpCase(
    "the mask of ReLU's gradient",
    [(ArrayType([5, 7]), any), (ArrayType([5, 7]), .distinct(step: 0.3))], differentiable: [0],
    build: { $0[0].graph.apply(Elementwise(.reluGradient), $0)[0] },
    reference: { x in Array64([5, 7]) { x[1][$0] > 0 ? x[0][$0] : 0 } })
}

/// What a stream of random numbers drops: the key, the stream and the place give the number.
private func dropped(
  _ x: Array64, key: Array64, rate: Float, stream: UInt32
) -> Array64 {
  let words = key.values.map { UInt32(bitPattern: Int32($0)) }
  return Array64(
    x.shape,
    x.values.enumerated().map { index, value in
      let random = RandomKey.philox(
        counter: SIMD4(UInt32(index / 4), 0, stream, 0), key: SIMD2(words[0], words[1]))
      let number = Float(random[index % 4] >> 8) * 0x1p-24
      return number >= rate ? value / (1 - Double(rate)) : 0
    })
}

private func dropout(_ name: String, _ shape: Shape, rate: Float) -> OpCase {
  OpCase(
    "dropout, \(name)",
    [(ArrayType(shape), any), (ArrayType([2], .int32), .fixed([77, -12_345]))],
    build: { $0[0].graph.apply(Dropout(rate: rate, stream: 3), $0)[0] },
    reference: { dropped($0[0], key: $0[1], rate: rate, stream: 3) })
}

@CaseList var randomCases: [OpCase] {
  dropout("half", [7, 19], rate: 0.5)
  dropout("rate", [3, 1_500], rate: 0.1)
  dropout("nothing", [5, 3], rate: 0)
  dropout("one element", [1], rate: 0.3)
  dropout("empty", [0, 3], rate: 0.3)
}
