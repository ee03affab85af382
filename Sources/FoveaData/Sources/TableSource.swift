import FoundationEssentials
import FoveaArray

/// Files and labels named by a table, or by one for training and one for testing.
struct TableSource {
  private let training: URL
  private let test: URL?

  static let imageNames = ["image", "clip", "recording", "file", "filename", "path"]
  private static let labelNames = ["label", "class"]
  private static let transcriptNames = ["transcript", "text", "words", "label"]

  init(training: URL, test: URL? = nil) {
    self.training = training
    self.test = test
  }

  /// The table or tables in a folder: `train.csv` (with `test.csv`), or the only one that has an
  /// image and a label column; `nil` when there is no table at all.
  ///
  /// - Throws: `InputError` that lists the tables when none or several would do.
  init?(folder url: URL, _ listing: FolderListing, _ options: LabelledSourceOptions) throws {
    let tables = listing.files.filter { $0.name.lowercased().hasSuffix(".csv") }
    guard !tables.isEmpty else { return nil }
    func table(_ name: String) -> URL? { tables.first { $0.name.lowercased() == name }?.url }
    if let training = table("train.csv") {
      self.init(training: training, test: table("test.csv"))
      return
    }
    let readable = tables.compactMap { entry in
      (try? CSVTable(contentsOf: entry.url)).map { (entry: entry, table: $0) }
    }
    var fitting = readable.filter { (try? Columns($0.table, options)) != nil }
    if fitting.count > 1 {
      // A list of boxes has images and labels too, but many rows for one picture.
      fitting.removeAll { Set(["x", "y", "width", "height"]).isSubset(of: $0.table.columns) }
    }
    guard fitting.count == 1 || tables.count == 1 else {
      let names = (fitting.isEmpty ? tables : fitting.map(\.entry)).map(\.name).joined(
        separator: ", ")
      throw InputError(
        fitting.isEmpty
          ? "no table has an image and a label column: \(names)"
          : "several tables could be meant: \(names)",
        at: url.relativePath, advice: "Give the path of the table, and name its columns")
    }
    self.init(training: (fitting.first?.entry ?? tables[0]).url)
  }

  /// Where the columns of interest are.
  private struct Columns {
    let image: Int
    let label: Int
    let split: Int?
    let group: Int?
    let category: Int?

    /// The column of the files' paths.
    ///
    /// - Throws: `InputError` with the options that name a column of the kind that is there: paths of
    ///   pictures or recordings, or texts.
    private static func files(
      _ table: CSVTable, _ options: LabelledSourceOptions
    ) throws -> Int {
      if let given = options.imageColumn { return try table.index(of: given) }
      for name in TableSource.imageNames {
        if let index = table.columns.firstIndex(where: { $0.lowercased() == name }) {
          return index
        }
      }
      let paths = table.columns.indices.first { column in
        let some = table.records.prefix(100).map { $0.fields[column].trimmingASCIISpace() }
        return some.contains { !$0.isEmpty }
          && some.allSatisfy { $0.isEmpty || Medium.of($0).map { $0 != .text } == true }
      }
      let medium =
        options.medium
        ?? paths.map { column in
          Medium.prevailing(among: table.records.prefix(100).map { $0.fields[column] })
        }
      let error: InputError
      do {
        return try table.index(of: medium == .sound ? "file" : "image")
      } catch let missing as InputError { error = missing }
      let columns: Advice = error.advice.map { "\($0). " } ?? ""
      switch medium {
      case .picture:
        throw InputError(
          error.problem, at: error.place, advice: "\(columns)Name it with \(.imageColumn)")
      case .sound where options.picturesAlone:
        throw DataCheck.refusal(of: .sound, at: table.name)
      case .sound:
        throw InputError(
          error.problem, at: error.place, advice: "\(columns)Name it with \(.fileColumn)")
      case _ where options.picturesAlone:
        throw InputError(
          error.problem, at: error.place,
          advice: "\(columns)Name it with \(.imageColumn). \(DataCheck.advice(on: .text))")
      default:
        throw InputError(
          "no column is called text, file or image", at: error.place,
          advice: """
            \(columns)Name the one with the texts with \(.textColumn), or the one with the paths of \
            files with \(.fileColumn)
            """)
      }
    }

