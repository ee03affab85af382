import FoveaArray
import FoveaMetrics

/// Attention against twin and control: intervals, seeds, tests.
struct ComparisonDifferences {
  private let result: StudyResult

  init(_ result: StudyResult) { self.result = result }

  /// What the section holds.
  var content: [any HTMLConvertible] {
    var content: [any HTMLConvertible] = [plot]
    content.append(testTable)
    if let sentence = result.detectableSentence { content.append(Paragraph(sentence)) }
    if result.againstPlain.interval != nil { content.append(Paragraph(StudyResult.coverage)) }
    content += [Heading("Seed by seed"), seedTable]
    content.append(Folded("What these numbers mean", [BulletList(glossary)]))
    return content
  }

  private var comparisons: [(name: String, comparison: PairedComparison, arm: Arm)] {
    result.differences.map { arm, other, comparison in
      (
        "\(arm == .matched ? "control" : "attention") less \(other == .plain ? "plain twin" : "control")",
        comparison, arm == .matched ? .augmented : other
      )
    }
  }

  private var plot: IntervalPlot {
    var plot = IntervalPlot(
      "\(result.measure == .accuracy ? "Accuracy" : "Word accuracy"): one network less another",
      axisTitle: "percentage points",
      rows: comparisons.map { name, comparison, arm in
        IntervalPlot.Row(
          name, estimate: comparison.meanDifference, interval: comparison.interval,
          text: Self.text(comparison),
          dots: comparison.seeds.map { ("seed \($0.seed)", $0.difference) }, style: arm.style)
      })
    plot.note =
      result.againstPlain.interval == nil
      ? "A mark for each seed, a stroke at the mean."
      : "Mean with 95 % interval; below it a mark for each seed."
    plot.reference = (0, "no difference")
    return plot
  }

  private static func text(_ comparison: PairedComparison) -> String {
    let mean = NumberText.points(comparison.meanDifference)
    return comparison.interval.map { "\(mean) (\(NumberText.pointRange($0.lower, $0.upper)))" }
      ?? mean
  }

  private var testTable: Table {
    Table(
      [
        .text("networks"), .number("difference"), .number("95 % interval"),
        .number("sign-flip p"), .number("smallest p"), .number("detectable difference"),
      ],
      rows: comparisons.map { name, comparison, _ in
        [
          name, NumberText.points(comparison.meanDifference),
          comparison.interval.map { NumberText.pointRange($0.lower, $0.upper) }
            ?? NumberText.missing, NumberText.bareP(comparison.signFlip.pValue),
          NumberText.bareP(comparison.signFlip.smallestPValue),
          comparison.detectableDifference.map { NumberText.unsignedPoints($0) }
            ?? NumberText.missing,
        ]
      }, caption: "Differences in percentage points")
  }

  private var seedTable: Table {
    let hasMatched = result.matchedAccuracy != nil
    func matched(_ text: @autoclosure () -> String?) -> [String] {
      hasMatched ? [text() ?? NumberText.missing] : []
    }
    var columns: [Table.Column] = [.text("seed"), .number("plain")]
    if hasMatched { columns.append(.number("control")) }
    columns += [.number("attention"), .number("less plain"), .number("McNemar p")]
    if hasMatched { columns += [.number("less control"), .number("McNemar p")] }
    let rows = result.seeds.enumerated().map { index, seed in
      let plain = result.againstPlain.seeds[index]
      let control = result.againstMatched?.seeds[index]
      func share(_ arm: Arm) -> String? {
        result.isUnscored(arm, seed: seed.seed)
          ? "diverged" : seed.accuracy(of: arm).map { NumberText.percent($0) }
      }
      return [seed.seed, share(.plain) ?? NumberText.missing] + matched(share(.matched))
        + [
          share(.augmented) ?? NumberText.missing, NumberText.points(plain.difference),
          NumberText.bareP(plain.mcNemarPValue),
        ] + matched(control.map { NumberText.points($0.difference) })
        + matched(control.map { NumberText.bareP($0.mcNemarPValue) })
    }
    let mean =
      ["mean", NumberText.percent(result.plainAccuracy)]
      + matched(result.matchedAccuracy.map { NumberText.percent($0) })
      + [
        NumberText.percent(result.augmentedAccuracy),
        NumberText.points(result.againstPlain.meanDifference), "",
      ] + matched(result.againstMatched.map { NumberText.points($0.meanDifference) })
      + matched("")
    return Table(
      columns, rows: rows + [mean], caption: "Differences in percentage points", hasTotal: true)
  }

  private var glossary: [String] {
    [
      "Plain twin: the same network with nothing in the attention's place. Control: a layer of as "
        + "many parameters there that cannot attend.", intervals,
      "McNemar p: for one seed's two networks, how likely it is that they would differ as much on "
        + "these items if both were right equally often.",
      "Sign-flip p: over the seeds, how often differences of these sizes with random signs would be "
        + "as far from zero. With few seeds it cannot fall below the smallest p.",
      "Detectable difference: the smallest true difference that a study like this one proves about "
        + "three times in four.",
    ]
  }

  private var intervals: String {
    let isOpen = result.diverged?.leavesOpen == true
    return "95 % interval: what the difference may be over other seeds and other items of the kind. "
      + "The verdict follows from these intervals alone: attention helps where it is above zero against "
      + "twin and control; more parameters help where attention and control are both above the twin, and "
      + "attention is not above the control; a gain over the twin alone tells attention and size not apart"
      + (isOpen ? "; where a network has no answers nothing is proven, whatever the intervals." : ".")
  }
}

extension Arm {
  /// The arm for people.
  package var title: String {
    switch self {
    case .augmented: "With attention"
    case .plain: "Plain twin"
    case .matched: "Control of equal size"
    }
  }

  /// How the arm is drawn everywhere.
  package var style: SeriesStyle {
    switch self {
    case .augmented: .first
    case .plain: .second
    case .matched: .third
    }
  }
}
