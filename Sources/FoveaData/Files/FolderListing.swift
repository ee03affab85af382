import FoundationEssentials
import FoveaArray

/// What lies in one folder, without what the system or an archiver left there.
struct FolderListing {
  struct Entry {
    let name: String
    let url: URL
    /// `nil` for a link that leads nowhere.
    let status: FileStatus?

    var isFolder: Bool { status?.kind == .folder }
  }

  /// In the order of the names' bytes: the same on every machine and in every language.
  let entries: [Entry]

  var folders: [Entry] { entries.filter(\.isFolder) }
  var files: [Entry] { entries.filter { !$0.isFolder } }

  /// Lists the folder at `url`.
  ///
  /// - Throws: `InputError` when there is none or it may not be read.
  init(_ url: URL) throws {
    let path = try url.checkedFilePath
    guard try FileStatus.of(path).get().kind == .folder else {
      throw InputError("is a file, not a folder", at: path)
    }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw InputError("the folder cannot be read", at: path, advice: "Check its permissions")
    }
    entries = try names.filter { !Self.isLeftover($0) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { name in
        guard !name.unicodeScalars.contains("\u{FFFD}") else {
          throw InputError(
            "the folder holds a name that is not UTF-8: \(name)", at: path,
            advice: "Rename it, or convert the names with convmv")
        }
        let entry = url.appending(component: name)
        return Entry(name: name, url: entry, status: try? FileStatus.of(entry.relativePath).get())
      }
  }

  /// Whether `name` is hidden or something that desktop systems and archivers leave behind.
  static func isLeftover(_ name: String) -> Bool {
    name.utf8.first == UInt8(ascii: ".") || leftovers.contains(name.lowercased())
  }

  private static let leftovers: Set<String> = [
    "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "icon\r", "@eadir", "$recycle.bin",
    "system volume information", "lost+found",
  ]
}
