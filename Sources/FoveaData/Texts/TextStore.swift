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

  private let entries: [[Int32]?]
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
    let texts = try Self.texts(of: dataset, progress)
    var notes: [String] = []
    let tokenizer: Tokenizer
    if let url = options.tokenizer {
      tokenizer = try Tokenizer(contentsOf: url)
    } else {
      var trainer = BytePairTrainer()
      trainer.vocabularySize = options.vocabularySize
      trainer.specialTokens = ["<|endoftext|>", LanguageObjective.maskToken]
      tokenizer = try trainer.train(on: texts.compactMap { try? $0.get() })
      notes.append(
        "\(dataset.name): a vocabulary of \(grouped(tokenizer.vocabularySize)) tokens is learned "
          + "from the texts.")
    }
    let all = texts.map { text in text.flatMap { text in Self.tokens(of: text, tokenizer) } }
    let longest = all.compactMap { try? $0.get().count }.max() ?? 1
    var counts = [Int](repeating: 0, count: tokenizer.vocabularySize)
    for tokens in all.compactMap({ try? $0.get() }) {
      for token in tokens { counts[Int(token)] += 1 }
    }
    let input = try TextInput(
      tokenizer: tokenizer,
      mostTokens: options.mostTokens ?? min(longest, Self.mostTokens),
      longTexts: options.longTexts, tokenCounts: counts)
    try self.init(dataset, input, all, allowBroken: options.allowBroken, notes: notes)
  }

  /// Reads all texts of `dataset` in the form that another store or a model has; what the options
  /// say of the form does not count.
  ///
  /// - Throws: `InputError` when too many texts are broken; `CancellationError`.
  public init(
    _ dataset: LabelledDataset, input: TextInput, options: Options = Options(),
    progress: ReadingProgress? = nil
  ) throws {
    let all = try Self.texts(of: dataset, progress).map { text in
      text.flatMap { text in Self.tokens(of: text, input.tokenizer) }
    }
    try self.init(dataset, input, all, allowBroken: options.allowBroken, notes: [])
  }

  private init(
    _ dataset: LabelledDataset, _ input: TextInput, _ all: [Result<[Int32], any Error>],
    allowBroken: Bool, notes: [String]
  ) throws {
    self.dataset = dataset
    self.input = input
    entries = all.map { try? $0.get() }
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
    let long = usable.filter { [entries] in (entries[$0]?.count ?? 0) > input.mostTokens }
    self.notes =
      notes
      + (long.isEmpty
        ? []
        : [
          "\(dataset.name): \(counted(long.count, "text")) \(long.count == 1 ? "has" : "have") more "
            + "than \(counted(input.mostTokens, "token")), of which the first are looked at "
            + "(\(long.prefix(3).map { dataset.examples[$0].name }.joined(separator: ", "))"
            + "\(long.count > 3 ? ", …" : "")); --most-tokens changes that."
        ])
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
        "texts know no augmentation \(augmentation)", advice: "Leave --augment out")
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
  func text() throws -> String {
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
