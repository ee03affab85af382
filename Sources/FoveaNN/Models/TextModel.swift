/// A network for texts with its input: a vector for each token, and a network for sequences of them.
public struct TextModel: SequenceModel {
  /// A vector for each token: `[vocabulary, features]`
  public let tokens: Embedding
  /// From vectors to logits.
  public let reader: any SequenceClassifier
  /// How many classes there are.
  public let classCount: Int
  /// Numbers in the vector of a token.
  public let features: Int
  private let usualSteps: Int

  /// The model of a description.
  ///
  /// - Parameters:
  ///   - vocabulary: how many tokens there are.
  ///   - steps: tokens of a text at most.
  /// - Throws: `InputError` for options that cannot be, an unknown attention, and a network that reads
  ///   maps.
  public init(
    _ description: NetworkDescription, vocabulary: Int, steps: Int,
    mechanisms: AttentionCatalog = .builtIn
  ) throws {
    guard description.family.kind == .sequences, let features = description.features,
      case .sequence(let reader) = try description.reader(mechanisms: mechanisms)
    else { throw NetworkKind.unreadTexts(model: description.name) }
    guard vocabulary > 0, steps > 0 else {
      throw InputError("a text of \(steps) of \(vocabulary) known tokens cannot be")
    }
    try NetworkLimits.check(
      description.name,
      [
        ("a vocabulary", vocabulary, NetworkLimits.vocabulary),
        ("a length", steps, NetworkLimits.length),
      ])
    tokens = Embedding(
      vocabulary: vocabulary, width: features, deviation: 1 / Float(features).squareRoot())
    self.reader = reader
    self.features = features
    classCount = description.classes
    usualSteps = steps
  }

  /// √features, by which vectors are multiplied (Vaswani et al. 2017, section 3.4): they begin small, so
  /// that training soon outgrows what they begin with, and enter as large as the places' sines.
  package static func scale(_ features: Int) -> Float { Float(features).squareRoot() }

  /// The path of the tokens' vectors.
  package static let tokensPath = "tokens.weight"

  /// The network without its input.
  public var network: any Module { self }

  /// The tokens' vectors, and the reader's parameters under its own paths.
  public var parameters: [NamedParameter] {
    [NamedParameter(path: Self.tokensPath, parameter: tokens.weight)] + reader.parameters
  }

  /// The longest texts.
  public func usualShape(batch: Int) -> BatchShape { BatchShape(batch, steps: usualSteps) }

  /// Texts as long as the arrays.
  public func shape(of arrays: [String: HostArray], batch: Int) -> BatchShape {
    BatchShape(batch, steps: arrays["tokens"]?.shape[1] ?? usualSteps)
  }

  /// `[batch, tokens]`
  public func inputShape(_ batch: BatchShape) -> [Int] { [batch.count, batch.steps] }

  /// Adds the inputs `tokens` and `lengths` to the graph.
  ///
  /// - Returns: logits `[batch, classes]`
  public func logits(in graph: Graph, batch: BatchShape) -> Tensor {
    let numbers = graph.input("tokens", ArrayType([batch.count, batch.steps], .int32))
    let lengths = graph.input("lengths", ArrayType([batch.count], .int32))
    return logits(ofFrames: tokens(numbers) * Self.scale(features), lengths: lengths)
  }

  /// - Parameters:
  ///   - frames: the tokens' vectors, `[batch, tokens, features]`
  ///   - lengths: tokens of each, int32 `[batch]`; all where not given.
  /// - Returns: logits `[batch, classes]`
  public func logits(ofFrames frames: Tensor, lengths: Tensor?) -> Tensor {
    reader(frames, lengths: lengths)
  }
}
