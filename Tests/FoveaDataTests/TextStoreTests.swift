import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import FoveaText
import Testing

/// Texts as data: what they are told by, what is wrong with them, tokens, batches, windows.
struct TextStoreTests {
  private func dataset(_ texts: [String]) -> LabelledDataset {
    LabelledDataset(
      name: "made", medium: .text, classes: ["a", "b"],
      made: texts.enumerated().map { index, text in
        LabelledExample(name: "\(index)", content: .text(text), label: index % 2)
      })
  }

  private static let words = ["a cat sat", "dogs run far away", "a dog", "cats sleep all day long"]

  private func failure<Result>(_ body: () throws -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func whatTheDataAreFollowsFromNamesAndColumns() throws {
    let folder = try TemporaryFolder()
    for name in ["good/a.txt", "good/b.txt", "bad/c.txt"] { try folder.write("x y", "d/\(name)") }
    let data = try LabelledSource.read(folder.file("d"))
    #expect(data.medium == .text && data.training.classes == ["bad", "good"])
    for (name, table) in [
      ("t.csv", "text,label\n\"one, two\",x\nthree,y\n"),
      ("t.tsv", "label\ttext\nx\tone, two\ny\tthree\n"),
      (
        "t.jsonl",
        #"{"text": "one, two", "label": "x"}"# + "\n" + #"{"text": "three", "label": "y"}"#
      ),
    ] {
      try folder.write(table, "\(name).d/train\(name.dropFirst())")
      try folder.write(table, "\(name).d/test\(name.dropFirst())")
      try folder.write(table, name)
      for path in [name, "\(name).d"] {
        let read = try LabelledSource.read(folder.file(path))
        #expect(read.medium == .text && read.training.classes == ["x", "y"], "\(path)")
        #expect(read.training.examples.map(\.content) == [.text("one, two"), .text("three")])
        #expect((read.test != nil) == path.hasSuffix(".d"))
      }
    }
    // A table that names files is one of files, whatever else it says of them.
    try folder.write("image,text,label\na.png,x,y\nb.png,x,z\n", "p.csv")
    #expect(failure { try LabelledSource.read(folder.file("p.csv")) }.contains("picture a.png"))
  }

  /// Tokens, their counts and the length follow from the texts that are trained on, and from no others.
  @Test func onlyTheTextsThatAreTrainedOnTeachTokens() throws {
    let texts =
      (0..<30).map { "plain words that occur often number \($0)" }
      + (0..<10).map { _ in
        "xylophones xylophones xylophones xylophones and many more words behind them"
      }
    var options = TextStore.Options()
    options.vocabularySize = 400
    let whole = try TextStore(dataset(texts), options: options)
    let part = Array(0..<30)
    let learned = try whole.learned(from: part)
    let tokenizer = learned.input.tokenizer
    let word = " xylophones"
    #expect(whole.input.tokenizer.encode(word, addingSpecialTokens: false).count == 1)
    #expect(tokenizer.encode(word, addingSpecialTokens: false).count > 5)
    let trained = part.map { learned.tokens(at: $0) }
    #expect(learned.input.tokenCounts.reduce(0, +) == trained.joined().count)
    #expect(learned.input.mostTokens == trained.map(\.count).max())
    #expect(learned.usable == whole.usable && learned.tokens(at: 35).count > 20)
    // The same from the beginning, and nothing is learned twice.
    let direct = try TextStore(
      dataset(texts), options: options, learningFrom: { $0.filter { $0 < 30 } })
    #expect(direct.input == learned.input)
    #expect(try direct.learned(from: part).input == direct.input)
    // A form that was given stays.
    let given = try TextStore(dataset(texts), input: whole.input)
    #expect(try given.learned(from: part).input == whole.input)
  }

  @Test func longTextsAreCutIntoPartsOfWholeSentences() throws {
    let sentences = (0..<60).map { "This is sentence \($0) of a book." }
    let endless = String(repeating: "word ", count: 90)
    let texts = [sentences.joined(separator: " "), "A short text.", endless + "end. Then more."]
    var options = TextStore.Options()
    (options.vocabularySize, options.mostTokens) = (300, 40)
    let store = try TextStore(dataset(texts), options: options)
    let parts = try store.cutIntoParts()
    // Nothing is lost and nothing said twice.
    for (index, text) in texts.enumerated() {
      let ofText = parts.usable.filter {
        parts.dataset.examples[$0].name.split(separator: " ")[0] == "\(index)"
      }
      #expect(ofText.flatMap { parts.tokens(at: $0) } == store.tokens(at: index), "\(text)")
    }
    #expect(parts.usable.allSatisfy { (1...40).contains(parts.tokens(at: $0).count) })
    #expect(parts.notes.isEmpty && parts.usable.count > 10)
    for example in parts.dataset.examples.prefix(5) {
      guard case .text(let text) = example.content else { continue }
      #expect(text.hasSuffix("book.") && text.drop { $0 == " " }.hasPrefix("This"), "\(text)")
    }
  }

  @Test(arguments: [(10, 4), (11, 4), (5, 4), (4, 4), (3, 4), (7, 1), (9, 3)])
  func overlappingPartsCoverAllOfAText(count: Int, most: Int) throws {
    var options = TextStore.Options()
    (options.vocabularySize, options.mostTokens) = (300, most)
    let input = try TextStore(dataset(Self.words), options: options).input
    let windows = input.overlappingWindows(ofTokens: count)
    #expect(Set(windows.joined()) == Set(0..<count))
    #expect(windows.allSatisfy { $0.count == min(most, count) })
    for (one, next) in zip(windows, windows.dropFirst()) where most > 1 {
      #expect(one.clamped(to: next).count >= most / 2)
    }
  }

  @Test func columnsAreNamedAndMissed() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "body,mood,who,split\na b,good,p,train\nc d,bad,q,train\ne f,bad,q,test\n", "t.csv")
    var options = LabelledSourceOptions()
    (options.textColumn, options.labelColumn, options.groupColumn) = ("body", "mood", "who")
    let data = try LabelledSource.read(folder.file("t.csv"), options: options)
    #expect(data.training.examples.map(\.group) == ["p", "q"])
    #expect(data.test?.examples.count == 1)
    options.labelColumn = "moods"
    #expect(
      failure { try LabelledSource.read(folder.file("t.csv"), options: options) }
        .contains("there is no column called moods"))
    // Of a list it counts whether there is anything in it.
    try folder.write(
      #"{"text": "a", "spans": []}"# + "\n" + #"{"text": "b", "spans": [[0, 1]]}"#, "s.jsonl")
    var spans = LabelledSourceOptions()
    spans.labelColumn = "spans"
    let marked = try LabelledSource.read(folder.file("s.jsonl"), options: spans)
    #expect(marked.training.classes == ["none", "some"])
  }

  @Test func labelsMayHaveSpacesAndQuotes() throws {
    let folder = try TemporaryFolder()
    try folder.write("text,label\na,\" it's \"\"so\"\" \"\nb,very good\n", "t.csv")
    let data = try LabelledSource.read(folder.file("t.csv"))
    #expect(data.training.classes == ["it's \"so\"", "very good"])
  }

  @Test func whatIsWrongIsNamedWithItsRowOrFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("text,label\na,x\nb\n", "ragged.csv")
    try folder.write("text,label\na,x\n \t,y\n", "empty.csv")
    try folder.write(
      Data([UInt8]("text,label\na,x\nb".utf8) + [0xFF] + [UInt8](",y\n".utf8)), "bytes.csv")
    for (name, words) in [
      ("ragged.csv", ["row 3"]), ("empty.csv", ["the text is empty", "row 3"]),
      ("bytes.csv", ["not UTF-8", "row 3"]),
    ] {
      let text = failure { try LabelledSource.read(folder.file(name)) }
      #expect(words.allSatisfy { text.contains($0) }, "\(name): \(text)")
    }
  }

  @Test func brokenFilesAreNamedAndLeftOut() throws {
    let folder = try TemporaryFolder()
    let contents: [(String, [UInt8])] = [
      ("nul", [0x61, 0, 0x62]), ("empty", []), ("bytes", [0x61, 0x0A, 0xC3, 0x28]),
      ("wide", [0x61, 0, 0x62, 0, 0x63, 0]), ("marked", [0xFF, 0xFE, 0x61, 0, 0x62, 0]),
      ("good", [UInt8]("one word".utf8)),
    ]
    var examples: [LabelledExample] = []
    for (index, (name, bytes)) in contents.enumerated() {
      try folder.write(Data(bytes), "\(name).txt")
      examples.append(
        LabelledExample(
          name: name, content: .file(folder.file("\(name).txt")), label: index % 2))
    }
    let set = LabelledDataset(
      name: "made", medium: .text, classes: ["a", "b"], made: examples)
    #expect(failure { try TextStore(set) }.contains("4 of 6 texts are broken"))
    var options = TextStore.Options()
    options.allowBroken = true
    let store = try TextStore(set, options: options)
    #expect(store.usable == [4, 5])
    let reasons = Dictionary(
      uniqueKeysWithValues: store.broken.named.map { ($0.name, $0.reason) })
    #expect(reasons["nul"]?.contains("NUL") == true)
    #expect(reasons["empty"]?.contains("empty") == true)
    #expect(reasons["bytes"]?.contains("line 2") == true)
    #expect(reasons["wide"]?.contains("UTF-16") == true)
  }

  @Test func aVocabularyIsLearnedAndKept() throws {
    var options = TextStore.Options()
    options.vocabularySize = 270
    let store = try TextStore(dataset(Self.words), options: options)
    #expect(store.input.vocabularySize <= 270)
    #expect(
      store.input.tokenCounts.reduce(0, +) == (0..<4).reduce(0) { $0 + store.tokens(at: $1).count })
    for index in 0..<4 {
      #expect(store.input.tokenizer.decode(store.tokens(at: index)) == Self.words[index])
    }
    let read = try JSONDecoder().decode(TextInput.self, from: JSONEncoder().encode(store.input))
    #expect(read == store.input)
    let again = try TextStore(dataset(Self.words.reversed()), input: read)
    #expect(again.tokens(at: 0) == store.tokens(at: 3))
  }

  @Test func longTextsAreCutOrWindowedAndSaid() throws {
    var options = TextStore.Options()
    (options.mostTokens, options.longTexts) = (8, .windows)
    let store = try TextStore(dataset(Self.words), options: options)
    #expect(store.notes.last?.contains("more than 8 tokens") == true)
    #expect(store.notes.last?.hasSuffix("; a larger limit on tokens changes that.") == true)
    // Whoever reads in a form that is given cannot choose the limit.
    let given = try TextStore(dataset(Self.words), input: store.input)
    #expect(given.notes.count == 1 && given.notes[0].contains("more than 8 tokens"))
    #expect(!given.notes[0].contains("changes that"))
    #expect(store.input.windows(ofTokens: 8) == [0..<8])
    #expect(store.input.windows(ofTokens: 17) == [0..<8, 8..<16])
    #expect(store.input.windows(ofTokens: 18) == [0..<8, 8..<16, 16..<18])
    options.longTexts = .cut
    #expect(
      try TextStore(dataset(Self.words), options: options).input.windows(ofTokens: 18) == [0..<8])
    for index in 0..<4 {
      #expect(store.input.arrays([store.tokens(at: index)])["tokens"]?.shape == [1, 8])
    }
  }

  /// Every text comes once an epoch, in batches of similar length that the key decides.
  @Test func batchesHoldEveryTextOnce() throws {
    let texts = (0..<40).map { String(repeating: "word ", count: 1 + $0 * 7 % 40) }
    let store = try TextStore(dataset(texts))
    let feed = try store.trainingFeed(
      of: store.usable, batchSize: 6, augmentation: "none", key: RandomKey(seed: 3))
    func epoch(_ number: Int) throws -> [Batch] {
      let stream = try feed.batches(epoch: number, from: 0)
      var all: [Batch] = []
      while let batch = try stream.next() { all.append(batch) }
      return all
    }
    let first = try epoch(0)
    #expect(first.flatMap(\.examples).sorted() == store.usable && first.count == feed.batchCount)
    #expect(try epoch(0).map(\.examples) == first.map(\.examples))
    #expect(try epoch(1).map(\.examples) != first.map(\.examples))
    for batch in first {
      let lengths = try #require(batch.arrays["lengths"]).elements(of: Int32.self)
      #expect(lengths == batch.examples.map { Int32(store.tokens(at: $0).count) })
      let steps = try #require(batch.arrays["tokens"]).shape[1]
      #expect(
        steps >= Int(lengths.max() ?? 0) && steps <= max(16, 5 * Int(lengths.max() ?? 0) / 4 + 4))
    }
    #expect(throws: InputError.self) {
      try store.trainingFeed(
        of: store.usable, batchSize: 6, augmentation: "flip", key: RandomKey(seed: 3))
    }
  }
}
