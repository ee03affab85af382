import FoundationEssentials
import FoveaArray

/// A dataset's pictures, all brought to one shape: held decoded where they fit, decoded again on
/// demand where they do not.
///
/// Opening a store reads every picture once, on two threads; what it finds does not depend on
/// them.
public struct PictureStore: Sendable {
  /// How pictures are read and kept.
  public struct Options: Sendable {
    /// The size that pictures are brought to.
    public var size: PictureSize
    /// Grey or colour.
    public var channels: PictureChannels
    /// What happens to pictures whose sides have another ratio.
    public var mode: PictureResizer.Mode
    /// How large a picture may be.
    public var limits: PictureLimits
    /// Bytes of decoded pictures that may be held.
    public var cacheLimit: Int
    /// Whether to go on when more than a tenth of the pictures are broken.
    public var allowBroken: Bool

    /// Options; by default colour, an automatic size, stretched, and up to 1 GB held.
    public init(
      size: PictureSize = .automatic, channels: PictureChannels = .rgb,
      mode: PictureResizer.Mode = .exact, limits: PictureLimits = PictureLimits(),
      cacheLimit: Int = 1_000_000_000, allowBroken: Bool = false
    ) {
      self.size = size
      self.channels = channels
      self.mode = mode
      self.limits = limits
      self.cacheLimit = cacheLimit
      self.allowBroken = allowBroken
    }
  }

  /// What is stored.
  public let dataset: LabelledDataset
  /// The shape that every picture has.
  public let input: PictureInput
  /// The examples that can be read, in ascending order.
  public let usable: [Int]
  /// The others.
  public let broken: BrokenExamples
  /// Whether all pictures are held decoded.
  public let isCached: Bool
  /// By example, what its file's bytes give.
  public let contentDigests: [UInt64]

  /// Threads that decode pictures.
  package static let threads = 2

  /// How pictures were to be read, and the size of each; `nil` where the network's size was given.
  private var suiting: (options: Options, sizes: [(width: Int, height: Int)?])?
  private let limits: PictureLimits
  /// By example; empty for those that are broken or not held.
  private let pixels: [[UInt8]]
  private let sums: [ChannelSums?]

  /// Reads all pictures of `dataset`.
  ///
  /// - Throws: `InputError` when a size cannot be, or too many pictures are broken;
  ///   `CancellationError`.
  public init(
    _ dataset: LabelledDataset, options: Options = Options(), progress: ReadingProgress? = nil
  ) throws {
    let sizes: PictureInput
    switch options.size {
    case .pixels(let width, let height):
      sizes = try PictureInput(
        width: width, height: height, channels: options.channels, mode: options.mode)
    case .automatic:
      let known = try Self.sizes(of: dataset, options)
      try self.init(
        dataset, input: Self.suitableInput(known, options), options: options, progress: progress)
      suiting = (options, known)
      return
    }
    try self.init(dataset, input: sizes, options: options, progress: progress)
  }

  /// The same pictures in the size that suits those with these indices, where none was asked for.
  ///
  /// - Throws: `InputError` when too many pictures are broken; `CancellationError`.
  package func suited(to indices: [Int]) throws -> PictureStore {
    guard let (options, sizes) = suiting else { return self }
    let input = try Self.suitableInput(indices.map { sizes[$0] }, options)
    return input == self.input ? self : try PictureStore(dataset, input: input, options: options)
  }

  private static func suitableInput(
    _ sizes: [(width: Int, height: Int)?], _ options: Options
  ) throws -> PictureInput {
    let known = sizes.compactMap { $0 }
    // With no size at all every picture is broken, which the reading itself explains.
    let (width, height) = known.isEmpty ? (16, 16) : PictureSize.automatic(for: known)
    return try PictureInput(
      width: width, height: height, channels: options.channels, mode: options.mode)
  }

