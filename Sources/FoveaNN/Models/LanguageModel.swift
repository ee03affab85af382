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
  /// Tokens of a text at most.
  package let length: Int
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
    guard let options = description.languageEncoder else {
      throw InputError(
        "only a transformer with attention multihead can be pre-trained",
        advice: "Leave \(.model) and \(.attention) out")
    }
    let model = try TextModel(description, vocabulary: vocabulary, steps: steps)
    tokens = model.tokens
    encoder = try FrameEncoder(options)
    self.isCausal = isCausal
    self.told = told
    length = steps
    classCount = vocabulary
  }

  package var network: any Module { self }

  /// Those of a classifier with the same layers, under the same paths, but for its head.
  package var parameters: [NamedParameter] {
    [NamedParameter(path: TextModel.tokensPath, parameter: tokens.weight)]
      + encoder.parameters.filter { !$0.path.hasPrefix("head.") }
  }

  package func usualShape(batch: Int) -> BatchShape { BatchShape(batch, steps: length) }

  package func shape(of arrays: [String: HostArray], batch: Int) -> BatchShape {
    BatchShape(batch, steps: arrays["tokens"]?.shape[1] ?? length)
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
    let states = encoder.states(vectors(numbers), mask: mask)
    return tokens.logits(
      states.reshaped([batch.count * batch.steps, encoder.options.width]).gather(places))
  }

  private func vectors(_ numbers: Tensor) -> Tensor {
    tokens(numbers) * TextModel.scale(encoder.options.width)
  }
}

extension LanguageModel: GenerativeModel {
  package var vocabulary: Int { classCount }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    tokens.logits(encoder.states(vectors(x), mask: .causal))
  }

  package func next(_ x: Tensor, position: Tensor, row: Tensor, capacity: Int) -> Tensor {
    let places = x.graph.constant(FrameEncoder.positions(capacity, encoder.options.width))
    let y =
      encoder.project(vectors(x))
      + places.gather(KeyValueCache.places(position, count: x.shape[1]))
    let states = encoder.layers.cached(y, position: position, capacity: capacity)
    return tokens.logits(encoder.norm(states.gather(row)))
  }
}
