package import FoundationEssentials
import FoveaArray
package import FoveaData

/// How fast pictures come from their files as batches.
package struct FeedBenchmark: Codable, Sendable {
  package let pictures: Int
  package let width: Int
  package let height: Int
  package let batch: Int
  package let augmentation: String
  /// Threads that decode.
  package let threads: Int
  /// Reading every picture once, as a data set is opened: decode and resize.
  package let readingPicturesPerSecond: Double
  /// An epoch of batches with every picture decoded anew, as for data that do not fit into memory:
  /// decode, resize, augment.
  package let decodingPicturesPerSecond: Double
  /// An epoch of batches from pictures that are held decoded, on one thread: augment.
  package let heldPicturesPerSecond: Double

  /// Measures with the pictures of a folder; a first pass that fills the system's cache of files
  /// does not count.
  ///
  /// - Throws: `InputError` when the folder cannot be read or holds no pictures.
  package static func measure(
    folder: URL, size: PictureSize, batch: Int, augmentation: PictureAugmentation
  ) throws -> FeedBenchmark {
    let files = try MediaFolder(folder).files
    guard !files.isEmpty else { throw InputError("there are no pictures", at: folder.relativePath) }
    let dataset = LabelledDataset(
      name: folder.relativePath, classes: ["picture"],
      made: files.map { LabelledExample(name: $0.name, content: .file($0.url), label: 0) })
    var options = PictureStore.Options(size: size)
    options.cacheLimit = 0
    let store = try PictureStore(dataset, options: options)
    options.cacheLimit = .max
    let clock = ContinuousClock()
    let start = clock.now
    let held = try PictureStore(dataset, input: store.input, options: options)
    let reading = (clock.now - start).seconds
    func epoch(_ store: PictureStore) throws -> Double {
      let start = clock.now
      let loader = try PictureLoader(
        store, order: store.usable, batchSize: batch, augmentation: augmentation,
        key: RandomKey(seed: 0))
      while try loader.next() != nil {}
      return (clock.now - start).seconds
    }
    let count = Double(store.usable.count)
    let decoding = try epoch(store)
    // Short, hence several times.
    let holding = try (0..<5).map { _ in try epoch(held) }.sorted()[2]
    return FeedBenchmark(
      pictures: store.usable.count, width: store.input.width, height: store.input.height,
      batch: batch, augmentation: "\(augmentation)", threads: PictureStore.threads,
      readingPicturesPerSecond: count / reading, decodingPicturesPerSecond: count / decoding,
      heldPicturesPerSecond: count / holding)
  }
}
