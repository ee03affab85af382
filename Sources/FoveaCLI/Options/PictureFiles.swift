import FoundationEssentials
import Fovea

/// Pictures that a command line names.
enum PictureFiles {
  /// The files at paths, each a picture or a folder of pictures, with the names that people know
  /// them by.
  ///
  /// - Throws: `InputError` when a folder cannot be read, or there is no picture in any.
  static func files(at paths: [String], _ console: Console) throws -> [(name: String, url: URL)] {
    let files = try paths.flatMap { path -> [(name: String, url: URL)] in
      var isFolder = false
      let url = URL(filePath: path)
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder
      else { return [(path, url)] }
      let folder = try PictureFolder(url)
      for note in folder.notes { console.note(note) }
      return folder.files.map { ("\(path)/\($0.name)", $0.url) }
    }
    guard !files.isEmpty else {
      throw InputError("there are no pictures", at: paths.joined(separator: ", "))
    }
    return files
  }
}
