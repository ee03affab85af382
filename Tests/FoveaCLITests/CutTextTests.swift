import Foundation
import FoveaTestSupport
import Testing

/// Texts that are longer than a network takes at once.
struct CutTextTests {
  @Test func manyAreToldTogetherAndOneByItself() async throws {
    let folder = try TemporaryFolder()
    var table = "text,label\n"
    for index in 0..<24 {
      table += "\(index % 2 == 0 ? "sun" : "rain"),\(index % 2 == 0 ? "fair" : "foul")\n"
    }
    try folder.write(table, "weather.csv")
    let trained = try await fovea(
      "train", "weather.csv", "--output", "run", "--model", "bag", "--vocabulary-size", "300",
      "--most-tokens", "2", "--epochs", "1", "--threads", "1", "--skip-check", in: folder.url)
    #expect(trained.code == 0, "\(trained.errors)")
    let long = "xyz zyx xyz"
    try folder.write(
      "text\n" + (0..<5).map { $0 == 1 ? "a\n" : "\(long)\n" }.joined(), "long.csv")
    let many = try await fovea("predict", "run", "long.csv", in: folder.url)
    #expect(many.code == 0)
    #expect(
      many.errors
        == "4 of 5 texts have more than the 2 tokens that the network takes at once, and what is behind "
        + "them is not looked at (long.csv row 2, long.csv row 4, long.csv row 5, …).\n")
    // Each object still says it of its own text.
    let json = try await fovea("predict", "run", "long.csv", "--json", in: folder.url)
    #expect(json.errors == "")
    #expect(
      json.output.components(
        separatedBy: "of the text are not looked at; the network takes 2 at once"
      )
      .count == 5)
    let one = try await fovea("predict", "run", "--text", long, in: folder.url)
    #expect(
      one.errors.hasPrefix("--text 1: the last ") && one.errors.hasSuffix("takes 2 at once.\n"))
    let two = try await fovea("predict", "run", "--text", long, "--text", "a", in: folder.url)
    #expect(two.errors.hasPrefix("1 of 2 texts has more than the 2 tokens "), "\(two.errors)")
  }
}
