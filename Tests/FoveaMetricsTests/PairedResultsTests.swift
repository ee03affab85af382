import FoveaArray
import FoveaMetrics
import Testing

struct PairedResultsTests {
  let columns = ["seed", "item", "plain", "augmented", "matched"]
  let rows = [
    ["1", "a.png", "1", "1", "0"], ["1", "b.png", "0", "1", "0"],
    ["2", "b.png", "0", "0", "1"], ["2", "a.png", "0", "1", "1"],
  ]

  @Test func aTableIsReadInAnyOrder() throws {
    let results = try PairedResults(columns: columns, rows: rows)
    #expect(results.seeds == ["1", "2"])
    #expect(results.items == ["a.png", "b.png"])
    #expect(results.outcomes(of: .plain) == [true, false, false, false])
    #expect(results.outcomes(of: .augmented) == [true, true, true, false])
    #expect(results.outcomes(of: .matched) == [false, false, true, true])
  }

  @Test func theControlMayBeLeftOutAndOtherColumnsAreLeftAlone() throws {
    let results = try PairedResults(
      columns: ["\u{FEFF}Augmented", "note", " item ", "plain", "seed"],
      rows: [["1", "", "x", " 0", "7"]])
    #expect(results.seeds == ["7"])
    #expect(results.items == ["x"])
    #expect(results.outcomes(of: .augmented) == [true])
    #expect(results.outcomes(of: .plain) == [false])
    #expect(results.outcomes(of: .matched) == nil)
    #expect(!results.hasMatched)
  }

  @Test func arraysInMemoryGiveTheSame() throws {
    let fromTable = try PairedResults(columns: columns, rows: rows)
    let fromArrays = try PairedResults(
      seeds: ["1", "2"], items: ["a.png", "b.png"], plain: [[true, false], [false, false]],
      augmented: [[true, true], [true, false]], matched: [[false, false], [true, true]])
    #expect(fromTable == fromArrays)
  }

  /// Every item of a network that diverged counts as wrong, and nothing is proven by that.
  @Test func aNetworkThatDivergedProvesNothing() throws {
    let rows = (0..<3).flatMap { seed in
      (0..<40).map { ["\(seed)", "\($0)", "0", "1", "0", seed == 1 ? "plain matched" : ""] }
    }
    let results = try PairedResults(columns: columns + ["diverged"], rows: rows)
    #expect(results.diverged.map(\.arm) == [.plain, .matched])
    #expect(results.diverged.allSatisfy { $0.seed == "1" && !$0.isScored })
    let result = StudyResult(results)
    #expect(result.verdict == .noProvenGain)
    #expect(
      result.explanation
        == "2 networks diverged and have no answers, so nothing is proven: accuracies "
        + "and differences below count them as wrong on every item.")
    #expect(
      result.unscoredSentence(of: .plain) == "Without seed 1, whose network has no answers.")
    #expect(result.unscoredSentence(of: .augmented) == nil)
    #expect(result.caveat?.contains("plain with seed 1") == true)
    let wrong = [[Bool]](repeating: [Bool](repeating: false, count: 40), count: 3)
    func sentence(_ seeds: [String]) throws -> String? {
      try ControlResult("bag", wrong, beside: results, diverged: seeds)?.divergedSentence
    }
    #expect(
      try sentence(["2"]) == "It diverged with seed 2, where every item counts as wrong.")
    #expect(
      try sentence(["0", "2"]) == "It diverged with seeds 0, 2, where every item counts as wrong.")
    // Without the column the same numbers would be a proof.
    let silent = StudyResult(
      try PairedResults(columns: columns, rows: rows.map { Array($0.prefix(5)) }))
    #expect(silent.verdict == .attentionHelps && silent.diverged == nil)
    // One that has an epoch before is scored like the others.
    var scored = try PairedResults(columns: columns, rows: rows.map { Array($0.prefix(5)) })
    scored.diverged = [DivergedNetwork(.plain, seed: "2", epoch: 4, step: 80, isScored: true)]
    let late = StudyResult(scored)
    #expect(late.verdict == .attentionHelps)
    #expect(late.caveat?.contains("plain with seed 2 in epoch 4") == true)
  }

  @Test func aMissingItemIsNamedWithItsSeed() {
    expectError("r.csv: item \"a.png\" has no result for seed \"2\". Every seed", rows.dropLast())
    expectError("(2 results are missing in all)", [rows[0], ["2", "b", "1", "1", "1"]])
  }

  @Test func twoRowsForOneItemAreNamedByRow() {
    expectError(
      "r.csv, row 6: item \"b.png\" stands twice under seed \"1\", first in row 3",
      rows + [["1", "b.png", "0", "1", "0"]])
  }

  @Test(arguments: ["", "2", "yes", "nan", "0.5", "1.0"])
  func anUnknownValueIsNamedByRow(value: String) {
    expectError(
      "r.csv, row 3: `augmented` is \"\(value)\"",
      [rows[0], ["1", "b.png", "0", value, "0"]])
  }

  @Test func otherBadTables() {
    expectError("r.csv: there are no results", [])
    expectError("r.csv, row 2: the row has 4 cells, the heading 5", [["1", "a", "1", "1"]])
    expectError("r.csv, row 2: the item is empty", [["1", " ", "1", "1", "1"]])
    expectError("r.csv, row 2: the seed is empty", [["", "a", "1", "1", "1"]])
    expectError(
      "r.csv, row 1: there is no column `plain`", [], columns: ["seed", "item", "augmented"])
    expectError(
      "r.csv, row 1: two columns are called `seed`", [], columns: ["seed", "item", "Seed"])
  }

  @Test func aControlForSomeItemsOnlyIsAnError() throws {
    let error = try #require(throws: InputError.self) {
      try PairedResults(records: [
        .init(seed: "1", item: "a", plain: true, augmented: true, matched: true),
        .init(seed: "1", item: "b", plain: true, augmented: true),
      ])
    }
    #expect(error.description.contains("item \"b\" with seed \"1\""))
  }

  /// A seed and an item of its own in every row: no table of 10¹⁰ cells may be made of it.
  @Test func aHugeTableWithHolesIsRefusedAtOnce() {
    let rows = (0..<100_000).map { ["\($0)", "\($0)", "1", "1", "1"] }
    expectError("item \"1\" has no result for seed \"0\" (9999900000 results", rows)
  }

  private func expectError(
    _ text: String, _ rows: [[String]], columns: [String]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try PairedResults(columns: columns ?? self.columns, rows: rows, place: "r.csv")
      Issue.record("no error", sourceLocation: sourceLocation)
    } catch {
      #expect("\(error)".contains(text), sourceLocation: sourceLocation)
    }
  }
}
