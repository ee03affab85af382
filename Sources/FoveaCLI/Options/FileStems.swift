/// Names of files made from names of files, each once.
struct FileStems {
  private var names: Set<String> = []

  /// The file's name without extension, with its folder or a number where that is taken.
  mutating func next(for path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    let file = parts.last ?? "picture"
    let stem =
      file.lastIndex(of: ".").flatMap { $0 == file.startIndex ? nil : String(file[..<$0]) } ?? file
    var candidates = [stem]
    if parts.count > 1 { candidates.append("\(parts[parts.count - 2])-\(stem)") }
    var number = 2
    while true {
      if let name = candidates.first {
        candidates.removeFirst()
        if names.insert(name).inserted { return name }
      } else {
        let name = "\(stem)-\(number)"
        number += 1
        if names.insert(name).inserted { return name }
      }
    }
  }
}
