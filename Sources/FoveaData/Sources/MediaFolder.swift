public import FoundationEssentials
import FoveaArray

/// The files of a medium in a folder and all folders inside it.
///
/// A file is taken for a picture or a recording by its name: an extension that such files have (also
/// of kinds that Fovea refuses by name) or none at all. Whether it can be decoded shows later. Hidden files and
/// what desktop systems leave behind are passed over in silence.
public struct MediaFolder: Sendable {
  /// A file.
  public struct File: Hashable, Sendable {
    /// The path inside the folder: `monday/0015.jpg`.
    public let name: String
    /// Where it is.
    public let url: URL
  }

  /// The files, folder by folder, in the order of the names' bytes.
  public let files: [File]
  /// What was passed over and why, as sentences.
  public let notes: [String]

  /// Walks the folder at `url`.
  ///
  /// Links to folders are followed, but no folder is read twice and none that this one lies in,
  /// so that links cannot lead in circles.
  ///
  /// - Throws: `InputError` when a folder cannot be read, or there are more than 5,000,000 files
  ///   (a link to a whole disk).
  public init(_ url: URL, medium: Medium = .picture) throws {
    var walk = Walk(root: url, medium: medium)
    try walk.visit(FolderListing(url), prefix: "")
    files = walk.files
    notes = walk.notes
  }

  /// The names of some of the files in a folder and the folders inside it, to tell what they are.
  static func sample(_ listing: FolderListing, depth: Int = 3, most: Int = 2_000) -> [String] {
    var names = listing.files.prefix(most).map(\.name)
    guard depth > 0 else { return names }
    for folder in listing.folders where names.count < most {
      guard let inner = try? FolderListing(folder.url) else { continue }
      names += sample(inner, depth: depth - 1, most: most / max(listing.folders.count, 1) + 1)
    }
    return names
  }

  /// The lower-case text after the last dot, or `nil`; `scan.0001` has none that says a kind.
  static func fileExtension(_ name: String) -> String? {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return nil
    }
    let end = name[name.utf8.index(after: dot)...].lowercased()
    return end.isEmpty || end.utf8.allSatisfy({ (48...57).contains($0) }) ? nil : end
  }
}

private struct Walk {
  let root: String
  let medium: Medium
  var files: [MediaFolder.File] = []
  var ignored: [String: Int] = [:]
  var repeated: [String] = []
  var visited: Set<FileIdentity> = []
  var seen = 0

  init(root url: URL, medium: Medium) {
    self.medium = medium
    root = url.relativePath
    // A link to the folder itself or to one around it would bring other classes' pictures in.
    for path in [root, url.deletingLastPathComponent().relativePath] {
      var path = path
      while case .success(let status) = FileStatus.of(path),
        visited.insert(status.identity).inserted
      {
        path += "/.."
      }
    }
  }

  mutating func visit(_ listing: FolderListing, prefix: String) throws {
    seen += listing.entries.count
    guard seen <= 5_000_000 else {
      throw InputError(
        "there are more than 5,000,000 files", at: root,
        advice: "Does a link in it lead to a whole disk?")
    }
    for file in listing.files {
      if medium.includes(file.name) {
        files.append(MediaFolder.File(name: prefix + file.name, url: file.url))
      } else {
        ignored[MediaFolder.fileExtension(file.name) ?? "", default: 0] += 1
      }
    }
    for folder in listing.folders {
      guard let status = folder.status else { continue }
      guard visited.insert(status.identity).inserted else {
        repeated.append(prefix + folder.name)
        continue
      }
      try visit(FolderListing(folder.url), prefix: prefix + folder.name + "/")
    }
  }

  var notes: [String] {
    var notes = repeated.map {
      "\(root)/\($0) leads to a folder that was read already and is not read again."
    }
    if !ignored.isEmpty {
      let count = ignored.values.reduce(0, +)
      let kinds = ignored.sorted { $0.key < $1.key }.map {
        "\(NumberText.count($0.value)) .\($0.key)"
      }
      notes.append(
        "\(root): \(NumberText.count(count, "file")) ignored, \(count == 1 ? "not a \(medium.noun)" : "not \(medium.nouns)") "
          + "(\(kinds.joined(separator: ", "))).")
    }
    return notes
  }
}
