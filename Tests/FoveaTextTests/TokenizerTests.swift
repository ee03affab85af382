import FoundationEssentials
import FoveaArray
import FoveaTestSupport
import FoveaText
import Testing

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

  /// What is written is read back as the same tokenizer.
  @Test(arguments: ["bert", "bert-cased", "gpt2", "roberta"])
  func aTokenizerIsWrittenWhole(_ name: String) throws {
    let folder = try TemporaryFolder()
    let written = try tokenizer(name)
    try written.write(to: folder.file("tokenizer.json"))
    let read = try Tokenizer(contentsOf: folder.url)
    #expect(read.vocabularySize == written.vocabularySize)
    #expect(read.maximumLength == written.maximumLength)
    for text in HardTexts.all.prefix(600) { #expect(read.encode(text) == written.encode(text)) }
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

struct TokenizerPlaceTests {
  private func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(contentsOf: HardTexts.folder.appending(component: name + ".json"))
  }

  @Test(arguments: ["bert", "bert-cased", "gpt2", "roberta"])
  func placesAreWholeCharactersOfTheText(_ name: String) throws {
    let tokenizer = try tokenizer(name)
    for text in HardTexts.all.prefix(400) {
      let utf8 = Array(text.utf8)
      let characters = Array(text.unicodeScalars)
      let tokens = tokenizer.encode(text)
      for (bytes, scalars) in zip(tokens.byteRanges, tokens.characterRanges(in: text)) {
        let expected = String(String.UnicodeScalarView(characters[scalars]))
        #expect(Array(expected.utf8) == Array(utf8[bytes]))
      }
    }
  }

  @Test func bytePairsGiveTheTextBack() throws {
    let tokenizer = try tokenizer("gpt2")
    for text in HardTexts.all.prefix(400) {
      let tokens = tokenizer.encode(text, addingSpecialTokens: false)
      #expect(
        Array(tokenizer.decode(tokens.ids, skippingSpecialTokens: false).utf8) == Array(text.utf8))
    }
  }

  @Test func wordPiecesReadWell() throws {
    let tokenizer = try tokenizer("bert-cased")
    let tokens = tokenizer.encode("you're the 3.14")
    #expect(tokenizer.decode(tokens.ids) == "you're the 3. 14")
    #expect(tokenizer.token(tokens.ids[0]) == "[CLS]")
    #expect(tokens.byteRanges[0].isEmpty)
  }

  @Test func whatIsTooLongIsCutAndCounted() throws {
    let tokenizer = try tokenizer("bert")
    let whole = tokenizer.encode("the don't the don't the")
    let cut = tokenizer.encode("the don't the don't the", maximumLength: 6)
    #expect(cut.count == 6)
    #expect(cut.droppedCount == whole.count - 6)
    #expect(cut.ids.first == whole.ids.first)
    #expect(cut.ids.last == whole.ids.last)
    #expect(Array(cut.ids.prefix(5)) == Array(whole.ids.prefix(5)))
  }
}

struct TokenizerFileTests {
  private func message(_ json: String) -> String? {
    do {
      _ = try TokenizerFile(JSONValue(Array(json.utf8), name: "t.json"), name: "t.json")
        .tokenizer()
      return nil
    } catch { return "\(error)" }
  }

  private let advice =
    ". Fovea knows WordPiece as BERT uses it and byte-level BPE as GPT-2 and RoBERTa do"

