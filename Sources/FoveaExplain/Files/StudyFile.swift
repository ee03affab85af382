package import FoundationEssentials
import FoveaArray
package import FoveaRuns

extension RunDirectory {
  /// What is known of the run's ways to highlight.
  package var highlightStudyURL: URL { url.appending(path: "highlights/method.json") }

  /// Stores what was found of the methods; the file is whole at every moment.
  ///
  /// - Throws: `InputError` when it cannot be written.
  package func write(_ study: HighlightStudy) throws {
    try OutputFolder.make(highlightStudyURL.deletingLastPathComponent())
    try AtomicFile.write(JSONText.encoded(study), to: highlightStudyURL)
  }

  /// What was found of the methods; `nil` where nobody looked yet.
  ///
  /// - Throws: `InputError` when the file is malformed or of a newer Fovea.
  package func highlightStudy() throws -> HighlightStudy? {
    guard FileManager.default.fileExists(atPath: highlightStudyURL.path) else { return nil }
    let place = highlightStudyURL.relativePath
    let advice = "Remove it; fovea explain goes on without"
    guard let data = try? Data(contentsOf: highlightStudyURL) else {
      throw InputError("cannot be read", at: place, advice: advice)
    }
    return try JSONText.decoded(
      HighlightStudy.self, from: data, as: "what was found of a run's highlights", at: place,
      advice: advice)
  }
}
