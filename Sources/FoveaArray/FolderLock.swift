import FoundationEssentials
import Glibc
import Synchronization

/// The right to write into a folder, which one process has at a time and loses with its life.
///
/// A lock of `flock` on a file whose text says who holds it. The system takes the lock from a process
/// that ends, however it ends, so that the file alone means nothing.
final class FolderLock: Sendable {
  static let name = ".fovea.lock"

  /// How often a lock that is held is tried again, 20 ms later.
  private static let patience = 5

  /// What to mind where the file system knows no locks.
  let note: String?
  private let path: String
  private let file: Mutex<Int32?>

  /// Takes the lock of a folder.
  ///
  /// - Parameter verb: what is done, for whoever comes second.
  /// - Throws: `InputError` that says who holds it, or that the folder cannot be written to.
  init(_ folder: URL, verb: String) throws {
    path = folder.appending(component: Self.name).path
    let (file, problem) = try Self.acquired(path, folder)
    note = problem.map {
      "Warning: the file system of \(folder.relativePath) knows no locks (\($0)): see to it that "
        + "nothing else writes there."
    }
    let text = Array(Self.text(verb).utf8)
    ftruncate(file, 0)
    _ = unsafe pwrite(file, text, text.count, 0)
    self.file = Mutex(file)
  }

  private static func acquired(
    _ path: String, _ folder: URL
  ) throws -> (file: Int32, problem: String?) {
    var patience = patience
    while true {
      let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard file >= 0 else {
        throw InputError(
          "cannot be written to: \(reason(errno))", at: folder.relativePath,
          advice: "Check the folder's permissions and the disk")
      }
      let code = lock(file)
      if code == EWOULDBLOCK {
        defer { close(file) }
        // A look at the lock holds it for a moment too, and a holder begins with no text.
        guard patience > 0 else { throw held(file, folder) }
        patience -= 1
        usleep(20_000)
        continue
      }
      // Whoever held it before may have removed the file after it was opened here.
      var (own, there) = (stat(), stat())
      if unsafe fstat(file, &own) == 0, unsafe stat(path, &there) == 0,
        FileIdentity(own) == FileIdentity(there)
      {
        return (file, code == 0 ? nil : reason(code))
      }
      close(file)
    }
  }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

  deinit { release() }

  /// Gives the lock back.
  func release() {
    file.withLock { file in
      guard let held = file else { return }
      // While it is still held: nobody else can have it.
      unsafe unlink(path)
      close(held)
      file = nil
    }
  }

  /// Refuses a folder that another process writes to.
  ///
  /// - Throws: `InputError` that says who does.
  static func check(_ folder: URL) throws {
    let file = unsafe open(
      folder.appending(component: name).path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return }
    defer { close(file) }
    if lock(file) == EWOULDBLOCK { throw held(file, folder) }
  }

  /// - Returns: 0, or the system's reason.
  private static func lock(_ file: Int32) -> Int32 {
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno != EINTR { return errno }
    }
    return 0
  }

  private static func text(_ verb: String) -> String {
    var host = [CChar](repeating: 0, count: 256)
    unsafe gethostname(&host, host.count - 1)
    let name = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    return "process \(getpid()) on \(name) (\(verb), since \(Date.now.ISO8601Format()))"
  }

  private static func held(_ file: Int32, _ folder: URL) -> InputError {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = unsafe pread(file, &bytes, bytes.count, 0)
    let holder = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    return InputError(
      "is being written to by \(holder.isEmpty ? "another process" : holder)",
      at: folder.relativePath, advice: "Wait until that has ended, or choose another folder")
  }
}
