public import FoundationEssentials
public import FoveaArray
import FoveaText

/// A dataset's texts as tokens, all of them held in memory.
public struct TextStore: ExampleStore {
  /// How texts are read.
  public struct Options: Sendable {
    /// The folder or `tokenizer.json` of a tokenizer; one of the texts' own is learned where not given.
    public var tokenizer: URL?
    /// Tokens that are learned at most, bytes included.
    public var vocabularySize = 8_000
    /// How many may be learned: bytes and special tokens alone are 258.
    package static let vocabularySizes = 258...1_000_000
    /// Tokens of a text that are looked at, at most; all of the longest text, up to 512, where not
    /// given.
    public var mostTokens: Int?
    /// What becomes of longer texts.
    public var longTexts = TextInput.LongTexts.cut
    /// Whether to go on when more than a tenth of the texts are broken.
    public var allowBroken = false

    /// The defaults.
    public init() {}
  }

  /// What is stored.
  public let dataset: LabelledDataset
  /// How texts are prepared.
  public let input: TextInput
  /// The texts that can be read, in ascending order.
  public let usable: [Int]
  /// The others.
  public let broken: BrokenExamples
  /// What was found while reading, as sentences for people.
  public let notes: [String]

  /// By example, what its text gives.
  public let contentDigests: [UInt64]
  /// What is to be said of how tokens were learned.
  package let learningNotes: [String]

  private let entries: [[Int32]?]
  /// How texts were to be read, and which of them tokens and lengths were learned from; `nil` where the
  /// form was given.
  private var learning: (options: Options, part: [Int])?
  private static let mostTokens = 512

  /// How texts are prepared.
  public var modelInput: ModelInput { .text(input) }

  /// Reads all texts of `dataset`, and learns their tokens unless a tokenizer is named.
  ///
  /// - Throws: `InputError` when options cannot be, or too many texts are broken;
  ///   `CancellationError`.
  public init(
    _ dataset: LabelledDataset, options: Options = Options(), progress: ReadingProgress? = nil
  ) throws {
    try self.init(dataset, options: options, learningFrom: { $0 }, progress: progress)
  }

  /// The same, where only some texts are learned from: those that are trained on.
  ///
  /// - Parameter part: of the texts that can be read, those that tokens, their counts and the length that is
  ///   looked at follow from.
  package init(
    _ dataset: LabelledDataset, options: Options, learningFrom part: ([Int]) throws -> [Int],
    progress: ReadingProgress? = nil
  ) throws {
    let texts = try Self.texts(of: dataset, progress)
    let part = try part(texts.indices.filter { (try? texts[$0].get()) != nil })
    var notes: [String] = []
    let tokenizer: Tokenizer
    if let url = options.tokenizer {
      tokenizer = try Tokenizer(contentsOf: url)
    } else {
      var trainer = BytePairTrainer()
      try NumberCheck.require(
        "the size of the vocabulary", options.vocabularySize, in: Options.vocabularySizes)
      trainer.vocabularySize = options.vocabularySize
      trainer.specialTokens = ["<|endoftext|>", LanguageObjective.maskToken]
      tokenizer = try trainer.train(on: part.compactMap { try? texts[$0].get() })
      notes.append(
        "\(dataset.name): a vocabulary of \(NumberText.count(tokenizer.vocabularySize)) tokens is learned "
          + "from the texts that are trained on.")
    }
    let all = texts.map { text in text.flatMap { text in Self.tokens(of: text, tokenizer) } }
    let input = try Self.input(
      tokenizer, options, learnedFrom: part.compactMap { try? all[$0].get() })
    try self.init(
      dataset, input, digests: Self.digests(of: texts), all, allowBroken: options.allowBroken,
      notes: notes, isFormGiven: false)
    learning = (options, part)
  }

  /// The form that suits texts as tokens.
  private static func input(
    _ tokenizer: Tokenizer, _ options: Options, learnedFrom texts: [[Int32]]
  ) throws -> TextInput {
    var counts = [Int](repeating: 0, count: tokenizer.vocabularySize)
    for token in texts.joined() { counts[Int(token)] += 1 }
    return try TextInput(
      tokenizer: tokenizer,
      mostTokens: options.mostTokens ?? min(texts.map(\.count).max() ?? 1, mostTokens),
      longTexts: options.longTexts, tokenCounts: counts)
  }

  /// The same texts, with all that is learned from texts learned from those with these indices alone. Where
  /// the form was given, it stays.
  ///
  /// - Throws: `InputError` when a text cannot be read any more; `CancellationError`.
  package func learned(from part: [Int]) throws -> TextStore {
    guard let learning, learning.part != part else { return self }
    let store = try TextStore(dataset, options: learning.options, learningFrom: { _ in part })
    guard let lost = usable.first(where: { store.entries[$0] == nil }) else { return store }
    throw InputError("can no longer be read", at: dataset.examples[lost].name)
  }

