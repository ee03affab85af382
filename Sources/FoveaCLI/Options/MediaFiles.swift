import FoundationEssentials
import Fovea

/// Pictures or recordings that a command line names.
enum MediaFiles {
  /// The files at paths, each a file or a folder of them, with the names that people know them by.
  ///
  /// - Throws: `InputError` when a folder cannot be read, or there is none of them in any.
  static func files(
    at paths: [String], of medium: Medium, _ console: Console
  ) throws -> [(name: String, url: URL)] {
    let files = try paths.flatMap { path -> [(name: String, url: URL)] in
      var isFolder = false
      let url = URL(filePath: path)
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder
      else { return [(path, url)] }
      let folder = try MediaFolder(url, medium: medium)
      for note in folder.notes { console.note(note) }
      return folder.files.map { ("\(path)/\($0.name)", $0.url) }
    }
    guard !files.isEmpty else {
      throw InputError("there are no \(medium.nouns)", at: paths.joined(separator: ", "))
    }
    return files
  }
}
