import Foundation
import Fovea

/// Small trained runs and odd files, made once and used by all probes.
struct Runs: Sendable {
  let folder: URL

  func run(_ medium: String) -> URL { folder.appending(path: medium) }

  /// A place where nothing is yet, of this process alone.
  var free: URL { folder.appending(path: "free-\(ProcessInfo.processInfo.processIdentifier)") }
  var missing: URL { folder.appending(path: "missing") }
  var emptyFile: URL { folder.appending(path: "empty.png") }
  /// A folder with a folder of pictures for each of two classes.
  var classFolders: URL { folder.appending(path: "classes") }
  /// A folder with a file that is no run's.
  var foreign: URL { folder.appending(path: "foreign") }
  static let address = URL(string: "https://example.org/a.png") ?? URL(filePath: "/")

  func prepare() async throws {
    let files = FileManager.default
    for name in ["foreign", "classes/a", "classes/b"] {
      try files.createDirectory(
        at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    try Data().write(to: emptyFile)
    try Data("mine".utf8).write(to: foreign.appending(path: "notes.txt"))
    for name in ["a/1", "a/2", "b/1", "b/2"] {
      let picture = try Picture(
        width: 8, height: 8, channels: 1, pixels: (0..<64).map { UInt8($0 * name.utf8.count) })
      try PictureEncoder().write(picture, to: classFolders.appending(path: "\(name).png"))
    }
    for trainee in Trainee.all { try await trainee.train(trainee.data(), run(trainee.name)) }
  }
}
