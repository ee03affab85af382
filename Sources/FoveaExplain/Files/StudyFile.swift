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
    guard let data = try? Data(contentsOf: highlightStudyURL) else { return nil }
    do {
      let study = try JSONDecoder().decode(HighlightStudy.self, from: data)
      guard study.schemaVersion == 1 else {
        throw InputError(
          "was written by a newer Fovea (form \(study.schemaVersion), this one reads 1)",
          advice: "Update Fovea")
      }
      return study
    } catch {
      throw InputError(
        "is not what was found of a run's highlights: \(JSONText.reason(error))",
        at: highlightStudyURL.relativePath, advice: "Remove it; fovea explain goes on without")
    }
  }
}
