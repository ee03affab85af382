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
}
