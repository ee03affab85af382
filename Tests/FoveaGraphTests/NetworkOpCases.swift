import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaTestSupport
import Glibc

private let any = Domain.uniform(-1, 1)

private func product(
  _ name: String, _ left: Shape, _ right: Shape, transposingLeft: Bool = false,
  transposingRight: Bool = false,
  reference: @escaping @Sendable (Array64, Array64) -> Array64 = { Reference.matmul($0, $1) }
) -> OpCase {
  OpCase(
    name, [(ArrayType(left), any), (ArrayType(right), any)],
    build: {
      $0[0].matmul($0[1], transposingLeft: transposingLeft, transposingRight: transposingRight)
    }, reference: { reference($0[0], $0[1]) })
}

@CaseList var matMulCases: [OpCase] {
  product("matmul", [5, 7], [7, 3])
  product("matmul, size 1", [1, 1], [1, 1])
  product("matmul, one row", [1, 7], [7, 3])
  product("matmul, no rows", [0, 7], [7, 3])
  product("matmul, no inner axis", [4, 0], [0, 3])
  product(
    "matmul, left transposed", [7, 5], [7, 3], transposingLeft: true,
    reference: { Reference.matmul(Reference.transposed($0), $1) })
  product(
    "matmul, right transposed", [5, 7], [3, 7], transposingRight: true,
    reference: { Reference.matmul($0, Reference.transposed($1)) })
  product(
    "matmul, one row, right transposed", [1, 37], [9, 37], transposingRight: true,
    reference: { Reference.matmul($0, Reference.transposed($1)) })
  product(
    "matmul, both transposed", [7, 5], [3, 7], transposingLeft: true, transposingRight: true,
    reference: { Reference.matmul(Reference.transposed($0), Reference.transposed($1)) })
  product("matmul, batch", [2, 3, 5, 7], [2, 3, 7, 4])
  product(
    "matmul, batch, both transposed", [3, 7, 5], [3, 4, 7], transposingLeft: true,
    transposingRight: true,
    reference: { Reference.matmul(Reference.transposed($0), Reference.transposed($1)) })
  product(
    "matmul, one matrix on the right", [2, 5, 7], [3, 7], transposingRight: true,
    reference: { a, b in
      Array64([2, 5, 3]) { i in
        (0..<7).reduce(0.0) { $0 + a[[i[0], i[1], $1]] * b[[i[2], $1]] }
      }
    })
  product(
    "matmul, batch broadcast", [2, 1, 5, 7], [3, 7, 4],
    reference: { a, b in
      Array64([2, 3, 5, 4]) { i in
        (0..<7).reduce(0.0) { $0 + a[[i[0], 0, i[2], $1]] * b[[i[1], $1, i[3]]] }
      }
    })
  OpCase(
    "matmul, bias, relu",
    [(ArrayType([6, 7]), any), (ArrayType([5, 7]), any), (ArrayType([5]), any)],
    build: { ($0[0].matmul($0[1], transposingRight: true) + $0[2]).relu() },
    reference: { x in
      try Array64.zip(Reference.matmul(x[0], Reference.transposed(x[1])), x[2], +).map {
        max($0, 0)
      }
    })
}

private func quantizedProduct(columns: Int) -> OpCase {
  let weights = any.values([columns, 40], seed: 5)
  return OpCase(
    "quantized matmul, \(columns) columns", [(ArrayType([6, 40]), any)],
    // 40 products of numbers up to 1, each rounded to about 1/255 and 1/127.
    absolute: 0.1, differentiable: [],
    build: { x in
      let graph = x[0].graph
      let quantized = QuantizedWeights(weights.host(.float32))
      let parts = [quantized.bytes, quantized.scales, quantized.sums].map { graph.constant($0) }
      return graph.apply(QuantizedMatMul(hasBias: false), [x[0]] + parts)[0]
    }, reference: { Reference.matmul($0[0], Reference.transposed(weights)) })
}

@CaseList var quantizedMatMulCases: [OpCase] {
  quantizedProduct(columns: 5)
  quantizedProduct(columns: 70)
}

private func convolution(
  _ name: String, _ source: Shape, _ weights: Shape, bias: Bool = true, stride: Size2D = 1,
  padding: Padding2D = 0, dilation: Size2D = 1, groups: Int = 1, relu: Bool = false,
  absolute: Double = 5e-6, _ window: Reference.Window
) -> OpCase {
  OpCase(
    "convolution, \(name)",
    [(ArrayType(source), any), (ArrayType(weights), any)]
      + (bias ? [(ArrayType([weights[0]]), any)] : []),
    absolute: absolute,
    build: { x in
      let y = x[0].convolution2D(
        weight: x[1], bias: bias ? x[2] : nil, stride: stride, padding: padding,
        dilation: dilation, groups: groups)
      return relu ? y.relu() : y
    },
    reference: { x in
      let y = Reference.convolution(
        x[0], x[1], bias: bias ? x[2] : nil, window, groups: groups)
      return relu ? y.map { max($0, 0) } : y
    })
}

