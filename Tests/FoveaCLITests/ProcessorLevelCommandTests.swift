import FoveaTestSupport
import Testing

/// `FOVEA_CPU`, held against the processor before anything is computed.
struct ProcessorLevelCommandTests {
  @Test func aWordThatIsNoLevelIsRefused() async throws {
    let outcome = try await fovea("inspect", "cnn", environment: ["FOVEA_CPU": "avx-2"])
    #expect(outcome.code == 1 && outcome.output == "")
    #expect(
      outcome.errors.hasPrefix(
        "fovea: FOVEA_CPU: avx-2 is no level of instructions. Choose baseline"))
  }

  /// What every processor has computes too, and says the same to rounding.
  @Test(arguments: ["", "baseline"]) func theBaselineComputes(word: String) async throws {
    let outcome = try await fovea(
      "bench", "cnn", "--batch", "2", "--iterations", "1", "--json",
      environment: ["FOVEA_CPU": word])
    #expect(outcome.code == 0, "\(outcome.errors)")
  }
}
