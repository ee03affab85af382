import FoundationEssentials
import FoveaArray

/// What one look at a picture tells a data check.
struct PictureLook: Sendable {
  let width: Int
  let height: Int
  /// `nil` for a picture that is in no file of its own.
  let format: PictureFormat?
  let hash: ContentHash
  let fingerprint: PictureFingerprint
  let features: PictureFeatures
  let miniature: PictureMiniature

  /// Reads and decodes the picture of `example`.
  ///
  /// - Throws: `InputError` that names the example.
  init(_ example: LabelledExample, limits: PictureLimits) throws {
    let (picture, format, byteCount) = try example.named {
      switch example.content {
      case .sound, .text: throw example.content.refused(as: .picture)
      case .picture(let picture):
        guard !picture.pixels.isEmpty else { throw InputError("the picture has no pixels") }
        return (picture, PictureFormat?.none, Int?.none)
      case .file(let url):
        let bytes = try FileBytes.read(url.checkedFilePath, limits: limits)
        let format = try PictureHeader(bytes, name: example.name).format
        let picture = try PictureDecoder(limits: limits).decode(bytes, name: example.name)
        return (picture, format, bytes.count)
      }
    }
    width = picture.width
    height = picture.height
    self.format = format
    hash = ContentHash(picture)
    fingerprint = PictureFingerprint(picture)
    miniature = PictureMiniature(picture)
    features = PictureFeatures(picture, format: format, byteCount: byteCount)
  }
}

/// What one look at all pictures of a part tells.
struct Look {
  let report: DataReport.Part
  /// The readable pictures, in order.
  let usable: [(example: LabelledExample, facts: PictureLook)]

  init(
    _ dataset: LabelledDataset, limits: PictureLimits, progress: @escaping ReadingProgress
  ) throws {
    let examples = dataset.examples
    let looks = try Parallel.map(examples.count, progress: progress) { index in
      Result { try PictureLook(examples[index], limits: limits) }
    }
    var usable: [(example: LabelledExample, facts: PictureLook)] = []
    var errors: [(example: LabelledExample, error: InputError)] = []
    for (example, look) in zip(examples, looks) {
      switch look {
      case .success(let facts): usable.append((example, facts))
      case .failure(let error):
        errors.append((example, error as? InputError ?? InputError("cannot be read: \(error)")))
      }
    }
    self.usable = usable
    report = Self.report(dataset, usable, BrokenExamples(errors, total: examples.count))
  }

  private static func report(
    _ dataset: LabelledDataset, _ usable: [(example: LabelledExample, facts: PictureLook)],
    _ broken: BrokenExamples
  ) -> DataReport.Part {
    var counts = [Int](repeating: 0, count: dataset.classes.count)
    for (example, _) in usable { counts[example.label] += 1 }
    let formats = Dictionary(grouping: usable, by: { $0.facts.format?.rawValue ?? "in memory" })
      .map { DataReport.FormatCount(name: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    return DataReport.Part(
      name: dataset.name, pictureCount: usable.count,
      validationCount: usable.count { $0.example.isValidation },
      classes: zip(dataset.classes, counts).map {
        DataReport.ClassCount(name: $0.0, count: $0.1)
      },
      sizes: sizes(usable.map(\.facts)), formats: formats, broken: broken)
  }

  private static func sizes(_ facts: [PictureLook]) -> DataReport.Sizes? {
    let widths = facts.map(\.width).sorted()
    let heights = facts.map(\.height).sorted()
    guard let narrowest = widths.first, let widest = widths.last, let lowest = heights.first,
      let highest = heights.last
    else { return nil }
    return DataReport.Sizes(
      widths: narrowest...widest, heights: lowest...highest,
      medianWidth: widths[widths.count / 2], medianHeight: heights[heights.count / 2],
      distinctCount: Set(facts.map { [$0.width, $0.height] }).count,
      tinyCount: facts.count { min($0.width, $0.height) < 8 })
  }
}
