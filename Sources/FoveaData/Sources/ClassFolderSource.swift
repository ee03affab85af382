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

  func read(_ options: LabelledSourceOptions) throws -> LabelledData {
    let medium = options.medium ?? Medium.prevailing(among: MediaFolder.sample(listing))
    guard hasSplit else {
      let part = try read(url, listing, prefix: "", medium)
      return LabelledData(training: try checked(part, options))
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
    var parts: [DataPart: LabelledDataset] = [:]
    for part in [DataPart.training, .validation, .test] {
      parts[part] = try folders[part].map { folder in
        try read(folder.url, FolderListing(folder.url), prefix: folder.name + "/", medium)
      }
    }
    guard let training = parts[.training] else {
      if options.purpose == .evaluation, let only = parts[.test] ?? parts[.validation] {
        return LabelledData(training: try checked(only, options))
      }
      throw InputError(
        "there is \(listing.folders[0].name)/ but no train/ to learn from", at: name,
        advice: LabelledSource.expectation)
    }
    return try joined(
      training, validation: parts[.validation], test: parts[.test], notes: notes, options)
  }

  private func joined(
    _ training: LabelledDataset, validation: LabelledDataset?, test: LabelledDataset?,
    notes: [String], _ options: LabelledSourceOptions
  ) throws -> LabelledData {
    let training = try checked(training, options)
    var notes = training.notes + notes
    var examples = training.examples
    if let validation {
      let validation = try validation.relabelled(to: training.classes)
      notes += validation.notes
      examples += validation.examples.map { example in
        var example = example
        example.isValidation = true
        return example
      }
    }
    return try LabelledData(
      training: LabelledDataset(
        name: training.name, medium: training.medium, classes: training.classes,
        made: examples, notes: notes),
      test: try test.map { try DataPart.checkedTest($0, classes: training.classes) })
  }

  private func checked(
    _ part: LabelledDataset, _ options: LabelledSourceOptions
  ) throws
    -> LabelledDataset
  {
    guard options.purpose == .training else { return part }
    let notes = try ClassNames.notes(on: part, advice: advice(on: part))
    return part.adding(notes: notes)
  }

  /// What to do about a single class, which often is a folder too many around all classes.
  private func advice(on part: LabelledDataset) -> String {
    let inner = URL(filePath: part.name).appending(component: part.classes[0])
    if part.classes.count == 1, let listing = try? FolderListing(inner), listing.folders.count > 1 {
      return "Did you mean \(part.name)/\(part.classes[0]), with the folders "
        + listing.folders.prefix(3).map(\.name).joined(separator: ", ")
        + (listing.folders.count > 3 ? ", …?" : "?")
    }
    return "Put the \(part.medium.nouns) of each class into a folder of its own"
  }

  /// The files of the class folders in `folder`; empty classes are left out with a note.
  private func read(
    _ folder: URL, _ listing: FolderListing, prefix: String, _ medium: Medium
  ) throws
    -> LabelledDataset
  {
    let place = folder.relativePath
    let loose = listing.files.count { medium.includes($0.name) }
    guard !listing.folders.isEmpty else {
      guard !listing.entries.isEmpty else {
        throw InputError(
          "the folder is empty", at: place, advice: LabelledSource.expectation)
      }
      throw InputError(
        loose > 0
          ? "there \(loose == 1 ? "is" : "are") \(NumberText.count(loose, medium.noun)) but no class folders"
          : "there are no \(medium.nouns)",
        at: place, advice: LabelledSource.expectation)
    }
    try ClassNames.checkDistinct(listing.folders.map(\.name), at: place)
    var notes: [String] = []
    if loose > 0 {
      notes.append(
        "\(place): \(NumberText.count(loose, medium.noun)) beside the class folders "
          + "\(loose == 1 ? "is" : "are") ignored.")
    }
    var classes: [String] = []
    var examples: [LabelledExample] = []
    for name in ClassNames.ordered(listing.folders.map(\.name)) {
      let pictures = try MediaFolder(folder.appending(component: name), medium: medium)
      notes += pictures.notes
      guard !pictures.files.isEmpty else {
        notes.append("\(place): \(name)/ holds no \(medium.nouns) and is left out.")
        continue
      }
      examples += pictures.files.map { file in
        LabelledExample(
          name: "\(prefix)\(name)/\(file.name)", content: .file(file.url), label: classes.count)
      }
      classes.append(name)
    }
    guard !examples.isEmpty else {
      throw InputError(
        "there are no \(medium.nouns)", at: place, advice: LabelledSource.expectation)
    }
    return LabelledDataset(
      name: place, medium: medium, classes: classes, made: examples, notes: notes)
  }
}
