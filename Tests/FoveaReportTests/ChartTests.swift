import FoveaMetrics
import FoveaReport
import Testing

struct AxisTests {
  @Test(
    arguments: [
      ([0.0, 1], 0.2, [0, 0.2, 0.4, 0.6, 0.8, 1]),
      ([0.62, 0.93], 0.1, [0.6, 0.7, 0.8, 0.9, 1]),
      ([-3.0, 41], 10, [-10, 0, 10, 20, 30, 40, 50]),
      ([1200.0, 1900], 200, [1200, 1400, 1600, 1800, 2000]),
    ] as [([Double], Double, [Double])])
  func ticksAreRoundAndHoldAllValues(_ values: [Double], _ step: Double, _ ticks: [Double]) {
    let axis = Axis(values)
    #expect(abs(axis.step - step) < 1e-12)
    #expect(axis.ticks.count == ticks.count)
    for (tick, expected) in zip(axis.ticks, ticks) { #expect(abs(tick - expected) < 1e-9) }
    #expect(axis.lower <= values.min() ?? 0 && axis.upper >= values.max() ?? 0)
  }

  @Test(arguments: [0.0, 0.5, 1, -7, 1e9, 1e-9])
  func aConstantLiesWithinAnAxisOfSomeLength(_ value: Double) {
    let axis = Axis([value, value])
    #expect(axis.lower < value && value < axis.upper)
    #expect((2...12).contains(axis.ticks.count))
    let share = Axis([1, 1], limits: 0...1)
    #expect(share.upper == 1 && share.lower < 1)
  }

  @Test func whatIsNoNumberDoesNotCount() {
    #expect(Axis([.nan, 1, .infinity, 3, -.infinity]) == Axis([1, 3]))
    #expect(Axis([]).upper > Axis([]).lower)
  }

  @Test func epochsHaveWholeTicks() {
    #expect(Axis([1, 3], tickCount: 6, isWhole: true, isTight: true).ticks == [1, 2, 3])
    #expect(
      Axis([1, 30], tickCount: 6, isWhole: true, isTight: true).ticks == [5, 10, 15, 20, 25, 30])
    #expect(Axis([1, 1], isWhole: true, isTight: true).ticks == [0, 1, 2])
  }

  @Test func ticksAreWrittenWithTheDecimalsThatTheyNeed() {
    #expect(ValueFormat.share.tick(0.6, step: 0.2) == "60 %")
    #expect(ValueFormat.share.tick(0.625, step: 0.005) == "62.5 %")
    #expect(ValueFormat.difference.tick(0.1, step: 0.05) == "+10")
    #expect(ValueFormat.difference.tick(-0.005, step: 0.005) == "\u{2212}0.5")
    #expect(ValueFormat.number.tick(1.5, step: 0.5) == "1.5")
    #expect(ValueFormat.number.tick(2000, step: 1000) == "2,000")
    #expect(ValueFormat.count.tick(10, step: 5) == "10")
  }
}

struct LineChartTests {
  private func chart(_ values: [Double?]) -> LineChart {
    LineChart(
      "Loss", xTitle: "epoch",
      series: [
        LineChart.Series(
          "training", values.enumerated().map { (Double($0.offset + 1), $0.element) },
          style: .first)
      ])
  }

  @Test func pointsLieWhereTheirNumbersAre() {
    // Axes: epochs 1 to 3 from 50 to 448, values 0 to 4 from 224 up to 24.
    let page = ParsedPage(chart([4, 1, 0]))
    #expect(page.problem == nil)
    #expect(page.all("path").map { $0.attributes["d"] } == ["M50 24L249 174L448 224"])
    #expect(page.all("text").map(\.text) == ["0", "1", "2", "3", "4", "1", "2", "3", "epoch"])
    #expect(page.all("desc").first?.text == "training: from 4.000 at epoch 1 to 0.000 at epoch 3.")
  }

  @Test func oneEpochIsADotInTheMiddle() {
    let page = ParsedPage(chart([0.7]))
    #expect(page.all("path").isEmpty)
    let dots = page.all("circle")
    #expect(dots.count == 1)
    #expect(dots.first?.attributes["cx"] == "249")
    #expect(dots.first?.attributes["cy"] == "124")
  }

  @Test func aConstantIsALevelLine() {
    let page = ParsedPage(chart([0.5, 0.5]))
    #expect(page.all("path").map { $0.attributes["d"] } == ["M50 124L448 124"])
  }

