public import FoundationEssentials
import FoveaArray

/// Writes scenes as a folder of pictures that any tool reads, with a table of where to look.
public enum SceneWriter {
  /// The table's name in the folder.
  public static let tableName = "boxes.csv"

  /// Writes `set` to `folder`: `CLASS/NNNN.png` (in `train/` and `test/` where there is a test
  /// part), and `boxes.csv` with `image,x,y,width,height,label,distractors`.
  ///
  /// The table is written last: where it is, the folder is whole.
  ///
  /// - Parameters:
  ///   - set: the scenes.
  ///   - folder: is made where it does not exist.
  ///   - overwrite: whether the folder may hold something already. Pictures of the same name are
  ///     replaced, others stay.
  /// - Throws: `InputError` when the folder holds something and may not be overwritten, or a file
  ///   cannot be written.
  public static func write(_ set: SceneSet, to folder: URL, overwrite: Bool = false) throws {
    let path = folder.relativePath
    if case .success = FileStatus.of(path) {
      guard try FolderListing(folder).entries.isEmpty || overwrite else {
        throw InputError(
          "the folder is not empty", at: path, advice: "Choose another, or add \(.overwrite)")
      }
    }
    let items = (set.training + set.test).sorted { $0.index < $1.index }
    for name in Set(items.map { $0.name.split(separator: "/").dropLast().joined(separator: "/") }) {
      try OutputFolder.make(folder.appending(path: name))
    }
    let errors = try Parallel.map(items.count) { index in
      Result {
        try PictureEncoder(.png).encode(items[index].scene.picture)
          .write(to: folder.appending(path: items[index].name))
      }
    }
    for (item, result) in zip(items, errors) {
      guard case .failure(let error) = result else { continue }
      throw InputError(
        "cannot be written: \(OutputFolder.reason(error))", at: "\(path)/\(item.name)",
        advice: "Is there space on the disk?")
    }
    try AtomicFile.write(table(items, set.options), to: folder.appending(path: tableName))
  }

  private static func table(_ items: [SceneSet.Item], _ options: SceneOptions) -> Data {
    CSVTable.encoded(
      columns: ["image", "x", "y", "width", "height", "label", "distractors"],
      rows: items.map { item in
        let box = item.scene.targetBox
        return [item.name] + [box.x, box.y, box.width, box.height].map { String($0) }
          + [options.kind.classes[item.scene.label], String(item.scene.distractorCount)]
      })
  }
}
