import FoveaArray
import FoveaKernels
import Glibc
import Testing

/// The level of instructions in use, and that oneDNN is held to it.
struct ProcessorLevelTests {
  /// `FOVEA_CPU`, or the best that there is.
  @Test func theEnvironmentDecides() throws {
    let word = getenv("FOVEA_CPU").map { String(cString: $0) } ?? ""
    let expected =
      word.isEmpty ? ProcessorLevel.best : ProcessorLevel.allCases.first { $0.name == word }
    #expect(ProcessorLevel.current == expected)
    try ProcessorLevel.check()
  }

  @Test func aVectorIsAsWideAsTheLevelSays() {
    #expect(ProcessorLevel.allCases.map(\.vectorWidth) == [4, 8, 16])
    #expect(ProcessorLevel.current <= .best)
    // Products of bytes go by the same level.
    switch ProcessorLevel.current {
    case .baseline: #expect(QuantizedProductKernel.Level.best == .plain)
    case .avx2: #expect(QuantizedProductKernel.Level.best == .middle)
    case .avx512: #expect(QuantizedProductKernel.Level.best != .plain)
    }
  }

  /// oneDNN names its kernels by instruction set.
  @Test func oneDNNIsHeldToTheLevel() throws {
    let description = ConvolutionDescription(
      geometry: WindowGeometry(), source: .any(ArrayType([2, 32, 12, 12])),
      weights: .any(ArrayType([32, 32, 5, 5])), result: .any(ArrayType([2, 32, 8, 8])),
      hasBias: false)
    let name = try description.forward(training: true).implementation
    let expected: [ProcessorLevel: String] = [.baseline: "sse41", .avx2: "avx2", .avx512: "avx512"]
    #expect(name.contains(try #require(expected[.current])), "\(name)")
  }
}
