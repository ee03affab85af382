public import FoveaArray

/// What a person knows an example by.
public enum ExampleAppearance: Hashable, Sendable {
  /// A picture of it.
  case picture(Picture)
  /// Its first words.
  case text(String)
}

/// A dataset's examples, prepared for a network: what batches are made of.
///
/// One for each medium; nothing behind it asks what the examples are.
public protocol ExampleStore: Sendable {
  /// What is stored.
  var dataset: LabelledDataset { get }
  /// How examples are prepared.
  var modelInput: ModelInput { get }
  /// The examples that can be read, in ascending order.
  var usable: [Int] { get }
  /// The others.
  var broken: BrokenExamples { get }
  /// What was found while reading, as sentences for people.
  var notes: [String] { get }

  /// By example, a number that its content gives, by which a change of content shows: of a file its
  /// bytes as they were read; 0 for broken examples.
  var contentDigests: [UInt64] { get }

  /// What a person knows the example with this index by.
  ///
  /// - Throws: `InputError` that names it when it is broken, or has vanished since.
  func appearance(at index: Int) throws -> ExampleAppearance

  /// Mean and deviation of each channel over examples: the training part. Broken ones do not count.
  func statistics(of indices: [Int]) -> ChannelStatistics

  /// Batches to train on: in an order, and changed in a way, that follow from the key and the epoch.
  ///
  /// - Parameter augmentation: `none`, or words like `flip,shift`.
  /// - Throws: `InputError` for words that the medium does not know.
  func trainingFeed(
    of indices: [Int], batchSize: Int, augmentation: String, key: RandomKey
  ) throws -> any BatchFeed

  /// Batches of examples as they are, always in the same order.
  func evaluationFeed(of indices: [Int], batchSize: Int) -> any BatchFeed
}

extension ExampleStore {
  /// How many of these examples each class has, or how often each word is said in them.
  public func counts(of indices: [Int]) -> [Int] {
    indices.reduce(into: [Int](repeating: 0, count: dataset.classes.count)) { counts, index in
      dataset.examples.requireElement(at: index, "example")
      for label in dataset.examples[index].labels { counts[label] += 1 }
    }
  }
}

extension PictureStore: ExampleStore {
  /// How examples are prepared.
  public var modelInput: ModelInput { .picture(input) }

  /// Nothing but broken pictures is worth a word.
  public var notes: [String] { [] }

  /// The picture as people know it, in its own size and shape; what the network sees of it where the file
  /// is gone.
  public func appearance(at index: Int) throws -> ExampleAppearance {
    dataset.examples.requireElement(at: index, "example")
    if case .file(let url) = dataset.examples[index].content,
      let whole = try? PictureDecoder(channels: input.channels).decode(contentsOf: url)
    {
      return .picture(whole)
    }
    return .picture(try picture(at: index))
  }

  /// Pictures shuffled anew for each epoch.
  public func trainingFeed(
    of indices: [Int], batchSize: Int, augmentation: String, key: RandomKey
  ) throws -> any BatchFeed {
    PictureFeed(
      training: self, indices: indices, batchSize: batchSize,
      augmentation: try PictureAugmentation(parsing: augmentation), key: key)
  }

  /// Pictures in the order of their indices.
  public func evaluationFeed(of indices: [Int], batchSize: Int) -> any BatchFeed {
    PictureFeed(evaluating: self, indices: indices, batchSize: batchSize)
  }
}
