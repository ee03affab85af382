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
  ///   - overwrite: whether scenes that are there may be replaced, all of them; whatever else lies in
  ///     the folder stays.
  /// - Throws: `InputError` when the folder holds something that may not be replaced, or a file
  ///   cannot be written.
  public static func write(_ set: SceneSet, to folder: URL, overwrite: Bool = false) throws {
    let path = folder.relativePath
    let output = try OwnedFolder(folder, .scenes, .new(replacing: overwrite), verb: "data scenes")
    defer { output.close() }
    let items = (set.training + set.test).sorted { $0.index < $1.index }
    for name in Set(items.map { $0.name.split(separator: "/").dropLast().joined(separator: "/") }) {
      try output.makeFolder(name)
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
    try output.write(table(items, set.options), to: tableName)
  }

  private static let columns = ["image", "x", "y", "width", "height", "label", "distractors"]

  /// Whether a folder from before folders had marks is whole: then the table is there.
  fileprivate static func made(_ folder: URL) -> Bool {
    (try? CSVTable(contentsOf: folder.appending(path: tableName)))?.columns == columns
  }

  private static func table(_ items: [SceneSet.Item], _ options: SceneOptions) -> Data {
    CSVTable.encoded(
      columns: columns,
      rows: items.map { item in
        let box = item.scene.targetBox
        return [item.name] + [box.x, box.y, box.width, box.height].map { String($0) }
          + [options.kind.classes[item.scene.label], String(item.scene.distractorCount)]
      })
  }
}

extension FolderKind {
  /// Scenes that Fovea made, with their table.
  static let scenes = FolderKind(
    "set of scenes",
    [PathPattern(SceneWriter.tableName)]
      + SceneOptions.Kind.allCases.flatMap(\.classes).flatMap { name in
        ["", "train/", "test/"].map { PathPattern("\($0)\(name)/#.png") }
      },
    worthKeeping: [PathPattern(SceneWriter.tableName)],
    recognizes: { folder, _ in SceneWriter.made(folder) })
}
