import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// Exact copies among texts and recordings, told by what they hold.
struct ContentCopyTests {
  private func texts(_ name: String, _ texts: [(String, Int)]) throws -> TextStore {
    var options = TextStore.Options()
    options.vocabularySize = 300
    options.allowBroken = true
    return try TextStore(
      LabelledDataset(
        name: name, medium: .text, classes: ["fair", "foul"],
        made: texts.enumerated().map { index, text in
          LabelledExample(name: "\(name) \(index)", content: .text(text.0), label: text.1)
        }), options: options)
  }

  private func warnings(_ training: any ExampleStore, _ test: any ExampleStore) -> [String] {
    ContentCopies.warnings(training: training, training.usable, test: test, test.usable)
  }

  @Test func copiesOfTextsAreCounted() throws {
    let all = (0..<20).map { ("the weather of day \($0)", $0 % 2) }
    // Texts without a word give nothing that could be the same.
    let broken = [(" ", 0), (" ", 1)]
    let training = try texts("train", all + broken)
    #expect(
      warnings(training, try texts("test", all + broken)) == [
        "20 of 20 test texts (100 %) have an exact copy in training: the test score will be too good."
      ])
    let others = (30..<40).map { ("the weather of day \($0)", $0 % 2) }
    #expect(warnings(training, try texts("test", others)) == [])
    #expect(
      warnings(training, try texts("test", others + [all[3]])) == [
        "1 of 11 test texts (9.1 %) has an exact copy in training: the test score will be too good."
      ])
  }

  @Test func copiesWithinTrainingAreCounted() throws {
    let all = (0..<20).map { ("the weather of day \($0)", $0 % 2) }
    let training = try texts("train", all + [all[2], (all[4].0, 1), (all[2].0, 1)])
    let test = try texts("test", [("another day", 0), ("one more", 1)])
    #expect(
      warnings(training, test) == [
        "2 sets of the same texts have different labels, like train 2 and train 22.",
        "3 of 23 training texts are exact copies of others: a validation part split off at random may "
          + "hold copies of what is trained on.",
      ])
    // Without a validation part there is none that could hold copies.
    #expect(
      ContentCopies.warnings(
        training: training, training.usable, test: test, test.usable, settingAside: 0
      ).last == "3 of 23 training texts are exact copies of others: they count more than once.")
  }

  /// What a transcript says is what is told of a recording.
  @Test func copiesOfRecordingsAreCounted() throws {
    func store(_ name: String, _ tones: [(Double, [Int])]) throws -> SoundStore {
      try SoundStore(
        LabelledDataset(
          name: name, medium: .sound, classes: ["one", "two"],
          made: tones.enumerated().map { index, tone in
            var example = LabelledExample(
              name: "\(name) \(index)",
              content: .sound(
                Sound(sampleRate: 8_000, made: MadeWAV.tone(tone.0, seconds: 0.2))),
              label: tone.1[0])
            example.words = tone.1
            return example
          }))
    }
    let training = try store("train", [(300, [0]), (400, [1]), (500, [0, 1]), (500, [1, 0])])
    #expect(
      warnings(training, try store("test", [(400, [1]), (700, [0])])) == [
        "1 of 2 test recordings (50 %) has an exact copy in training: the test score will be too good.",
        "1 set of the same recordings has different transcripts, like train 2 and train 3.",
        "1 of 4 training recordings are exact copies of others: a validation part split off at random "
          + "may hold copies of what is trained on.",
      ])
  }
}
