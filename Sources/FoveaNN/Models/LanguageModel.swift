/// A Transformer for texts that tells tokens in the place of classes: what it learns from texts without
/// labels, a classifier with the same layers starts from.
///
///     tokens → vectors + positions → layers → norm → at some places: products with the same vectors
///
/// Input and output vectors are one parameter (Press and Wolf 2017).
package struct LanguageModel: ClassificationModel {
  private let tokens: Embedding
  private let encoder: FrameEncoder
  private let isCausal: Bool
  private let usualSteps: Int
  private let told: @Sendable (Int) -> Int
  package let classCount: Int

  /// The model of a description.
  ///
  /// - Parameters:
  ///   - isCausal: whether each token sees those before it alone.
  ///   - told: at how many places of a text of so many steps something is told.
  /// - Throws: `InputError` where the description is of something else than a Transformer.
  package init(
    _ description: NetworkDescription, vocabulary: Int, steps: Int, isCausal: Bool,
    told: @escaping @Sendable (Int) -> Int
  ) throws {
    guard case .transformer(let options) = description, options.attention == "multihead",
      options.width == options.features
    else {
      throw InputError(
        "only a transformer with attention multihead can be pre-trained",
        advice: "Leave --model and --attention out")
    }
    let model = try TextModel(description, vocabulary: vocabulary, steps: steps)
    tokens = model.tokens
    encoder = try FrameEncoder(options)
    self.isCausal = isCausal
    self.told = told
    usualSteps = steps
    classCount = vocabulary
  }

  package var network: any Module { self }

  /// Those of a classifier with the same layers, under the same paths, but for its head.
  package var parameters: [NamedParameter] {
    [NamedParameter(path: TextModel.tokensPath, parameter: tokens.weight)]
      + encoder.parameters.filter { !$0.path.hasPrefix("head.") }
  }

  package func usualShape(batch: Int) -> BatchShape { BatchShape(batch, steps: usualSteps) }

  package func shape(of arrays: [String: HostArray], batch: Int) -> BatchShape {
    BatchShape(batch, steps: arrays["tokens"]?.shape[1] ?? usualSteps)
  }

  package func inputShape(_ batch: BatchShape) -> [Int] { [batch.count, batch.steps] }

  package func labelCount(_ batch: BatchShape) -> Int { batch.count * told(batch.steps) }

  /// - Returns: `[labels, vocabulary]`
  package func logits(in graph: Graph, batch: BatchShape) -> Tensor {
    let numbers = graph.input("tokens", ArrayType([batch.count, batch.steps], .int32))
    let lengths = graph.input("lengths", ArrayType([batch.count], .int32))
    let places = graph.input("places", ArrayType([labelCount(batch)], .int32))
    // What fills a text up stands behind it, where no earlier token looks.
    let mask = isCausal ? AttentionMask.causal : .lengths(lengths)
    let width = encoder.options.width
    let states = encoder.states(tokens(numbers) * TextModel.scale(width), mask: mask)
    return tokens.logits(states.reshaped([batch.count * batch.steps, width]).gather(places))
  }
}
