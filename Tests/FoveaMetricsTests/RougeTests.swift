import FoundationEssentials
import FoveaArray
import FoveaMetrics
import Testing

/// Golden numbers: `Tests/References/rouge.py` (`rouge-score`, NLTK).
struct RougeTests {
  private struct Recorded: Decodable {
    struct Pair: Decodable {
      let summary: String
      let reference: String
      let stemming: Bool
      let scores: [[Double]]
    }

    let stems: [String]
    let endings: [String]
    let hash: String
    let pairs: [Pair]
  }

  private func recorded() throws -> Recorded {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      Recorded.self, from: Data(contentsOf: folder.appending(path: "References/rouge.json")))
  }

  @Test func scoresAreThoseOfTheReferencePackage() throws {
    let recorded = try recorded()
    #expect(recorded.pairs.count == 60)
    for pair in recorded.pairs {
      let rouge = Rouge(pair.summary, against: pair.reference, stemming: pair.stemming)
      let found = [rouge.one, rouge.two, rouge.longest].map { [$0.precision, $0.recall, $0.f1] }
      for (found, expected) in zip(found.joined(), pair.scores.joined()) {
        #expect(abs(found - expected) <= 1e-6, "\(pair.summary)")
      }
    }
  }

  @Test func stemsAreThoseOfTheReferencePackage() throws {
    let recorded = try recorded()
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for stem in recorded.stems {
      for ending in recorded.endings {
        for byte in Array(PorterStemmer.stem(stem + ending).utf8) + [0x0A] {
          value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
        }
      }
    }
    let digits = String(value, radix: 16)
    #expect(String(repeating: "0", count: 16 - digits.count) + digits == recorded.hash)
  }

  @Test(arguments: [
    ("caresses", "caress"), ("ties", "tie"), ("dying", "die"), ("agreed", "agre"),
    ("hopping", "hop"), ("falling", "fall"), ("filing", "file"), ("happy", "happi"),
    ("enjoy", "enjoy"), ("relational", "relat"), ("theology", "theolog"), ("adoption", "adopt"),
  ]) func wordsLoseTheirEndings(_ word: String, _ stem: String) {
    #expect(PorterStemmer.stem(word) == stem)
  }

  @Test func aSummaryEqualToTheReferenceHasAllAndAnEmptyOneNothing() {
    let text = "Networks that attend see more."
    let all = Rouge(text, against: text)
    #expect([all.one.f1, all.two.f1, all.longest.f1] == [1, 1, 1])
    let none = Rouge("", against: text)
    #expect([none.one.f1, none.two.f1, none.longest.f1] == [0, 0, 0])
    // One of three words, no pair: by hand.
    let part = Rouge("see it now", against: "they see")
    #expect(part.one.precision == 1.0 / 3)
    #expect(part.one.recall == 0.5)
    #expect(part.two.f1 == 0)
  }
}
