import FoundationEssentials

/// Finds the pictures that a table names.
struct PictureFinder {
  /// The folders that paths may start from, the likeliest first.
  let folders: [URL]

  init(table: URL, folder: URL?) {
    let own = table.deletingLastPathComponent()
    folders = folder.map { [$0] } ?? [own, own.appending(component: "images")]
  }

  /// Where the picture is, or would be in the first folder.
  func find(_ path: String) -> (url: URL, exists: Bool) {
    // Tables made on Windows separate with backslashes, which names here may contain.
    let candidates = [path, path.replacing("\\", with: "/")].flatMap { path in
      path.hasPrefix("/") ? [URL(filePath: path)] : folders.map { $0.appending(path: path) }
    }
    for url in candidates {
      if case .success = FileStatus.of(url.relativePath) { return (url, true) }
    }
    return (candidates[0], false)
  }
}
