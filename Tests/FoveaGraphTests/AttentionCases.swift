import FoveaArray
import FoveaGraph
import FoveaTestSupport

private let any = Domain.uniform(-1, 1)

private func attention(
  _ name: String, batch: [Int], queries: Int, keys: Int, headSize: Int, valueSize: Int,
  mask: Shape? = nil, scale: Float? = nil
) -> OpCase {
  let full = scale ?? 1 / Float(headSize).squareRoot()
  return OpCase(
    "attention, \(name)",
    [
      (ArrayType(Shape(batch + [queries, headSize])), any),
      (ArrayType(Shape(batch + [keys, headSize])), any),
      (ArrayType(Shape(batch + [keys, valueSize])), any),
    ] + (mask.map { [(ArrayType($0), .uniform(-3, 1))] } ?? []), absolute: 5e-6,
    differentiable: [0, 1, 2],
    build: {
      $0[0].attention(key: $0[1], value: $0[2], mask: $0.count > 3 ? $0[3] : nil, scale: scale)
    },
    reference: {
      Reference.attention(
        $0[0], $0[1], $0[2], mask: $0.count > 3 ? $0[3] : nil, scale: Double(full))
    })
}

private func packed(
  _ name: String, batch: [Int], positions: Int, headSize: Int, mask: Shape? = nil
) -> OpCase {
  let shape = Shape([3] + batch + [positions, headSize])
  return OpCase(
    "attention of one array, \(name)",
    [(ArrayType(shape), any)] + (mask.map { [(ArrayType($0), .uniform(-3, 1))] } ?? []),
    absolute: 5e-6, differentiable: [0],
    build: { $0[0].packedAttention(mask: $0.count > 1 ? $0[1] : nil) },
    reference: { x in
      let parts = (0..<3).map { part in
        Array64(Shape(batch + [positions, headSize])) { x[0][[part] + $0] }
      }
      return Reference.attention(
        parts[0], parts[1], parts[2], mask: x.count > 1 ? x[1] : nil,
        scale: 1 / Double(headSize).squareRoot())
    })
}

@CaseList var attentionCases: [OpCase] {
  attention("small", batch: [2, 3], queries: 5, keys: 7, headSize: 4, valueSize: 6)
  attention("no batch", batch: [], queries: 5, keys: 7, headSize: 4, valueSize: 6)
  attention("one token", batch: [2], queries: 1, keys: 1, headSize: 1, valueSize: 1)
  attention("scale", batch: [2], queries: 5, keys: 7, headSize: 4, valueSize: 6, scale: 1.7)
  attention(
    "mask for all", batch: [2, 3], queries: 5, keys: 7, headSize: 4, valueSize: 6, mask: [5, 7])
  attention(
    "mask by batch and key", batch: [2, 3], queries: 5, keys: 7, headSize: 4, valueSize: 6,
    mask: [2, 1, 1, 7])
  attention(
    "mask by head and query", batch: [2, 3], queries: 5, keys: 7, headSize: 4, valueSize: 6,
    mask: [3, 5, 1])
  attention(
    "several tiles of queries", batch: [2], queries: 67, keys: 9, headSize: 3, valueSize: 2)
  attention(
    "several tiles of keys", batch: [1], queries: 2, keys: 515, headSize: 3, valueSize: 2,
    mask: [515])
  packed("small", batch: [2, 3], positions: 5, headSize: 4)
  packed("no batch, a mask", batch: [], positions: 7, headSize: 3, mask: [7, 7])
  packed("several tiles", batch: [2], positions: 67, headSize: 5)
}