  @Test func whatIsNoNumberBreaksTheLine() {
    let page = ParsedPage(chart([0, 1, .nan, 1, nil, 0, .infinity, 1, 1]))
    #expect(page.problem == nil)
    #expect(
      page.all("path").map { $0.attributes["d"] } == ["M50 224L99.75 24", "M398.25 24L448 24"])
    #expect(page.all("circle").map { $0.attributes["cx"] } == ["199.25", "298.75"])
    for element in page.elements {
      for value in element.attributes.values { #expect(!value.contains("nan")) }
    }
  }

  @Test(arguments: [[], [nil, nil], [Double.nan]] as [[Double?]])
  func withoutNumbersItSaysSo(_ values: [Double?]) {
    let page = ParsedPage(chart(values))
    #expect(page.all("svg").isEmpty)
    #expect(page.text.contains("There are no numbers to draw."))
  }

  @Test func marksAndReferencesAreNamed() {
    var chart = chart([0.2, 0.4, 0.6])
    chart.mark = (2, "kept: epoch 2")
    chart.reference = (0.98, "fixed filter")
    let page = ParsedPage(chart)
    let mark = page.all("line", class: "mark")
    #expect(mark.count == 1)
    #expect(mark.first?.attributes["x1"] == "249")
    #expect(page.all("text").contains { $0.text == "kept: epoch 2" })
    #expect(page.all("text").contains { $0.text == "fixed filter" })
    // The axis reaches up to the reference.
    #expect(page.all("text").contains { $0.text == "1.0" })
  }

  @Test func thinLinesShareTheEntryOfTheThickOne() {
    var chart = chart([1, 2])
    chart.series = [
      LineChart.Series("a", [(1, 1), (2, 3)], style: .first, isThin: true),
      LineChart.Series("a", [(1, 2), (2, 2)], style: .first, isThin: true),
      LineChart.Series("a", [(1, 1.5), (2, 2.5)], style: .first),
      LineChart.Series("b", [(1, 1), (2, 1)], style: .second),
    ]
    let page = ParsedPage(chart)
    #expect(page.all("li").map(\.text) == ["a", "b"])
    #expect(page.all("path", class: "thin").count == 2)
    #expect(page.all("path", class: "thick").count == 2)
  }
}

struct IntervalPlotTests {
  @Test func intervalsAndDotsLieWhereTheirNumbersAre() {
    // The axis runs from −10 to +10 points between 16 and 444: 21.4 a point.
    var plot = IntervalPlot(
      "Difference", axisTitle: "points",
      rows: [
        IntervalPlot.Row(
          "twin", estimate: 0.02, interval: ConfidenceInterval(-0.05, 0.09),
          dots: [("seed 1", -0.1), ("seed 2", 0.1)])
      ])
    plot.reference = (0, "no difference")
    let page = ParsedPage(plot)
    #expect(page.problem == nil)
    let bar = page.all("line", class: "bar").first?.attributes
    #expect(bar?["x1"] == "123")
    #expect(bar?["x2"] == "422.6")
    #expect(page.all("circle").map { $0.attributes["cx"] } == ["272.8", "16", "444"])
    #expect(page.all("title").map(\.text).suffix(2) == ["seed 1: \u{2212}10.0", "seed 2: +10.0"])
    #expect(page.all("text").contains { $0.text == "+2.0" })
    let zero = page.all("line", class: "axis").filter { $0.attributes["x1"] == "230" }
    #expect(zero.count == 1)
  }

  @Test func dotsInOnePlaceDoNotHideEachOther() {
    let plot = IntervalPlot(
      "Accuracy", axisTitle: "accuracy",
      rows: [
        IntervalPlot.Row("plain", estimate: 0.5, dots: [("1", 0.5), ("2", 0.5), ("3", 0.25)])
      ])
    let heights = ParsedPage(plot).all("circle").compactMap { $0.attributes["cy"] }
    #expect(heights == ["38", "32", "38"])
  }

  @Test func withoutIntervalAStrokeStandsAtTheMean() {
    var plot = IntervalPlot(
      "Accuracy", axisTitle: "accuracy",
      rows: [IntervalPlot.Row("plain", estimate: 0.5, dots: [("seed 1", 0.5)], style: .second)])
    plot.format = .share
    plot.limits = 0...1
    let page = ParsedPage(plot)
    #expect(page.problem == nil)
    #expect(page.all("line", class: "bar").map { $0.attributes["x1"] } == ["230"])
    #expect(page.all("polygon").count == 1)
    #expect(page.all("text").contains { $0.text == "50.0 %" })
  }
}
