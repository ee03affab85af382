import FoundationEssentials

/// Finds the files that a table names.
struct MediaFinder {
  /// The folders that paths may start from, the likeliest first.
  let folders: [URL]

  init(table: URL, folder: URL?, medium: Medium) {
    let own = table.deletingLastPathComponent()
    folders = folder.map { [$0] } ?? [own] + medium.folders.map { own.appending(component: $0) }
  }

  /// Where the file is, or would be in the first folder.
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
