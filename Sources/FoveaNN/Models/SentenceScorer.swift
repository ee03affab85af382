/// Says of each sentence of a text how much a summary wants it, from a vector for each.
///
///     vectors, places → dense → + positions → layers → norm → a score for each sentence
///
/// Attention lets a sentence be judged beside the others of its text; in the plain twin each is judged
/// alone, by what it says and where it stands. Like the inter-sentence layers of BertSumExt (Liu and
/// Lapata 2019, section 3.2), on vectors that are not trained further.
package struct SentenceScorer: ClassificationModel {
  /// What can be chosen.
  package struct Options: Hashable, Sendable, Codable {
    /// Numbers in the vector of a sentence.
    package var features: Int
    /// Numbers in the vector that layers work on.
    package var width = 64
    /// How many heads attention has.
    package var heads = 4
    /// How many layers there are.
    package var layers = 2
    /// `multihead`, or one of its controls.
    package var attention = "multihead"
    /// The share of the vectors' numbers that is dropped in training.
    package var dropout: Float = 0.3

    /// The defaults for vectors of so many numbers.
    package init(features: Int) { self.features = features }
  }

  /// What was chosen.
  package let options: Options
  private let encoder: FrameEncoder
  private let score: Linear

  /// A network with these options.
  ///
  /// - Throws: `InputError` for options that cannot be.
  package init(_ options: Options) throws {
    guard options.dropout >= 0, options.dropout < 1 else {
      throw InputError(
        "a share of \(options.dropout) cannot be dropped", advice: "It lies from 0 to below 1")
    }
    guard (1..<NetworkLimits.width).contains(options.features) else {
      throw InputError(
        "vectors of \(options.features) numbers cannot be",
        advice: "They have 1 to \(NumberText.count(NetworkLimits.width - 1))")
    }
    self.options = options
    // One feature more: the sentence's place. Its own head, which tells two classes, is left out.
    var inner = FrameEncoder.Options(features: options.features + 1, classes: 2)
    inner.width = options.width
    inner.heads = options.heads
    inner.layers = options.layers
    inner.attention = options.attention
    encoder = try FrameEncoder(inner)
    score = Linear(inputs: options.width, outputs: 1)
  }

  package var classCount: Int { 1 }

  package var output: ModelOutput { .items }

  package var network: any Module { self }

  package var parameters: [NamedParameter] {
    encoder.parameters.filter { !$0.path.hasPrefix("head.") }
      + score.parameters.map {
        NamedParameter(path: "score.\($0.path)", parameter: $0.parameter)
      }
  }

  package func usualShape(batch: Int) -> BatchShape { BatchShape(batch, steps: 16) }

  package func shape(of arrays: [String: HostArray], batch: Int) -> BatchShape {
    BatchShape(batch, steps: arrays["sentences"]?.shape[1] ?? 16)
  }

  package func inputShape(_ batch: BatchShape) -> [Int] {
    [batch.count, batch.steps, options.features]
  }

  /// - Returns: scores `[batch, sentences]`; behind a text's end what shuts out.
  package func logits(in graph: Graph, batch: BatchShape) -> Tensor {
    let (count, steps) = (batch.count, batch.steps)
    let vectors = graph.input("sentences", ArrayType([count, steps, options.features]))
    let lengths = graph.input("lengths", ArrayType([count], .int32))
    let numbers = graph.constant(HostArray((0..<Int32(steps)).map { $0 }))  // [sentences]
    // From 0 at the first sentence up to 1 behind the last.
    let places =
      numbers.cast(to: .float32).reshaped([1, steps, 1])
      / lengths.cast(to: .float32).reshaped([count, 1, 1]).maximum(graph.constant(1))
    // Vectors have length 1: multiplied, their numbers are as large as the places' sines.
    let scaled = (vectors * Float(options.features).squareRoot()).dropout(rate: options.dropout)
    let states = encoder.states(
      Tensor.concatenate([scaled, places], axis: -1), lengths: lengths)
    return numbers.less(than: lengths.reshaped([count, 1]))
      .select(score(states).reshaped([count, steps]), AttentionMask.shutOut)
  }
}
