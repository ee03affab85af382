package import FoundationEssentials
import Glibc
import Synchronization

/// A folder that Fovea makes and writes into, and the one place that decides whether it may.
///
/// A folder that Fovea made has a mark, the file `.fovea`. In it only files of the kind's own names are
/// replaced or removed, one by one; what else lies there stays, and is said. A folder without a mark
/// that is not empty is never written into, unless it holds what the verb wrote before folders had
/// marks. What is read is never written onto. While it is open, nobody else may open it.
package final class OwnedFolder: Sendable {
  /// What becomes of what is there.
  package enum Purpose: Sendable {
    /// It makes room; without `replacing` there must be nothing worth keeping.
    case new(replacing: Bool)
    /// It stays, and what is written takes the place of what has the same name.
    case goingOn
  }

  package let url: URL
  private let kind: FolderKind
  private let purpose: Purpose
  private let verb: String
  private let isInside: Bool
  private let inputs: @Sendable () -> InputFiles
  private let state: Mutex<State?>

  private struct State {
    let lock: FolderLock
    let identity: String
    let foreign: [String]
    let inputs: InputFiles
    let notes: [String]
    var listed: Set<String>
  }

  /// Looks whether a folder may be written into; nothing is written before `open()`.
  ///
  /// - Parameters:
  ///   - verb: what is done, for whoever comes second.
  ///   - isInside: whether a folder around it is Fovea's, of a kind that makes this one.
  ///   - inputs: what is read; asked for where there is something to be written onto.
  /// - Throws: `InputError` where the folder is somebody else's, holds something worth keeping, is
  ///   being written to, or holds what is read.
  package init(
    _ url: URL, _ kind: FolderKind, _ purpose: Purpose, verb: String, isInside: Bool = false,
    inputs: @escaping @Sendable () -> InputFiles = { InputFiles() }
  ) throws {
    self.url = url
    self.kind = kind
    self.purpose = purpose
    self.verb = verb
    self.isInside = isInside
    self.inputs = inputs
    state = Mutex(nil)
    // What has a run already by the time that another writes it is less to the point than that it does.
    try FolderLock.check(url)
    let content = try checkedContent()
    try OutputFolder.check(url)
    try check(inputs, onto: content.owned)
  }

  /// Makes the folder where it is missing, takes its lock, makes room and leaves the mark. A folder that
  /// is open already stays as it is.
  ///
  /// - Throws: as the initialiser, and `InputError` where the folder cannot be made.
  package func open() throws {
    try state.withLock { state in
      if state == nil { state = try opened() }
    }
  }

  private func opened() throws -> State {
    try OutputFolder.make(url)
    let lock = try FolderLock(url, verb: verb)
    // What was seen before may have changed until now.
    let content = try checkedContent()
    let inputs = content.owned.isEmpty && !kind.isListed ? InputFiles() : inputs()
    try check({ inputs }, onto: content.owned)
    let mark = try mark(of: content)
    let isReplaced = if case .new = purpose { true } else { false }
    try remove(content.owned, all: isReplaced)
    var listed: Set<String> = []
    if case .marked(let old) = content.owner, old == mark {
      listed = kind.isListed ? FileList.read(url) : []
    } else {
      if kind.isListed, !isReplaced {
        listed = Set(content.owned.filter { !FolderKind.isMark($0) })
        try FileList.append(listed.sorted(), to: url)
      }
      try mark.write(url)
    }
    return State(
      lock: lock, identity: mark.identity, foreign: content.foreign, inputs: inputs,
      notes: [lock.note, note(on: content)].compactMap { $0 }, listed: listed)
  }

  /// Another identity for what begins, the same for what goes on.
  private func mark(of content: FolderContent) throws -> FolderMark {
    guard case .goingOn = purpose else { return FolderMark(kind: kind.name) }
    if case .marked(let mark) = content.owner { return mark }
    return FolderMark(kind: kind.name, identity: kind.identity(url))
  }

  private func note(on content: FolderContent) -> String? {
    guard !content.foreign.isEmpty else { return nil }
    return "\(url.relativePath) holds what Fovea did not make, which stays as it is: "
      + "\(Self.named(content.foreign))."
  }

  private static func named(_ files: [String]) -> String {
    files.prefix(3).joined(separator: ", ")
      + (files.count > 3 ? " and \(files.count - 3) more" : "")
  }

  deinit { close() }

  /// Gives the folder back: another process may write into it.
  package func close() {
    state.withLock { state in
      state?.lock.release()
      state = nil
    }
  }

  /// The folder's identity, while it is open.
  package var identity: String? { state.withLock { $0?.identity } }

  /// What a person should know of the folder, while it is open.
  package var notes: [String] { state.withLock { $0?.notes ?? [] } }

  // MARK: Writing

  /// Writes a file that is whole at every moment; opens the folder where it is not open yet.
  ///
  /// - Parameter name: relative to the folder.
  /// - Throws: `InputError` where the file is somebody else's or is read, or cannot be written.
  package func write(_ data: Data, to name: String) throws {
    try AtomicFile.write(data, to: place(for: name))
  }

  /// Where a file goes that is written by other means, seen to be Fovea's to write; opens the folder
  /// where it is not open yet.
  ///
  /// - Throws: `InputError` as `write(_:to:)`.
  package func place(for name: String) throws -> URL {
    try open()
    let file = url.appending(path: name)
    guard kind.patterns.matches(name) else {
      throw InputError("is no file of a \(kind.name)", at: file.relativePath)
    }
    try state.withLock { state in
      try state?.inputs.check(file)
      guard kind.isListed, var open = state, open.listed.insert(name).inserted else { return }
      guard !open.foreign.contains(name) else {
        throw InputError(
          "is there already, and Fovea did not make it", at: file.relativePath,
          advice: "Choose another \(.output)")
      }
      try FileList.append([name], to: url)
      state = open
    }
    return file
  }

  /// Removes files that are not needed any more, and the folders that they leave empty.
  ///
  /// - Throws: `InputError` as `write(_:to:)`.
  package func remove(_ names: [String]) throws {
    for name in names { try? FileManager.default.removeItem(at: place(for: name)) }
    removeEmptyFolders(of: names)
  }

  /// Makes a folder in it.
  ///
  /// - Throws: `InputError` where it cannot be made, or a link of that name leads elsewhere.
  package func makeFolder(_ name: String) throws {
    try open()
    let folder = url.appending(path: name)
    guard (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path)) == nil else {
      throw InputError(
        "is a link, which Fovea did not make", at: folder.relativePath,
        advice: "Remove the link, or choose another folder for the output")
    }
    try OutputFolder.make(folder)
  }

  /// Whether somebody else's file has a name that begins so.
  package func isTaken(_ beginning: String) -> Bool {
    let foreign =
      state.withLock { $0?.foreign } ?? (try? FolderContent(url, kind).foreign) ?? []
    return foreign.contains { $0.hasPrefix(beginning) }
  }

  // MARK: Whose it is

  private func checkedContent() throws -> FolderContent {
    let content = try FolderContent(url, kind, isInside: isInside)
    let place = url.relativePath
    let advice: Advice = "They are left alone; choose another \(.output)"
    switch content.owner {
    case .nobody: return content
    case .others:
      throw InputError(
        "holds files that Fovea did not make: \(Self.named(content.foreign + content.owned))",
        at: place, advice: advice)
    case .marked(let mark):
      guard mark.kind == kind.name else {
        throw InputError(
          "holds a \(mark.kind), not a \(kind.name)", at: place, advice: "Choose another \(.output)"
        )
      }
    case .recognized:
      // A run that goes on is known by its configuration; where names alone tell, or all makes room,
      // everything must be known.
      let isKnownByNames = if case .new = purpose { true } else { kind.isListed }
      if isKnownByNames, !content.foreign.isEmpty {
        throw InputError(
          "holds files that Fovea did not make: \(Self.named(content.foreign))", at: place,
          advice: advice)
      }
    }
    if case .new(replacing: false) = purpose, content.owned.contains(where: kind.isWorthKeeping) {
      throw InputError("holds a \(kind.name) already", at: place, advice: kind.advice)
    }
    return content
  }

  /// Refuses to write onto what is read.
  private func check(_ inputs: () -> InputFiles, onto files: [String]) throws {
    let files = files.filter { !FolderKind.isMark($0) }
    guard !files.isEmpty else { return }
    let inputs = inputs()
    for file in files { try inputs.check(url.appending(path: file)) }
  }

  // MARK: Making room

  /// Removes all of the kind's own files, or what processes left of them that were killed.
  private func remove(_ owned: [String], all: Bool) throws {
    let own = owned.filter {
      !FolderKind.isMark($0) || $0.contains("/") || FolderKind.isPartial($0)
    }
    let locked = own.filter { $0.hasSuffix("/" + FolderLock.name) }
      .map { String($0.dropLast(FolderLock.name.count)) }
      .filter { folder in
        (try? FolderLock.check(url.appending(path: folder))) == nil
      }
    if all, let first = locked.first { try FolderLock.check(url.appending(path: first)) }
    // First what makes the folder whole: half of an old one must never be gone on with.
    let chosen = own.filter { all || FolderKind.isPartial($0) }
      .filter { file in !locked.contains { file.hasPrefix($0) } }
      .sorted { kind.isWorthKeeping($0) && !kind.isWorthKeeping($1) }
    let list = all && kind.isListed ? [FileList.name] : []
    for file in chosen + list { try? FileManager.default.removeItem(at: url.appending(path: file)) }
    guard all else { return }
    let left = try FolderContent(url, kind, isInside: true).owned.filter(Set(chosen).contains)
    if let first = left.first {
      throw InputError(
        "cannot be removed", at: url.appending(path: first).relativePath,
        advice: "Check its permissions, or choose another folder for the output")
    }
    removeEmptyFolders(of: chosen)
  }

  /// Removes the folders that held these files, where nothing is left in them.
  private func removeEmptyFolders(of files: [String]) {
    var folders: Set<String> = []
    for file in files {
      var names = file.split(separator: "/").dropLast()
      while !names.isEmpty {
        folders.insert(names.joined(separator: "/"))
        names = names.dropLast()
      }
    }
    for folder in folders.sorted(by: { $0.utf8.count > $1.utf8.count }) {
      // The system refuses to remove a folder that is not empty.
      unsafe rmdir(url.appending(path: folder).path)
    }
  }
}
