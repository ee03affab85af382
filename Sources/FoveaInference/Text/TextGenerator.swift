public import FoundationEssentials
import FoveaArray
import FoveaData
package import FoveaNN
import FoveaRuns
public import FoveaText

/// Goes on with a text, token by token.
///
/// Loads a model of GPT-2's kind from a folder as Hugging Face's libraries write it, or a run that
/// `fovea pretrain --objective causal` left. The same seed gives the same text.
///
/// ```swift
/// let generator = try TextGenerator(contentsOf: URL(filePath: "gpt2"))
/// let text = try await generator.text(after: "Attention is", options: .init(temperature: 0.8))
/// print(text.text)
/// ```
public struct TextGenerator: Sendable {
  /// How tokens are drawn, and how many.
  public struct Options: Hashable, Sendable {
    /// Tokens that are added at most.
    public var maximumTokens = 100
    /// What logits are divided by: below 1 likely tokens become likelier; 0 always takes the
    /// likeliest.
    public var temperature = 1.0
    /// Only so many of the likeliest tokens are drawn from; all where not given.
    public var topK: Int?
    /// Only the likeliest tokens are drawn from whose probabilities together reach this.
    public var topP = 1.0
    /// What draws follow from.
    public var seed: UInt64 = 1
    /// Whether keys and values of earlier positions are kept; without, each token costs a pass over
    /// all.
    public var usesCache = true

    /// The defaults.
    public init(
      maximumTokens: Int = 100, temperature: Double = 1, topK: Int? = nil, topP: Double = 1,
      seed: UInt64 = 1
    ) {
      self.maximumTokens = maximumTokens
      self.temperature = temperature
      self.topK = topK
      self.topP = topP
      self.seed = seed
    }

    /// How many tokens may be asked for: more than any model sees.
    package static let tokenCounts = 0...1_000_000_000

    /// - Throws: `InputError` for numbers that cannot be.
    func check() throws {
      guard maximumTokens >= 0 else {
        throw InputError("\(maximumTokens) tokens cannot be added", advice: "Give 0 or more")
      }
      try NumberCheck.require("the number of tokens", maximumTokens, in: Self.tokenCounts)
      guard temperature >= 0, temperature.isFinite else {
        throw InputError(
          "a temperature of \(temperature) is not possible", advice: "Give 0 or more")
      }
      guard topK.map({ $0 >= 1 }) ?? true else {
        throw InputError("top-k of \(topK ?? 0) leaves no token", advice: "Give 1 or more")
      }
      guard topP > 0, topP <= 1 else {
        throw InputError("top-p of \(topP) is not possible", advice: "Give more than 0, at most 1")
      }
    }
  }

  /// Why no more was written.
  public enum End: String, Hashable, Sendable, Codable {
    /// The model ended the text.
    case finished
    /// So many tokens were asked for.
    case maximumTokens
    /// The model sees no more positions.
    case modelLength
  }

  /// What was written.
  public struct Generated: Hashable, Sendable, Codable {
    /// What follows the prompt.
    public let text: String
    /// The tokens of `text`.
    public let ids: [Int32]
    /// Why it ends.
    public let end: End
  }

  /// Cuts texts into what the network knows.
  public let tokenizer: Tokenizer
  /// Positions that the model sees.
  public let length: Int
  private let engine: GenerationEngine
  /// The token that ends a text, if the model knows one.
  private let end: Int32?
  /// What an empty prompt is taken for; `nil` for a run, which learned from texts without special tokens.
  private let start: Int32?

  /// Loads a model's folder: `config.json`, `model.safetensors` and tokenizer files; or a pre-trained run.
  ///
  /// - Parameter threads: that kernels run on, from 1 to 1,024; all where not given.
  /// - Throws: `InputError` when a file is missing, asks for what is not supported, or does not fit, and for
  ///   a number of threads that cannot be.
  public init(contentsOf folder: URL, threads: Int? = nil) throws {
    try ThreadCount.check(threads)
    if try TextBytes.json("config.json", in: folder)?["classifier"].members != nil {
      try self.init(RunDirectory(folder), threads: threads)
      return
    }
    let (network, weights) = try GPT.pretrained(folder)
    let tokenizer = try Tokenizer(contentsOf: folder)
    guard tokenizer.vocabularySize <= network.options.vocabulary else {
      throw InputError(
        "the tokenizer has \(tokenizer.vocabularySize) tokens, config.json says "
          + "\(network.options.vocabulary)",
        at: folder.relativePath, advice: "Tokenizer and model are of different models")
    }
    self.init(
      network, weights: weights, tokenizer: tokenizer, usesSpecialTokens: true, threads: threads)
  }

  /// A generator of a run's own network.
  private init(_ run: RunDirectory, threads: Int?) throws {
    let configuration = try run.configuration()
    guard configuration.objective == LanguageObjective.causal.rawValue else {
      let kind =
        configuration.objective.map { "was pre-trained (\($0))" } ?? "is a trained classifier"
      throw InputError(
        "\(kind) and cannot go on with a text", at: run.path,
        advice: "Give a run that was pre-trained with causal as \(.objective)")
    }
    let classifier = configuration.classifier
    let input = try classifier.input.text
    let network = try LanguageModel(
      classifier.network, vocabulary: input.vocabularySize, steps: input.mostTokens,
      isCausal: true, told: { _ in 1 })
    try self.init(
      network, weights: run.weights(for: classifier.textModel()), tokenizer: input.tokenizer,
      usesSpecialTokens: false, threads: threads)
  }

  /// A generator of a network's own.
  package init(
    _ network: any GenerativeModel, weights: Weights, tokenizer: Tokenizer,
    usesSpecialTokens: Bool, threads: Int? = nil
  ) {
    self.tokenizer = tokenizer
    end = usesSpecialTokens ? tokenizer.id(of: "<|endoftext|>") : nil
    // A text begins behind the end of another.
    start = usesSpecialTokens ? end ?? 0 : nil
    length = network.length
    engine = GenerationEngine(network, weights, threads: threads)
  }

  /// What the model writes after a text.
  ///
  /// - Throws: `InputError` when the prompt has more tokens than the model sees, or options cannot
  ///   be; `CancellationError` when the task is cancelled.
  public func text(after prompt: String, options: Options = Options()) async throws -> Generated {
    try options.check()
    var ids = tokenizer.encode(prompt, addingSpecialTokens: start != nil).ids
    if ids.isEmpty {
      guard let start else {
        throw InputError(
          "the prompt is empty, and the model has not learned how texts begin",
          advice: "Give a prompt")
      }
      ids = [start]
    }
    guard ids.count < length else {
      throw InputError(
        "the prompt has \(ids.count) tokens, the model sees \(length) with what it adds",
        advice: "Shorten the prompt")
    }
    let (new, reason) = try await engine.generate(ids, end: end, options: options)
    return Generated(text: tokenizer.decode(new), ids: new, end: reason)
  }

  /// The logits of what follows a text's last token, by one pass over all of it or token by token with
  /// the cache.
  package func logits(after ids: [Int32], usesCache: Bool) async throws -> [Float] {
    try await engine.logits(after: ids, usesCache: usesCache)
  }
}