  @Test func whatIsNotSupportedIsNamed() {
    #expect(
      message(#"{"model": {"type": "Unigram", "vocab": [["a", 0.1]]}}"#)
        == "t.json: the model Unigram is not supported" + advice)
    let model = #""model": {"type": "WordPiece", "unk_token": "u", "vocab": {"u": 0, "a": 1}}"#
    #expect(message("{\(model)}") == nil)
    for (part, name) in [
      (#""normalizer": {"type": "Precompiled"}"#, "the normalizer Precompiled"),
      (#""pre_tokenizer": {"type": "Metaspace"}"#, "the pre_tokenizer Metaspace"),
      (
        #""pre_tokenizer": {"type": "ByteLevel"}"#,
        "pre_tokenizer ByteLevel with the model WordPiece"
      ),
      (#""post_processor": {"type": "Strange"}"#, "the post_processor Strange"),
      (
        #""added_tokens": [{"id": 2, "content": "b", "single_word": true}]"#,
        "single_word of the added token b"
      ),
    ] {
      #expect(message("{\(part), \(model)}") == "t.json: \(name) is not supported" + advice)
    }
    #expect(
      message(#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}"#)
        == "t.json: the model BPE without the pre_tokenizer ByteLevel is not supported" + advice)
    let split = #""pre_tokenizer": {"type": "ByteLevel"}"#
    #expect(
      message(#"{\#(split), "model": {"type": "BPE", "vocab": {"a": 0}, "dropout": 0.1}}"#)
        == "t.json: dropout of the model BPE is not supported" + advice)
    #expect(
      message(#"{\#(split), "model": {"type": "BPE", "vocab": {"a": 0}}}"#)
        == "t.json: the vocabulary has no token for the byte 0x0. "
        + "A byte-level vocabulary holds all 256 bytes")
  }

  @Test func brokenFilesAreRefused() {
    #expect(
      message("{")
        == "t.json, row 1: the JSON ends too early. It was probably cut off: copy or write it again"
    )
    #expect(message("{a: 1}") == "t.json, row 1: the JSON has a name without quotes")
    #expect(message("{\n\n\"a\": }") == "t.json, row 3: the JSON has a strange character")
    #expect(message("{}") == "t.json: holds no model of a tokenizer")
    #expect(
      message(#"{"model": {"type": "WordPiece", "vocab": {"a": 0, "b": 0}}}"#)
        == "t.json: tokens a and b have the number 0")
    #expect(
      message(#"{"model": {"type": "WordPiece", "vocab": {"a": 0}}}"#)
        == "t.json: the vocabulary has no token [UNK] for unknown words")
    #expect(
      message(#"{"model": {"type": "WordPiece", "vocab": {"a": 99999}}}"#)
        == "t.json: token a has the impossible number 99999")
  }

  @Test func equalTextsOfOtherBytesAreOtherTokens() throws {
    let json = #"{"a": 1, "é": 2, "e\#u{301}": 3, "\ud83d\ude00\n": 4}"#
    let value = try JSONValue(Array(json.utf8), name: "t.json")
    let members = try #require(value.members)
    #expect(members.count == 4)
    #expect(members[1].name != members[2].name)
    #expect(members[3].name == Array("😀\n".utf8))
    #expect(value["a"].int == 1)
  }

  @Test func aFolderOfBERTsFilesIsReadAsItsTokenizerFile() throws {
    let folder = try TemporaryFolder()
    let reference = try Tokenizer(
      contentsOf: HardTexts.folder.appending(component: "bert-cased.json"))
    let tokens = (0..<Int32(reference.vocabularySize)).map { reference.token($0) ?? "" }
    try Data(tokens.joined(separator: "\n").utf8).write(to: folder.file("vocab.txt"))
    try Data(#"{"do_lower_case": false}"#.utf8).write(to: folder.file("tokenizer_config.json"))
    let read = try Tokenizer(contentsOf: folder.url)
    #expect(
      HardTexts.numbers(read, Array(HardTexts.all.prefix(300)))
        == HardTexts.numbers(reference, Array(HardTexts.all.prefix(300))))
  }

  @Test func aFolderOfGPT2sFilesIsReadAsItsTokenizerFile() throws {
    let folder = try TemporaryFolder()
    let url = HardTexts.folder.appending(component: "gpt2.json")
    let json = try JSONValue(TextBytes.read(url), name: "gpt2.json")["model"]
    let vocabulary = try #require(json["vocab"].members)
    let object = Dictionary(
      uniqueKeysWithValues: vocabulary.map {
        (String(decoding: $0.name, as: UTF8.self), $0.value.int ?? -1)
      })
    try JSONEncoder().encode(object).write(to: folder.file("vocab.json"))
    let merges = try #require(json["merges"].elements).map { pair in
      (pair.elements ?? []).compactMap(\.text).joined(separator: " ")
    }
    try Data((["#version: 0.2"] + merges).joined(separator: "\n").utf8)
      .write(to: folder.file("merges.txt"))
    let read = try Tokenizer(contentsOf: folder.url)
    let reference = try Tokenizer(contentsOf: url)
    #expect(
      HardTexts.numbers(read, Array(HardTexts.all.prefix(300)))
        == HardTexts.numbers(reference, Array(HardTexts.all.prefix(300))))
  }

  @Test func aFolderWithoutTokenizerSaysWhatItNeeds() throws {
    let folder = try TemporaryFolder()
    #expect(
      throws: InputError(
        "holds no tokenizer", at: folder.path,
        advice: "It needs a tokenizer.json, a vocab.txt, or a vocab.json with a merges.txt")
    ) { try Tokenizer(contentsOf: folder.url) }
  }
}