  /// Reads all texts of `dataset` in the form that another store or a model has; what the options
  /// say of the form does not count.
  ///
  /// - Throws: `InputError` when too many texts are broken; `CancellationError`.
  public init(
    _ dataset: LabelledDataset, input: TextInput, options: Options = Options(),
    progress: ReadingProgress? = nil
  ) throws {
    let texts = try Self.texts(of: dataset, progress)
    let all = texts.map { text in
      text.flatMap { text in Self.tokens(of: text, input.tokenizer) }
    }
    try self.init(
      dataset, input, digests: Self.digests(of: texts), all, allowBroken: options.allowBroken,
      notes: [])
  }

  /// The same texts in another form.
  package func read(as input: TextInput) throws -> TextStore {
    var options = Options()
    options.allowBroken = true
    return try TextStore(dataset, input: input, options: options)
  }

  /// - Parameter isFormGiven: whether the limit on tokens cannot be chosen any more.
  init(
    _ dataset: LabelledDataset, _ input: TextInput, digests: [UInt64],
    _ all: [Result<[Int32], any Error>], allowBroken: Bool, notes: [String],
    isFormGiven: Bool = true
  ) throws {
    self.dataset = dataset
    self.input = input
    entries = all.map { try? $0.get() }
    contentDigests = digests
    usable = entries.indices.filter { [entries] in entries[$0] != nil }
    broken = BrokenExamples(
      zip(dataset.examples, all).compactMap { example, result in
        guard case .failure(let error) = result else { return nil }
        return (example, error as? InputError ?? InputError("cannot be read: \(error)"))
      }, total: all.count, of: .text)
    try broken.check(dataset, allowBroken: allowBroken)
    let classes = Set(usable.map { dataset.examples[$0].label })
    guard classes.count > 1 || dataset.countsByClass.count(where: { $0 > 0 }) < 2 else {
      throw InputError(
        "only texts of \(dataset.classes[dataset.examples[usable[0]].label]) can be read, "
          + "those of all other classes are broken",
        at: dataset.name)
    }
    learningNotes = notes
    let advice = isFormGiven ? "" : "; a larger limit on tokens changes that"
    let long = usable.filter { [entries] in (entries[$0]?.count ?? 0) > input.mostTokens }
    self.notes =
      notes
      + (long.isEmpty
        ? []
        : [
          "\(dataset.name): \(NumberText.count(long.count, "text")) \(long.count == 1 ? "has" : "have") more "
            + "than \(NumberText.count(input.mostTokens, "token")), of which the first are looked at "
            + "(\(long.prefix(3).map { dataset.examples[$0].name }.joined(separator: ", "))"
            + "\(long.count > 3 ? ", …" : ""))\(advice)."
        ])
  }

  private static func digests(of texts: [Result<String, any Error>]) -> [UInt64] {
    texts.map { (try? $0.get()).map { ContentDigest.of($0) } ?? 0 }
  }

  private static func texts(
    of dataset: LabelledDataset, _ progress: ReadingProgress?
  ) throws -> [Result<String, any Error>] {
    try Parallel.map(dataset.examples.count, progress: progress) { index in
      Result { try dataset.examples[index].text() }
    }
  }

  private static func tokens(
    of text: String, _ tokenizer: Tokenizer
  ) -> Result<[Int32], any Error> {
    let tokens = tokenizer.encode(text, addingSpecialTokens: false)
    guard tokens.count > 0 else {
      return .failure(InputError("the text holds no token of the vocabulary"))
    }
    return .success(tokens.ids)
  }

  /// The tokens of the text with this index, none for a broken one.
  public func tokens(
    at index: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> [Int32] {
    entries.requireElement(at: index, "example", file: file, line: line)
    return entries[index] ?? []
  }

  /// The beginning of what the network reads of the text.
  public func appearance(at index: Int) throws -> ExampleAppearance {
    try dataset.checkExamples([index])
    let read = input.tokenizer.decode(tokens(at: index))
    return .text(TextExcerpt.beginning(of: read, characters: 240))
  }

  /// Tokens are no quantities, so there is nothing to normalise by.
  public func statistics(of indices: [Int]) -> ChannelStatistics {
    ChannelStatistics(mean: [], deviation: [])
  }

  /// Texts shuffled anew for each epoch, those of similar length together.
  public func trainingFeed(
    of indices: [Int], batchSize: Int, augmentation: String, key: RandomKey
  ) throws -> any BatchFeed {
    guard augmentation == "none" else {
      throw InputError(
        "texts know no augmentation \(augmentation)", advice: "Leave \(.augment) out")
    }
    return TextFeed(training: self, indices: indices, batchSize: batchSize, key: key)
  }

  /// Texts in the order of their indices.
  public func evaluationFeed(of indices: [Int], batchSize: Int) -> any BatchFeed {
    TextFeed(evaluating: self, indices: indices, batchSize: batchSize)
  }
}

extension LabelledExample {
  /// The text of an example.
  ///
  /// - Throws: `InputError` that names the example, and the line where its file is no text.
  package func text() throws -> String {
    do {
      let text: String
      switch content {
      case .file(let url): text = try TextFile.read(url)
      case .text(let known): text = known
      case .picture, .sound: throw content.refused(as: .text)
      }
      guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
        throw InputError("the text is empty")
      }
      return text
    } catch let error as InputError {
      throw InputError(
        error.row.map { "\(error.problem) (line \($0))" } ?? error.problem, at: name, row: row,
        advice: error.advice)
    }
  }
}
