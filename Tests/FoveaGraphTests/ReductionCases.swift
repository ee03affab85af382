import FoveaArray
import FoveaGraph
import FoveaTestSupport
import Glibc

private let any = Domain.uniform(-2, 2)

private func total(_ values: [Double]) -> Double { values.reduce(0, +) }

private func reduction(
  _ name: String, _ shape: Shape, _ axes: [Int]?, keepingAxes: Bool = false,
  _ domain: Domain = any, op build: @escaping @Sendable (Tensor) -> Tensor,
  fold: @escaping @Sendable ([Double]) -> Double
) -> OpCase {
  OpCase(
    "\(name) \(shape) over \(axes?.description ?? "all")", [(ArrayType(shape), domain)],
    absolute: 1e-5, build: { build($0[0]) },
    reference: {
      $0[0].reduce(
        axes: axes ?? Array(shape.sizes.indices), keepingAxes: keepingAxes, fold)
    })
}

@CaseList var reductionCases: [OpCase] {
  reduction("sum", [3, 5, 7], nil, op: { $0.sum() }, fold: total)
  reduction("sum", [3, 5, 7], [0], op: { $0.sum(axes: [0]) }, fold: total)
  reduction("sum", [3, 5, 7], [1], op: { $0.sum(axes: [1]) }, fold: total)
  reduction("sum", [3, 5, 7], [2], op: { $0.sum(axes: [-1]) }, fold: total)
  reduction(
    "sum", [3, 5, 7], [0, 2], keepingAxes: true, op: { $0.sum(axes: [2, 0], keepingAxes: true) },
    fold: total)
  reduction("sum", [300, 70], [0], op: { $0.sum(axes: [0]) }, fold: total)
  reduction("sum", [3, 9000], [1], op: { $0.sum(axes: [1]) }, fold: total)
  reduction("sum", [30000], nil, op: { $0.sum() }, fold: total)
  reduction("sum", [2, 9000], [0], op: { $0.sum(axes: [0]) }, fold: total)
  reduction("sum", [1, 1], [0], op: { $0.sum(axes: [0]) }, fold: total)
  reduction("sum", [0, 3], [0], op: { $0.sum(axes: [0]) }, fold: total)
  reduction("sum", [4, 3], [], op: { $0.sum(axes: []) }, fold: total)
  reduction(
    "sum of squares", [3, 5, 7], [1], op: { $0.sumOfSquares(axes: [1]) },
    fold: { total($0.map { $0 * $0 }) })
  reduction(
    "mean", [4, 3, 5], [0, 1], op: { $0.mean(axes: [0, 1]) }, fold: { total($0) / Double($0.count) }
  )
  reduction("mean", [4, 6], nil, op: { $0.mean() }, fold: { total($0) / 24 })
  reduction(
    "variance", [4, 6], [1], keepingAxes: true,
    op: { $0.variance(axes: [1], keepingAxes: true) },
    fold: { values in
      let mean = total(values) / Double(values.count)
      return total(values.map { ($0 - mean) * ($0 - mean) }) / Double(values.count)
    })
  reduction(
    "max", [4, 6], [1], .distinct(step: 0.1), op: { $0.max(axes: [1]) }, fold: { $0.max() ?? 0 })
  reduction(
    "max", [4, 6, 3], [0, 2], keepingAxes: true, .distinct(step: 0.1),
    op: { $0.max(axes: [0, 2], keepingAxes: true) }, fold: { $0.max() ?? 0 })
  reduction("max", [70], nil, .distinct(step: 0.1), op: { $0.max() }, fold: { $0.max() ?? 0 })
  OpCase(
    "sum after permute", [(ArrayType([3, 5, 7]), any)],
    build: { $0[0].permuted([0, 2, 1]).sum(axes: [1]) },
    reference: { $0[0].reduce(axes: [2], keepingAxes: false, total) })
  OpCase(
    "sum after permute, other order of what stays", [(ArrayType([3, 5, 7]), any)],
    build: { $0[0].permuted([2, 1, 0]).sum(axes: [1]) * 2 },
    reference: { x in
      let sums = x[0].reduce(axes: [1], keepingAxes: false, total)
      return Array64([7, 3]) { 2 * sums[[$0[1], $0[0]]] }
    })
  OpCase(
    "argMax", [(ArrayType([5, 7]), .distinct(step: 0.1))], differentiable: [],
    build: { $0[0].argMax() }, reference: { largest($0[0], axis: 1) })
  OpCase(
    "argMax, outer axis", [(ArrayType([5, 7]), .distinct(step: 0.1))], differentiable: [],
    build: { $0[0].argMax(axis: 0) }, reference: { largest($0[0], axis: 0) })
  OpCase(
    "argMax takes the first of equals", [(ArrayType([4]), .fixed([1, 3, 3, 2]))],
    differentiable: [], build: { $0[0].argMax() }, reference: { _ in Array64([], [1]) })
  OpCase(
    "softmax", [(ArrayType([3, 5, 7]), any)], build: { $0[0].softmax() },
    reference: { Reference.softmax($0[0]) })
  OpCase(
    "softmax, middle axis", [(ArrayType([3, 5, 7]), any)], build: { $0[0].softmax(axis: 1) },
    reference: { x in
      let moved = Array64([3, 7, 5]) { x[0][[$0[0], $0[2], $0[1]]] }
      let result = Reference.softmax(moved)
      return Array64([3, 5, 7]) { result[[$0[0], $0[2], $0[1]]] }
    })
  OpCase(
    "softmax, large numbers", [(ArrayType([4, 6]), .uniform(900, 1100))], absolute: 1e-4,
    differentiable: [], build: { $0[0].softmax() }, reference: { Reference.softmax($0[0]) })
  OpCase(
    "softmax, size 1", [(ArrayType([3, 1]), any)], build: { $0[0].softmax() },
    reference: { Reference.softmax($0[0]) })
  OpCase(
    "logSoftmax", [(ArrayType([5, 10]), any)], build: { $0[0].logSoftmax() },
    reference: { Reference.softmax($0[0]).map { log($0) } })
  OpCase(
    "logSoftmax, outer axis", [(ArrayType([5, 4]), any)], build: { $0[0].logSoftmax(axis: 0) },
    reference: {
      Reference.transposed(Reference.softmax(Reference.transposed($0[0]))).map { log($0) }
    })
}

private func largest(_ x: Array64, axis: Int) -> Array64 {
  x.reduce(axes: [axis], keepingAxes: false) { values in
    Double(values.firstIndex(of: values.max() ?? 0) ?? 0)
  }
}
