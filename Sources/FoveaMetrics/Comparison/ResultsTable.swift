import FoveaArray

extension PairedResults {
  /// The results in a table of text, from any framework: columns `seed`, `item`, `plain`,
  /// `augmented` and, with a control, `matched`, in any order; 1 for right and 0 for wrong. With a
  /// column `words`, how many are said in an item, the others count the errors among them. A column
  /// `diverged` names the seed's networks that diverged and have no answers, with spaces between; a column
  /// `group` what an item belongs to with others, or nothing.
  ///
  /// Other columns are left alone. Spaces around a cell do not count.
  ///
  /// - Parameters:
  ///   - columns: the cells of the heading.
  ///   - rows: the cells of each row below it.
  ///   - place: the file, for error messages.
  ///   - firstRow: the number of `rows[0]` in error messages; the heading is row 1.
  /// - Throws: `InputError` that names the row: a missing or doubled column, a row with too few or
  ///   too many cells, an empty name, a value that is neither 0 nor 1 or no count; and all that
  ///   `init(records:place:)` throws.
  public init(
    columns: [String], rows: [[String]], place: String? = nil, firstRow: Int = 2
  ) throws {
    let layout = try Layout(columns, place: place)
    var records: [Record] = []
    records.reserveCapacity(rows.count)
    var diverged: [DivergedNetwork] = []
    for (offset, cells) in rows.enumerated() {
      let row = firstRow + offset
      guard cells.count == columns.count else {
        throw InputError(
          "the row has \(cells.count) cells, the heading \(columns.count)", at: place, row: row)
      }
      func name(_ column: String, _ index: Int) throws -> String {
        let text = Self.trimmed(cells[index])
        if text.isEmpty { throw InputError("the \(column) is empty", at: place, row: row) }
        return text
      }
      for word in layout.diverged.map({ cells[$0].split(separator: " ") }) ?? [] {
        guard let arm = Arm(rawValue: String(word)) else {
          throw InputError(
            "`diverged` names \"\(word)\"", at: place, row: row,
            advice: "Write some of plain, augmented, matched, or nothing")
        }
        let network = DivergedNetwork(
          arm, seed: try name("seed", layout.seed), isScored: false)
        if !diverged.contains(network) { diverged.append(network) }
      }
      let group = layout.group.map { Self.trimmed(cells[$0]) }.flatMap { $0.isEmpty ? nil : $0 }
      func outcome(_ arm: Arm, _ index: Int) throws -> Bool {
        switch Self.trimmed(cells[index]) {
        case "1": return true
        case "0": return false
        case let text:
          throw InputError(
            "`\(arm.rawValue)` is \"\(text)\"", at: place, row: row,
            advice: "Write 1 where the network has the item right, 0 where it has not")
        }
      }
      func count(_ column: String, _ index: Int) throws -> Int {
        guard let count = Int(Self.trimmed(cells[index])), Self.counts.contains(count) else {
          throw InputError(
            "`\(column)` is \"\(Self.trimmed(cells[index]))\"", at: place, row: row,
            advice: "Beside `words` every column is a number of words from 0 to "
              + NumberText.count(Self.counts.upperBound))
        }
        return count
      }
      if let words = layout.words {
        var errors: [Arm: Int] = [:]
        errors[.plain] = try count("plain", layout.plain)
        errors[.augmented] = try count("augmented", layout.augmented)
        errors[.matched] = try layout.matched.map { try count("matched", $0) }
        records.append(
          Record(
            seed: try name("seed", layout.seed), item: try name("item", layout.item),
            words: try count("words", words), errors: errors, row: row, group: group))
        continue
      }
      records.append(
        Record(
          seed: try name("seed", layout.seed), item: try name("item", layout.item),
          plain: try outcome(.plain, layout.plain),
          augmented: try outcome(.augmented, layout.augmented),
          matched: try layout.matched.map { try outcome(.matched, $0) }, row: row, group: group))
    }
    try self.init(records: records, place: place)
    self.diverged = diverged
  }

  fileprivate static func trimmed(_ text: String) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }
}

/// Which column is which.
private struct Layout {
  let seed: Int
  let item: Int
  let plain: Int
  let augmented: Int
  let matched: Int?
  let words: Int?
  let diverged: Int?
  let group: Int?

  init(_ columns: [String], place: String?) throws {
    var indices: [String: Int] = [:]
    let known = ["seed", "item", "words", "diverged", "group"] + Arm.allCases.map(\.rawValue)
    for (index, column) in columns.enumerated() {
      // A byte order mark may lead the first cell.
      let name = PairedResults.trimmed(column.replacing("\u{FEFF}", with: "")).lowercased()
      guard known.contains(name) else { continue }
      if indices.updateValue(index, forKey: name) != nil {
        throw InputError("two columns are called `\(name)`", at: place, row: 1)
      }
    }
    func required(_ name: String) throws -> Int {
      guard let index = indices[name] else {
        throw InputError(
          "there is no column `\(name)`", at: place, row: 1,
          advice: "A table of results begins seed,item,plain,augmented or "
            + "seed,item,plain,augmented,matched")
      }
      return index
    }
    seed = try required("seed")
    item = try required("item")
    plain = try required("plain")
    augmented = try required("augmented")
    matched = indices["matched"]
    words = indices["words"]
    diverged = indices["diverged"]
    group = indices["group"]
  }
}
