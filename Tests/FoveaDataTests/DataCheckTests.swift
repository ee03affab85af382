import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

struct DataCheckTests {
  private func dataset(
    _ pictures: [Picture], labels: [Int]? = nil, groups: [String]? = nil, name: String = "train",
    classes: [String] = ["cat", "dog"]
  ) -> LabelledDataset {
    LabelledDataset(
      name: name, classes: classes,
      made: pictures.enumerated().map { index, picture in
        LabelledExample(
          name: "\(name)/\(index).png", content: .picture(picture),
          label: labels?[index] ?? index % 2, group: groups?[index])
      })
  }

  private func smooth(_ range: Range<Int>) -> [Picture] {
    range.map { MadePictures.smooth(seed: UInt64($0)) }
  }

  @Test func soundDataGivesNothingToMind() throws {
    let report = try DataCheck.run(
      LabelledData(
        training: dataset(smooth(0..<60)), test: dataset(smooth(60..<110), name: "test")))
    #expect(report.warnings == [])
    #expect(report.shift?.isAlarm == false)
    #expect(report.training.pictureCount == 60 && report.test?.pictureCount == 50)
    #expect(report.training.classes.map(\.count) == [30, 30])
    #expect(report.training.formats == [.init(name: "in memory", count: 60)])
    #expect(report.exactCopies.groupCount == 0 && report.nearCopies.groupCount == 0)
    let area = report.shift.map { DataWarnings.area($0) } ?? ""
    #expect(
      report.lines == [
        "Training (train): 60 pictures, 2 classes", "  cat  30 (50 %)", "  dog  30 (50 %)",
        "  Size: 32×32, all alike", "  Formats: in memory 60",
        "Test (test): 50 pictures, 2 classes", "  cat  25 (50 %)", "  dog  25 (50 %)",
        "  Size: 32×32, all alike", "  Formats: in memory 50", "Exact copies: none",
        "Near copies: none",
        "  Looked for: saved again, scaled, brightened, mirrored left to right, or shifted or cropped by "
          + "up to 4 pixels, not both; upside-down and rotated copies and larger crops are not found",
        "Shift between training and test: none found (AUC \(area); 50 and 50 pictures compared); with "
          + "so many, a difference is found four times in five only from an AUC of 0.71 on",
        "No trouble was found.",
      ])
  }

  @Test func copiesAreFoundWithinAndAcross() throws {
    var training = smooth(0..<40)
    var test = smooth(40..<60)
    training[11] = training[10]  // Labels 1 and 0.
    training[14] = training[12]
    test[4] = training[20]
    test[6] = training[20]
    // Saved again with loss, and a little brighter.
    test[7] = try PictureDecoder().decode(
      PictureEncoder(.jpeg).encode(training[30]), name: "again")
    training[33] = Picture(
      width: 32, height: 32, channels: 3, made: training[32].pixels.map { min($0, 247) + 8 })
    let report = try DataCheck.run(
      LabelledData(training: dataset(training), test: dataset(test, name: "test")))
    #expect(report.exactCopies.groupCount == 3)
    #expect(report.exactCopies.needlessInTraining == 2)
    #expect(report.exactCopies.needlessInTest == 1)
    #expect(report.exactCopies.testWithCopyInTraining == 2)
    #expect(report.exactCopies.contradictoryCount == 1)
    #expect(
      report.exactCopies.named
        == [
          .init(
            names: ["train/10.png", "train/11.png"], count: 2, labels: ["cat", "dog"], testCount: 0),
          .init(
            names: ["train/20.png", "test/4.png", "test/6.png"], count: 3, labels: ["cat"],
            testCount: 2),
          .init(names: ["train/12.png", "train/14.png"], count: 2, labels: ["cat"], testCount: 0),
        ])
    #expect(
      report.nearCopies.named.map(\.names) == [
        ["train/30.png", "test/7.png"], ["train/32.png", "train/33.png"],
      ])
    #expect(
      report.warnings.prefix(2) == [
        "2 of 20 test pictures (10 %) have an exact copy in training: "
          + "the test score will be too good.",
        "1 of 20 test pictures (5.0 %) looks nearly the same as a training picture: "
          + "if they are copies or neighbouring frames, the test score will be too good.",
      ])
  }

  /// Of copies in several folders the names show what is said: another label, the other part.
  @Test func theNamedCopiesShowWhatIsSaidOfThem() throws {
    var training = smooth(0..<40)
    let labels = (0..<40).map { $0 < 20 ? 0 : 1 }
    // The same picture four times as a cat, then three times as a dog.
    for index in [1, 2, 3, 20, 21, 22] { training[index] = training[0] }
    let said = "1 set of the same pictures has different labels, like train/0.png and train/20.png."
    let within = try DataCheck.run(LabelledData(training: dataset(training, labels: labels)))
    #expect(within.warnings.contains(said), "\(within.warnings)")
    #expect(within.exactCopies.named.first?.count == 7)
    #expect(
      within.lines.contains("  train/0.png, train/20.png, train/1.png, … (7) labelled cat, dog"))
    // And once to be tested on.
    var test = smooth(40..<60)
    test[9] = training[0]
    let across = try DataCheck.run(
      LabelledData(
        training: dataset(training, labels: labels), test: dataset(test, name: "test")))
    #expect(across.warnings.contains(said), "\(across.warnings)")
    let names = try #require(across.exactCopies.named.first).names
    #expect(
      Array(names.prefix(4)) == ["train/0.png", "train/20.png", "test/9.png", "train/1.png"])
  }

  @Test func brokenFilesGroupsAndImbalanceAreReported() throws {
    let folder = try TemporaryFolder()
    var table = "image,label,split,patient\n"
    for index in 0..<48 {
      try folder.write(MadePictures.png(MadePictures.smooth(seed: UInt64(index))), "\(index).png")
      let label = index % 12 == 0 ? "rare" : "common"
      let split = index < 40 ? "train" : "test"
      table += "\(index).png,\(label),\(split),\(index < 44 ? "p\(index)" : "p\(index - 10)")\n"
    }
    try folder.write("no picture", "5.png")
    try folder.write("", "45.png")
    try folder.write(
      MadePictures.png(MadePictures.noise(width: 3, height: 40, seed: 1)), "6.png")
    try folder.write(table, "t.csv")
    let data = try LabelledSource.read(
      folder.file("t.csv"), options: LabelledSourceOptions(groupColumn: "patient"))
    let report = try DataCheck.run(data)
    let path = "\(folder.path)/t.csv"
    #expect(report.groupsOnBothSides == ["p34", "p36", "p37"])
    #expect(report.shift == nil)
    #expect(report.training.broken.named.map(\.name) == ["5.png"])
    #expect(report.training.broken.named.map(\.row) == [7])
    #expect(report.test?.broken.count == 1)
    #expect(report.training.sizes?.widths == 3...32 && report.training.sizes?.heights == 32...40)
    #expect(
      report.warnings == [
        "3 groups have pictures both in training and in test (p34, p36, p37): "
          + "the test score will be too good.",
        "\(path): 1 of 40 pictures is broken and will be skipped, like 5.png.",
        "\(path): 1 of 8 pictures is broken and will be skipped, like 45.png.",
        "Class common has 9 times as many pictures as rare: look at each class's recall, not at "
          + "accuracy alone, or use class weights.",
        "1 class has fewer than 10 pictures: rare (4).",
        "Results will rest on 7 pictures (the test part): an accuracy of 80 % would be uncertain by "
          + "±30 points.",
        "\(path): 1 picture has a side below 8 pixels.",
      ])
    #expect(report.lines.contains("  Formats: PNG 39"))
    #expect(
      report.lines.contains(
        "  Sizes: 2 different, width 3–32 (median 32), height 32–40 (median 32)"))
    #expect(report.lines.contains("    5.png (row 7): is a text file, not a picture"))
    #expect(
      report.lines.contains(
        "Shift between training and test: too few pictures to tell (20 of each part, with as many of each "
          + "class, are needed)"))
    #expect(
      report.lines.contains(
        "  Of pictures with a side below 16 pixels, shifted and cropped copies are not looked for.")
    )
  }

  /// A split takes at least one of each class, and of a single one none.
  @Test func howManyWouldBeSetAsideIsWhatTheSplitTakes() throws {
    let data = dataset(
      smooth(0..<25), labels: (0..<24).map { $0 % 8 } + [8], classes: (0..<9).map { "\($0)" })
    let split = try StratifiedSplit(
      of: data, among: Array(0..<25), fraction: 0.1, key: RandomKey(seed: 1))
    #expect(split.heldOut.count == 8)
    #expect(
      try DataCheck.run(LabelledData(training: data)).warnings.contains(
        "Results will rest on 8 pictures (a tenth of each class, at least one, set aside): an accuracy of "
          + "80 % would be uncertain by ±28 points."))
  }

  @Test func aBrighterTestPartRaisesTheAlarm() throws {
    let training = (0..<120).map { MadePictures.smooth(brightness: 100, seed: UInt64($0)) }
    let test = (120..<180).map { MadePictures.smooth(brightness: 140, seed: UInt64($0)) }
    let report = try DataCheck.run(
      LabelledData(training: dataset(training), test: dataset(test, name: "test")))
    #expect(report.shift?.isAlarm == true)
    #expect(report.shift?.differences.contains { $0.feature == "brightness" } == true)
    #expect(report.lines.contains { $0.hasPrefix("  mean brightness: ") })
    #expect(
      report.warnings.first?.hasPrefix(
        "Test pictures can be told from training pictures by light, colour, sharpness, size or "
          + "format alone (AUC ") == true)
  }

  @Test func aReportSurvivesEncoding() throws {
    let report = try DataCheck.run(LabelledData(training: dataset(smooth(0..<10))))
    #expect(report.lines.contains("Shift between training and test: there is no test part"))
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(DataReport.self, from: data) == report)
  }

  /// FIPS 180-2, appendix B: SHA-256 of "abc", whole and in parts.
  @Test func hashesAreThePublishedOnes() {
    let published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(ContentHash([Array("abc".utf8)]).hexadecimal == published)
    #expect(ContentHash([Array("a".utf8), [], Array("bc".utf8)]).hexadecimal == published)
    let row = Picture(width: 4, height: 1, channels: 1, made: [1, 2, 3, 4])
    let square = Picture(width: 2, height: 2, channels: 1, made: [1, 2, 3, 4])
    #expect(ContentHash(row) != ContentHash(square))
  }

  @Test func featuresMeanWhatTheyAreCalled() throws {
    func features(_ picture: Picture) -> [String: Double] {
      let values = PictureFeatures(picture, format: .png, byteCount: picture.width * picture.height)
        .values
      return Dictionary(
        uniqueKeysWithValues: zip(PictureFeatures.named.map(\.name), values))
    }
    let white = Picture(
      width: 16, height: 4, channels: 3, made: [UInt8](repeating: 255, count: 192))
    #expect(features(white)["brightness"] == 1)
    #expect(features(white)["contrast"] == 0)
    #expect(features(white)["edge strength"] == 0)
    #expect(features(white)["share of white"] == 1)
    #expect(features(white)["share of black"] == 0)
    #expect(features(white)["width"] == 4 && features(white)["height"] == 2)
    #expect(features(white)["bytes a pixel"] == 0)
    #expect(features(white)["share of PNG"] == 1 && features(white)["share of JPEG"] == 0)
    // Columns of pure red and pure black in turn.
    let stripes = Picture(
      width: 8, height: 8, channels: 3,
      made: (0..<64).flatMap { $0 % 2 == 0 ? [255, 0, 0] : [0, 0, 0] as [UInt8] })
    let striped = features(stripes)
    #expect(abs((striped["brightness"] ?? 0) - 0.1495) < 1e-9)
    #expect(abs((striped["contrast"] ?? 0) - 0.1495) < 1e-9)
    #expect(striped["colourfulness"] == 0.5)
    #expect(striped["red over green"] == 0.5)
    #expect(striped["blue over yellow"] == -0.25)
    #expect(striped["share of black"] == 0.5)
    // Every pixel differs from its right neighbour, but the last of a row, and none from the one
    // below: 7/8 of 0.299, halved.
    #expect(abs((striped["edge strength"] ?? 0) - 0.299 * 7 / 16) < 1e-9)
    #expect(abs((striped["coarse edge strength"] ?? 0) - 0.1495) < 1e-9)
    let tiny = PictureFeatures(
      Picture(width: 1, height: 1, channels: 1, made: [51]), format: nil, byteCount: nil)
    #expect(tiny.values.suffix(64) == [Double](repeating: 0.2, count: 64)[...])
  }
}

