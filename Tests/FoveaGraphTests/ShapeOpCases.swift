import FoveaArray
import FoveaGraph
import FoveaTestSupport

private let any = Domain.uniform(-2, 2)

@CaseList var shapeOpCases: [OpCase] {
  OpCase(
    "reshape", [(ArrayType([2, 3, 4]), any)], build: { $0[0].reshaped([6, -1]) },
    reference: { Array64([6, 4], $0[0].values) })
  OpCase(
    "reshape bytes", [(ArrayType([2, 3], .uint8), .integers(256))],
    build: { $0[0].reshaped([3, 2]) }, reference: { Array64([3, 2], $0[0].values) })
  OpCase(
    "permute", [(ArrayType([2, 3, 5]), any)], build: { $0[0].permuted([2, 0, 1]) },
    reference: { x in Array64([5, 2, 3]) { x[0][[$0[1], $0[2], $0[0]]] } })
  OpCase(
    "permute, then arithmetic", [(ArrayType([2, 3, 5]), any), (ArrayType([3]), any)],
    build: { $0[0].permuted([2, 0, 1]) * $0[1] },
    reference: { x in Array64([5, 2, 3]) { x[0][[$0[1], $0[2], $0[0]]] * x[1][[$0[2]]] } })
  OpCase(
    "permute integers", [(ArrayType([2, 3], .int32), .integers(99))],
    build: { $0[0].transposed() }, reference: { x in Array64([3, 2]) { x[0][[$0[1], $0[0]]] } })
  OpCase(
    "transpose, outer axes", [(ArrayType([2, 3, 5]), any)], build: { $0[0].transposed(0, 1) },
    reference: { x in Array64([3, 2, 5]) { x[0][[$0[1], $0[0], $0[2]]] } })
  OpCase(
    "permute, empty", [(ArrayType([2, 0, 5]), any)], build: { $0[0].permuted([2, 1, 0]) },
    reference: { _ in Array64([5, 0, 2], []) })
  OpCase(
    "slice", [(ArrayType([4, 7]), any)], build: { $0[0].slice(axis: 1, 2..<5) },
    reference: { x in Array64([4, 3]) { x[0][[$0[0], $0[1] + 2]] } })
  OpCase(
    "slice, step", [(ArrayType([7, 3]), any)], build: { $0[0].slice(axis: -2, 1..<6, step: 2) },
    reference: { x in Array64([3, 3]) { x[0][[2 * $0[0] + 1, $0[1]]] } })
  OpCase(
    "slice, step past the end", [(ArrayType([8]), any)],
    build: { $0[0].slice(axis: 0, 0..<8, step: 3) },
    reference: { x in Array64([3]) { x[0][[3 * $0[0]]] } })
  OpCase(
    "slice, nothing", [(ArrayType([4, 3]), any)], build: { $0[0].slice(axis: 0, 2..<2) },
    reference: { _ in Array64([0, 3], []) })
  OpCase(
    "pad", [(ArrayType([2, 3]), any)],
    build: { $0[0].padded(before: [1, 0], after: [0, 2], value: 3) },
    reference: { x in
      Array64([3, 5]) { $0[0] >= 1 && $0[1] < 3 ? x[0][[$0[0] - 1, $0[1]]] : 3 }
    })
  OpCase(
    "pad integers", [(ArrayType([2], .int32), .integers(9))],
    build: { $0[0].padded(before: [1], after: [1], value: -2) },
    reference: { x in Array64([4]) { (1..<3).contains($0[0]) ? x[0][[$0[0] - 1]] : -2 } })
  OpCase(
    "concatenate", [(ArrayType([2, 3, 2]), any), (ArrayType([2, 1, 2]), any)],
    build: { Tensor.concatenate($0, axis: 1) },
    reference: { x in
      Array64([2, 4, 2]) { $0[1] < 3 ? x[0][$0] : x[1][[$0[0], $0[1] - 3, $0[2]]] }
    })
  OpCase(
    "concatenate, inner axis, three",
    [(ArrayType([2, 1]), any), (ArrayType([2, 0]), any), (ArrayType([2, 3]), any)],
    build: { Tensor.concatenate($0, axis: -1) },
    reference: { x in
      Array64([2, 4]) { $0[1] < 1 ? x[0][$0] : x[2][[$0[0], $0[1] - 1]] }
    })
  OpCase(
    "concatenate bytes",
    [(ArrayType([3], .uint8), .integers(256)), (ArrayType([2], .uint8), .integers(256))],
    build: { Tensor.concatenate($0, axis: 0) },
    reference: { x in Array64([5], x[0].values + x[1].values) })
  OpCase(
    "broadcast", [(ArrayType([3, 1]), any)], build: { $0[0].broadcast(to: [2, 3, 4]) },
    reference: { x in Array64([2, 3, 4]) { x[0][[$0[1], 0]] } })
  OpCase(
    "broadcast, then arithmetic", [(ArrayType([3, 1]), any), (ArrayType([2, 3, 4]), any)],
    build: { $0[0].broadcast(to: [2, 3, 4]) - $0[1] },
    reference: { x in Array64([2, 3, 4]) { x[0][[$0[1], 0]] - x[1][$0] } })
  OpCase(
    "gather rows", [(ArrayType([5, 3]), any), (ArrayType([2, 4], .int32), .integers(5))],
    build: { $0[0].gather($0[1]) },
    reference: { x in Array64([2, 4, 3]) { x[0][[Int(x[1][[$0[0], $0[1]]]), $0[2]]] } })
  OpCase(
    "gather, inner axis", [(ArrayType([3, 5]), any), (ArrayType([4], .int32), .integers(5))],
    build: { $0[0].gather($0[1], axis: -1) },
    reference: { x in Array64([3, 4]) { x[0][[$0[0], Int(x[1][[$0[1]]])]] } })
  OpCase(
    "gather bytes",
    [(ArrayType([5], .uint8), .integers(256)), (ArrayType([3], .int32), .integers(5))],
    build: { $0[0].gather($0[1]) }, reference: { x in Array64([3]) { x[0][[Int(x[1][$0])]] } })
  OpCase(
    "scatter-add", [(ArrayType([2, 4, 3]), any), (ArrayType([4], .int32), .integers(3))],
    build: { $0[0].scatterAdd(at: $0[1], size: 3, axis: 1) },
    reference: { x in
      Array64([2, 3, 3]) { index in
        (0..<4).filter { Int(x[1][[$0]]) == index[1] }
          .reduce(0.0) { $0 + x[0][[index[0], $1, index[2]]] }
      }
    })
  OpCase(
    "scatter-add, indices of two axes",
    [(ArrayType([2, 2, 40]), any), (ArrayType([2, 2], .int32), .integers(6))],
    build: { $0[0].scatterAdd(at: $0[1], size: 6) },
    reference: { x in
      Array64([6, 40]) { index in
        Shape([2, 2]).indices.filter { Int(x[1][$0]) == index[0] }
          .reduce(0.0) { $0 + x[0][$1 + [index[1]]] }
      }
    })
}
