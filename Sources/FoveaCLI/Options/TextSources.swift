import FoundationEssentials
import Fovea
import FoveaData
import FoveaText

/// Texts without labels that a command line names.
enum TextSources {
  /// The texts of files, of folders of them, and of tables, each with a name.
  ///
  /// - Throws: `InputError` where one cannot be read.
  static func texts(
    at paths: [String], column: String, _ console: Console
  ) throws -> [(name: String, text: String)] {
    try paths.flatMap { path -> [(name: String, text: String)] in
      let url = URL(filePath: path)
      if TextColumns.extensions.contains(url.pathExtension.lowercased()) {
        return try TextColumns(contentsOf: url).texts(column).map {
          ("\(url.deletingPathExtension().lastPathComponent)-row-\($0.row)", $0.text)
        }
      }
      return try MediaFiles.files(at: [path], of: .text, console).map {
        ($0.name, try TextFile.read($0.url))
      }
    }
  }
}
