import FoveaArray
package import FoveaData

/// What a report says of the data: how many pictures of each class in each part, what is broken,
/// what to mind.
package struct DataText: Sendable {
  /// A part of the data.
  package struct Part: Sendable {
    /// `training`, `validation` or `test`.
    package var name: String
    /// Pictures of each class, or how often each word is said.
    package var counts: [Int]

    package init(_ name: String, counts: [Int]) {
      self.name = name
      self.counts = counts
    }
  }

  /// More classes than these are folded away.
  static let foldLimit = 20

  /// The path as given.
  package var path: String
  package var classes: [String]
  /// What a network is to say of an example.
  package var task: LearningTask
  package var parts: [Part]
  /// What could not be read, by the part's name.
  package var broken: [(part: String, pictures: BrokenExamples)]
  /// What the check of the data warns of.
  package var warnings: [String]
  /// What else was said while reading.
  package var notes: [String]
  /// What the check of the data found, where it was asked for.
  package var check: DataReport?

  package init(
    path: String, classes: [String], task: LearningTask = .classify, parts: [Part]
  ) {
    self.path = path
    self.classes = classes
    self.task = task
    self.parts = parts
    broken = []
    warnings = []
    notes = []
  }

  /// The section of a report.
  package var section: Section {
    var content: [any HTMLConvertible] = []
    content.append(Note(warnings))
    content.append(SettingsTable([("Data", path)] + sizeRows))
    content.append(
      classes.count > Self.foldLimit
        ? Folded(foldTitle, [countTable])
        : countTable)
    for (part, pictures) in broken where pictures.count > 0 {
      // The first line of these is the count, the others name pictures.
      content.append(Heading("Broken files, \(part)"))
      content.append(Paragraph(pictures.lines[0]))
      content.append(BulletList(Array(pictures.lines.dropFirst())))
    }
    if !notes.isEmpty { content.append(Folded("Notes from reading the data", [BulletList(notes)])) }
    return Section("Data", content)
  }

  private var foldTitle: String {
    let labels = NumberText.count(classes.count, task.labelNoun, plural: task.labelNouns)
    return switch task {
    case .classify: "Examples of \(labels)"
    case .transcribe: "Words said, of \(labels)"
    }
  }

  private var countTable: Table {
    Table(
      [.text(task == .classify ? "class" : "word said")] + parts.map { .number($0.name) },
      rows: classes.enumerated().map { index, name in
        [name] + parts.map { NumberText.count($0.counts[index]) }
      } + [["all"] + parts.map { NumberText.count($0.counts.reduce(0, +)) }], hasTotal: true)
  }

  private var sizeRows: [(String, String)] {
    guard let check else { return [] }
    let parts = [("training", check.training)] + (check.test.map { [("test", $0)] } ?? [])
    return parts.flatMap { name, part in
      let sizes = part.sizes.map { [("Sizes, \(name)", Self.text($0))] } ?? []
      let formats = part.formats.map { "\($0.name) \(NumberText.count($0.count))" }
      return sizes
        + (formats.isEmpty ? [] : [("Formats, \(name)", formats.joined(separator: ", "))])
    }
  }

  private static func text(_ sizes: DataReport.Sizes) -> String {
    if sizes.distinctCount == 1 { return "\(sizes.medianWidth)×\(sizes.medianHeight), all alike" }
    func text(_ range: ClosedRange<Int>, _ median: Int) -> String {
      "\(range.lowerBound)–\(range.upperBound) (median \(median))"
    }
    return "\(NumberText.count(sizes.distinctCount)) different, width "
      + "\(text(sizes.widths, sizes.medianWidth)), height \(text(sizes.heights, sizes.medianHeight))"
  }
}