    init(_ table: CSVTable, _ options: LabelledSourceOptions) throws {
      func index(_ given: String?, among names: [String], _ setting: Setting) throws -> Int {
        if let given { return try table.index(of: given) }
        for name in names {
          if let index = table.columns.firstIndex(where: { $0.lowercased() == name }) {
            return index
          }
        }
        do {
          return try table.index(of: names[0])
        } catch let error as InputError {
          throw InputError(
            error.problem, at: error.place, row: error.row,
            advice: "\(error.advice.map { "\($0). " } ?? "")Name it with \(setting)")
        }
      }
      image = try Self.files(table, options)
      label = try index(
        options.labelColumn,
        among: options.task == .transcribe ? TableSource.transcriptNames : TableSource.labelNames,
        .labelColumn)
      group = try options.groupColumn.map(table.index(of:))
      category = try options.categoryColumn.map(table.index(of:))
      split =
        try options.splitColumn.map(table.index(of:))
        ?? table.columns.firstIndex { $0.lowercased() == "split" }
    }
  }

  func read(_ options: LabelledSourceOptions) throws -> LabelledData {
    let (learned, notes) = try Self.rows(of: training, as: nil, options)
    var rows = learned
    if let test { rows += try Self.rows(of: test, as: .test, options).rows }
    let medium = options.medium ?? Medium.prevailing(among: rows.map(\.example.name))
    return try LabelledRows(rows, training: training, test: test, notes: notes)
      .data(of: medium, options)
  }

  /// The rows of one table, and what of it is not looked at; `part` overrides what a split column says.
  private static func rows(
    of url: URL, as part: DataPart?, _ options: LabelledSourceOptions
  ) throws -> (rows: [LabelledRows.Row], notes: [String]) {
    let table = try CSVTable(contentsOf: url)
    let place = url.relativePath
    let columns = try Columns(table, options)
    guard !table.records.isEmpty else {
      throw InputError("the table has column names but no rows", at: place)
    }
    let medium =
      options.medium
      ?? Medium.prevailing(among: table.records.map { $0.fields[columns.image] })
    let finder = MediaFinder(table: url, folder: options.imagesFolder, medium: medium)
    var found = 0
    let rows = try table.records.map { record in
      func field(_ index: Int) -> String { record.fields[index].trimmingASCIISpace() }
      func required(_ index: Int, _ what: String) throws -> String {
        let text = field(index)
        guard !text.isEmpty else {
          throw InputError(
            "the \(what) is empty", at: place, row: record.row,
            advice: "Fill it in, or remove the row")
        }
        return text
      }
      let image = try required(columns.image, "\(medium.noun)'s path")
      let file = finder.find(image)
      if file.exists { found += 1 }
      var example = LabelledExample(
        name: image, content: .file(file.url), label: 0,
        group: try columns.group.map { try required($0, "group") }, row: record.row)
      example.category = columns.category.map(field)
      let label = try required(columns.label, options.task == .transcribe ? "transcript" : "label")
      return LabelledRows.Row(
        table: place,
        part: try part ?? columns.split.map { try DataPart(field($0), at: place, row: record.row) }
          ?? .training,
        labels: options.task == .transcribe
          ? label.split(whereSeparator: \.isWhitespace).map(String.init) : [label],
        example: example)
    }
    guard found > 0 else {
      throw InputError(
        "there is no \(medium.noun) \(rows[0].example.name), nor any other that the table names",
        at: place, row: rows[0].example.row,
        advice: """
          Looked in \(finder.folders.map(\.relativePath).joined(separator: " and ")). \
          Say with \(.images) which folder the paths start from
          """)
    }
    try LabelledRows.checkDistinct(rows, at: place)
    return (rows, unread(table, columns, medium, options))
  }

  /// Columns that a person may expect to count, and that do not.
  private static func unread(
    _ table: CSVTable, _ columns: Columns, _ medium: Medium, _ options: LabelledSourceOptions
  ) -> [String] {
    let used = [columns.image, columns.label, columns.split, columns.group].compactMap { $0 }
    func names(_ known: Set<String>) -> [String] {
      table.columns.indices.filter {
        !used.contains($0) && known.contains(table.columns[$0].lowercased())
      }.map { table.columns[$0] }
    }
    var notes: [String] = []
    if options.medium == nil, let text = names(["text"]).first {
      notes.append(
        "\(table.name): the files of column \(table.columns[columns.image]) are read, and column "
          + "\(text) is not"
          + (options.picturesAlone
            ? "." : ": say that the task is texts to read it in their place."))
    }
    let parts = names(
      medium == .sound
        ? [
          "start", "end", "begin", "onset", "offset", "duration", "begin time (s)", "end time (s)",
        ]
        : ["x", "y", "width", "height", "xmin", "ymin", "xmax", "ymax"])
    if parts.count > 1 {
      notes.append(
        "\(table.name): the columns \(parts.joined(separator: ", ")) are not looked at: each row "
          + "stands for its whole \(medium.noun).")
    }
    return notes
  }
}
