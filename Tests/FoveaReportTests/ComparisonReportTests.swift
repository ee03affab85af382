import FoveaArray
import FoveaData
import FoveaMetrics
import FoveaReport
import FoveaRuns
import Testing

struct ComparisonReportTests {
  @Test(arguments: [true, false])
  func thePageIsWholeAndSelfContained(hasMatched: Bool) throws {
    expectSelfContained(try MadeReports.comparison(hasMatched: hasMatched).page().source)
  }

  @Test(arguments: [true, false])
  func theVerdictStandsThereInItsOwnWords(hasMatched: Bool) throws {
    let report = try MadeReports.comparison(hasMatched: hasMatched)
    let page = ParsedPage(report.page().source)
    #expect(
      page.all("strong").map { $0.text.lowercased() } == [report.result.verdict.title])
    #expect(page.text.contains(report.result.explanation))
    if let caveat = report.result.caveat { #expect(page.text.contains(caveat)) }
    #expect(hasMatched || report.result.caveat != nil)
  }

  @Test func itShowsTheNumbersOfItsValues() throws {
    let report = try MadeReports.comparison()
    let result = report.result
    let page = ParsedPage(report.page().source)
    let rows = page.rows
    // Plain 2 and 1 of 4, control 3 and 1, attention 4 and 3: differences +50 and +50, +25 and +50.
    let plain = result.againstPlain
    let control = try #require(result.againstMatched)
    func p(_ comparison: PairedComparison, _ seed: Int) -> String {
      NumberText.bareP(comparison.seeds[seed].mcNemarPValue)
    }
    #expect(
      rows.contains([
        "7", "50.0 %", "75.0 %", "100.0 %", "+50.0", p(plain, 0), "+25.0", p(control, 0),
      ]))
    #expect(
      rows.contains([
        "8", "25.0 %", "25.0 %", "75.0 %", "+50.0", p(plain, 1), "+50.0", p(control, 1),
      ]))
    #expect(rows.contains(["mean", "37.5 %", "50.0 %", "87.5 %", "+50.0", "", "+37.5", ""]))
    let interval = try #require(plain.interval)
    let range = NumberText.pointRange(interval.lower, interval.upper)
    let detectable = NumberText.unsignedPoints(try #require(plain.detectableDifference))
    #expect(
      rows.contains(["attention less plain twin", "+50.0", range, "0.500", "0.500", detectable]))
    #expect(page.all("text").contains { $0.text == "+50.0 (\(range))" })
    #expect(
      rows.contains(["Plain twin", "att-plain", "37.5 %", "1,001", "41.2 MFLOP", "48 s"]))
    #expect(page.text.contains("differences under \(detectable) points from the plain twin"))
    #expect(page.text.contains(" from the control, are easily missed."))
    #expect(page.all("pre").map(\.text) == ["fovea compare 'data <i>'"])
  }

  @Test func everySeedIsADotAndAThinLine() throws {
    let page = ParsedPage(try MadeReports.comparison().page().source)
    // Three differences and three accuracies for each seed.
    for seed in ["seed 7: ", "seed 8: "] {
      #expect(page.all("title").filter { $0.text.hasPrefix(seed) }.count == 6)
    }
    // Four charts, three arms, two seeds, and a mean each.
    #expect(page.all("path", class: "thin").count == 4 * 3 * 2)
    #expect(page.all("path", class: "thick").count == 4 * 3)
  }

  @Test func everyNetworkHasItsConfusionAndItsWrongPictures() throws {
    let page = ParsedPage(try MadeReports.comparison().page().source)
    #expect(page.all("table", class: "matrix").count == 3)
    #expect(page.all("ul", class: "gallery").count == 3)
    #expect(page.all("img").count == 6)
    #expect(page.text.contains("wrong with 2 of 2 seeds"))
  }

  @Test func noneWrongIsSaidAlone() throws {
    var report = try MadeReports.comparison()
    let none = WrongItems(
      names: ["a"], labels: [0], classes: MadeReports.classes, probabilities: [[[1, 0, 0]]],
      appearance: { .picture(MadeReports.picture($0)) })
    for index in report.networks.indices { report.networks[index].wrong = none }
    let page = ParsedPage(report.page().source)
    #expect(page.all("p").filter { $0.text == "None is wrong." }.count == 3)
    #expect(!page.text.contains("First come") && !page.text.contains("seed at least"))
  }

  @Test func settingsAreThoseThatTrainingsHad() throws {
    var report = try MadeReports.comparison()
    report.settings.patience = 0
    let rows = ParsedPage(report.page().source).rows
    #expect(rows.contains(["Epochs", "30 at most, none left out"]))
    #expect(rows.contains(["Validation", "5 to 6 pictures"]))
    #expect(rows.contains(["Threads", "3"]))
    var results = try MadeReports.results()
    results.diverged = [DivergedNetwork(.plain, seed: "8", epoch: 4, step: 9, isScored: true)]
    report.result = StudyResult(results)
    #expect(
      ParsedPage(report.page().source).rows.contains([
        "Epochs", "30 at most, none left out but where training diverged",
      ]))
  }

  @Test func differencesOfWordsAreThoseOfErrorRates() throws {
    var report = try MadeReports.comparison()
    report.result = StudyResult(
      try PairedResults(
        seeds: ["7", "8"], items: ["a", "b"], words: [2, 2], plain: [[2, 1], [1, 1]],
        augmented: [[1, 0], [1, 0]]))
    let page = ParsedPage(report.page().source)
    // 3 and 2 errors of 4 words against 1 and 1.
    #expect(page.rows.contains { $0.starts(with: ["7", "75.0 %", "25.0 %", "−50.0"]) })
    #expect(page.rows.contains { $0.starts(with: ["attention less plain twin", "−37.5"]) })
    #expect(page.text.contains("attention helps where it is below zero"))
    #expect(page.text.contains("Training: without an error"))
    #expect(!page.text.contains("Training accuracy"))
    #expect(page.text.contains("37.5 points lower than that of its plain twin"))
  }

  @Test func answersThatAreMissingAreSaidWhereOthersAreShown() throws {
    var report = try MadeReports.comparison()
    let sentence = "Without seed 8, whose network has no answers."
    let open = "where a network has no answers nothing is proven, whatever the intervals."
    let whole = ParsedPage(report.page().source).text
    #expect(!whole.contains(sentence) && !whole.contains(open))
    #expect(report.result.detectableSentence != nil)
    var results = try MadeReports.results()
    results.diverged = [DivergedNetwork(.matched, seed: "8", epoch: 1, step: 4, isScored: false)]
    report.result = StudyResult(results)
    let page = ParsedPage(report.page().source)
    // Once above the confusion, once above the wrong pictures.
    #expect(page.all("p").filter { $0.text == sentence }.count == 2)
    #expect(page.text.contains(open) && report.result.detectableSentence == nil)
  }

  @Test func oneSeedHasNoIntervalAndSaysWhy() throws {
    var report = try MadeReports.comparison()
    report.result = StudyResult(
      try PairedResults(
        seeds: ["1"], items: ["a", "b"], plain: [[true, false]], augmented: [[true, true]],
        matched: [[true, false]]))
    let source = report.page().source
    expectSelfContained(source)
    let page = ParsedPage(source)
    #expect(page.text.contains("One seed cannot show how much results vary from seed to seed"))
    #expect(page.rows.contains { $0.starts(with: ["attention less plain twin", "+50.0", "–"]) })
  }
}

