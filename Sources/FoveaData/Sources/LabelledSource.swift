public import FoundationEssentials
import FoveaArray

/// What a person can say about a source of examples beyond its path.
public struct LabelledSourceOptions: Sendable {
  /// What the examples are read for.
  public enum Purpose: Hashable, Sendable {
    /// Training a classifier: two classes at least.
    case training
    /// Measuring or showing what a trained one does: one class is enough.
    case evaluation
  }

  /// The forms that data come in.
  package enum Form: String, Hashable, Sendable {
    case classFolders = "a folder for each class"
    case table = "a table"
    case idx = "idx files"
  }

  /// The form that is wanted; told from what is there where not given.
  package var form: Form?
  /// The column with the files' paths; without it `image`, `clip`, `file`, `filename` or `path`.
  public var imageColumn: String?
  /// The column with the texts; without it `text`. Naming it says that the table holds texts.
  public var textColumn: String?
  /// The column with the labels; without it `label` or `class`.
  public var labelColumn: String?
  /// The column that says `train`, `test` or `valid`; without it `split`, if there is one.
  public var splitColumn: String?
  /// The column with the groups that a split must keep whole.
  public var groupColumn: String?
  /// The column that results are told apart by.
  package var categoryColumn: String?
  /// Whether whoever reads the data looks at pictures and refuses all else.
  package var picturesAlone = false
  /// The folder that paths in a table start from; without it the table's own or its `images`.
  public var imagesFolder: URL?
  /// What the examples are read for.
  public var purpose: Purpose
  /// What the files are; told from their names where not given.
  public var medium: Medium?
  /// What is known of each: a class, or the words said in it.
  public var task: LearningTask

  /// Options; `nil` leaves a choice to the reader.
  public init(
    imageColumn: String? = nil, labelColumn: String? = nil, splitColumn: String? = nil,
    groupColumn: String? = nil, imagesFolder: URL? = nil, purpose: Purpose = .training,
    medium: Medium? = nil, task: LearningTask = .classify, textColumn: String? = nil
  ) {
    self.imageColumn = imageColumn
    self.textColumn = textColumn
    self.labelColumn = labelColumn
    self.splitColumn = splitColumn
    self.groupColumn = groupColumn
    self.imagesFolder = imagesFolder
    self.purpose = purpose
    self.medium = medium
    self.task = task
  }

  /// The same for data of one form alone.
  package func only(_ form: Form) -> LabelledSourceOptions {
    var options = self
    options.form = form
    return options
  }

  /// Fails where another form is wanted than the one that is there.
  ///
  /// - Throws: `InputError` that names both.
  func check(_ found: Form, at url: URL) throws {
    guard let form, form != found else { return }
    throw InputError(
      "holds \(found.rawValue), not \(form.rawValue)", at: url.relativePath,
      advice: "Ask for the form that the data have")
  }

  /// Whether anything was said that only a table can have.
  var namesTableColumns: Bool {
    imageColumn != nil || textColumn != nil || labelColumn != nil || splitColumn != nil
      || groupColumn != nil || categoryColumn != nil
      || imagesFolder != nil
  }
}

/// Reads labelled examples from whatever is at a path.
public enum LabelledSource {
  /// What people are told when a path holds nothing that Fovea reads.
  static let expectation =
    "Expected a folder for each class, train/ and test/ with such folders, a CSV table, "
    + "a table of texts (.csv, .tsv, .jsonl), or idx files"

  /// Reads the data at `url`, choosing by what is there:
  ///
  /// - a `.csv` file: a table (`image`, `label` and more columns), or one of texts (`text`, `label`);
  /// - a `.tsv` or `.jsonl` file: a table of texts;
  /// - an idx file, or a folder with idx files (`train-images-idx3-ubyte`, also `.gz`), or such a
  ///   folder and the files' common prefix (`DIR/emnist-letters`);
  /// - a folder with `train` in it: a folder for each class in there, and `test` and `valid`;
  /// - a folder with `images` and one table of labels beside it, or one where columns are named;
  /// - any other folder: a folder for each class.
  ///
  /// No example is opened. What the examples are follows from the names of the files.
  ///
  /// - Throws: `InputError` that says what is missing or contradictory, and what was expected.
  public static func read(
    _ url: URL, options: LabelledSourceOptions = LabelledSourceOptions()
  ) throws -> LabelledData {
    let path = try url.checkedFilePath
    let status = FileStatus.of(path)
    if case .failure = status, let idx = try IdxSource(prefix: url) {
      try options.check(.idx, at: url)
      return try idx.read(options)
    }
    switch try status.get().kind {
    case .special:
      throw InputError("is a pipe or device", at: path, advice: expectation)
    case .file:
      if let idx = try IdxSource(file: url) {
        try options.check(.idx, at: url)
        return try idx.read(options)
      }
      try options.check(.table, at: url)
      if let texts = try TextTableSource(file: url, options) { return try texts.read(options) }
      guard ["csv", "txt"].contains(url.pathExtension.lowercased()) else {
        throw InputError("is no data set", at: path, advice: expectation)
      }
      return try TableSource(training: url).read(options)
    case .folder:
      return try readFolder(url, options)
    }
  }

  private static func readFolder(
    _ url: URL, _ options: LabelledSourceOptions
  ) throws -> LabelledData {
    let listing = try FolderListing(url)
    guard !listing.entries.isEmpty else {
      throw InputError("the folder is empty", at: url.relativePath, advice: expectation)
    }
    if options.task == .transcribe {
      guard let table = try TableSource(folder: url, listing, options) else {
        throw InputError(
          "there is no table of transcripts", at: url.relativePath,
          advice: "Give a CSV file with a column of files and one of their words")
      }
      try options.check(.table, at: url)
      return try table.read(options)
    }
    if let idx = try IdxSource(folder: url, listing) {
      try options.check(.idx, at: url)
      return try idx.read(options)
    }
    let folders = ClassFolderSource(url, listing)
    let hasImages = listing.folders.contains { folder in
      Medium.allCases.contains { $0.folders.contains(folder.name.lowercased()) }
    }
    if listing.folders.isEmpty || options.textColumn != nil,
      let texts = try TextTableSource(folder: url, listing, options)
    {
      try options.check(.table, at: url)
      return try texts.read(options)
    }
    if options.form == .table || options.namesTableColumns || hasImages || listing.folders.isEmpty,
      !folders.hasSplit,
      let table = try TableSource(folder: url, listing, options)
    {
      try options.check(.table, at: url)
      return try table.read(options)
    }
    guard !options.namesTableColumns else {
      throw InputError(
        "columns are named, but there is no table", at: url.relativePath,
        advice: "Give the CSV file itself")
    }
    try options.check(.classFolders, at: url)
    return try folders.read(options)
  }
}
