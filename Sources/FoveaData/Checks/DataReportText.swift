extension DataReport {
  /// The report as lines of text for a terminal: what there is, then what to mind.
  public var lines: [String] {
    var lines = part(training, "Training") + (test.map { part($0, "Test") } ?? [])
    lines += copies(exactCopies, "Exact copies")
    lines += copies(nearCopies, "Near copies")
    lines.append(shiftLine)
    if let shift {
      lines += shift.differences.prefix(5).map { difference in
        "  \(difference.feature): \(DataWarnings.number(difference.training)) in training, "
          + "\(DataWarnings.number(difference.test)) in test"
      }
    }
    lines += notes.isEmpty ? [] : ["Notes:"] + notes.map { "  \($0)" }
    lines += warnings.isEmpty ? ["Nothing to mind."] : ["To mind:"] + warnings.map { "  ! \($0)" }
    return lines
  }

  private func part(_ part: Part, _ title: String) -> [String] {
    var lines = [
      "\(title) (\(part.name)): \(counted(part.pictureCount, "picture")), "
        + counted(part.classes.count, "class", plural: "classes")
    ]
    let width = part.classes.map(\.name.count).max() ?? 0
    for entry in part.classes {
      let padding = String(repeating: " ", count: width - entry.name.count)
      lines.append(
        "  \(entry.name)\(padding)  \(grouped(entry.count)) "
          + "(\(percent(entry.count, of: part.pictureCount)))")
    }
    if let sizes = part.sizes {
      let isOne = sizes.distinctCount == 1
      lines.append(
        isOne
          ? "  Size: \(sizes.medianWidth)×\(sizes.medianHeight), all alike"
          : "  Sizes: \(grouped(sizes.distinctCount)) different, width \(text(sizes.widths)) "
            + "(median \(sizes.medianWidth)), height \(text(sizes.heights)) "
            + "(median \(sizes.medianHeight))")
    }
    let formats = part.formats.map { "\($0.name) \(grouped($0.count))" }
    if !formats.isEmpty { lines.append("  Formats: \(formats.joined(separator: ", "))") }
    return lines + part.broken.lines.map { "  \($0)" }
  }

  private func text(_ range: ClosedRange<Int>) -> String {
    range.lowerBound == range.upperBound
      ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
  }

  private func copies(_ report: CopyReport, _ title: String) -> [String] {
    guard report.groupCount > 0 else { return ["\(title): none"] }
    var counts = ["\(counted(report.groupCount, "set"))"]
    if report.testWithCopyInTraining > 0 {
      counts.append("\(grouped(report.testWithCopyInTraining)) test pictures have one in training")
    }
    if report.contradictoryCount > 0 {
      counts.append("\(grouped(report.contradictoryCount)) with different labels")
    }
    let named = report.named.prefix(5).map { group in
      let names = group.names.prefix(3)
      let more = group.count > names.count ? ", … (\(grouped(group.count)))" : ""
      let labels =
        group.labels.count > 1 ? " labelled \(group.labels.joined(separator: ", "))" : ""
      return "  \(names.joined(separator: ", "))\(more)\(labels)"
    }
    return ["\(title): \(counts.joined(separator: ", "))"] + named
  }

  private var shiftLine: String {
    guard test != nil else { return "Shift between training and test: there is no test part" }
    guard let shift else {
      return "Shift between training and test: too few pictures to tell "
        + "(\(ShiftCheck.fewest) of each part are needed)"
    }
    return "Shift between training and test: "
      + (shift.isAlarm ? "yes, they can be told apart" : "none found")
      + " (AUC \(DataWarnings.area(shift)); \(grouped(shift.trainingCount)) and "
      + "\(counted(shift.testCount, "picture")) compared)"
  }
}