struct WrongItemsTests {
  private let classes = ["a", "b", "c"]

  @Test func mostSeedsWrongComeFirstThenTheLeastProbableTruth() {
    let right: [Float] = [0.8, 0.1, 0.1]
    let wrong: [Float] = [0.2, 0.7, 0.1]
    let verySure: [Float] = [0.01, 0.04, 0.95]
    let items = WrongItems(
      names: ["once", "never", "twice", "twice and sure"], labels: [0, 0, 0, 0], classes: classes,
      probabilities: [[verySure, right, wrong, verySure], [right, right, wrong, verySure]],
      appearance: { .picture(MadeReports.picture($0)) })
    #expect(items.shown.map(\.name) == ["twice and sure", "twice", "once"])
    #expect(items.shown.map(\.predicted) == ["c", "b", "c"])
    #expect(items.shown.map(\.wrongSeeds) == [2, 2, 1])
    #expect(items.count == 3)
    #expect(items.total == 4)
    // The mean of 0.01 and 0.8.
    #expect(abs(items.shown[2].probabilityOfTruth - 0.405) < 1e-6)
  }

  @Test func picturesAreCappedTheOthersNamedAndCounted() {
    let count = 24 + 100 + 3
    let items = WrongItems(
      names: (0..<count).map { "item-\($0)." }, labels: [Int](repeating: 0, count: count),
      classes: classes, probabilities: [[[Float]](repeating: [0, 1, 0], count: count)],
      appearance: { .picture(MadeReports.picture($0 % 256)) })
    let page = ParsedPage(items)
    #expect(page.problem == nil)
    #expect(page.all("img").count == 24)
    #expect(page.text.contains("103 more"))
    #expect(page.text.contains("item-123."))
    #expect(!page.text.contains("item-124."))
    #expect(page.text.contains("… and 3 more."))
  }

  @Test func textsAreShownAsWords() {
    let items = WrongItems(
      names: ["news"], labels: [0], classes: classes, probabilities: [[[0, 1, 0]]],
      appearance: { _ in .text("Shares <fell> today") })
    let page = ParsedPage(items)
    #expect(page.problem == nil)
    #expect(page.all("blockquote").count == 1 && page.all("img").isEmpty)
    #expect(page.text.contains("Shares <fell> today"))
  }

  @Test func aPictureThatHasVanishedKeepsItsPlace() {
    let items = WrongItems(
      names: ["gone"], labels: [0], classes: classes, probabilities: [[[0, 1, 0]]],
      appearance: { _ in throw InputError("cannot be read") })
    let page = ParsedPage(items)
    #expect(page.all("img").isEmpty)
    #expect(page.all("div", class: "absent").count == 1)
    #expect(page.text.contains("gone"))
  }

  @Test func probabilitiesThatAreNoNumbersDoNotStopIt() {
    let items = WrongItems(
      names: ["x", "y"], labels: [1, 1], classes: classes,
      probabilities: [[[.nan, .nan, .nan], [0.9, 0.05, 0.05]]],
      appearance: { .picture(MadeReports.picture($0)) })
    #expect(items.shown.map(\.name) == ["x", "y"])
    #expect(ParsedPage(items).problem == nil)
  }
}
