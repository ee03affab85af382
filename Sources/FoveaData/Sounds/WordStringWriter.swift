package import FoundationEssentials
package import FoveaArray

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
  /// - Parameters:
  ///   - overwrite: whether strings that are there may be replaced, all of them; whatever else lies in
  ///     the folder stays.
  ///   - inputs: what they are made of.
  /// - Throws: `InputError` when the folder holds something that may not be replaced, or a file
  ///   cannot be written.
  package static func write(
    _ strings: WordStrings, to folder: URL, overwrite: Bool = false,
    inputs: @escaping @Sendable () -> InputFiles = { InputFiles() }
  ) throws {
    let path = folder.relativePath
    let output = try OwnedFolder(
      folder, .wordStrings, .new(replacing: overwrite), verb: "data digit-strings", inputs: inputs)
    defer { output.close() }
    try output.makeFolder("clips")
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
            [
              name, NumberText.fixed($0.start, decimals: 4), NumberText.fixed($0.end, decimals: 4),
              $0.word,
            ]
          }
        )
      }
    }.map { try $0.get() }
    try output.write(
      CSVTable.encoded(
        columns: ["clip", "onset", "offset", "label"], rows: rows.flatMap(\.times)),
      to: timesName)
    try output.write(
      CSVTable.encoded(columns: columns, rows: rows.map(\.row)), to: tableName)
  }

  private static let columns = ["file", "transcript", "speaker", "split"]

  /// Whether a folder from before folders had marks is whole: then the table is there.
  fileprivate static func made(_ folder: URL) -> Bool {
    (try? CSVTable(contentsOf: folder.appending(path: tableName)))?.columns == columns
  }
}

extension FolderKind {
  /// Strings of words that Fovea joined, with their tables.
  static let wordStrings = FolderKind(
    "set of word strings",
    [
      PathPattern(WordStringWriter.tableName), PathPattern(WordStringWriter.timesName),
      "clips/#.wav",
    ],
    worthKeeping: [PathPattern(WordStringWriter.tableName)],
    recognizes: { folder, _ in WordStringWriter.made(folder) })
}
