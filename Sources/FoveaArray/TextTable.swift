/// A table for a terminal: columns as wide as their widest cell, no colour, no lines.
package struct TextTable: Sendable {
  /// A column.
  package struct Column: Sendable {
    /// What stands above it.
    package let title: String
    /// Whether its cells end, rather than begin, under one another: so do numbers.
    package let isNumeric: Bool
    /// The most columns of the terminal that it takes; longer cells are cut off.
    package let limit: Int

    /// A column of words.
    package static func text(_ title: String, limit: Int = 40) -> Column {
      Column(title: title, isNumeric: false, limit: limit)
    }

    /// A column of numbers.
    package static func number(_ title: String) -> Column {
      Column(title: title, isNumeric: true, limit: .max)
    }
  }

  /// The columns from the left.
  package let columns: [Column]
  /// The rows, each with a cell for every column.
  package private(set) var rows: [[String]] = []

  /// A table with these columns and rows.
  ///
  /// A row with another number of cells is a programmer's mistake and traps.
  package init(_ columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    for row in rows { append(row) }
  }

  /// Adds a row.
  package mutating func append(_ row: [String]) {
    require(
      row.count == columns.count, "table: \(row.count) cells for \(columns.count) columns")
    rows.append(row)
  }

  /// The table as lines, each without spaces at its end.
  ///
  /// - Parameter indent: what every line begins with.
  package func lines(indent: String = "") -> [String] {
    let cells = ([columns.map(\.title)] + rows).map { row in
      zip(row, columns).map { cell, column in
        TerminalText.shortened(TerminalText.printable(cell), to: column.limit)
      }
    }
    let widths = columns.indices.map { index in
      cells.map { TerminalText.columns(of: $0[index]) }.max() ?? 0
    }
    return cells.map { row in
      var line = indent
      for (index, cell) in row.enumerated() {
        let space = String(
          repeating: " ", count: widths[index] - TerminalText.columns(of: cell))
        line += (index > 0 ? "  " : "") + (columns[index].isNumeric ? space + cell : cell + space)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
