import FoundationEssentials
import FoveaArray
import FoveaTestSupport
import FoveaText
import Testing

/// Tokenizers' files that somebody else wrote.
struct StrangeTokenizerTests {
  private static let file = #"""
    {"truncation":{"max_length":8},"padding":{"pad_id":0},
    "added_tokens":[{"id":2,"content":"[CLS]","special":true},{"id":6,"content":"[NEW]","special":true}],
    "normalizer":{"type":"BertNormalizer","lowercase":true},
    "pre_tokenizer":{"type":"BertPreTokenizer"},
    "post_processor":{"type":"TemplateProcessing",
    "single":[{"SpecialToken":{"id":"[CLS]"}},{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"[SEP]"}}],
    "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2]},"[SEP]":{"id":"[SEP]","ids":[3]}}},
    "model":{"type":"WordPiece","unk_token":"[UNK]","max_input_chars_per_word":100,
    "vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"a":4,"##b":5}}}
    """#

  private static let bertProcessing =
    #""post_processor":{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}"#

  /// The same with the other kind of post-processor.
  private static var withPairs: String {
    let start = file.firstRange(of: #""post_processor""#)?.lowerBound ?? file.startIndex
    let end = file.firstRange(of: #""model""#)?.lowerBound ?? file.endIndex
    return "\(file[..<start])\(bertProcessing),\n\(file[end...])"
  }

  /// Reads a tokenizer and cuts texts with it.
  private static func use(_ text: String) throws {
    let tokenizer = try Tokenizer(json: text, name: "tokenizer.json")
    for length in [0, 1, 3, 100] {
      let tokens = tokenizer.encode("ab a [NEW] c", maximumLength: length)
      #expect(tokens.ids.allSatisfy { (0..<Int32(tokenizer.vocabularySize)).contains($0) })
    }
    #expect(tokenizer.maximumLength.map { $0 >= 1 } ?? true)
  }

  @Test func aFileWithAnyValueReplacedIsRefusedByNameOrUsable() throws {
    for text in [Self.file, Self.withPairs] {
      try Self.use(text)
      for variant in StrangeJSON.variants(of: text) {
        guard let error = try refusal({ try Self.use(variant) }) else { continue }
        #expect(error.place == "tokenizer.json")
      }
    }
  }

  @Test(arguments: [
    (#""pad_id":0"#, #""pad_id":1099511627776"#, "the number of padding is that of no token"),
    (#""ids":[3]"#, #""ids":[4294967296]"#, "the number of [SEP] is that of no token"),
    (#""ids":[3]"#, #""ids":[77]"#, "the number of [SEP] is that of no token"),
    (#""id":6,"#, #""id":100000000,"#, "token [NEW] has the impossible number 100000000"),
    (#""max_length":8"#, #""max_length":-5"#, "max_length is not a whole number from 1 up"),
    (#""max_length":8"#, #""max_length":0"#, "max_length is not a whole number from 1 up"),
    (
      #""max_input_chars_per_word":100"#, #""max_input_chars_per_word":-1"#,
      "max_input_chars_per_word is not a whole number from 1 up"
    ),
  ])
  func numbersThatCannotBeAreNamed(_ old: String, _ new: String, _ problem: String) throws {
    try #require(Self.file.contains(old))
    #expect(throws: InputError(problem, at: "tokenizer.json")) {
      try Self.use(Self.file.replacing(old, with: new))
    }
  }

  @Test func endsThatAreNoTokensAreNamed() throws {
    for (old, new, what) in [("3]", "4294967299]", "sep"), ("2]", "-1]", "cls")] {
      let text = Self.withPairs.replacing("\",\(old)", with: "\",\(new)")
      #expect(throws: InputError("the number of \(what) is that of no token", at: "tokenizer.json"))
      {
        try Self.use(text)
      }
    }
  }

  /// What Hugging Face's libraries write where there is no limit.
  @Test func aLimitBeyondCountingIsNone() throws {
    let text = Self.file.replacing(
      #""max_length":8"#, with: #""max_length":1000000000000000019884624838656"#)
    #expect(try Tokenizer(json: text, name: "tokenizer.json").maximumLength == nil)
  }
}
