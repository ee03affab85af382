import FoveaArray
import FoveaMetrics

/// Attention against twin and control: intervals, seeds, tests; of accuracies, or of word error rates, as the
/// verdict's reason gives them.
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
      "\(result.measure == .accuracy ? "Accuracy" : "Word error rate"): one network less another",
      axisTitle: "percentage points",
      rows: comparisons.map { name, comparison, arm in
        IntervalPlot.Row(
          name, estimate: measure.shown(difference: comparison.meanDifference),
          interval: comparison.interval.map { measure.shown(interval: $0) },
          text: text(comparison),
          dots: comparison.seeds.map {
            ("seed \($0.seed)", measure.shown(difference: $0.difference))
          }, style: arm.style)
      })
    plot.note =
      result.againstPlain.interval == nil
      ? "A mark for each seed, a stroke at the mean."
      : "Mean with 95 % interval; below it a mark for each seed."
    plot.reference = (0, "no difference")
    return plot
  }

  private var measure: ComparisonMeasure { result.measure }

  private func text(_ comparison: PairedComparison) -> String {
    let mean = points(comparison.meanDifference)
    return range(comparison).map { "\(mean) (\($0))" } ?? mean
  }

  private func points(_ difference: Double) -> String {
    NumberText.points(measure.shown(difference: difference))
  }

  private func range(_ comparison: PairedComparison) -> String? {
    comparison.interval.map { measure.shown(interval: $0) }.map {
      NumberText.pointRange($0.lower, $0.upper)
    }
  }

  private func percent(_ share: Double) -> String { NumberText.percent(measure.shown(share)) }

  private static let caption = "Differences in percentage points"

  private var testTable: Table {
    Table(
      [
        .text("networks"), .number("difference"), .number("95 % interval"),
        .number("sign-flip p"), .number("smallest p"), .number("detectable difference"),
      ],
      rows: comparisons.map { name, comparison, _ in
        [
          name, points(comparison.meanDifference), range(comparison) ?? NumberText.missing,
          NumberText.bareP(comparison.signFlip.pValue),
          NumberText.bareP(comparison.signFlip.smallestPValue),
          comparison.detectableDifference.map { NumberText.unsignedPoints($0) }
            ?? NumberText.missing,
        ]
      }, caption: Self.caption)
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
          ? "diverged" : seed.accuracy(of: arm).map { percent($0) }
      }
      return [seed.seed, share(.plain) ?? NumberText.missing] + matched(share(.matched))
        + [
          share(.augmented) ?? NumberText.missing, points(plain.difference),
          NumberText.bareP(plain.mcNemarPValue),
        ] + matched(control.map { points($0.difference) })
        + matched(control.map { NumberText.bareP($0.mcNemarPValue) })
    }
    let mean =
      ["mean", percent(result.plainAccuracy)]
      + matched(result.matchedAccuracy.map { percent($0) })
      + [
        percent(result.augmentedAccuracy), points(result.againstPlain.meanDifference), "",
      ] + matched(result.againstMatched.map { points($0.meanDifference) })
      + matched("")
    return Table(
      columns, rows: rows + [mean],
      caption: measure == .accuracy ? Self.caption : "Word error rates. \(Self.caption)",
      hasTotal: true)
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
    // Fewer errors are a gain.
    let better = measure == .accuracy ? "above" : "below"
    return
      "95 % interval: what the difference may be over other seeds and other items of the kind. "
      + "The verdict follows from these intervals alone: attention helps where it is \(better) zero against "
      + "twin and control; more parameters help where attention and control are both \(better) the twin, and "
      + "attention is not \(better) the control; a gain over the twin alone tells attention and size not apart"
      + (isOpen
        ? "; where a network has no answers nothing is proven, whatever the intervals." : ".")
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
