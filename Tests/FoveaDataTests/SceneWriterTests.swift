import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

struct SceneWriterTests {
  private func pixels(_ dataset: LabelledDataset) throws -> [[UInt8]] {
    let store = try PictureStore(dataset)
    return try store.usable.map { try store.picture(at: $0).pixels }
  }

  /// What is read from the folder is what is in memory, in the same order: training on one is
  /// training on the other.
  @Test(arguments: [0, 12]) func whatIsWrittenIsReadBack(_ testCount: Int) throws {
    let folder = try TemporaryFolder()
    let options = try SceneOptions(count: 25, noise: 0.25, seed: 4)
    let set = try SceneSet(options, testCount: testCount)
    try SceneWriter.write(set, to: folder.file("scenes"))
    let read = try LabelledSource.read(folder.file("scenes"))
    let made = try set.data()
    #expect(read.training.classes == made.training.classes)
    #expect(read.training.examples.map(\.name) == made.training.examples.map(\.name))
    #expect(read.training.examples.map(\.label) == made.training.examples.map(\.label))
    #expect(try pixels(read.training) == pixels(made.training))
    #expect(read.test?.examples.map(\.name) == made.test?.examples.map(\.name))
    if let readTest = read.test, let madeTest = made.test {
      #expect(try pixels(readTest) == pixels(madeTest))
    }
    #expect(read.notes == [])
  }

  @Test func theTableSaysWhereToLook() throws {
    let folder = try TemporaryFolder()
    let options = try SceneOptions(kind: .match, count: 6, distractors: 2...4, seed: 4)
    try SceneWriter.write(SceneSet(options), to: folder.url)
    let table = try CSVTable(contentsOf: folder.file("boxes.csv"))
    #expect(
      table.columns == ["image", "x", "y", "width", "height", "label", "distractors"])
    #expect(table.records.count == 6)
    let generator = SceneGenerator(options)
    for (index, record) in table.records.enumerated() {
      let scene = generator.scene(at: index)
      let label = SceneOptions.Kind.match.classes[scene.label]
      #expect(
        record.fields == [
          "\(label)/000\(index).png", "\(scene.targetBox.x)", "\(scene.targetBox.y)", "12", "12",
          label, "\(scene.distractorCount)",
        ])
    }
  }

  @Test func whatIsThereIsNotOverwrittenUnasked() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine", "notes.txt")
    let set = try SceneSet(SceneOptions(count: 2))
    for overwrite in [false, true] {
      expectError(
        "\(folder.path): holds files that Fovea did not make: notes.txt. They are left alone; choose "
          + "another output folder"
      ) {
        try SceneWriter.write(set, to: folder.url, overwrite: overwrite)
      }
    }
    try SceneWriter.write(SceneSet(SceneOptions(count: 5)), to: folder.file("scenes"))
    expectError(
      "\(folder.path)/scenes: holds a set of scenes already. Choose another output folder, or add "
        + "overwriting"
    ) {
      try SceneWriter.write(set, to: folder.file("scenes"))
    }
    // All scenes make room, and nothing else.
    try folder.write("mine", "scenes/notes.txt")
    try folder.write("mine", "scenes/045/mine.png")
    try SceneWriter.write(set, to: folder.file("scenes"), overwrite: true)
    for name in ["notes.txt", "scenes/notes.txt", "scenes/045/mine.png"] {
      #expect(try Data(contentsOf: folder.file(name)) == Data("mine".utf8))
    }
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.file("scenes").path)
    #expect(names.count { $0.hasSuffix(".png") } == 3)
    // One from before folders had marks is known by its table.
    try FileManager.default.removeItem(at: folder.file("scenes/.fovea"))
    try FileManager.default.removeItem(at: folder.file("scenes/notes.txt"))
    try FileManager.default.removeItem(at: folder.file("scenes/045/mine.png"))
    try SceneWriter.write(set, to: folder.file("scenes"), overwrite: true)
    expectError(
      "\(folder.path)/notes.txt: is a file, not a folder. Choose another output folder"
    ) {
      try SceneWriter.write(set, to: folder.file("notes.txt"))
    }
    try folder.write("", "blocked/045")
    try folder.write("", "blocked/000")
    try folder.write("", "blocked/090")
    try folder.write("", "blocked/135")
    #expect(throws: InputError.self) {
      try SceneWriter.write(set, to: folder.file("blocked"), overwrite: true)
    }
  }
}
