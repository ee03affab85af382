import FoveaArray

/// Names of files made from names of files, each once.
struct FileStems {
  private var names: Set<String> = []
  /// Whether somebody else's file in the folder has a name that begins so.
  private let isTaken: (String) -> Bool

  /// Bytes of a name at most: a file system takes 255, of which endings such as
  /// `.integrated-gradients.csv` and the name of a half-written file need some.
  private static let mostBytes = 180

  init(isTaken: @escaping (String) -> Bool = { _ in false }) { self.isTaken = isTaken }

  /// The file's name without extension, with its folder or a number where that is taken.
  mutating func next(for path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    let file = parts.last ?? "picture"
    let whole =
      file.lastIndex(of: ".").flatMap { $0 == file.startIndex ? nil : String(file[..<$0]) } ?? file
    let stem = whole.beginning(bytes: Self.mostBytes)
    var candidates = [stem]
    if parts.count > 1 {
      candidates.append("\(parts[parts.count - 2])-\(stem)".beginning(bytes: Self.mostBytes))
    }
    var number = 2
    while true {
      let name: String
      if let candidate = candidates.first {
        candidates.removeFirst()
        name = candidate
      } else {
        name = "\(stem)-\(number)"
        number += 1
      }
      if !isTaken("\(name)."), names.insert(name).inserted { return name }
    }
  }
}
