import FoveaArray

/// A table; what does not fit the width of the page scrolls.
package struct Table: HTMLConvertible {
  /// A column.
  package struct Column: Sendable {
    let title: String
    let isNumeric: Bool

    /// A column of words.
    package static func text(_ title: String) -> Column { Column(title: title, isNumeric: false) }
    /// A column of numbers, which end under one another.
    package static func number(_ title: String) -> Column { Column(title: title, isNumeric: true) }
  }

  private let columns: [Column]
  private let rows: [[String]]
  private let caption: String?
  private let hasTotal: Bool

  /// A table of rows, each with a cell for every column; the first cell is the row's heading.
  ///
  /// A row with another number of cells is a programmer's mistake and traps.
  ///
  /// - Parameter hasTotal: whether the last row sums up the others.
  package init(
    _ columns: [Column], rows: [[String]], caption: String? = nil, hasTotal: Bool = false
  ) {
    for row in rows {
      require(
        row.count == columns.count, "table: \(row.count) cells for \(columns.count) columns")
    }
    self.columns = columns
    self.rows = rows
    self.caption = caption
    self.hasTotal = hasTotal
  }

  /// The class of a heading that may be broken within words: only one that would make the table
  /// too wide otherwise.
  static func breaking(_ text: String) -> String? {
    TerminalText.columns(of: text) > 24 ? "long" : nil
  }

  package var html: HTML {
    HTML("div", ["class": "scroll"]) {
      HTML("table") {
        if let caption { HTML("caption") { HTML("span") { caption } } }
        HTML("thead") {
          HTML("tr") {
            for column in columns {
              HTML("th", ["scope": "col", "class": column.isNumeric ? "number" : nil]) {
                column.title
              }
            }
          }
        }
        HTML("tbody") {
          for (index, row) in rows.enumerated() {
            HTML("tr", ["class": hasTotal && index == rows.count - 1 ? "total" : nil]) {
              for (cell, column) in zip(row, columns).prefix(1) {
                HTML(
                  "th",
                  ["scope": "row", "class": column.isNumeric ? "number" : Self.breaking(cell)]
                ) { cell }
              }
              for (cell, column) in zip(row, columns).dropFirst() {
                HTML("td", ["class": column.isNumeric ? "number" : nil]) { cell }
              }
            }
          }
        }
      }
    }
  }
}

/// Names with their values, one a row.
package struct SettingsTable: HTMLConvertible {
  private let rows: [(String, String)]

  package init(_ rows: [(String, String)]) { self.rows = rows }

  package var html: HTML {
    HTML("div", ["class": "scroll"]) {
      HTML("table", ["class": "settings"]) {
        HTML("tbody") {
          for (name, value) in rows {
            HTML("tr") {
              HTML("th", ["scope": "row"]) { name }
              HTML("td") { value }
            }
          }
        }
      }
    }
  }
}
