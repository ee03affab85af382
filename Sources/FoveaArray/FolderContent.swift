import FoundationEssentials
import Glibc

/// What lies in a folder, and whose it is.
struct FolderContent {
  enum Owner {
    /// Nobody: the folder is missing or empty.
    case nobody
    /// Fovea, as the mark says.
    case marked(FolderMark)
    /// Fovea, from before folders had marks.
    case recognized
    case others
  }

  let owner: Owner
  /// The kind's own files, relative to the folder.
  let owned: [String]
  /// What else there is; folders that the kind does not make are not looked into.
  let foreign: [String]

  /// Looks into a folder.
  ///
  /// - Parameter isInside: whether a folder around it is Fovea's, of a kind that makes this one.
  /// - Throws: `InputError` where it is a file, cannot be read, or has a mark that cannot.
  init(_ folder: URL, _ kind: FolderKind, isInside: Bool = false) throws {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) else {
      (owner, owned, foreign) = (.nobody, [], [])
      return
    }
    guard isFolder else {
      throw InputError(
        "is a file, not a folder", at: folder.relativePath,
        advice: "Choose another \(.output)")
    }
    let mark = try FolderMark.read(folder)
    var (files, others) = ([String](), [String]())
    try Self.list(folder, "", kind, &files, &others)
    if kind.isListed, mark != nil {
      let listed = FileList.read(folder)
      let isOurs = { FolderKind.isMark($0) || listed.contains(FolderKind.wholeName($0)) }
      others += files.filter { !isOurs($0) }
      files = files.filter(isOurs)
    }
    owned = files.sorted()
    foreign = others.sorted()
    owner =
      if let mark {
        .marked(mark)
      } else if foreign.isEmpty, owned.allSatisfy(FolderKind.isMark) {
        .nobody
      } else if isInside || kind.made(folder, owned) {
        .recognized
      } else {
        .others
      }
  }

  private static func list(
    _ folder: URL, _ path: String, _ kind: FolderKind, _ owned: inout [String],
    _ foreign: inout [String]
  ) throws {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw InputError(
        "the folder cannot be read", at: folder.relativePath, advice: "Check its permissions")
    }
    for name in names {
      let inner = path + name
      var status = stat()
      let url = folder.appending(component: name)
      // A link to a folder is no folder of ours: what it leads to lies elsewhere.
      guard unsafe lstat(url.path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        if kind.patterns.contains(where: { $0.leads(through: inner) }) {
          try list(url, inner + "/", kind, &owned, &foreign)
        } else {
          foreign.append(inner)
        }
      } else if kind.owns(inner) {
        owned.append(inner)
      } else {
        foreign.append(inner)
      }
    }
  }
}

extension [PathPattern] {
  /// Whether one of them fits.
  func matches(_ path: String) -> Bool { contains { $0.matches(path) } }
}

/// The names of the files that Fovea made in a folder whose names follow from its input: the file
/// `.fovea.files`, a JSON string a line. A name is there before its file is.
enum FileList {
  static let name = ".fovea.files"

  static func read(_ folder: URL) -> Set<String> {
    guard let data = try? Data(contentsOf: folder.appending(component: name)) else { return [] }
    return Set(
      data.split(separator: UInt8(ascii: "\n")).compactMap {
        try? JSONDecoder().decode(String.self, from: Data($0))
      })
  }

  /// - Throws: `InputError` where it cannot be written.
  static func append(_ names: [String], to folder: URL) throws {
    let url = folder.appending(component: name)
    let file = unsafe open(
      url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard file >= 0 else { throw AtomicFile.failure("cannot be written", url.relativePath) }
    defer { close(file) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    let lines = try names.map { try encoder.encode($0) + Data("\n".utf8) }
    try AtomicFile.writeAll(Data(lines.joined()), to: file, place: url.relativePath)
  }
}
