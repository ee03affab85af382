import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

struct PictureStoreTests {
  /// `count` PNG files of one class each in turn, and the dataset read from them.
  private func files(_ count: Int, in folder: TemporaryFolder) throws -> LabelledDataset {
    for index in 0..<count {
      let name = "\(index % 2 == 0 ? "a" : "b")/\(index / 2 + 100).png"
      try folder.write(MadePictures.png(MadePictures.noise(seed: UInt64(index))), name)
    }
    return try LabelledSource.read(folder.url).training
  }

  @Test func sizesAreParsed() throws {
    #expect(try PictureSize(parsing: "auto") == .automatic)
    #expect(try PictureSize(parsing: "64") == .pixels(width: 64, height: 64))
    #expect(try PictureSize(parsing: "96x64") == .pixels(width: 96, height: 64))
    for text in ["0", "-3", "64x", "x64", "64x0", "1x2x3", "big", "", "4096"] {
      expectError(
        "a picture size of \(text) is not possible. "
          + "Give auto, a number of pixels from 1 to 2048, or two like 96x64"
      ) { try PictureSize(parsing: text) }
    }
    expectError("a picture size of 0×32 is not possible. Both sides must be from 1 to 2048") {
      try PictureStore(
        MadePictures.dataset([]),
        options: PictureStore.Options(size: .pixels(width: 0, height: 32)))
    }
  }

  @Test func theAutomaticSizeFollowsThePictures() {
    func automatic(_ sizes: [(Int, Int)]) -> [Int] {
      let (width, height) = PictureSize.automatic(for: sizes.map { (width: $0.0, height: $0.1) })
      return [width, height]
    }
    #expect(automatic([(28, 28), (28, 28)]) == [28, 28])
    #expect(automatic([(64, 48), (64, 48)]) == [64, 48])
    #expect(automatic([(65, 48), (65, 48)]) == [48, 48])
    #expect(automatic([(28, 28), (30, 28)]) == [32, 32])
    #expect(automatic([(1, 1), (2, 2)]) == [16, 16])
    #expect(automatic([(60, 90), (100, 50), (75, 75)]) == [64, 64])
    #expect(automatic([(512, 512), (300, 400), (240, 240)]) == [64, 64])
  }

  @Test func picturesAreHeldInTheInputsShape() throws {
    let pictures = (0..<40).map { MadePictures.noise(width: 20, height: 10, seed: $0) }
    let store = try PictureStore(MadePictures.dataset(pictures))
    #expect(store.input == (try PictureInput(width: 20, height: 10)))
    #expect(store.usable == Array(0..<40))
    #expect(store.isCached)
    #expect(store.broken.count == 0 && store.broken.lines.isEmpty)
    for index in 0..<40 { #expect(try store.picture(at: index) == pictures[index]) }

    let grey = try PictureStore(
      MadePictures.dataset(pictures),
      options: PictureStore.Options(
        size: .pixels(width: 5, height: 5), channels: .grey, mode: .shorterSide))
    let resizer = try PictureResizer(width: 5, height: 5, mode: .shorterSide)
    let expected = resizer(
      Picture(
        width: 20, height: 10, channels: 1,
        made: (0..<200).map { pixel in
          let color = pictures[7].pixels[(3 * pixel)..<(3 * pixel + 3)].map { Double($0) }
          return UInt8((0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]).rounded())
        }))
    let difference = zip(try grey.picture(at: 7).pixels, expected.pixels).map {
      abs(Int($0) - Int($1))
    }
    #expect(difference.count == 25 && difference.allSatisfy { $0 <= 1 })
  }

  @Test func progressIsToldToTheEnd() throws {
    let pictures = (0..<50).map { MadePictures.noise(seed: $0) }
    let told = Counter()
    let last = Counter()
    _ = try PictureStore(
      MadePictures.dataset(pictures),
      progress: { done, total in
        told.increase()
        if done == total, total == 50 { last.increase() }
      })
    #expect(told.value > 1)
    #expect(last.value == 1)
  }

  @Test func greyPicturesGetThreeEqualChannels() throws {
    let picture = Picture(width: 2, height: 1, channels: 1, made: [7, 200])
    let input = try PictureInput(width: 2, height: 1)
    #expect(try input.prepared(picture).pixels == [7, 7, 7, 200, 200, 200])
  }

