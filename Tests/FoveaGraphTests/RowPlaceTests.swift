import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

/// What a row of a product comes to does not depend on where it stands.
struct RowPlaceTests {
  /// To the bit with AVX-512; without, oneDNN adds up the last rows of a share in another order.
  @Test(arguments: [2, 3, 33, 65, 198])
  func equalRowsGiveEqualResults(rows: Int) throws {
    let (inner, columns) = (128, 64)
    let key = RandomKey(seed: 7)
    let row = (0..<inner).map { Float(key.normal(at: UInt64($0))) }
    let weights = (0..<(inner * columns)).map { Float(key.normal(at: UInt64(inner + $0))) }
    let graph = Graph(mode: .inference)
    let y = graph.input("x", ArrayType([rows, inner]))
      .matmul(graph.variable("w", ArrayType([columns, inner])), transposingRight: true)
    let result = try y.value(
      inputs: ["x": HostArray([rows, inner], (0..<rows).flatMap { _ in row })],
      variables: ["w": HostArray([columns, inner], weights)]
    ).floats
    let tolerance: Float = ProcessorLevel.current == .avx512 ? 0 : 2e-5
    for index in result.indices {
      #expect(abs(result[index] - result[index % columns]) <= tolerance, "row \(index / columns)")
    }
  }
}
