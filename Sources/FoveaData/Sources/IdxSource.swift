import FoundationEssentials
import FoveaArray

/// Pictures and labels in idx files with the customary names: `train-images-idx3-ubyte`,
/// `train-labels-idx1-ubyte`, and the same with `t10k` or `test`; also `.gz`, with a dot before
/// `idx`, or with a common prefix.
struct IdxSource {
  private struct Pair {
    let images: URL
    let labels: URL
  }

  private let name: String
  private let training: Pair
  private let test: Pair?

  /// A file that holds pictures, by its name.
  private struct ImagesName {
    /// What stands before the part: empty, or `emnist-letters-`.
    let prefix: String
    let part: DataPart
    /// The name of the file with the labels, without `.gz`.
    let labels: String

    init?(_ name: String) {
      let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
      for separator in ["-", "."] {
        for axes in ["3", "4"] {
          let end = "images\(separator)idx\(axes)-ubyte"
          guard stem.hasSuffix(end) else { continue }
          let start = stem.dropLast(end.count)
          labels = "\(start)labels\(separator)idx1-ubyte"
          for (word, part) in [("train-", DataPart.training), ("t10k-", .test), ("test-", .test)] {
            guard start.hasSuffix(word) else { continue }
            prefix = String(start.dropLast(word.count))
            self.part = part
            return
          }
          // A pair without a part in its name is something to train on.
          prefix = String(start)
          part = .training
          return
        }
      }
      return nil
    }
  }

  /// The idx files in a folder; `nil` when there are none.
  ///
  /// - Throws: `InputError` when several sets lie there, or labels are missing.
  init?(folder url: URL, _ listing: FolderListing, prefix: String? = nil) throws {
    var pairs: [String: [DataPart: Pair]] = [:]
    for file in listing.files {
      guard let name = ImagesName(file.name), prefix == nil || name.prefix == prefix else {
        continue
      }
      // The plain file is listed before the compressed one of the same name.
      if pairs[name.prefix]?[name.part] != nil { continue }
      guard
        let labels = listing.files.first(where: {
          $0.name == name.labels || $0.name == name.labels + ".gz"
        })
      else {
        throw InputError(
          "there are pictures but no labels", at: file.url.relativePath,
          advice: "Expected \(name.labels) or \(name.labels).gz beside it")
      }
      pairs[name.prefix, default: [:]][name.part] = Pair(images: file.url, labels: labels.url)
    }
    guard let (prefix, parts) = pairs.first else { return nil }
    guard pairs.count == 1 else {
      // Of several names only one can be empty.
      let names = pairs.keys.sorted().map { $0.isEmpty ? "(none)" : $0 }
      let example = pairs.keys.sorted().first { !$0.isEmpty } ?? ""
      throw InputError(
        "several sets of idx files, with the prefixes \(names.joined(separator: ", "))",
        at: url.relativePath, advice: "Give the folder and a prefix, like DIR/\(example)")
    }
    guard let training = parts[.training] ?? parts[.test] else { return nil }
    name = prefix.isEmpty ? url.relativePath : "\(url.relativePath)/\(prefix)"
    self.training = training
    test = parts[.training] == nil ? nil : parts[.test]
  }

  /// The set that a path like `DIR/emnist-letters` means, which is no file itself.
  init?(prefix url: URL) throws {
    let folder = url.deletingLastPathComponent()
    guard case .success(let status) = FileStatus.of(folder.relativePath), status.kind == .folder
    else { return nil }
    let listing = try FolderListing(folder)
    let name = url.lastPathComponent
    for prefix in [name, name + "-"] {
      if let source = try IdxSource(folder: folder, listing, prefix: prefix) {
        self = source
        return
      }
    }
    return nil
  }

  /// The set whose pictures are in the file at `url`; `nil` when its name says something else.
  init?(file url: URL) throws {
    guard let name = ImagesName(url.lastPathComponent) else { return nil }
    let folder = url.deletingLastPathComponent()
    try self.init(folder: folder, FolderListing(folder), prefix: name.prefix)
  }

  /// Reads all files.
  ///
  /// - Throws: `InputError` with the reason when a file is damaged or two do not fit together.
  func read(_ options: LabelledSourceOptions) throws -> LabelledData {
    var part = Self.dataset(try Self.items(of: training), training.images)
    if options.purpose == .training {
      let notes = try ClassNames.notes(on: part, advice: "Check the file with the labels")
      part = LabelledDataset(
        name: part.name, classes: part.classes, made: part.examples, notes: notes)
    }
    let tested = try test.map { pair in
      try DataPart.checkedTest(
        Self.dataset(try Self.items(of: pair), pair.images), classes: part.classes)
    }
    return try LabelledData(training: part, test: tested)
  }

  private static func dataset(_ items: [Item], _ images: URL) -> LabelledDataset {
    let values = Set(items.map(\.label)).sorted()
    let indices = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
    return LabelledDataset(
      name: images.relativePath, classes: values.map { String($0) },
      made: items.map { item in
        LabelledExample(
          name: item.name, content: .picture(item.picture), label: indices[item.label] ?? 0)
      })
  }

  private struct Item {
    let name: String
    let picture: Picture
    let label: UInt8
  }

  private static func items(of pair: Pair) throws -> [Item] {
    let images = try IdxFile(pair.images)
    let labels = try IdxFile(pair.labels)
    let channels = images.sizes.count == 4 ? images.sizes[3] : 1
    guard images.sizes.count >= 3, channels == 1 || channels == 3,
      images.sizes[1] > 0, images.sizes[2] > 0
    else {
      throw InputError(
        "holds \(images.sizes), which are no pictures", at: pair.images.relativePath,
        advice: "Expected [pictures, rows, columns], or four axes with 1 or 3 channels last")
    }
    guard labels.sizes.count == 1 else {
      throw InputError(
        "holds \(labels.sizes), which are no labels", at: pair.labels.relativePath)
    }
    guard images.sizes[0] == labels.sizes[0] else {
      throw InputError(
        "holds \(NumberText.count(labels.sizes[0], "label")) for \(NumberText.count(images.sizes[0], "picture")) "
          + "in \(images.name)", at: pair.labels.relativePath)
    }
    try images.checkMemory()
    let items = try (0..<images.sizes[0]).map { index in
      Item(
        name: "\(images.name)[\(index)]",
        picture: Picture(
          width: images.sizes[2], height: images.sizes[1], channels: channels,
          made: try images.next()),
        label: try labels.next()[0])
    }
    try images.finish()
    try labels.finish()
    return items
  }
}
