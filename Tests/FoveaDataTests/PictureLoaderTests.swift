import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

struct PictureLoaderTests {
  private let pictures = (0..<23).map { MadePictures.noise(width: 4, height: 3, seed: $0) }

  private func store() throws -> PictureStore {
    try PictureStore(MadePictures.dataset(pictures, classCount: 3))
  }

  private func all(_ loader: PictureLoader) throws -> [Batch] {
    var batches: [Batch] = []
    while let batch = try loader.next() { batches.append(batch) }
    return batches
  }

  /// Changes every byte in a way that depends on the key.
  private let shifting: @Sendable (Picture, RandomKey) -> Picture = { picture, key in
    let shift = UInt8(key.integer(below: 256, at: 0))
    return Picture(
      width: picture.width, height: picture.height, channels: picture.channels,
      made: picture.pixels.map { $0 &+ shift })
  }

  @Test func everyExampleComesOnceInOrder() throws {
    let order = RandomKey(seed: 5).permutation(of: 23)
    let loader = try PictureLoader(store(), order: order, batchSize: 5)
    let batches = try all(loader)
    #expect(loader.batchCount == 5)
    #expect(batches.map(\.examples.count) == [5, 5, 5, 5, 3])
    #expect(batches.flatMap(\.examples) == order)
    for batch in batches {
      let images = try #require(batch.arrays["images"])
      let labels = try #require(batch.arrays["labels"])
      #expect(images.type == ArrayType([batch.examples.count, 3, 4, 3], .uint8))
      #expect(images.elements(of: UInt8.self) == batch.examples.flatMap { pictures[$0].pixels })
      #expect(labels.elements(of: Int32.self) == batch.examples.map { Int32($0 % 3) })
    }
    #expect(try loader.next() == nil)
  }

  @Test func aLaterStartGivesTheSameBatches() throws {
    let store = try store()
    let order = Array((0..<23).reversed())
    func batches(_ size: Int, from start: Int = 0, seed: UInt64 = 1) throws -> [[UInt8]] {
      try all(
        PictureLoader(
          store, order: order, batchSize: size, key: RandomKey(seed: seed), startingAt: start,
          change: shifting)
      ).compactMap { $0.arrays["images"]?.elements() }
    }
    let whole = try batches(4)
    #expect(whole.count == 6)
    for start in 0...6 { #expect(try batches(4, from: start) == Array(whole[start...])) }
    #expect(try batches(4, from: 9).isEmpty)
    // The augmentation does not depend on how examples are gathered, but on the key.
    #expect(try batches(7).flatMap { $0 } == whole.flatMap { $0 })
    #expect(try batches(4, seed: 2) != whole)
    #expect(whole.flatMap { $0 } != order.flatMap { pictures[$0].pixels })
  }

  @Test func augmentationFollowsFromKeyAndPosition() throws {
    let store = try store()
    let flip = try PictureAugmentation(parsing: "flip,brightness")
    let key = RandomKey(seed: 9)
    let order = [4, 4, 7]
    let loader = try PictureLoader(
      store, order: order, batchSize: 2, augmentation: flip, key: key)
    let bytes = try all(loader).flatMap { $0.arrays["images"]?.elements(of: UInt8.self) ?? [] }
    let expected = order.enumerated().flatMap { position, index in
      flip(pictures[index], key: key.folding(position)).pixels
    }
    #expect(bytes == expected)
    #expect(bytes != order.flatMap { pictures[$0].pixels })
  }

  @Test func nothingIsPreparedFurtherAheadThanAsked() throws {
    let prepared = Counter()
    let loader = try PictureLoader(
      store(), order: Array(0..<23), batchSize: 1,
      ahead: 2,
      change: { picture, _ in
        prepared.increase()
        return picture
      })
    // Two wait to be taken, a third may be in the making.
    for taken in 1...23 {
      #expect(try loader.next() != nil)
      #expect(prepared.value <= taken + 3)
    }
  }

  @Test func aLoaderMayBeGivenUpAtAnyTime() throws {
    let store = try store()
    for taken in 0..<40 {
      let loader = try PictureLoader(
        store, order: Array(0..<23), batchSize: 2, ahead: 1 + taken % 3)
      for _ in 0..<(taken % 13) { _ = try loader.next() }
    }
  }

  @Test func noExamplesAreNoBatches() throws {
    let loader = try PictureLoader(store(), order: [], batchSize: 4)
    #expect(loader.batchCount == 0)
    #expect(try loader.next() == nil)
  }

  @Test(arguments: [0, -1]) func impossibleBatchesAreRefused(_ size: Int) throws {
    let store = try store()
    expectError("a batch of \(size) pictures cannot be. Give a number from 1 up") {
      try PictureLoader(store, order: [0], batchSize: size)
    }
  }

  @Test func aFileThatVanishesInMidTrainingIsNamed() throws {
    let folder = try TemporaryFolder()
    for (index, picture) in pictures.enumerated() {
      try folder.write(
        MadePictures.png(picture), "\(index % 2 == 0 ? "a" : "b")/\(index + 100).png")
    }
    let data = try LabelledSource.read(folder.url).training
    let store = try PictureStore(data, options: PictureStore.Options(cacheLimit: 0))
    try FileManager.default.removeItem(at: folder.file("a/108.png"))
    let position = try #require(data.examples.firstIndex { $0.name == "a/108.png" })
    let loader = try PictureLoader(store, order: Array(0..<23), batchSize: 2)
    for _ in 0..<(position / 2) { #expect(try loader.next() != nil) }
    for _ in 0..<2 {
      expectError("a/108.png: there is no such file or folder. Check the path") {
        try loader.next()
      }
    }
    try folder.write("overwritten", "a/108.png")
    expectError("a/108.png: is a text file, not a picture") {
      try all(PictureLoader(store, order: Array(0..<23), batchSize: 4))
    }
  }
}
