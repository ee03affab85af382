package import FoundationEssentials
package import Glibc

/// One thing on one disk, whatever path leads to it: `a`, `./b/../a`, a hard link, a symbolic link.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let number: UInt64

  package init(_ status: stat) {
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }

  /// What a path leads to, links followed; `nil` where there is nothing.
  package init?(_ url: URL) {
    var status = stat()
    guard unsafe stat(url.path, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// The files that a verb reads: none of them is ever written onto.
package struct InputFiles: Sendable {
  private var names: [FileIdentity: String] = [:]

  /// These files; of a folder, such as a model's, the files that lie in it.
  package init(_ urls: [URL] = []) {
    for url in urls {
      add(url)
      guard let inner = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
        continue
      }
      for name in inner { add(url.appending(component: name)) }
    }
  }

  private mutating func add(_ url: URL) {
    guard let identity = FileIdentity(url) else { return }
    names[identity] = url.relativePath
  }

  /// Refuses a file that is to be written, where it is one that is read.
  ///
  /// - Throws: `InputError` that names both.
  package func check(_ output: URL) throws {
    guard !names.isEmpty, let identity = FileIdentity(output), let input = names[identity] else {
      return
    }
    throw InputError(
      "is what is read (\(input)) and would be written onto", at: output.relativePath,
      advice: "Choose another place for it")
  }
}
