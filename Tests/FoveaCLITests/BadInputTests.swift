import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// What a person can get wrong, through the command: exit code and words of each.
@Suite struct BadInputTests {
  /// A way to get it wrong: data made in a folder, a command there, and what comes of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let arguments: [String]
    let code: Int32
    let message: String
    let make: @Sendable (TemporaryFolder) throws -> Void

    init(
      _ name: String, _ arguments: String, code: Int32 = 1, _ message: String,
      make: @escaping @Sendable (TemporaryFolder) throws -> Void = { _ in }
    ) {
      testDescription = name
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.code = code
      self.message = message
      self.make = make
    }
  }

  private static let train = "train data -o run --epochs 1 --image-size 8 --skip-check"

  static let cases = [
    Case("missing folder", train, "fovea: data: there is no such file or folder. Check the path\n"),
    Case(
      "empty folder", train,
      "fovea: data: the folder is empty. Expected a folder for each class, train/ and test/ with "
        + "such folders, a CSV table, a table of texts (.csv, .tsv, .jsonl), or idx files\n"
    ) {
      try FileManager.default.createDirectory(
        at: $0.file("data"), withIntermediateDirectories: true)
    },
    Case(
      "one class only", train,
      "fovea: data: all pictures are of one class: cat. A classifier needs two classes at least. Put "
        + "the pictures of each class into a folder of its own\n"
    ) { try MadeFolder.noise($0, "data", classes: ["cat"]) },
    Case(
      "classes that differ only in letter case", train,
      "fovea: data: the classes Cat and cat differ only in letter case. Rename one, or merge the "
        + "two\n"
    ) { try MadeFolder.noise($0, "data", classes: ["Cat", "cat"]) },
    Case(
      "more than a tenth broken", train,
      "fovea: data: 3 of 12 pictures are broken, more than a tenth (cat/0.png: "
    ) {
      try MadeFolder.noise($0, "data")
      for index in 0..<3 { try $0.write("a text", "data/cat/\(index).png") }
    },
    Case(
      "no picture can be read", train, "fovea: data: none of 2 pictures can be read (a/1.jpg: is a "
    ) {
      try $0.write("a text", "data/a/1.jpg")
      try $0.write("a text", "data/b/1.jpg")
    },
    Case(
      "table without the column", "train t.csv -o run",
      "fovea: t.csv: there is no column called image. The columns are: picture, label. Name it with "
        + "--image-column\n"
    ) { try $0.write("picture,label\n1.png,cat\n", "t.csv") },
    Case(
      "table with a named column that is not there", "train t.csv -o run --label-column kind",
      "fovea: t.csv: there is no column called kind. The columns are: image, label\n"
    ) { try $0.write("image,label\n1.png,cat\n", "t.csv") },
    Case(
      "table whose pictures are elsewhere", "train t.csv -o run",
      "fovea: t.csv, row 2: there is no picture 1.png, nor any other that the table names. Looked "
    ) { try $0.write("image,label\n1.png,cat\n2.png,dog\n", "t.csv") },
    Case(
      "table with an empty label", "train t.csv -o run",
      "fovea: t.csv, row 3: the label is empty. Fill it in, or remove the row\n"
    ) { try $0.write("image,label\n1.png,cat\n2.png,\n", "t.csv") },
    Case(
      "not a data set", "train notes.md -o run",
      "fovea: notes.md: is no data set. Expected a folder for each class"
    ) { try $0.write("notes", "notes.md") },
    Case(
      "test data with an unknown class", "train data -o run --test other --skip-check",
      "fovea: other: the class cow is unknown. The classes trained on are: cat, dog\n"
    ) {
      try MadeFolder.noise($0, "data")
      try MadeFolder.noise($0, "other", classes: ["cat", "cow"])
    },
    Case(
      "output that is something else", train,
      "fovea: run: holds files that Fovea did not make: thesis.txt. They are left alone; choose "
        + "another --output\n"
    ) {
      try MadeFolder.noise($0, "data")
      try $0.write("mine", "run/thesis.txt")
    },
    Case("output that is a file", train, "fovea: run: is a file, not a folder. Choose another") {
      try MadeFolder.noise($0, "data")
      try $0.write("mine", "run")
    },
    Case(
      "a prefix that freezes nothing", train + " --freeze conv9",
      "fovea: no parameter begins with conv9. The network has conv1.weight, "
    ) { try MadeFolder.noise($0, "data") },
    Case(
      "a run to start from that is not there", train + " --from other",
      "fovea: other: does not exist. Give the folder that a training wrote, its --output\n"
    ) { try MadeFolder.noise($0, "data") },

    // Option values that cannot be: nothing is read before.
    Case(
      "batch size", train + " --batch-size -1", code: 64,
      "fovea: --batch-size cannot be -1. Give a whole number from 1 to 131,072\n"),
    Case("epochs", train + " --epochs 0", code: 64, "fovea: --epochs cannot be 0."),
    Case(
      "picture size", "train data -o run --image-size 0", code: 64,
      "fovea: a picture size of 0 is not possible. Give auto, a number of pixels from 1 to 2048, or two "
        + "like 96x64\n"),
    Case(
      "learning rate", train + " --learning-rate -0.1", code: 64,
      "fovea: --learning-rate cannot be -0.1. Give a number above 0\n"),
    Case(
      "validation split", train + " --validation-split 1", code: 64,
      "fovea: --validation-split cannot be 1. Give a number from 0 to below 1\n"),
    Case(
      "patience", train + " --patience -3", code: 64,
      "fovea: --patience cannot be -3. Give a whole number from 0 to 1,000,000\n"),
    Case(
      "threads", train + " --threads 0", code: 64,
      "fovea: --threads cannot be 0. Give a whole number from 1 to 1,024\n"),
    Case(
      "attention", train + " --attention selective", code: 64,
      "fovea: there is no attention called selective. Choose one of additive, augmented, cbam, "
        + "coordinate, eca, linear, local, matched, multihead, none, nonlocal, se\n"),
    Case(
      "model", train + " --model perceptron", code: 64,
      "fovea: there is no model called perceptron. Choose one of cnn, resnet, vit, lstm, "
        + "gru, transformer, bag, lstm-ctc, gru-ctc, transformer-ctc\n"),
    Case(
      "option of another model", train + " --model vit --depth 20", code: 64,
      "fovea: model vit has no --depth. It is an option of resnet\n"),
    Case(
      "kernel sizes", train + " --kernel-sizes 4,3", code: 64,
      "fovea: model cnn: kernel sizes [4, 3] are not possible. Give two odd numbers\n"),
    Case(
      "augmentation", train + " --augment flip,spin", code: 64, "fovea: "),
    Case("seeds", "compare data -o run --seeds 0", code: 64, "fovea: --seeds cannot be 0."),
    Case(
      "unknown option", "train data -o run --colour", code: 64, "Error: Unknown option '--colour'"),
    Case("no output", "train data", code: 64, "Error: Missing expected argument '--output"),
    Case("resume and overwrite", train + " --resume --overwrite", code: 64, "Error: --resume and"),
    Case("optimizer", train + " --optimizer lion", code: 64, "Error: The value 'lion' is invalid"),
    Case("compare nothing", "compare", code: 64, "Error: Give data to train on, or --results"),
    Case(
      "recordings' option on pictures", train + " --sample-rate 8000 --vocabulary-size 300",
      code: 64,
      "fovea: pictures have no --sample-rate. It is an option of recordings\n"
    ) { try MadeFolder.noise($0, "data") },
    Case(
      "texts' option on pictures", "compare data -o run --epochs 1 --long-texts=cut", code: 64,
      "fovea: pictures have no --long-texts. It is an option of texts\n"
    ) { try MadeFolder.noise($0, "data") },
    Case(
      "pictures' option on texts", "train data.csv -o run --epochs 1 --image-size 8", code: 64,
      "fovea: texts have no --image-size. It is an option of pictures\n"
    ) { try $0.write("text,label\na b,x\nc d,y\n", "data.csv") },
    Case(
      "compare data and results", "compare data --results r.csv", code: 64,
      "Error: Give data to train on or --results FILE, not both."),
    Case(
      "compare results and train", "compare --results r.csv --seeds 5 -o study --epochs=3",
      code: 64,
      "Error: --results compares what is given; --seeds, --output and --epochs do not apply."),
    Case(
      "compare results with a threshold", "compare --results r.csv --require helps --test t",
      code: 64,
      "Error: --results compares what is given; --test does not apply."),
    Case("scenes", "data scenes -o s --contrast 2", code: 64, "fovea: --contrast cannot be 2."),
    Case(
      "distractors", "data scenes -o s --distractors 5-2", code: 64,
      "fovea: --distractors cannot be 5-2. Give a number, or two like 0-11\n"),
  ]

  @Test(arguments: cases) func isRefusedWithWords(_ wrong: Case) async throws {
    let folder = try TemporaryFolder()
    try wrong.make(folder)
    let outcome = try await fovea(arguments: wrong.arguments, in: folder.url)
    #expect(outcome.code == wrong.code)
    #expect(outcome.output == "")
    let said = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { !$0.hasPrefix("fovea: ") && !$0.hasPrefix("Error: ") }.joined(separator: "\n")
    #expect(said.hasPrefix(wrong.message), "\(outcome.errors)")
    let run = folder.file("run/config.json").path
    #expect(!FileManager.default.fileExists(atPath: run))

    // The same with --json: one object, which says the same.
    let json = try await fovea(arguments: wrong.arguments + ["--json"], in: folder.url)
    #expect(json.code == wrong.code)
    let object = try json.object()
    #expect(object.keys.sorted() == ["error", "schemaVersion"])
    let error = try #require(object["error"] as? [String: Any])
    let message = try #require(error["message"] as? String)
    #expect(!message.isEmpty && json.errors.contains(message))
  }

  /// What is broken in part: said, left out, and trained on the rest.
  @Test func brokenFilesAmongGoodOnesAreNamedAndSkipped() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data", count: 30, classes: ["größe", "日本"])
    let whole = try MadeFolder.picture(seed: 99)
    try folder.write("not a picture", "data/größe/text.jpg")
    try folder.write(whole.prefix(whole.count / 2), "data/größe/cut.png")
    try folder.write(Data(), "data/日本/empty.png")
    // Ten thousand by ten thousand, as a header says; no memory is taken for it.
    var huge = whole
    for (offset, byte) in [0x00, 0x00, 0x27, 0x10, 0x00, 0x00, 0x27, 0x10].enumerated() {
      huge[huge.startIndex + 16 + offset] = UInt8(byte)
    }
    try folder.write(huge, "data/日本/huge.png")
    try folder.write(MadeFolder.picture(width: 1, height: 1), "data/日本/dot.png")
    try folder.write("", "data/日本/.DS_Store")
    try folder.write("", "data/日本/Thumbs.db")
    let outcome = try await fovea(
      "train", "data", "-o", "run", "--epochs", "1", "--image-size", "8", in: folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines.contains("4 of 65 pictures are broken and skipped:"))
    #expect(lines.contains("  größe/text.jpg: is a text file, not a picture"))
    #expect(lines.contains { $0.hasPrefix("  größe/cut.png: ") && $0.contains("cut short") })
    #expect(lines.contains("  日本/empty.png: is empty. Copy or download the file again"))
    #expect(lines.contains { $0.hasPrefix("  日本/huge.png: ") && $0.contains("10000×10000") })
    #expect(!outcome.errors.contains("DS_Store") && !outcome.errors.contains("Thumbs"))
    #expect(outcome.errors.contains("Warning: "))

    // A class with one picture is trained on and cannot be validated.
    try folder.write(MadeFolder.picture(seed: 5), "data/lone/1.png")
    let lone = try await fovea(
      "train", "data", "-o", "lone", "--epochs", "1", "--image-size", "8", in: folder.url)
    #expect(lone.code == 0, "\(lone.errors)")
    #expect(
      lone.errors.contains(
        "class lone has one picture only; it is trained on and cannot be validated."))

    // Beyond a tenth only with leave.
    for index in 0..<6 { try folder.write("text", "data/größe/more\(index).png") }
    let refused = try await fovea(
      "train", "data", "-o", "many", "--epochs", "1", "--image-size", "8", in: folder.url)
    #expect(refused.code == 1)
    #expect(
      refused.errors.hasSuffix("Repair or remove them, or go on with --allow-broken\n"))
    let allowed = try await fovea(
      "train", "data", "-o", "many", "--epochs", "1", "--image-size", "8", "--allow-broken",
      "--json",
      in: folder.url)
    #expect(allowed.code == 0)
    let broken = try #require(try allowed.object()["broken"] as? [String: Any])
    #expect(broken["count"] as? Int == 10 && broken["total"] as? Int == 72)
  }
}
