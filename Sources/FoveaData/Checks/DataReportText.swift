import FoveaArray

extension DataReport {
  /// The report as lines of text for a terminal: what there is, then what to mind.
  public var lines: [String] {
    var lines = part(training, "Training") + (test.map { part($0, "Test") } ?? [])
    lines += copies(exactCopies, "Exact copies")
    lines += copies(nearCopies, "Near copies") + searchLines
    lines.append(shiftLine)
    // Of parts that cannot be told apart, means differ by chance.
    if let shift, shift.isAlarm {
      lines += shift.differences.prefix(5).map { difference in
        "  mean \(difference.feature): \(DataWarnings.number(difference.training)) in training, "
          + "\(DataWarnings.number(difference.test)) in test"
      }
    }
    lines += notes.isEmpty ? [] : ["Notes:"] + notes.map { "  \($0)" }
    lines +=
      warnings.isEmpty ? ["No trouble was found."] : ["To mind:"] + warnings.map { "  ! \($0)" }
    return lines
  }

  private func part(_ part: Part, _ title: String) -> [String] {
    var lines = [
      "\(title) (\(part.name)): \(NumberText.count(part.pictureCount, "picture")), "
        + (part.validationCount > 0
          ? "\(NumberText.count(part.validationCount)) of them for validation, " : "")
        + NumberText.count(part.classes.count, "class", plural: "classes")
    ]
    let width = part.classes.map(\.name.count).max() ?? 0
    for entry in part.classes {
      let padding = String(repeating: " ", count: width - entry.name.count)
      lines.append(
        "  \(entry.name)\(padding)  \(NumberText.count(entry.count)) "
          + "(\(NumberText.share(entry.count, of: part.pictureCount)))")
    }
    if let sizes = part.sizes {
      let isOne = sizes.distinctCount == 1
      lines.append(
        isOne
          ? "  Size: \(sizes.medianWidth)×\(sizes.medianHeight), all alike"
          : "  Sizes: \(NumberText.count(sizes.distinctCount)) different, width \(text(sizes.widths)) "
            + "(median \(sizes.medianWidth)), height \(text(sizes.heights)) "
            + "(median \(sizes.medianHeight))")
    }
    let formats = part.formats.map { "\($0.name) \(NumberText.count($0.count))" }
    if !formats.isEmpty { lines.append("  Formats: \(formats.joined(separator: ", "))") }
    return lines + part.broken.lines.map { "  \($0)" }
  }

  private func text(_ range: ClosedRange<Int>) -> String {
    range.lowerBound == range.upperBound
      ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
  }

  private func copies(_ report: CopyReport, _ title: String) -> [String] {
    guard report.groupCount > 0 else { return ["\(title): none"] }
    var counts = ["\(NumberText.count(report.groupCount, "set"))"]
    if report.testWithCopyInTraining > 0 {
      let count = report.testWithCopyInTraining
      counts.append(
        "\(NumberText.count(count, "test picture")) \(count == 1 ? "has" : "have") one in training")
    }
    if report.contradictoryCount > 0 {
      counts.append("\(NumberText.count(report.contradictoryCount)) with different labels")
    }
    let named = report.named.prefix(5).map { group in
      let names = group.names.prefix(3)
      let more = group.count > names.count ? ", … (\(NumberText.count(group.count)))" : ""
      let labels =
        group.labels.count > 1 ? " labelled \(group.labels.joined(separator: ", "))" : ""
      return "  \(names.joined(separator: ", "))\(more)\(labels)"
    }
    let rest = report.groupCount - named.count
    return ["\(title): \(counts.joined(separator: ", "))"] + named
      + (rest > 0 ? ["  … and \(NumberText.count(rest, "more set")); JSON has all"] : [])
  }

  /// How near copies were looked for.
  private var searchLines: [String] {
    let search = nearCopySearch
    guard !search.isDrawnAlike else {
      return [
        "  The pictures of this set are drawn alike, so that different ones look nearly the same: this "
          + "says nothing of copies, and mirrored, shifted and cropped ones are not looked for."
      ]
    }
    guard search.comparedCount > 1 else { return [] }
    let least = Int(TransformedCopies.smallestSide)
    let hasSmall = [training, test].contains { part in
      part?.sizes.map { min($0.widths.lowerBound, $0.heights.lowerBound) < least } == true
    }
    let some =
      search.comparedCount < search.pictureCount - exactCopies.needlessInTraining
      - exactCopies.needlessInTest - exactCopies.testWithCopyInTraining
    var found: [String] = []
    if search.mirroredCount > 0 {
      found.append("\(NumberText.count(search.mirroredCount)) mirrored")
    }
    if search.shiftedCount > 0 {
      found.append("\(NumberText.count(search.shiftedCount)) shifted or cropped")
    }
    return [
      "  Looked for: saved again, scaled, brightened"
        + (some
          ? "; and among \(NumberText.count(search.comparedCount)) drawn at random mirrored"
          : ", mirrored")
        + " left to right, or shifted or cropped by up to \(search.largestShift) pixels, not both"
        + (found.isEmpty ? "" : " (\(found.joined(separator: ", ")))")
        + "; upside-down and rotated copies and larger crops are not found"
    ]
      + (hasSmall
        ? [
          "  Of pictures with a side below \(least) pixels, shifted and cropped copies are not looked for."
        ] : [])
  }

  private var shiftLine: String {
    guard test != nil else { return "Shift between training and test: there is no test part" }
    guard let shift else {
      return "Shift between training and test: too few pictures to tell "
        + "(\(ShiftCheck.fewest) of each part, with as many of each class, are needed)"
    }
    let counts =
      "AUC \(DataWarnings.area(shift)); \(NumberText.count(shift.trainingCount)) and "
      + "\(NumberText.count(shift.testCount, "picture")) compared"
    guard !shift.isAlarm else {
      return "Shift between training and test: yes, they can be told apart (\(counts))"
    }
    return
      "Shift between training and test: none found (\(counts)); with so many, a difference is found "
      + "four times in five only from an AUC of \(NumberText.fixed(shift.detectableArea, decimals: 2)) on"
  }
}
