import FoveaArray
package import FoveaMetrics

/// How often each true class was given each label: cells shaded by their share of the row, right
/// ones in another colour than wrong ones.
package struct ConfusionTable: HTMLConvertible {
  /// With more classes the matrix is folded away.
  static let foldLimit = 16
  /// With more classes the matrix is left out.
  static let classLimit = 60
  /// How many confusions are listed in words.
  static let listLimit = 12

  private let classes: [String]
  private let confusion: Confusion
  private let caption: String?

  /// The table of a matrix with as many rows as there are `classes`.
  package init(classes: [String], confusion: Confusion, caption: String? = nil) {
    require(
      classes.count == confusion.classCount,
      "confusion table: \(classes.count) names for \(confusion.classCount) classes")
    self.classes = classes
    self.confusion = confusion
    self.caption = caption
  }

  package var html: HTML {
    if classes.count <= Self.foldLimit { return matrix }
    return HTML(joining: [
      mostFrequent,
      classes.count <= Self.classLimit
        ? Folded("The whole matrix", [matrix]).html
        : Paragraph(
          "The matrix of \(NumberText.count(classes.count)) classes is too large for a page.",
          isMuted: true
        ).html,
    ])
  }

  private var matrix: HTML {
    HTML("div", ["class": "scroll"]) {
      HTML("table", ["class": "matrix"]) {
        HTML("caption") {
          HTML("span") {
            (caption.map { "\($0); shaded" } ?? "Shaded") + " by share of the true class"
          }
        }
        HTML("thead") {
          HTML("tr") {
            HTML("th", ["scope": "col"]) { "true ↓  predicted →" }
            for name in classes {
              HTML("th", ["scope": "col", "class": Table.breaking(name)]) { name }
            }
          }
        }
        HTML("tbody") {
          for (row, name) in classes.enumerated() {
            HTML("tr") {
              HTML("th", ["scope": "row", "class": Table.breaking(name)]) { name }
              for (column, count) in confusion.counts[row].enumerated() {
                HTML("td", ["style": shade(row, column)]) { NumberText.count(count) }
              }
            }
          }
        }
      }
    }
  }

  /// The colour of a cell: up to 0.6 of opacity, so that the number stays legible.
  private func shade(_ row: Int, _ column: Int) -> String? {
    let support = confusion.support(of: row)
    let count = confusion.counts[row][column]
    guard support > 0, count > 0 else { return nil }
    let opacity = 0.06 + 0.54 * Double(count) / Double(support)
    let colour = row == column ? "right" : "wrong"
    return "background: rgba(var(--\(colour)), \(SVG.coordinate(opacity)))"
  }

  private var mostFrequent: HTML {
    let pairs = confusion.mostFrequent(Self.listLimit)
    if pairs.isEmpty { return Paragraph("No class was taken for another.").html }
    return Table(
      [.text("true"), .text("predicted"), .number("how often"), .number("of the true class")],
      rows: pairs.map { row, column in
        let count = confusion.counts[row][column]
        return [
          classes[row], classes[column], NumberText.count(count),
          NumberText.percent(Double(count) / Double(confusion.support(of: row))),
        ]
      },
      caption: [caption, "The most frequent confusions"].compactMap { $0 }.joined(separator: " · ")
    ).html
  }
}