  @Test func aPictureOfOnePixelIsAPicture() throws {
    let pictures = [
      Picture(width: 1, height: 1, channels: 3, made: [10, 20, 30]),
      MadePictures.noise(width: 40, height: 40, seed: 1),
    ]
    let store = try PictureStore(MadePictures.dataset(pictures))
    #expect(store.input.width == 40)
    let bytes = try store.picture(at: 0).pixels
    #expect(bytes == (0..<1600).flatMap { _ in [10, 20, 30] as [UInt8] })
  }

  @Test func storesWithAndWithoutCacheGiveTheSame() throws {
    let folder = try TemporaryFolder()
    let data = try files(30, in: folder)
    let size = PictureSize.pixels(width: 5, height: 7)
    let held = try PictureStore(data, options: PictureStore.Options(size: size))
    let fresh = try PictureStore(
      data, options: PictureStore.Options(size: size, cacheLimit: 30 * 105 - 1))
    #expect(held.isCached && !fresh.isCached)
    for index in 0..<30 { #expect(try held.picture(at: index) == fresh.picture(at: index)) }
    #expect(held.statistics(of: held.usable) == fresh.statistics(of: fresh.usable))
    let exact = try PictureStore(
      data, options: PictureStore.Options(size: size, cacheLimit: 30 * 105))
    #expect(exact.isCached)
  }

  @Test func statisticsAreOverTheGivenExamples() throws {
    let pictures = [
      Picture(width: 2, height: 1, channels: 3, made: [0, 10, 255, 255, 10, 255]),
      Picture(width: 2, height: 1, channels: 3, made: [51, 10, 0, 51, 10, 0]),
      Picture(width: 2, height: 1, channels: 3, made: [0, 0, 0, 0, 0, 0]),
    ]
    let store = try PictureStore(MadePictures.dataset(pictures))
    let statistics = store.statistics(of: [0, 1])
    let expectedMean: [Float] = [(255 + 102) / 4 / 255, 10 / 255, 0.5]
    // Of 0, 1, 0.2, 0.2: the mean of squares is 0.27, less 0.35².
    let expectedDeviation: [Float] = [(0.27 - 0.1225).squareRoot(), 1 / 255, 0.5]
    for channel in 0..<3 {
      #expect(abs(statistics.mean[channel] - expectedMean[channel]) < 1e-6)
      #expect(abs(statistics.deviation[channel] - expectedDeviation[channel]) < 1e-6)
    }
  }

  @Test func brokenFilesAreSkippedCountedAndNamed() throws {
    let folder = try TemporaryFolder()
    _ = try files(80, in: folder)
    let png = try MadePictures.png(MadePictures.noise(seed: 1))
    try folder.write(png.dropLast(20), "a/001-short.png")
    try folder.write("a text, not a picture\n", "a/002-text.jpg")
    try folder.write("", "b/003-empty.png")
    try folder.link("b/004-gone.png", to: "nowhere.png")
    let data = try LabelledSource.read(folder.url).training
    let store = try PictureStore(data)
    #expect(store.usable.count == 80)
    #expect(store.broken.count == 4 && store.broken.total == 84)
    #expect(
      store.broken.named.map(\.name) == [
        "a/001-short.png", "a/002-text.jpg", "b/003-empty.png", "b/004-gone.png",
      ])
    #expect(
      store.broken.lines.prefix(5) == [
        "4 of 84 pictures are broken and skipped:",
        "  a/001-short.png: is cut short: the PNG data ends too early. "
          + "Copy or download the file again",
        "  a/002-text.jpg: is a text file, not a picture",
        "  b/003-empty.png: is empty. Copy or download the file again",
        "  b/004-gone.png: there is no such file or folder. Check the path",
      ])
    #expect(throws: InputError.self) { try store.picture(at: 0) }
  }

  @Test func moreThanATenthBrokenStops() throws {
    let folder = try TemporaryFolder()
    _ = try files(18, in: folder)
    for index in 0..<2 { try folder.write("", "a/00\(index).png") }
    // Two of twenty are a tenth, which is tolerated.
    #expect(try PictureStore(LabelledSource.read(folder.url).training).usable.count == 18)
    try folder.write("", "a/002.png")
    let data = try LabelledSource.read(folder.url).training
    let reason = "is empty. Copy or download the file again"
    expectError(
      "\(folder.path): 3 of 21 pictures are broken, more than a tenth "
        + "(a/000.png: \(reason); a/001.png: \(reason); a/002.png: \(reason)). "
        + "Repair or remove them, or go on with allowsBroken"
    ) { try PictureStore(data) }
    let allowed = PictureStore.Options(allowBroken: true)
    #expect(try PictureStore(data, options: allowed).usable == Array(3..<21))
    let broken = LabelledExample(
      name: "gone.png", content: .file(folder.file("gone.png")), label: 0)
    func examples(_ more: [LabelledExample]) -> LabelledDataset {
      LabelledDataset(name: "made", classes: data.classes, made: more)
    }
    let gone = "there is no such file or folder. Check the path"
    expectError(
      "made: 1 of 5 pictures is broken, more than a tenth (gone.png: \(gone)). "
        + "Repair or remove them, or go on with allowsBroken"
    ) { try PictureStore(examples([broken] + data.examples.suffix(4))) }
    expectError("made: the only picture cannot be read (gone.png: \(gone))") {
      try PictureStore(examples([broken]))
    }
    let all = Array(repeating: "gone.png: \(gone)", count: 3).joined(separator: "; ")
    expectError("made: none of 4 pictures can be read (\(all); …)") {
      try PictureStore(examples(Array(repeating: broken, count: 4)))
    }

    for index in 100..<109 { try folder.write("", "a/\(index).png") }
    expectError(
      "\(folder.path): only pictures of b can be read, those of all other classes are broken"
    ) { try PictureStore(LabelledSource.read(folder.url).training, options: allowed) }
    for index in 100..<109 { try folder.write("", "b/\(index).png") }
    expectError(
      "\(folder.path): none of 21 pictures can be read "
        + "(a/000.png: \(reason); a/001.png: \(reason); a/002.png: \(reason); …)"
    ) { try PictureStore(LabelledSource.read(folder.url).training, options: allowed) }
  }

  @Test func manyBrokenFilesAreNamedInPart() throws {
    let folder = try TemporaryFolder()
    _ = try files(30, in: folder)
    for index in 0..<25 { try folder.write("", "a/0\(index + 10).png") }
    let store = try PictureStore(
      LabelledSource.read(folder.url).training, options: PictureStore.Options(allowBroken: true))
    #expect(store.broken.named.count == 20)
    #expect(store.broken.lines.count == 22)
    #expect(store.broken.lines.last == "  … and 5 more")
  }

  @Test func aDanglingPathIsNamedWithItsRow() throws {
    let folder = try TemporaryFolder()
    _ = try files(20, in: folder)
    var table = "image,label\n"
    for index in 0..<10 { table += "a/\(index + 100).png,x\nb/\(index + 100).png,y\n" }
    try folder.write(table + "gone.png,x\n", "t.csv")
    let store = try PictureStore(LabelledSource.read(folder.file("t.csv")).training)
    #expect(
      store.broken.lines == [
        "1 of 21 pictures is broken and skipped:",
        "  gone.png (row 22): there is no such file or folder. Check the path",
      ])
  }

  @Test func hugePicturesAreRefusedBeforeTheyTakeMemory() throws {
    let folder = try TemporaryFolder()
    _ = try files(20, in: folder)
    // The header of a 100-megapixel PNG with nothing in it: signature, IHDR.
    var header = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13])
    header.append(contentsOf: Array("IHDR".utf8) + [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10])
    header.append(contentsOf: [8, 2, 0, 0, 0, 0, 0, 0, 0] as [UInt8])
    try folder.write(header, "a/huge.png")
    let store = try PictureStore(LabelledSource.read(folder.url).training)
    #expect(
      store.broken.lines.last
        == "  a/huge.png: is too large: 10000×10000 = 100 megapixels, over the limit of 64. "
        + "Scale it down first, or set FOVEA_MEGAPIXELS higher")
  }

  @Test func readingEndsWhenTheTaskIsCancelled() async throws {
    let examples = (0..<400).map { index in
      LabelledExample(
        name: "\(index)", content: .picture(MadePictures.smooth(seed: UInt64(index))),
        label: index % 2)
    }
    let dataset = LabelledDataset(name: "made", classes: ["a", "b"], made: examples)
    let read = Counter()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try PictureStore(dataset, progress: { _, _ in read.increase() })
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(read.value < 400 / 16)
    let look = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try DataCheck.run(LabelledData(training: dataset))
    }
    await #expect(throws: CancellationError.self) { try await look.value }
  }

  @Test func aPipeDoesNotKeepUsWaiting() throws {
    let folder = try TemporaryFolder()
    _ = try files(20, in: folder)
    try folder.pipe("a/pipe.png")
    let store = try PictureStore(LabelledSource.read(folder.url).training)
    #expect(store.broken.lines.last == "  a/pipe.png: is not an ordinary file")
  }
}
