import FoundationEssentials

/// How a table or a folder of masks names a picture.
struct PathKey {
  /// Folders and name, without `.` and `..`.
  let end: [String]
  /// The whole path, if there is one.
  let whole: [String]?
  let ignoresExtension: Bool

  /// The name `relative`, which may also be a path from the folder that `table` lies in.
  init(relative: String, ignoringExtension: Bool, from table: URL? = nil) {
    ignoresExtension = ignoringExtension
    let parts = PictureIndex.components(relative)
    end = PictureIndex.simplified(parts.filter { $0 != ".." }, ignoringExtension)
    whole = table.map { table in
      let path =
        relative.hasPrefix("/")
        ? parts : PictureIndex.components(table.deletingLastPathComponent().path) + parts
      return PictureIndex.simplified(PictureIndex.resolved(path), ignoringExtension)
    }
  }
}

/// Pictures by the ends of their paths.
struct PictureIndex {
  /// By file name, with and without extension.
  private var byName: [String: [Int]] = [:]
  private let paths: [[String]]

  init(_ pictures: [TruthSet.Target]) {
    paths = pictures.map { Self.resolved(Self.components($0.url.path)) }
    for (index, path) in paths.enumerated() {
      guard let name = path.last else { continue }
      byName[name, default: []].append(index)
      let stem = Self.stem(name)
      if stem != name { byName[stem, default: []].append(index) }
    }
  }

  /// The pictures that a key may mean: the one at its whole path, else all whose paths end so.
  func pictures(fitting key: PathKey) -> [Int] {
    guard let name = key.end.last else { return [] }
    let candidates = (byName[name] ?? []).map { index in
      (index: index, path: Self.simplified(paths[index], key.ignoresExtension))
    }
    if let whole = key.whole, let exact = candidates.first(where: { $0.path == whole }) {
      return [exact.index]
    }
    return candidates.filter { $0.path.suffix(key.end.count).elementsEqual(key.end) }
      .map(\.index)
  }

  static func components(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init).filter { $0 != "." }
  }

  /// The components without `..`.
  static func resolved(_ components: [String]) -> [String] {
    components.reduce(into: []) { result, part in
      if part == ".." {
        if !result.isEmpty { result.removeLast() }
      } else {
        result.append(part)
      }
    }
  }

  static func simplified(_ components: [String], _ ignoresExtension: Bool) -> [String] {
    guard ignoresExtension, let name = components.last else { return components }
    return components.dropLast() + [stem(name)]
  }

  /// The name without its extension.
  static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
