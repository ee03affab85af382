package import FoundationEssentials

/// What a verb makes folders of: which files in one are its own, and how a folder looks that was made
/// before folders had marks.
package struct FolderKind: Sendable {
  /// What people call it, and what the mark says: `run`, `comparison`, `highlights`.
  package let name: String
  /// The files that the verb makes, relative to the folder.
  package let patterns: [PathPattern]
  /// Those of them that must not be replaced unasked; without one the folder was only begun.
  let worthKeeping: [PathPattern]
  /// Whether the names follow from the input, so that the patterns alone do not tell whose a file is:
  /// a list in the folder does.
  let isListed: Bool
  /// The identity that a folder without a mark has, as its files say.
  let identity: @Sendable (_ folder: URL) -> String?
  /// What to do where something is there that must not be replaced unasked.
  let advice: Advice
  /// Whether a folder without a mark that has these files, all of which fit the patterns, was made by
  /// the verb.
  private let recognizes: @Sendable (_ folder: URL, _ files: [String]) -> Bool

  package init(
    _ name: String, _ patterns: [PathPattern], worthKeeping: [PathPattern]? = nil,
    isListed: Bool = false, advice: Advice = "Choose another \(.output), or add \(.overwrite)",
    identity: @escaping @Sendable (_ folder: URL) -> String? = { _ in nil },
    recognizes: @escaping @Sendable (_ folder: URL, _ files: [String]) -> Bool
  ) {
    self.name = name
    self.patterns = patterns
    self.worthKeeping = worthKeeping ?? patterns
    self.isListed = isListed
    self.advice = advice
    self.identity = identity
    self.recognizes = recognizes
  }

  /// Whether a folder without a mark was made by the verb.
  ///
  /// - Parameter files: what in it has names of this kind.
  package func made(_ folder: URL, _ files: [String]) -> Bool {
    let whole = files.filter(patterns.matches)
    return !whole.isEmpty && recognizes(folder, whole)
  }

  func isWorthKeeping(_ path: String) -> Bool { worthKeeping.matches(path) }

  /// The files of a folder of this kind that lies in another one of Fovea's, its mark included.
  package func patterns(below folder: PathPattern) -> [PathPattern] {
    (patterns + Self.always).map { $0.below(folder) }
  }

  /// What marks, lists and locks are called.
  private static let always = [FolderMark.name, FolderLock.name, FileList.name]
    .map { PathPattern($0) }

  /// Whether a file is one that the verb makes, or half of one that a process left which was killed
  /// while it wrote: `NAME.<process>.partial`.
  func owns(_ path: String) -> Bool { patterns.matches(Self.wholeName(path)) || Self.isMark(path) }

  /// Whether a file says whose a folder is, and nothing else.
  static func isMark(_ path: String) -> Bool { always.matches(wholeName(path)) }

  static func isPartial(_ path: String) -> Bool { wholeName(path) != path }

  /// The name that a file has, or that a half-written one was to have.
  static func wholeName(_ path: String) -> String {
    guard path.hasSuffix(AtomicFile.suffix) else { return path }
    let name = path.dropLast(AtomicFile.suffix.count)
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0, name.dropLast(digits).last == "." else { return path }
    return String(name.dropLast(digits + 1))
  }
}

/// What the file `.fovea` of a folder says: who made the folder, and which one it is.
package struct FolderMark: Codable, Hashable, Sendable {
  package static let name = ".fovea"

  /// The form of this file.
  var schemaVersion = 1
  /// What the folder holds.
  package let kind: String
  /// Thirty-two random hexadecimal digits, others for each folder that is begun.
  package let identity: String

  package init(kind: String, identity: String? = nil) {
    self.kind = kind
    self.identity = identity ?? Self.newIdentity()
  }

  private static func newIdentity() -> String {
    UUID().uuidString.filter { $0 != "-" }.lowercased()
  }

  /// The mark of a folder; `nil` where there is none.
  ///
  /// - Throws: `InputError` for one that cannot be read, or is of a newer Fovea.
  package static func read(_ folder: URL) throws -> FolderMark? {
    let url = folder.appending(component: name)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    guard let data = try? Data(contentsOf: url),
      let mark = try? JSONDecoder().decode(FolderMark.self, from: data)
    else {
      throw InputError(
        "is damaged, so it cannot be told whose the folder is", at: url.relativePath,
        advice: "Choose another \(.output)")
    }
    guard mark.schemaVersion == 1 else {
      throw InputError(
        "was written by a newer Fovea (form \(mark.schemaVersion), this one reads 1)",
        at: url.relativePath, advice: "Update Fovea")
    }
    return mark
  }

  func write(_ folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try AtomicFile.write(
      encoder.encode(self) + Data("\n".utf8), to: folder.appending(component: Self.name))
  }
}