/// The check on real sets.
@Suite(.needsSharedData) struct SharedDataCheckTests {
  /// Some of the scans. Redrawn from one pool for the shared set, training and test are alike;
  /// told apart by the folder that their source had them in, they are not.
  @Test func brainScans() throws {
    let data = try LabelledSource.read(SharedData.set("brain-tumour"))
    let all = data.training.examples + (data.test?.examples ?? [])
    func part(_ name: String, _ isWanted: (LabelledExample) -> Bool) -> LabelledDataset {
      LabelledDataset(
        name: name, classes: ["scan"],
        made: all.filter(isWanted).prefix(60).map { example in
          var example = example
          example.label = 0
          return example
        })
    }
    let redrawn = try DataCheck.run(
      LabelledData(
        training: part("train") { $0.name.hasPrefix("train/") && $0.name.hasSuffix("0.jpg") },
        test: part("test") { $0.name.hasPrefix("test/") && $0.name.hasSuffix("0.jpg") }))
    #expect(redrawn.shift?.isAlarm != true)
    let original = try DataCheck.run(
      LabelledData(
        training: part("training") { $0.name.contains("/training_") },
        test: part("testing") { $0.name.contains("/testing_") }))
    #expect(original.shift?.isAlarm == true)
  }

  /// A tenth of the photographs: no shift, until the test part is brightened by a fifth.
  @Test func photographs() throws {
    let data = try LabelledSource.read(SharedData.set("cifar10"))
    func some(_ dataset: LabelledDataset?) throws -> LabelledDataset {
      let dataset = try #require(dataset)
      return LabelledDataset(
        name: dataset.name, classes: dataset.classes,
        made: dataset.examples.enumerated().filter { $0.offset % 10 == 0 }.map(\.element))
    }
    let training = try some(data.training)
    let test = try some(data.test)
    #expect(
      try DataCheck.run(LabelledData(training: training, test: test)).shift?.isAlarm == false)
    let brighter = LabelledDataset(
      name: "brighter", classes: test.classes,
      made: try test.examples.map { example in
        var example = example
        guard case .file(let url) = example.content else { return example }
        let picture = try PictureDecoder().decode(contentsOf: url)
        example.content = .picture(
          Picture(
            width: picture.width, height: picture.height, channels: 3,
            made: picture.pixels.map { UInt8(min(255, Int($0) * 6 / 5)) }))
        return example
      })
    #expect(
      try DataCheck.run(LabelledData(training: training, test: brighter)).shift?.isAlarm == true)
  }
}