// Cases with ReLU draw numbers that stay clear of its kink, where differences say nothing.
@CaseList var convolutionCases: [OpCase] {
  convolution("3×3", [2, 3, 5, 6], [4, 3, 3, 3], Reference.Window())
  convolution("no bias", [2, 3, 5, 6], [4, 3, 3, 3], bias: false, Reference.Window())
  convolution("1×1", [2, 3, 5, 6], [4, 3, 1, 1], Reference.Window())
  convolution("one pixel", [1, 1, 1, 1], [1, 1, 1, 1], Reference.Window())
  convolution(
    "padding", [2, 3, 5, 6], [4, 3, 3, 3], padding: 1, Reference.Window(before: [1, 1]))
  convolution(
    "padding same, even window", [1, 2, 5, 6], [3, 2, 2, 4], padding: .same,
    Reference.Window(before: [0, 1], after: [1, 2]))
  convolution(
    "padding, four sides", [1, 2, 5, 4], [3, 2, 3, 2],
    padding: .explicit(top: 0, left: 1, bottom: 2, right: 0),
    Reference.Window(before: [0, 1], after: [2, 0]))
  convolution(
    "stride", [2, 3, 7, 9], [4, 3, 3, 3], stride: Size2D(2, 3),
    padding: .symmetric(Size2D(1, 0)), Reference.Window(strides: [2, 3], before: [1, 0]))
  convolution(
    "dilation", [1, 2, 7, 8], [3, 2, 3, 2], dilation: Size2D(2, 3),
    Reference.Window(dilations: [2, 3]))
  convolution(
    "groups", [2, 4, 5, 5], [6, 2, 3, 3], padding: 1, groups: 2, Reference.Window(before: [1, 1]))
  convolution(
    "depthwise", [1, 3, 5, 5], [3, 1, 3, 3], groups: 3, Reference.Window())
  convolution(
    "relu", [1, 16, 5, 5], [16, 16, 3, 3], padding: 1, relu: true, absolute: 2e-5,
    Reference.Window(before: [1, 1]))
  convolution(
    "5×5 of three channels, relu", [1, 3, 6, 6], [16, 3, 5, 5], padding: 2, relu: true,
    absolute: 2e-5, Reference.Window(before: [2, 2]))
  // Winograd's, where there is AVX-512.
  convolution(
    "Winograd, bias", [2, 16, 8, 9], [32, 16, 3, 3], padding: 1, absolute: 5e-5,
    Reference.Window(before: [1, 1]))
  convolution(
    "Winograd, no padding, relu", [1, 32, 10, 8], [16, 32, 3, 3], relu: true, absolute: 5e-5,
    Reference.Window())
  convolution(
    "Winograd, four sides, no bias", [3, 16, 3, 5], [16, 16, 3, 3], bias: false,
    padding: .explicit(top: 2, left: 0, bottom: 1, right: 2), absolute: 5e-5,
    Reference.Window(before: [2, 0], after: [1, 2]))
  // At most four pairs of planes.
  convolution(
    "planes, 7×7 of two channels", [2, 2, 9, 11], [1, 2, 7, 7], bias: false, padding: 3,
    Reference.Window(before: [3, 3]))
  convolution(
    "planes, wide rows", [1, 1, 3, 37], [2, 1, 3, 5], padding: .same,
    Reference.Window(before: [1, 2]))
  convolution(
    "planes, no padding", [2, 1, 6, 5], [4, 1, 3, 2], Reference.Window())
  convolution(
    "planes, more padding than the window needs", [1, 2, 4, 5], [2, 2, 2, 3],
    padding: .explicit(top: 2, left: 0, bottom: 1, right: 3),
    Reference.Window(before: [2, 0], after: [1, 3]))
  convolution(
    "planes, a window larger than the picture", [2, 1, 2, 3], [1, 1, 7, 7], padding: 3,
    Reference.Window(before: [3, 3]))
}

