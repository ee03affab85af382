import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Glibc
import Testing

struct ClassFolderTests {
  private let expectation =
    "Expected a folder for each class, train/ and test/ with such folders, a CSV table, "
    + "a table of texts (.csv, .tsv, .jsonl), or idx files"

  private func names(_ dataset: LabelledDataset?) -> [String]? { dataset?.examples.map(\.name) }

  @Test func aFolderForEachClassIsReadInTheOrderOfNames() throws {
    let folder = try TemporaryFolder()
    for name in ["dog/b.png", "dog/a.JPG", "cat/x.jpeg", "cat/deep/er/y.webp", "Zebra/1.gif"] {
      try folder.write("", name)
    }
    let data = try LabelledSource.read(folder.url)
    #expect(data.training.classes == ["Zebra", "cat", "dog"])
    #expect(
      names(data.training)
        == ["Zebra/1.gif", "cat/x.jpeg", "cat/deep/er/y.webp", "dog/a.JPG", "dog/b.png"])
    #expect(data.training.examples.map(\.label) == [0, 1, 1, 2, 2])
    #expect(data.training.countsByClass == [1, 2, 2])
    #expect(data.training.examples[2].content == .file(folder.file("cat/deep/er/y.webp")))
    #expect(data.test == nil)
    #expect(
      data.notes == [
        "\(folder.path): class Zebra has one picture only; it is trained on and cannot be "
          + "validated."
      ])
  }

  @Test func numberedClassesAreOrderedByValue() throws {
    let folder = try TemporaryFolder()
    for name in ["10", "9", "0", "01"] {
      try folder.write("", "\(name)/a.png")
      try folder.write("", "\(name)/b.png")
    }
    #expect(try LabelledSource.read(folder.url).training.classes == ["0", "01", "9", "10"])
  }

  @Test func leftoversOfSystemsAndArchiversAreNotThere() throws {
    let folder = try TemporaryFolder()
    for name in [
      "cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png", ".git/config.png", ".DS_Store",
      "cat/.DS_Store", "cat/._1.png", "dog/Thumbs.db", "dog/desktop.ini",
      "__MACOSX/cat/1.png", "dog/__MACOSX/1.png", "dog/.hidden/1.png",
    ] {
      try folder.write("", name)
    }
    let data = try LabelledSource.read(folder.url)
    #expect(names(data.training) == ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"])
    #expect(data.notes.isEmpty)
  }

  @Test func otherFilesAreIgnoredAndSaidSo() throws {
    let folder = try TemporaryFolder()
    for name in [
      "cat/1.png", "cat/2", "dog/scan.0001", "dog/2.dcm", "dog/notes.txt", "dog/a/b.TXT",
      "dog/c.json", "loose.png", "README.md",
    ] {
      try folder.write("", name)
    }
    let data = try LabelledSource.read(folder.url)
    #expect(names(data.training) == ["cat/1.png", "cat/2", "dog/2.dcm", "dog/scan.0001"])
    #expect(
      data.notes == [
        "\(folder.path): 1 picture beside the class folders is ignored.",
        "\(folder.path)/dog: 3 files ignored, not pictures (1 .json, 2 .txt).",
      ])
  }

  @Test func trainTestAndValidationAreTold() throws {
    let folder = try TemporaryFolder()
    for name in [
      "Train/cat/1.png", "Train/cat/2.png", "Train/dog/1.png", "Train/dog/2.png",
      "test/dog/3.png", "val/cat/4.png", "extra/x.png",
    ] {
      try folder.write("", name)
    }
    let data = try LabelledSource.read(folder.url)
    #expect(
      names(data.training) == [
        "Train/cat/1.png", "Train/cat/2.png", "Train/dog/1.png", "Train/dog/2.png",
        "val/cat/4.png",
      ])
    #expect(data.training.examples.map(\.isValidation) == [false, false, false, false, true])
    #expect(names(data.test) == ["test/dog/3.png"])
    #expect(data.test?.examples[0].label == 1)
    #expect(
      data.notes == [
        "\(folder.path): extra/ lies beside train/ and is not read.",
        "\(folder.path)/test: there are no test pictures of cat.",
      ])
  }

  @Test func aClassMayBeCalledTrain() throws {
    let folder = try TemporaryFolder()
    for name in ["train/1.png", "train/2.png", "bus/1.png", "bus/2.png"] {
      try folder.write("", name)
    }
    #expect(try LabelledSource.read(folder.url).training.classes == ["bus", "train"])
  }

  @Test func namesMayHoldAnything() throws {
    let folder = try TemporaryFolder()
    // The second accented letter is written as two code points.
    for name in [
      "Schädel ☠/größe 100%#?.png", "Schädel ☠/b&c;d.png", "猫/e\u{301}.png", "猫/a%20b.png",
    ] {
      try folder.write("x", name)
    }
    let examples = try LabelledSource.read(folder.url).training.examples
    #expect(
      examples.map(\.name) == [
        "Schädel ☠/b&c;d.png", "Schädel ☠/größe 100%#?.png", "猫/a%20b.png", "猫/e\u{301}.png",
      ])
    for example in examples {
      guard case .file(let url) = example.content else { continue }
      #expect(try Data(contentsOf: url) == Data("x".utf8))
    }
  }

  @Test func classesThatDifferOnlyInLetterCaseAreRefused() throws {
    let folder = try TemporaryFolder()
    for name in ["Cat/1.png", "cat/1.png", "dog/1.png"] { try folder.write("", name) }
    expectError(
      "\(folder.path): the classes Cat and cat differ only in letter case. "
        + "Rename one, or merge the two"
    ) { try LabelledSource.read(folder.url) }
  }

  @Test func classesThatDifferOnlyInEncodingAreRefused() throws {
    let folder = try TemporaryFolder()
    for name in ["caf\u{E9}/1.png", "cafe\u{301}/1.png"] { try folder.write("", name) }
    expectError(
      "\(folder.path): the class café occurs twice, with its letters encoded in two ways. "
        + "Rename one, or merge the two"
    ) { try LabelledSource.read(folder.url) }
  }

  @Test func nothingToReadIsAnError() throws {
    let folder = try TemporaryFolder()
    expectError(
      "\(folder.path)/none: there is no such file or folder. Check the path"
    ) { try LabelledSource.read(folder.file("none")) }
    expectError("\(folder.path): the folder is empty. \(expectation)") {
      try LabelledSource.read(folder.url)
    }
    try folder.write("", ".DS_Store")
    expectError("\(folder.path): the folder is empty. \(expectation)") {
      try LabelledSource.read(folder.url)
    }
    let note = try folder.write("", "note.md")
    expectError("\(folder.path)/note.md: is no data set. \(expectation)") {
      try LabelledSource.read(note)
    }
    expectError("\(folder.path): there are no pictures. \(expectation)") {
      try LabelledSource.read(folder.url)
    }
    try folder.write("", "1.png")
    expectError("\(folder.path): there is 1 picture but no class folders. \(expectation)") {
      try LabelledSource.read(folder.url)
    }
    try folder.write("", "cat/note.txt")
    expectError("\(folder.path): there are no pictures. \(expectation)") {
      try LabelledSource.read(folder.url)
    }
  }

  @Test func oneClassIsTooFewToTrainOn() throws {
    let folder = try TemporaryFolder()
    try folder.write("", "cat/1.png")
    try folder.write("", "dog/readme.txt")
    expectError(
      "\(folder.path): all pictures are of one class: cat. A classifier needs two classes at "
        + "least. Put the pictures of each class into a folder of its own"
    ) { try LabelledSource.read(folder.url) }
    let data = try LabelledSource.read(
      folder.url, options: LabelledSourceOptions(purpose: .evaluation))
    #expect(data.training.classes == ["cat"])
    #expect(
      data.notes == [
        "\(folder.path)/dog: 1 file ignored, not a picture (1 .txt).",
        "\(folder.path): dog/ holds no pictures and is left out.",
      ])
  }

  @Test func aFolderTooManyIsPointedOut() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b", "c", "d"] { try folder.write("", "pets/\(name)/1.png") }
    expectError(
      "\(folder.path): all pictures are of one class: pets. A classifier needs two classes at "
        + "least. Did you mean \(folder.path)/pets, with the folders a, b, c, …?"
    ) { try LabelledSource.read(folder.url) }
  }

  /// Latin-1, as old archives unpack it.
  @Test func namesThatAreNotUTF8AreRefused() throws {
    let folder = try TemporaryFolder()
    for name in ["cat/1.png", "dog/1.png"] { try folder.write("", name) }
    try folder.writeEmpty(
      named: Array("gr\u{F6}sse.png".unicodeScalars.map { UInt8($0.value) }), in: "cat")
    expectError(
      "\(folder.path)/cat: the folder holds a name that is not UTF-8: gr\u{FFFD}sse.png. "
        + "Rename it, or convert the names with convmv"
    ) { try LabelledSource.read(folder.url) }
  }

  @Test func anotherSourceMayBeTheTest() throws {
    let folder = try TemporaryFolder()
    for name in ["a/cat/1.png", "a/dog/1.png", "b/dog/2.png", "c/cow/3.png"] {
      try folder.write("", name)
    }
    let evaluation = LabelledSourceOptions(purpose: .evaluation)
    let data = try LabelledSource.read(folder.file("a"))
    let test = try LabelledSource.read(folder.file("b"), options: evaluation).training
    let joined = try data.tested(on: test)
    #expect(joined.test?.examples.map(\.label) == [1])
    #expect(joined.notes.last == "\(folder.path)/b: there are no test pictures of cat.")
    expectError(
      "\(folder.path)/c: the class cow is unknown. The classes trained on are: cat, dog"
    ) {
      try data.tested(on: LabelledSource.read(folder.file("c"), options: evaluation).training)
    }
  }

  @Test func splitsThatContradictAreRefused() throws {
    let folder = try TemporaryFolder()
    for name in ["test/cat/1.png", "test/dog/1.png"] { try folder.write("", name) }
    expectError(
      "\(folder.path): there is test/ but no train/ to learn from. \(expectation)"
    ) { try LabelledSource.read(folder.url) }
    let evaluation = LabelledSourceOptions(purpose: .evaluation)
    #expect(try LabelledSource.read(folder.url, options: evaluation).training.examples.count == 2)

    for name in ["train/cat/1.png", "train/cow/1.png"] { try folder.write("", name) }
    expectError(
      "\(folder.path)/test: the class dog is unknown. The classes trained on are: cat, cow"
    ) { try LabelledSource.read(folder.url) }

    try folder.write("", "Testing/cat/1.png")
    expectError(
      "\(folder.path): Testing/ and test/ mean the same part. Rename or remove one"
    ) { try LabelledSource.read(folder.url) }
  }

  @Test func emptyPartsAreErrors() throws {
    let folder = try TemporaryFolder()
    for name in ["train/1.png", "test/2.png"] { try folder.write("", name) }
    expectError("\(folder.path)/train: there is 1 picture but no class folders. \(expectation)") {
      try LabelledSource.read(folder.url)
    }
  }

  @Test func linksNeitherHangNorBringOtherClassesIn() throws {
    let folder = try TemporaryFolder()
    for name in ["data/cat/1.png", "data/dog/1.png", "elsewhere/2.png"] {
      try folder.write("", name)
    }
    try folder.link("data/cat/more", to: "../../elsewhere")
    try folder.link("data/cat/again", to: "more")
    try folder.link("data/cat/up", to: "..")
    try folder.link("data/cat/top", to: "/")
    try folder.link("data/cat/self", to: "self")
    try folder.link("data/cat/gone.png", to: "/nowhere/at/all.png")
    let root = folder.file("data")
    let data = try LabelledSource.read(root)
    #expect(
      names(data.training) == [
        "cat/1.png", "cat/gone.png", "cat/self", "cat/again/2.png", "dog/1.png",
      ])
    #expect(
      data.notes.filter { $0.contains("read again") }
        == ["more", "top", "up"].map {
          "\(root.path)/cat/\($0) leads to a folder that was read already and is not read again."
        })
  }

  @Test func aWholeFolderMayBeALink() throws {
    let folder = try TemporaryFolder()
    for name in ["disk/cats/1.png", "disk/cats/2.png", "data/dog/1.png", "data/dog/2.png"] {
      try folder.write("", name)
    }
    try folder.link("data/cat", to: "../disk/cats")
    let data = try LabelledSource.read(folder.file("data"))
    #expect(names(data.training) == ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"])
  }

  @Test func aRelativePathStaysAsGiven() throws {
    expectError("missing/data: there is no such file or folder. Check the path") {
      try LabelledSource.read(URL(filePath: "missing/data"))
    }
  }

  /// All that are unknown at once, with what was probably meant.
  @Test func unknownClassesAreNamedWithWhatWasMeant() throws {
    let folder = try TemporaryFolder()
    for name in ["cat", "dog", "horse"] {
      try folder.write(MadePictures.png(MadePictures.smooth(seed: 1)), "train/\(name)/a.png")
    }
    for name in ["cta", "horses", "zebra"] {
      try folder.write(MadePictures.png(MadePictures.smooth(seed: 1)), "test/\(name)/a.png")
    }
    expectError(
      "\(folder.path)/test: 3 classes are unknown: cta, horses, zebra. Did you mean cat for cta, horse "
        + "for horses? The classes trained on are: cat, dog, horse"
    ) { try LabelledSource.read(folder.url) }
  }
}
