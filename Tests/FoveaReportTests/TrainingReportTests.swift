import FoveaData
import FoveaReport
import FoveaRuns
import Testing

/// Fails unless a page is whole, refers to nothing outside itself and runs nothing.
func expectSelfContained(_ source: String) {
  let page = ParsedPage(source)
  #expect(page.problem == nil)
  let allowed: Set = [
    "a", "body", "caption", "circle", "dd", "desc", "details", "div", "dl", "dt", "figcaption",
    "figure", "footer", "g", "h1", "h2", "h3", "head", "header", "html", "img", "li", "line",
    "main", "meta", "nav", "p", "path", "polygon", "pre", "section", "small", "span", "strong",
    "style", "summary", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr", "ul",
  ]
  let identifiers = page.elements.compactMap { $0.attributes["id"] }
  #expect(Set(identifiers).count == identifiers.count)
  for element in page.elements {
    #expect(allowed.contains(element.name), "\(element.name)")
    for (name, value) in element.attributes {
      #expect(!name.hasPrefix("on"))
      if name == "src" { #expect(value.hasPrefix("data:image/png;base64,")) }
      if name == "href" { #expect(identifiers.map { "#\($0)" }.contains(value)) }
      if name == "style" { #expect(!value.contains("url")) }
    }
    if element.name == "img" { #expect(element.attributes["alt"]?.isEmpty == false) }
    if element.name == "svg", element.attributes["aria-hidden"] == nil {
      #expect(element.attributes["role"] == "img")
      #expect(element.attributes["aria-label"]?.isEmpty == false)
    }
  }
  for word in ["http://", "https://", "url(", "@import"] { #expect(!source.contains(word)) }
}

struct TrainingReportTests {
  @Test func thePageIsWholeAndSelfContained() throws {
    let source = try MadeReports.training(command: ["fovea", "train", "<b>"]).page().source
    expectSelfContained(source)
    #expect(source.hasPrefix("<!DOCTYPE html>\n"))
  }

  @Test func itShowsTheNumbersOfItsValues() throws {
    let report = try MadeReports.training()
    let page = ParsedPage(report.page().source)
    // 3 of 5 right; Wilson's interval for 3 of 5 is 0.2307 to 0.8824.
    #expect(page.all("dd", class: "value").map(\.text).prefix(1) == ["60.0 %"])
    #expect(page.text.contains("95 % interval 23.1–88.2 %"))
    #expect(page.text.contains("Accuracy on 5 test pictures"))
    #expect(page.text.contains("1,234 pictures"))
    #expect(page.text.contains("23,456, 12,345 trained"))
    #expect(page.text.contains("3 min 12 s"))
    let classes = MadeReports.classes
    // Precision 1/2, recall 1/2; 1/2, 1/1; 1/1, 1/2.
    let rows = page.rows
    #expect(rows.contains([classes[0], "50.0 %", "50.0 %", "50.0 %", "2"]))
    #expect(rows.contains([classes[1], "50.0 %", "100.0 %", "66.7 %", "1"]))
    #expect(rows.contains([classes[2], "100.0 %", "50.0 %", "66.7 %", "2"]))
    // Confusion, and pictures by part.
    #expect(rows.contains([classes[0], "1", "1", "0"]))
    #expect(rows.contains([classes[2], "1", "0", "1"]))
    #expect(rows.contains([classes[0], "1,000", "2"]))
    #expect(rows.contains(["all", "1,234", "5"]))
    // Each epoch; the kept one is marked in both charts.
    #expect(rows.contains(["2", "0.8125", "62.5 %", "0.9375", "56.3 %", "0.001", "2.0 s"]))
    #expect(page.all("text").filter { $0.text == "kept: epoch 2" }.count == 2)
  }

  @Test func shadesGrowWithTheShareOfTheTrueClass() throws {
    let page = ParsedPage(try MadeReports.training().page().source)
    let shades = page.all("td").compactMap { $0.attributes["style"] }
    // Half of a class: 0.06 + 0.54/2; all of it: 0.6.
    #expect(shades.filter { $0 == "background: rgba(var(--right), 0.33)" }.count == 2)
    #expect(shades.filter { $0 == "background: rgba(var(--wrong), 0.33)" }.count == 2)
    #expect(shades.filter { $0 == "background: rgba(var(--right), 0.6)" }.count == 1)
  }

  @Test func wrongPicturesAreShownWorstFirst() throws {
    let page = ParsedPage(try MadeReports.training().page().source)
    let items = page.all("li").filter {
      $0.path.contains("section") && $0.text.contains("taken for")
    }
    #expect(items.count == 2)
    // p4: 0.0625 for its class; p1: 0.25.
    #expect(items.first?.text.contains("p4 & more") == true)
    #expect(items.first?.text.contains("(87.5 %)") == true)
    #expect(items.first?.text.contains("(6.3 %)") == true)
    #expect(items.last?.text.contains("p1 <b>") == true)
    #expect(page.text.contains("2 of 5 pictures of the test part are wrong"))
  }

  @Test(arguments: 0...1) func oneWrongPictureIsOneAndNoneIsNone(count: Int) throws {
    var report = try MadeReports.training()
    report.measurement?.wrong = WrongItems(
      names: ["a", "b"], labels: [0, count], classes: MadeReports.classes,
      probabilities: [[[0.75, 0.25, 0], [0.75, 0.25, 0]]],
      appearance: { .picture(MadeReports.picture($0)) })
    let text = ParsedPage(report.page().source).text
    #expect(text.contains("1 of 2 pictures of the test part is wrong. ") == (count == 1))
    #expect(text.contains("None is wrong.") == (count == 0))
    #expect(text.contains("First come those") == (count == 1))
  }

  @Test func validationResultsCarryTheirCaveat() throws {
    let words = "There is no test part. These pictures chose the epoch, so new pictures"
    let tested = ParsedPage(try MadeReports.training().page().source)
    #expect(!tested.text.contains(words))
    var report = try MadeReports.training(part: "validation")
    #expect(ParsedPage(report.page().source).text.contains(words))
    // Of one epoch, and where the last one is kept, nothing was chosen.
    let history = report.history
    report.history = Array(history.prefix(1))
    let nothing = "There is no test part. These pictures chose nothing."
    #expect(ParsedPage(report.page().source).text.contains(nothing))
    report.history = history
    report.configuration.training.keepsBest = false
    #expect(ParsedPage(report.page().source).text.contains(nothing))
    report.measurement = nil
    let unknown = ParsedPage(report.page().source)
    #expect(unknown.text.contains("how good the network is on new pictures is not known"))
  }

  @Test func settingsSayWhatWasDoneWithThem() throws {
    var report = try MadeReports.training()
    func rows() -> [[String]] { ParsedPage(report.page().source).rows }
    let patient = ["Epochs", "3 at most, ended by 10 epochs in a row without a better one"]
    let best = ["Weights kept", "of the epoch with the best validation result"]
    var found = rows()
    #expect(found.contains(patient) && found.contains(best))
    #expect(found.contains(["Validation", "56 pictures"]))
    #expect(found.contains(["Threads", "all processors"]))
    report.configuration.divergence = Divergence(epoch: 3, step: 25, quantity: .gradient)
    report.configuration.trainingThreads = 2
    found = rows()
    #expect(found.contains(["Epochs", "3 at most, cut short in epoch 3, where training diverged"]))
    #expect(found.contains(best) && found.contains(["Threads", "2"]))
    report.configuration.data.validationCount = 0
    #expect(rows().contains(["Weights kept", "of the last epoch before training diverged"]))
    report.configuration.divergence = nil
    found = rows()
    #expect(found.contains(["Epochs", "3 at most, none left out"]))
    #expect(found.contains(["Weights kept", "of the last epoch"]))
    #expect(found.contains(["Validation", "none"]))
  }

  @Test func brokenPicturesAreNamedAndCounted() throws {
    let page = ParsedPage(try MadeReports.training(broken: 23).page().source)
    #expect(page.text.contains("23 of 27 pictures are broken and skipped"))
    #expect(page.text.contains("<4>.png"))
    #expect(page.text.contains("<23>.png"))
    #expect(!page.text.contains("<24>.png"))
    #expect(page.text.contains("… and 3 more"))
    #expect(page.text.contains("Half of <everything> is a copy."))
  }

  @Test func wordsOfTranscriptsAreCountedAsWords() {
    func page(_ task: LearningTask) -> ParsedPage {
      let names = (0..<25).map { "n\($0)" }
      let part = DataText.Part("training", counts: Array(0..<25))
      return ParsedPage(
        HTML(
          joining: DataText(path: "d", classes: names, task: task, parts: [part])
            .section.content.map(\.html)))
    }
    #expect(page(.classify).text.contains("Examples of 25 classes"))
    let words = page(.transcribe)
    #expect(words.text.contains("Words said, of 25 words"))
    #expect(words.rows.contains(["word said", "training"]))
  }

  @Test func itSaysHowToRepeatIt() throws {
    let given = try MadeReports.training(command: ["fovea", "train", "my data", "--seed", "3"])
    #expect(
      ParsedPage(given.page().source).all("pre").map(\.text) == ["fovea train 'my data' --seed 3"])
    #expect(
      ParsedPage(try MadeReports.training().page().source).text.contains("started from Swift"))
  }

  @Test func oneEpochWithoutValidationIsShown() throws {
    let history = [MadeReports.record(1, loss: 0.75, accuracy: 0.5, validation: nil)]
    let source = try MadeReports.training(history: history).page().source
    expectSelfContained(source)
    let page = ParsedPage(source)
    #expect(page.rows.contains(["1", "0.7500", "50.0 %", "–", "–", "0.001", "2.0 s"]))
    #expect(!page.all("li").contains { $0.text == "validation" })
    #expect(page.all("polygon", class: "solid").count == 2)
  }

  @Test func curvesOfTranscriptsAreOfUtterancesWithoutAnError() {
    func page(_ task: LearningTask) -> ParsedPage {
      ParsedPage(TrainingCurves(MadeReports.history, keptEpoch: 2, task: task))
    }
    #expect(page(.classify).text.contains("validation accuracy"))
    let words = page(.transcribe)
    #expect(words.text.contains("Without an error") && !words.text.contains("ccuracy"))
    #expect(words.rows[0].contains("validation without an error"))
  }

  @Test func aTrainingThatDivergedStillHasAPage() throws {
    let history = [
      MadeReports.record(1, loss: 3e38, accuracy: 0.5, validation: (.infinity, 0.5)),
      MadeReports.record(2, loss: .nan, accuracy: 0, validation: (.nan, 0)),
    ]
    expectSelfContained(try MadeReports.training(history: history).page().source)
  }

  @Test func sectionsOfOthersFollowTheResult() throws {
    let page = ParsedPage(
      try MadeReports.training().page(adding: [Section("Highlights", [Paragraph("…")])]).source)
    #expect(
      page.all("h2").map(\.text) == [
        "Result on the test part", "What it had wrong", "Highlights", "Curves", "Data",
        "Network and settings", "How to repeat it",
      ])
  }
}
