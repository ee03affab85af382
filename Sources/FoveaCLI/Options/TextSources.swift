import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaText

/// Texts without labels that a command line names.
enum TextSources {
  /// Whether a file is read as a table of texts, by its name, as where texts are trained on.
  static func isTable(_ path: String) -> Bool {
    TextColumns.extensions.contains(URL(filePath: path).pathExtension.lowercased())
  }

  /// The texts of a table with their rows.
  ///
  /// - Throws: `InputError` that names the option where the column is not there.
  static func rows(of path: String, column: String) throws -> [(row: Int, text: String)] {
    let table = try TextColumns(contentsOf: URL(filePath: path))
    guard table.names.contains(column) else {
      throw InputError(
        "there is no column called \(column)", at: path,
        advice:
          "The columns are: \(table.names.joined(separator: ", ")). Name that of the texts with \(.textColumn)"
      )
    }
    return try table.texts(column)
  }

  /// The texts of files, of folders of them, and of tables, each with a name.
  ///
  /// - Throws: `InputError` where one cannot be read.
  static func texts(
    at paths: [String], column: String, _ console: Console
  ) throws -> [(name: String, text: String)] {
    try paths.flatMap { path -> [(name: String, text: String)] in
      let url = URL(filePath: path)
      if isTable(path) {
        return try rows(of: path, column: column).map {
          ("\(url.deletingPathExtension().lastPathComponent)-row-\($0.row)", $0.text)
        }
      }
      return try MediaFiles.files(at: [path], of: .text, console).map {
        ($0.name, try TextFile.read($0.url))
      }
    }
  }
}
