public import FoundationEssentials
import FoveaArray
import FoveaNN
public import FoveaText

/// Makes a vector of each text, so that texts that mean the same lie close together.
///
/// Loads a BERT that was trained for this, from a folder as the `sentence-transformers` package writes
/// it; vectors agree with that package's. A value that can be sent between tasks.
///
/// ```swift
/// let embedder = try SentenceEmbedder(contentsOf: URL(filePath: "all-MiniLM-L6-v2"))
/// let vectors = try await embedder.embeddings(of: ["A cat sleeps.", "Ein Hund bellt."])
/// print(SentenceEmbedder.cosine(vectors[0], vectors[1]))
/// ```
public struct SentenceEmbedder: Sendable {
  /// How the vectors of positions become one.
  enum Pooling: Hashable, Sendable {
    /// The mean over a text's positions.
    case mean
    /// That of the first position, [CLS].
    case first
  }

  /// What dense layers compute with.
  public enum Precision: String, CaseIterable, Sendable {
    /// Single precision, as the model was trained.
    case float32
    /// Products of bytes: weights with a scale for each output, activations with one for each
    /// position, rounded as they come. Less time and memory for vectors that point almost the same
    /// way.
    case int8
  }

  /// Cuts texts into what the network knows.
  public let tokenizer: Tokenizer
  /// Numbers in a vector.
  public let width: Int
  /// Positions of a text that are read; what lies behind is left out.
  public let maximumLength: Int
  private let engine: EmbeddingEngine

  /// Loads a model's folder: `config.json`, `model.safetensors`, tokenizer files, and the settings
  /// of `sentence-transformers` where there are any; without them the mean over positions is taken
  /// and brought to length 1.
  ///
  /// - Parameters:
  ///   - precision: what dense layers compute with.
  ///   - threads: that kernels run on, from 1 to 1,024; all where not given.
  /// - Throws: `InputError` when a file is missing, asks for what is not supported, or does not fit, and for
  ///   a number of threads that cannot be.
  public init(
    contentsOf folder: URL, precision: Precision = .float32, threads: Int? = nil
  ) throws {
    try ThreadCount.check(threads)
    let (network, weights) = try BERT.pretrained(folder)
    let settings = try EmbeddingSettings(folder)
    tokenizer = try Tokenizer(contentsOf: folder)
    guard tokenizer.vocabularySize <= network.options.vocabulary else {
      throw InputError(
        "the tokenizer has \(tokenizer.vocabularySize) tokens, config.json says "
          + "\(network.options.vocabulary)",
        at: folder.relativePath, advice: "Tokenizer and model are of different models")
    }
    width = network.options.width
    maximumLength = min(
      settings.maximumLength ?? tokenizer.maximumLength ?? .max, network.options.length)
    let special = tokenizer.encode("").count
    guard special < maximumLength else {
      throw InputError(
        "a text of \(maximumLength) tokens has no room beside \(special) special ones",
        at: folder.relativePath, advice: "The tokenizer's files or the model's are broken")
    }
    engine = EmbeddingEngine(
      network, weights, pooling: settings.pooling, normalizes: settings.normalizes,
      precision: precision, threads: threads)
  }

  /// The vector of a text.
  ///
  /// - Throws: `InputError` where it is not finite; `CancellationError`.
  public func embedding(of text: String) async throws -> [Float] {
    try await embeddings(of: [text])[0]
  }

  /// The vectors of several texts, in their order.
  ///
  /// - Throws: `InputError` where a vector is not finite; `CancellationError` when the task is cancelled
  ///   between two batches.
  public func embeddings(of texts: [String]) async throws -> [[Float]] {
    let tokens = try texts.map { text in
      try Task.checkCancellation()
      return tokenizer.encode(text, maximumLength: maximumLength).ids
    }
    return try await namingExamples({ texts.count > 1 ? "text \($0 + 1)" : nil }) {
      try await engine.embeddings(of: tokens)
    }
  }

  /// How many tokens of a text are left out because it is too long.
  public func droppedTokens(of text: String) -> Int {
    tokenizer.encode(text, maximumLength: maximumLength).droppedCount
  }

  /// The cosine of the angle between two vectors: 1 for the same direction.
  ///
  /// Vectors of different lengths are a programmer's mistake and trap.
  public static func cosine(
    _ first: [Float], _ second: [Float], file: StaticString = #fileID, line: UInt = #line
  ) -> Float {
    require(
      first.count == second.count,
      "cosine: vectors of \(first.count) and \(second.count) numbers", file: file, line: line)
    var (product, left, right): (Float, Float, Float) = (0, 0, 0)
    for (a, b) in zip(first, second) {
      product += a * b
      left += a * a
      right += b * b
    }
    let norm = (left * right).squareRoot()
    return norm > 0 ? product / norm : 0
  }
}

/// What `sentence-transformers` writes beside a model.
private struct EmbeddingSettings {
  var pooling = SentenceEmbedder.Pooling.mean
  var normalizes = true
  var maximumLength: Int?

  init(_ folder: URL) throws {
    if let json = try TextBytes.json("sentence_bert_config.json", in: folder) {
      maximumLength = try TokenizerLimits.length(
        json["max_seq_length"], "max_seq_length",
        at: folder.appending(component: "sentence_bert_config.json").relativePath)
    }
    guard let modules = try TextBytes.json("modules.json", in: folder)?.elements else { return }
    normalizes = false
    for module in modules {
      switch module["type"].text?.split(separator: ".").last {
      case "Transformer": break
      case "Normalize": normalizes = true
      case "Pooling":
        let path = folder.appending(path: module["path"].text ?? "1_Pooling")
        pooling = try Self.pooling(path)
      case let kind:
        throw InputError(
          "the module \(kind ?? "without a type") is not supported",
          at: folder.appending(component: "modules.json").relativePath,
          advice: "Fovea knows Transformer, Pooling and Normalize")
      }
    }
  }

  private static func pooling(_ folder: URL) throws -> SentenceEmbedder.Pooling {
    let json = try TextBytes.json("config.json", in: folder) ?? .null
    let chosen = (json.members ?? []).filter { $0.value.bool == true }
      .map { String(decoding: $0.name, as: UTF8.self) }
      .filter { $0.hasPrefix("pooling_mode_") }
    switch chosen {
    case ["pooling_mode_mean_tokens"], []: return .mean
    case ["pooling_mode_cls_token"]: return .first
    default:
      throw InputError(
        "\(chosen.joined(separator: " with ")) is not supported", at: folder.relativePath,
        advice: "Fovea knows the mean over tokens and the vector of [CLS]")
    }
  }
}
