import FoundationEssentials
import FoveaArray
import FoveaTestSupport
import Testing

@testable import FoveaText

struct TokenizerTests {
  private func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(contentsOf: HardTexts.folder.appending(component: name + ".json"))
  }

  @Test(arguments: ["bert", "bert-cased", "gpt2", "roberta"])
  func hardTextsGetTheNumbersAndPlacesOfTheTokenizersPackage(_ name: String) throws {
    let expected = try HardTexts.numbers(of: name)
    let found = HardTexts.numbers(try tokenizer(name), HardTexts.all)
    #expect(found.count == expected.count)
    let wrong = zip(found, expected).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
    #expect(wrong == [], "every ten texts count as one")
  }

  @Test func learningGivesTheVocabularyOfTheTokenizersPackage() throws {
    var trainer = BytePairTrainer()
    trainer.vocabularySize = 900
    let learned = try trainer.train(on: HardTexts.all.prefix(1200))
    let reference = try tokenizer("gpt2")
    #expect(learned.vocabularySize == reference.vocabularySize)
    let differing = (0..<Int32(900)).first { learned.token($0) != reference.token($0) }
    #expect(differing == nil)
    #expect(HardTexts.numbers(learned, HardTexts.all) == (try HardTexts.numbers(of: "gpt2")))
  }
}