  /// Reads all pictures of `dataset` into the shape that another store or a model has; the
  /// options' size, channels and mode do not count.
  ///
  /// - Throws: `InputError` when too many pictures are broken.
  public init(
    _ dataset: LabelledDataset, input: PictureInput, options: Options = Options(),
    progress: ReadingProgress? = nil
  ) throws {
    let limits = options.limits
    let isCached = dataset.examples.count * input.byteCount <= options.cacheLimit
    let entries = try Parallel.map(
      dataset.examples.count, threads: Self.threads, progress: progress
    ) { index in
      Result { () throws -> Entry in
        var digest: UInt64 = 0
        let picture = try input.prepared(dataset.examples[index], limits: limits) {
          digest = ContentDigest.of($0)
        }
        return Entry(
          pixels: isCached ? picture.pixels : [], sums: ChannelSums(picture), digest: digest)
      }
    }
    self.dataset = dataset
    self.input = input
    self.isCached = isCached
    self.limits = limits
    pixels = entries.map { (try? $0.get())?.pixels ?? [] }
    sums = entries.map { (try? $0.get())?.sums }
    contentDigests = entries.map { (try? $0.get())?.digest ?? 0 }
    usable = entries.indices.filter { (try? entries[$0].get()) != nil }
    broken = BrokenExamples(
      zip(dataset.examples, entries).compactMap { example, entry in
        guard case .failure(let error) = entry else { return nil }
        return (example, error as? InputError ?? InputError("cannot be read: \(error)"))
      }, total: entries.count)
    try broken.check(dataset, allowBroken: options.allowBroken)
    let classes = Set(usable.map { dataset.examples[$0].label })
    guard classes.count > 1 || dataset.countsByClass.count(where: { $0 > 0 }) < 2 else {
      throw InputError(
        "only pictures of \(dataset.classes[dataset.examples[usable[0]].label]) can be read, "
          + "those of all other classes are broken",
        at: dataset.name)
    }
  }

  private struct Entry: Sendable {
    let pixels: [UInt8]
    let sums: ChannelSums
    let digest: UInt64
  }

  private static func sizes(
    of dataset: LabelledDataset, _ options: Options
  ) throws -> [(width: Int, height: Int)?] {
    try Parallel.map(dataset.examples.count) { index in
      try? dataset.examples[index].size(limits: options.limits)
    }
  }

  /// The picture of the example with this index.
  ///
  /// - Throws: `InputError` that names it when it is broken, or has vanished since.
  public func picture(at index: Int) throws -> Picture {
    try dataset.checkExamples([index])
    let pixels = pixels[index]
    guard pixels.isEmpty else {
      return Picture(
        width: input.width, height: input.height, channels: input.channels.rawValue,
        made: pixels)
    }
    return try input.prepared(dataset.examples[index], limits: limits)
  }

  /// Mean and deviation of each channel over the examples with these indices: the training part.
  ///
  /// Broken examples do not count.
  public func statistics(of indices: [Int]) -> ChannelStatistics {
    for index in indices { sums.requireElement(at: index, "example") }
    return ChannelStatistics(indices.compactMap { sums[$0] }, channels: input.channels.rawValue)
  }

  /// A batch of the examples with these indices, their pictures changed by `augment`.
  ///
  /// - Parameters:
  ///   - indices: at least one.
  ///   - augment: is given a picture and its position in the batch.
  /// - Returns: `images` `[batch, height, width, channels]` and `labels` `[batch]`.
  /// - Throws: `InputError` that names a picture that cannot be read.
  func batch(
    of indices: [Int],
    augment: @escaping @Sendable (Picture, Int) -> Picture = { picture, _ in picture }
  ) throws -> Batch {
    var images: [UInt8] = []
    images.reserveCapacity(indices.count * input.byteCount)
    if isCached {
      for (position, index) in indices.enumerated() {
        images += augment(try picture(at: index), position).pixels
      }
    } else {
      // Decoding takes far longer than a thread's start.
      let pictures = try Parallel.map(indices.count, threads: Self.threads) { position in
        Result { augment(try picture(at: indices[position]), position).pixels }
      }
      for picture in pictures { images += try picture.get() }
    }
    let shape = Shape([indices.count, input.height, input.width, input.channels.rawValue])
    return Batch(
      arrays: [
        "images": HostArray(shape, images),
        "labels": HostArray(indices.map { Int32(dataset.examples[$0].label) }),
      ],
      examples: indices)
  }
}

extension LabelledExample {
  /// The picture's width and height, without decoding it.
  ///
  /// - Throws: `InputError` that names the example when its file says none.
  func size(limits: PictureLimits) throws -> (width: Int, height: Int) {
    try named {
      switch content {
      case .picture(let picture): return (picture.width, picture.height)
      case .sound, .text: throw content.refused(as: .picture)
      case .file(let url):
        let header = try PictureHeader(
          FileBytes.read(url.checkedFilePath, limits: limits), name: name)
        return (header.width, header.height)
      }
    }
  }
}
