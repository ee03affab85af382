import Foundation
import FoveaArray
import FoveaCLI
import FoveaTestSupport
import Testing

/// What errors call settings at the command line.
@Suite struct WordingTests {
  @Test func everySettingIsAnOptionOfSomeVerb() async throws {
    let folder = try TemporaryFolder()
    let tree = try await fovea("--experimental-dump-help", in: folder.url)
    #expect(tree.code == 0)
    for setting in Setting.allCases {
      let name = setting.option.dropFirst(2)
      #expect(tree.output.contains("\"name\" : \"\(name)\""), "\(setting.option)")
    }
  }

  @Test func advicePrintsOptionsAndLibraryTextsHaveNone() async throws {
    let folder = try TemporaryFolder()
    try folder.write("notes", "taken/notes.txt")
    let result = try await fovea("data", "scenes", "--output", "taken", in: folder.url)
    #expect(result.code == 1)
    #expect(
      result.errors == "fovea: taken: holds files that Fovea did not make: notes.txt. "
        + "They are left alone; choose another --output\n")
  }
}
