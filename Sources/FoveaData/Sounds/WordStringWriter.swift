package import FoundationEssentials
import FoveaArray

/// Writes strings of words as recordings with a table of what is said and one of when.
package enum WordStringWriter {
  /// The table of transcripts in the folder.
  package static let tableName = "strings.csv"
  /// The table of times.
  package static let timesName = "times.csv"

  /// Writes `strings` to `folder`: `clips/NNNNN.wav`, `times.csv` with `clip,onset,offset,label`, and
  /// `strings.csv` with `file,transcript,speaker,split`, which is written last: where it is, the folder
  /// is whole.
  ///
  /// - Parameter overwrite: whether the folder may hold something already.
  /// - Throws: `InputError` when the folder holds something and may not be overwritten, or a file
  ///   cannot be written.
  package static func write(
    _ strings: WordStrings, to folder: URL, overwrite: Bool = false
  ) throws {
    let path = folder.relativePath
    if case .success = FileStatus.of(path) {
      guard try FolderListing(folder).entries.isEmpty || overwrite else {
        throw InputError(
          "the folder is not empty", at: path, advice: "Choose another, or add \(.overwrite)")
      }
    }
    try OutputFolder.make(folder.appending(path: "clips"))
    let rows = try Parallel.map(strings.count) { index in
      Result { () throws -> (row: [String], times: [[String]]) in
        let item = strings.item(index)
        let digits = String(index + 1)
        let name =
          "clips/" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".wav"
        do {
          try WAVFile.encoded(item.sound).write(to: folder.appending(path: name))
        } catch {
          throw InputError(
            "cannot be written: \(OutputFolder.reason(error))", at: "\(path)/\(name)",
            advice: "Is there space on the disk?")
        }
        return (
          [
            name, item.words.map(\.word).joined(separator: " "), item.speaker,
            strings.isTest(index) ? "test" : "train",
          ],
          item.words.map {
            [name, decimal($0.start, digits: 4), decimal($0.end, digits: 4), $0.word]
          }
        )
      }
    }.map { try $0.get() }
    try AtomicFile.write(
      CSVTable.encoded(
        columns: ["clip", "onset", "offset", "label"], rows: rows.flatMap(\.times)),
      to: folder.appending(path: timesName))
    try AtomicFile.write(
      CSVTable.encoded(
        columns: ["file", "transcript", "speaker", "split"], rows: rows.map(\.row)),
      to: folder.appending(path: tableName))
  }
}
