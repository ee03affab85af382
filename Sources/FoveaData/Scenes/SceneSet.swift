import FoveaArray

/// All scenes of some options with their names: to train on at once, or to write to a folder.
///
/// The pictures in memory come in the order in which the folder that `SceneWriter` writes is
/// read, so that both give the same training, batch by batch.
public struct SceneSet: Sendable {
  /// A scene and the path of its picture in the folder.
  public struct Item: Hashable, Sendable {
    /// `045/0012.png`, or `train/045/0012.png` where there is a test part.
    public let name: String
    /// The scene's index.
    public let index: Int
    /// The scene.
    public let scene: Scene
  }

  /// What the scenes show.
  public let options: SceneOptions
  /// The scenes to train on, as many as the options' `count`.
  public let training: [Item]
  /// The scenes after them, to test on.
  public let test: [Item]

  /// Makes the scenes.
  ///
  /// - Parameters:
  ///   - options: what the scenes show, and how many there are to train on.
  ///   - testCount: how many more are made to test on.
  /// - Throws: `InputError` when the count of test scenes cannot be.
  public init(_ options: SceneOptions, testCount: Int = 0) throws {
    guard (0...1_000_000).contains(testCount) else {
      throw InputError(
        "\(testCount) test scenes cannot be made", at: "test count",
        advice: "Give a number from 0 to 1000000")
    }
    self.options = options
    let generator = SceneGenerator(options)
    let classes = options.kind.classes
    let digits = max(4, String(options.count + testCount - 1).count)
    let items = try Parallel.map(options.count + testCount) { index in
      let scene = generator.scene(at: index)
      let number = String(repeating: "0", count: digits - String(index).count) + String(index)
      let part = testCount == 0 ? "" : index < options.count ? "train/" : "test/"
      return Item(name: "\(part)\(classes[scene.label])/\(number).png", index: index, scene: scene)
    }
    training = Self.ordered(items[..<options.count])
    test = Self.ordered(items[options.count...])
  }

  private static func ordered(_ items: ArraySlice<Item>) -> [Item] {
    items.sorted { ($0.scene.label, $0.index) < ($1.scene.label, $1.index) }
  }

  /// The scenes as data to train and test on; a class without training scenes is left out.
  ///
  /// - Throws: `InputError` when there are too few scenes to have two classes, or a test scene
  ///   has a class that no training scene has.
  public func data() throws -> LabelledData {
    let learned = dataset(training, name: "scenes")
    _ = try ClassNames.notes(on: learned, advice: "Make more scenes")
    return try LabelledData(
      training: learned,
      test: test.isEmpty
        ? nil
        : try DataPart.checkedTest(dataset(test, name: "test scenes"), classes: learned.classes))
  }

  private func dataset(_ items: [Item], name: String) -> LabelledDataset {
    let labels = Set(items.map(\.scene.label)).sorted()
    return LabelledDataset(
      name: name, classes: labels.map { options.kind.classes[$0] },
      made: items.map { item in
        LabelledExample(
          name: item.name, content: .picture(item.scene.picture),
          label: labels.firstIndex(of: item.scene.label) ?? 0)
      })
  }
}
