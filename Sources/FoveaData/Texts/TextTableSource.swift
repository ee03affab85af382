import FoundationEssentials
import FoveaArray
import FoveaText

/// Texts and labels in a table, or in one for training and one for testing.
struct TextTableSource {
  private let training: URL
  private let test: URL?

  /// The table at `url`; `nil` where it is one of files to read, not of texts: a CSV table that has no
  /// column `text`, or one that names files as well.
  init?(file url: URL, _ options: LabelledSourceOptions) throws {
    guard try Self.holdsTexts(url, options) else { return nil }
    training = url
    test = nil
  }

  /// The tables in a folder: `train` (with `test`) of any kind, or the only one that holds texts.
  ///
  /// - Throws: `InputError` where several could be meant.
  init?(folder url: URL, _ listing: FolderListing, _ options: LabelledSourceOptions) throws {
    let tables = try listing.files.filter { entry in
      let end = entry.url.pathExtension.lowercased()
      guard TextColumns.extensions.contains(end) else { return false }
      return try Self.holdsTexts(entry.url, options)
    }
    func table(_ part: DataPart) -> URL? {
      tables.first { DataPart($0.url.deletingPathExtension().lastPathComponent) == part }?.url
    }
    if let training = table(.training) {
      self.training = training
      test = table(.test)
      return
    }
    if options.purpose == .evaluation, let only = table(.test) {
      training = only
      test = nil
      return
    }
    guard let first = tables.first else { return nil }
    guard tables.count == 1 else {
      throw InputError(
        "several tables could be meant: \(tables.map(\.name).joined(separator: ", "))",
        at: url.relativePath, advice: "Give the path of the table")
    }
    training = first.url
    test = nil
  }

  private static func holdsTexts(_ url: URL, _ options: LabelledSourceOptions) throws -> Bool {
    let end = url.pathExtension.lowercased()
    guard TextColumns.extensions.contains(end) else { return false }
    if let medium = options.medium { return medium == .text }
    if options.textColumn != nil || end != "csv" { return true }
    // What is wrong with it is told by whoever reads it.
    guard let names = try? CSVTable(contentsOf: url).columns.map({ $0.lowercased() }) else {
      return false
    }
    return names.contains("text") && !names.contains { TableSource.imageNames.contains($0) }
  }

  func read(_ options: LabelledSourceOptions) throws -> LabelledData {
    // Before a column is asked for that nobody can name there.
    guard !options.picturesAlone else {
      throw DataCheck.refusal(of: .text, at: training.relativePath)
    }
    var rows = try Self.rows(of: training, as: nil, options)
    if let test { rows += try Self.rows(of: test, as: .test, options) }
    return try LabelledRows(rows, training: training, test: test).data(of: .text, options)
  }

  private static func rows(
    of url: URL, as part: DataPart?, _ options: LabelledSourceOptions
  ) throws -> [LabelledRows.Row] {
    let names = try TextColumns(contentsOf: url).names
    func known(_ usual: [String]) -> String? {
      usual.compactMap { name in names.first { $0.lowercased() == name } }.first
    }
    var columns = LabelledTextTable.Columns()
    columns.text = options.textColumn ?? known(["text"]) ?? "text"
    columns.label = options.labelColumn ?? known(["label", "class"]) ?? "label"
    columns.split = part == nil ? options.splitColumn ?? known(["split"]) : nil
    columns.group = options.groupColumn
    columns.category = options.categoryColumn
    for (name, setting) in [(columns.text, Setting.textColumn), (columns.label, .labelColumn)]
    where !names.contains(name) {
      throw InputError(
        "there is no column called \(name)", at: url.relativePath,
        advice: "The columns are: \(names.joined(separator: ", ")). Name it with \(setting)")
    }
    let table = try LabelledTextTable(contentsOf: url, columns: columns)
    let file = url.lastPathComponent
    let rows = try table.records.map { record in
      var example = LabelledExample(
        name: "\(file) row \(record.row): \(TextExcerpt.beginning(of: record.text))",
        content: .text(record.text), label: 0, group: record.group, row: record.row)
      example.category = record.category
      return LabelledRows.Row(
        table: table.name,
        part: try part
          ?? record.part.map { try DataPart($0, at: table.name, row: record.row) } ?? .training,
        labels: [record.label], example: example)
    }
    try LabelledRows.checkDistinct(rows, at: table.name)
    return rows
  }
}

/// A text in a few words, by which a person knows it.
package enum TextExcerpt {
  /// The first characters, in a line.
  package static func beginning(of text: String, characters: Int = 40) -> String {
    let line = text.prefix(4 * characters).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    guard line.count > characters else { return line }
    return line.prefix(characters - 1) + "…"
  }
}