private func pool(
  _ name: String, _ shape: Shape, size: [Int], _ window: Reference.Window,
  domain: Domain = .distinct(step: 0.02), op build: @escaping @Sendable (Tensor) -> Tensor,
  fold: @escaping @Sendable ([Double]) -> Double
) -> OpCase {
  OpCase(
    "pool, \(name)", [(ArrayType(shape), domain)], build: { build($0[0]) },
    reference: { Reference.pool($0[0], size: size, window, fold: fold) })
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

@CaseList var poolingCases: [OpCase] {
  pool(
    "max 2", [2, 3, 6, 6], size: [2, 2], .init(strides: [2, 2]),
    op: { $0.maxPool2D(window: 2) }, fold: { $0.max() ?? 0 })
  pool(
    "max, odd size", [1, 2, 5, 7], size: [2, 2], .init(strides: [2, 2]),
    op: { $0.maxPool2D(window: 2) }, fold: { $0.max() ?? 0 })
  pool(
    "max 3 by 2, stride 1 by 2, padding 1", [1, 2, 5, 6], size: [3, 2],
    .init(strides: [1, 2], before: [1, 1]),
    op: { $0.maxPool2D(window: Size2D(3, 2), stride: Size2D(1, 2), padding: 1) },
    fold: { $0.max() ?? 0 })
  pool(
    "max, one pixel", [1, 1, 1, 1], size: [1, 1], .init(), op: { $0.maxPool2D(window: 1) },
    fold: { $0.max() ?? 0 })
  pool(
    "max to one place", [2, 32, 2, 2], size: [2, 2], .init(strides: [2, 2]),
    domain: .distinct(step: 0.01), op: { $0.maxPool2D(window: 2) }, fold: { $0.max() ?? 0 })
  pool(
    "max to one column", [2, 16, 6, 2], size: [2, 2], .init(strides: [2, 2]),
    domain: .distinct(step: 0.01), op: { $0.maxPool2D(window: 2) }, fold: { $0.max() ?? 0 })
  OpCase(
    "pool to one place after relu", [(ArrayType([2, 32, 2, 2]), .distinct(step: 0.01))],
    build: { $0[0].relu().maxPool2D(window: 2) },
    reference: {
      Reference.pool($0[0], size: [2, 2], .init(strides: [2, 2])) { max($0.max() ?? 0, 0) }
    })
  OpCase(
    "convolution, relu, pool to one place",
    [(ArrayType([2, 16, 2, 2]), any), (ArrayType([32, 16, 1, 1]), any)],
    build: { $0[0].convolution2D(weight: $0[1]).relu().maxPool2D(window: 2) },
    reference: { x in
      Reference.pool(
        Reference.convolution(x[0], x[1]), size: [2, 2], .init(strides: [2, 2])
      ) { max($0.max() ?? 0, 0) }
    })
  OpCase(
    "convolution, relu, pool to one place, then arithmetic",
    [
      (ArrayType([2, 16, 2, 2]), any), (ArrayType([32, 16, 1, 1]), any),
      (ArrayType([2, 32, 1, 1]), any),
    ],
    build: { ($0[0].convolution2D(weight: $0[1]).relu().maxPool2D(window: 2) * $0[2]).tanh() },
    reference: { x in
      let pooled = Reference.pool(
        Reference.convolution(x[0], x[1]), size: [2, 2], .init(strides: [2, 2])
      ) { max($0.max() ?? 0, 0) }
      return Array64([2, 32, 1, 1]) { tanh(pooled[$0] * x[2][$0]) }
    })
  pool(
    "average", [2, 3, 6, 6], size: [2, 3], .init(strides: [2, 3]),
    op: { $0.averagePool2D(window: Size2D(2, 3)) }, fold: mean)
  pool(
    "average, padding counts", [1, 2, 5, 5], size: [3, 3], .init(strides: [2, 2], before: [1, 1]),
    op: { $0.averagePool2D(window: 3, stride: 2, padding: 1) }, fold: { $0.reduce(0, +) / 9 })
  pool(
    "average, padding left out", [1, 2, 5, 5], size: [3, 3],
    .init(strides: [2, 2], before: [1, 1]),
    op: { $0.averagePool2D(window: 3, stride: 2, padding: 1, countsPadding: false) }, fold: mean)
  OpCase(
    "pool, global average", [(ArrayType([2, 3, 4, 5]), any)],
    build: { $0[0].globalAveragePool2D() },
    reference: { $0[0].reduce(axes: [2, 3], keepingAxes: false, mean) })
  OpCase(
    "pool, global max", [(ArrayType([2, 3, 4, 5]), .distinct(step: 0.02))],
    build: { $0[0].globalMaxPool2D() },
    reference: { $0[0].reduce(axes: [2, 3], keepingAxes: false) { $0.max() ?? 0 } })
  OpCase(
    "pool after relu", [(ArrayType([2, 16, 6, 6]), .distinct(step: 0.01))],
    build: { $0[0].relu().maxPool2D(window: 2) },
    reference: {
      Reference.pool($0[0], size: [2, 2], .init(strides: [2, 2])) { max($0.max() ?? 0, 0) }
    })
}
