import FoundationEssentials
import FoveaText
import Testing

struct BoundaryTests {
  private struct Recorded: Decodable {
    let words: [String]
    let sentences: [String]
  }

  private static let recorded: Recorded? = {
    let url = HardTexts.folder.deletingLastPathComponent().appending(path: "boundaries.json")
    return try? JSONDecoder().decode(Recorded.self, from: Data(contentsOf: url))
  }()

  /// The hard texts and longer ones made of them, as `Tests/References/boundaries.py` has them.
  static let texts: [String] = {
    let texts = Array(HardTexts.all.prefix(1999))
    let signs = [
      ". ", ".", "! ", "? ", "… ", ".\" ", ".) ", "。", "！", "؟ ", "।", ", ", ": ", ".\n", " ",
      "\n\n", ".5 ", ". 5",
    ]
    return texts
      + stride(from: 0, to: 1192, by: 4).map { index in
        texts[index..<(index + 8)].enumerated()
          .map { $0.element + signs[(index * 7 + $0.offset * 5) % signs.count] }.joined()
      }
  }()

  private func numbers(_ ends: (String) -> [Int]) -> [String] {
    stride(from: 0, to: Self.texts.count, by: 10).map { start in
      var value: UInt64 = 0xCBF2_9CE4_8422_2325
      for text in Self.texts[start..<min(start + 10, Self.texts.count)] {
        for place in ends(text) + [text.unicodeScalars.count] {
          value = (value ^ UInt64(place)) &* 0x100_0000_01B3
        }
      }
      let digits = String(value >> 32, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
  }

  @Test func wordsEndWhereUnicodeSays() throws {
    let recorded = try #require(Self.recorded)
    let found = numbers { text in SegmentedText(text).wordPieces.map(\.upperBound) }
    let wrong = found.indices.filter { found[$0] != recorded.words[$0] }
    #expect(wrong == [], "every ten texts count as one")
  }

  @Test func sentencesEndWhereUnicodeSays() throws {
    let recorded = try #require(Self.recorded)
    let found = numbers { text in SegmentedText(text).sentencePieces.map(\.upperBound) }
    let wrong = found.indices.filter { found[$0] != recorded.sentences[$0] }
    #expect(wrong == [], "every ten texts count as one")
  }

  @Test func sentencesAreTrimmedAndKnowTheirPlace() {
    let text = "One two.  He asked: “why?” It was 3.5 m. ... 你好。世界很大！ مرحبا. كيف حالك؟"
    let sentences = SegmentedText(text).sentences
    #expect(
      sentences.map(\.text) == [
        "One two.", "He asked: “why?”", "It was 3.5 m. ...", "你好。", "世界很大！", "مرحبا.",
        "كيف حالك؟",
      ])
    let scalars = Array(text.unicodeScalars)
    for sentence in sentences {
      #expect(String(String.UnicodeScalarView(scalars[sentence.range])) == sentence.text)
    }
    #expect(SegmentedText("... — !").sentences.isEmpty)
    #expect(SegmentedText("").sentences.isEmpty)
  }

  @Test func wordsHaveLettersOrDigits() {
    let words = SegmentedText("Don't pay $3.14, she said… 世界 カタカナ שלום").words.map(\.text)
    #expect(words == ["Don't", "pay", "3.14", "she", "said", "世", "界", "カタカナ", "שלום"])
  }
}
