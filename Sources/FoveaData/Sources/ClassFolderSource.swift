import FoundationEssentials
import FoveaArray

/// A folder for each class, or `train` with such folders and `test` and `valid` beside it.
struct ClassFolderSource {
  private let url: URL
  private let listing: FolderListing
  /// Whether `train` is there and is not just a class of that name.
  let hasSplit: Bool

  private var name: String { url.relativePath }

  init(_ url: URL, _ listing: FolderListing) {
    self.url = url
    self.listing = listing
    let parts = listing.folders.compactMap { DataPart($0.name) }
    let train = listing.folders.first { DataPart($0.name) == .training }
    let trainHasFolders = train.flatMap { try? FolderListing($0.url) }?.folders.isEmpty == false
    hasSplit =
      train != nil
      ? trainHasFolders || parts.count == listing.folders.count && parts.count > 1
      : !parts.isEmpty && parts.count == listing.folders.count
  }

  func read(_ options: PictureSourceOptions) throws -> PictureData {
    guard hasSplit else {
      let part = try read(url, listing, prefix: "")
      return PictureData(training: try checked(part, options))
    }
    var folders: [DataPart: FolderListing.Entry] = [:]
    var notes: [String] = []
    for folder in listing.folders {
      guard let part = DataPart(folder.name) else {
        notes.append("\(name): \(folder.name)/ lies beside train/ and is not read.")
        continue
      }
      if let other = folders.updateValue(folder, forKey: part) {
        throw InputError(
          "\(other.name)/ and \(folder.name)/ mean the same part", at: name,
          advice: "Rename or remove one")
      }
    }
    var parts: [DataPart: PictureDataset] = [:]
    for part in [DataPart.training, .validation, .test] {
      parts[part] = try folders[part].map { folder in
        try read(folder.url, FolderListing(folder.url), prefix: folder.name + "/")
      }
    }
    guard let training = parts[.training] else {
      if options.purpose == .evaluation, let only = parts[.test] ?? parts[.validation] {
        return PictureData(training: try checked(only, options))
      }
      throw InputError(
        "there is \(listing.folders[0].name)/ but no train/ to learn from", at: name,
        advice: PictureSource.expectation)
    }
    return try joined(
      training, validation: parts[.validation], test: parts[.test], notes: notes, options)
  }

  private func joined(
    _ training: PictureDataset, validation: PictureDataset?, test: PictureDataset?,
    notes: [String], _ options: PictureSourceOptions
  ) throws -> PictureData {
    let training = try checked(training, options)
    var notes = training.notes + notes
    var examples = training.examples
    if let validation {
      let validation = try validation.relabelled(to: training.classes)
      notes += validation.notes
      notes.append(
        DataPart.validationNote(validation.name, count: validation.examples.count))
      examples += validation.examples.map { example in
        var example = example
        example.isValidation = true
        return example
      }
    }
    return PictureData(
      training: PictureDataset(
        name: training.name, classes: training.classes, examples: examples, notes: notes),
      test: try test.map { try DataPart.checkedTest($0, classes: training.classes) })
  }

  private func checked(
    _ part: PictureDataset, _ options: PictureSourceOptions
  ) throws
    -> PictureDataset
  {
    guard options.purpose == .training else { return part }
    let notes = try ClassNames.notes(on: part, advice: advice(on: part))
    return PictureDataset(
      name: part.name, classes: part.classes, examples: part.examples, notes: part.notes + notes)
  }

  /// What to do about a single class, which often is a folder too many around all classes.
  private func advice(on part: PictureDataset) -> String {
    let inner = URL(filePath: part.name).appending(component: part.classes[0])
    if part.classes.count == 1, let listing = try? FolderListing(inner), listing.folders.count > 1 {
      return "Did you mean \(part.name)/\(part.classes[0]), with the folders "
        + listing.folders.prefix(3).map(\.name).joined(separator: ", ")
        + (listing.folders.count > 3 ? ", …?" : "?")
    }
    return "Put the pictures of each class into a folder of its own"
  }

  /// The pictures of the class folders in `folder`; empty classes are left out with a note.
  private func read(
    _ folder: URL, _ listing: FolderListing, prefix: String
  ) throws
    -> PictureDataset
  {
    let place = folder.relativePath
    let loose = listing.files.count { PictureFolder.isPicture($0.name) }
    guard !listing.folders.isEmpty else {
      guard !listing.entries.isEmpty else {
        throw InputError(
          "the folder is empty", at: place, advice: PictureSource.expectation)
      }
      throw InputError(
        loose > 0
          ? "there \(loose == 1 ? "is" : "are") \(counted(loose, "picture")) but no class folders"
          : "there are no pictures",
        at: place, advice: PictureSource.expectation)
    }
    try ClassNames.checkDistinct(listing.folders.map(\.name), at: place)
    var notes: [String] = []
    if loose > 0 {
      notes.append(
        "\(place): \(counted(loose, "picture")) beside the class folders "
          + "\(loose == 1 ? "is" : "are") ignored.")
    }
    var classes: [String] = []
    var examples: [PictureExample] = []
    for name in ClassNames.ordered(listing.folders.map(\.name)) {
      let pictures = try PictureFolder(folder.appending(component: name))
      notes += pictures.notes
      guard !pictures.files.isEmpty else {
        notes.append("\(place): \(name)/ holds no pictures and is left out.")
        continue
      }
      examples += pictures.files.map { file in
        PictureExample(
          name: "\(prefix)\(name)/\(file.name)", content: .file(file.url), label: classes.count)
      }
      classes.append(name)
    }
    guard !examples.isEmpty else {
      throw InputError("there are no pictures", at: place, advice: PictureSource.expectation)
    }
    return PictureDataset(name: place, classes: classes, examples: examples, notes: notes)
  }
}
