import FoundationEssentials
import FoveaText
import Testing

/// Two thousand texts in many scripts, the same as `Tests/References/hard_texts.py` makes, and what
/// the `tokenizers` package makes of them.
enum HardTexts {
  static let all: [String] = {
    var random = SplitMix64(state: 20)
    var texts = special
    while texts.count < 1999 { texts.append(text(&random)) }
    // A megabyte without a space.
    texts.append(
      String(decoding: (0..<(1 << 20)).map { _ in UInt8(0x61 + random.below(6)) }, as: UTF8.self))
    return texts
  }()

  /// What was recorded for every ten texts, by the tokenizer's name.
  static func numbers(of name: String) throws -> [String] {
    struct Numbers: Decodable {
      let bert: [String]
      let bertCased: [String]
      let gpt2: [String]
      let roberta: [String]

      enum CodingKeys: String, CodingKey {
        case bert, gpt2, roberta
        case bertCased = "bert-cased"
      }
    }
    let data = try Data(contentsOf: folder.appending(component: "numbers.json"))
    let numbers = try JSONDecoder().decode(Numbers.self, from: data)
    switch name {
    case "bert": return numbers.bert
    case "bert-cased": return numbers.bertCased
    case "gpt2": return numbers.gpt2
    default: return numbers.roberta
    }
  }

  /// The folder of recorded tokenizers.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "References/tokenizers")

  /// A hash of all ids and places of every ten texts.
  static func numbers(_ tokenizer: Tokenizer, _ texts: [String]) -> [String] {
    stride(from: 0, to: texts.count, by: 10).map { start in
      var value: UInt64 = 0xCBF2_9CE4_8422_2325
      func add(_ number: Int) { value = (value ^ UInt64(number)) &* 0x100_0000_01B3 }
      for text in texts[start..<min(start + 10, texts.count)] {
        let tokens = tokenizer.encode(text)
        for (id, range) in zip(tokens.ids, tokens.characterRanges(in: text)) {
          add(Int(id))
          add(range.lowerBound)
          add(range.upperBound)
        }
        add(tokens.count)
      }
      let digits = String(value >> 32, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
  }

  private static func text(_ random: inout SplitMix64) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<(1 + random.below(12)) {
      if random.below(3) == 0 {
        text += words[random.below(words.count)].unicodeScalars
      } else {
        let kind = alphabets[random.below(alphabets.count)]
        for _ in 0..<(1 + random.below(6)) {
          let range = kind[random.below(kind.count)]
          let value = range.lowerBound + UInt32(random.below(range.count))
          text.append(Unicode.Scalar(value) ?? "?")
        }
      }
      if random.below(2) == 0 { text.append(" ") }
    }
    return String(text)
  }

  /// Characters of one kind.
  private static let alphabets: [[ClosedRange<UInt32>]] = [
    [0x61...0x7A], [0x41...0x5A], [0x30...0x39], [0x20...0x20], [0x21...0x2F, 0x3A...0x40],
    [0x5B...0x60, 0x7B...0x7E], [0x0...0x1F], [0x7F...0x9F], [0xA0...0xFF], [0x100...0x17F],
    [0x180...0x24F], [0x300...0x344], [0x391...0x3A1, 0x3A3...0x3CE], [0x400...0x45F],
    [0x5D0...0x5EA], [0x591...0x5BD], [0x621...0x64A], [0x64B...0x652], [0x660...0x669],
    [0x905...0x939, 0x93E...0x94D], [0x958...0x95F], [0xE01...0xE3A], [0x1100...0x1112],
    [0x1161...0x1175], [0x1EA0...0x1EF9], [0x1F00...0x1F15], [0x2000...0x200F],
    [0x2010...0x2027], [0x2028...0x202F], [0x20A0...0x20AC], [0x2100...0x214F],
    [0x2190...0x21FF], [0x2460...0x2473], [0x2150...0x2188], [0x3000...0x3003],
    [0x3041...0x3096], [0x30A1...0x30FA], [0x4E00...0x4FFF], [0x9F00...0x9FA5],
    [0xAC00...0xD7A3], [0xE000...0xE010], [0xF900...0xFA0D], [0xFB00...0xFB06, 0xFB13...0xFB17],
    [0xFE0E...0xFE0F], [0xFF01...0xFF5E], [0xFEFF...0xFEFF, 0xFFFD...0xFFFD],
    [0x10400...0x10427], [0x1D15E...0x1D164], [0x1D400...0x1D433], [0x1F300...0x1F5FF],
    [0x1F600...0x1F64F], [0x20000...0x200FF], [0x2F800...0x2F80F], [0x1F1E6...0x1F1FF],
  ]

  private static let words = [
    "the", "The", "don't", "we'll", "it's", "I'M", "they've", "you're", "he'd", "'s", "' s",
    "  ", "[CLS]", "[SEP]", "[MASK]", "[cls]", "<|endoftext|>", "<mask>", " <mask> ",
    "na\u{EF}ve", "\u{C5}ngstr\u{F6}m", "\u{130}stanbul",
    "\u{3A3}\u{38A}\u{3A3}\u{3A5}\u{3A6}\u{39F}\u{3A3}", "stra\u{DF}e", "e\u{301}",
    "\u{323}\u{301}", "q\u{307}\u{323}", "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}",
    "\u{1F44D}\u{1F3FD}", "\u{1F1E9}\u{1F1EA}", "\u{2764}\u{FE0F}", "\u{D55C}\u{AD6D}\u{C5B4}",
    "\u{65E5}\u{672C}\u{8A9E}", "\u{4E2D}\u{6587}\u{5B57}\u{7B26}",
    "\u{627}\u{644}\u{639}\u{631}\u{628}\u{64A}\u{629}", "\u{5E2}\u{5D1}\u{5E8}\u{5D9}\u{5EA}",
    "\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940}", "\u{E44}\u{E17}\u{E22}", "3.14", "1,000",
    "C++", "a_b", "foo@bar.com", "http://x.y/z?q=1", "\u{9}", "\u{A}", "\u{D}\u{A}", "\u{A0}",
    "\u{3000}", "\u{2026}", "\u{201C}quote\u{201D}", "x\u{B2}", "\u{BD}", "\u{2167}",
  ]

  private static let special = [
    "", " ", "  ", "\u{A}", "\u{A}\u{A} ", "\u{9} x", " x", "x ", "'", "''", "\u{200D}",
    "\u{301}", "\u{0}", "\u{FFFD}",
  ]
}

/// Steele et al. 2014.
struct SplitMix64 {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
