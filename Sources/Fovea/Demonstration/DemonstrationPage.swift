import FoveaReport

/// The demonstration's `report.html`.
struct DemonstrationPage {
  let searches: [Demonstration.Search]
  let summary: DemonstrationSummary

  /// The page.
  ///
  /// - Throws: `InputError` when a picture cannot be encoded.
  func page() throws -> HTMLPage {
    HTMLPage(
      kind: "Demonstration",
      title: Set(searches.map { $0.study.outcome.result.verdict }).count == 1
        ? "Two searches, one verdict" : "Two searches, two verdicts",
      lead: HTML(joining: [
        Paragraph(
          "In each picture one grating is red and green among gratings of light and dark. Which "
            + "way does it point? Fovea made the pictures, so what matters and where it sits is "
            + "known. In the hard search the gratings are faint, in the easy one they stand out; "
            + "all else is the same."
        ).html, verdicts.html, Paragraph(DemonstrationSummary.meaning).html,
      ]),
      sections: try searches.map { try section($0) } + [repeating],
      footer: "\(foveaVersionText), \(NumberText.duration(summary.seconds)) in all")
  }

  private var verdicts: Table {
    Table(
      [
        .text("search"), .text("verdict"), .number("with attention"), .number("plain twin"),
        .number("control"), .number("fixed filter"),
      ],
      rows: searches.map { search in
        let result = search.study.outcome.result
        return [
          "\(search.task.name), contrast \(search.task.contrast)", result.verdict.title,
          NumberText.percent(result.augmentedAccuracy), NumberText.percent(result.plainAccuracy),
          result.matchedAccuracy.map { NumberText.percent($0) } ?? NumberText.missing,
          NumberText.percent(search.slope.filterAccuracy),
        ]
      })
  }

  private func section(_ search: Demonstration.Search) throws -> Section {
    let report = try ComparisonReport(
      study: search.study.study, outcome: search.study.outcome, summary: search.study.summary,
      dataPath: "scenes", notes: [], command: nil)
    var content: [any HTMLConvertible] = [report.verdict]
    content += try search.highlights.content()
    content += [slopeChart(search.slope), slopeTable(search.slope)]
    content += report.resultSections.flatMap { [Heading($0.title)] + $0.content }
    content.append(
      Paragraph(
        "Curves, confusion and wrong pictures: \(search.task.name)/report.html in the same folder.",
        isMuted: true))
    return Section("The \(search.task.name) search", content)
  }

  private func slopeChart(_ slope: SearchSlope) -> LineChart {
    var chart = LineChart(
      "Accuracy by number of distractors", xTitle: "distractors",
      series: Arm.allCases.map { arm in
        LineChart.Series(
          arm.title, slope.points.map { (Double($0.distractors), $0.accuracy[arm]) },
          style: arm.style, hasMarks: true)
      } + [
        LineChart.Series(
          "Fixed filter, untrained",
          slope.points.map { (Double($0.distractors), $0.filterAccuracy) }, style: .neutral)
      ])
    chart.note = "The search slope of vision research: a flat line is not led astray."
    chart.yFormat = .share
    chart.yLimits = 0...1
    chart.reference = (0.25, "guessing")
    return chart
  }

  private func slopeTable(_ slope: SearchSlope) -> Table {
    Table(
      [.text("network"), .number("points for each distractor")],
      rows: Arm.allCases.map { arm in
        [
          arm.title,
          slope.changePerDistractor[arm].map { NumberText.points($0) } ?? NumberText.missing,
        ]
      } + [
        [
          "Fixed filter, untrained",
          slope.filterChangePerDistractor.map { NumberText.points($0) } ?? NumberText.missing,
        ]
      ])
  }

  private var repeating: Section {
    Section(
      "To repeat it",
      [
        Paragraph(
          "The same machine, threads and seed give the same numbers, also by way of files:"),
        CodeBlock(summary.searches.flatMap(\.commands).joined(separator: "\n")),
      ])
  }
}
