public import FoveaArray
import FoveaText

/// What a network learns from texts without labels.
public enum LanguageObjective: String, Hashable, Sendable, Codable, CaseIterable {
  /// To tell tokens that were hidden, from both sides (Devlin et al. 2019, section 3.1).
  case masked
  /// To tell each next token from those before.
  case causal

  /// The token that stands where another is hidden.
  public static let maskToken = "[MASK]"
  /// The share of a text's tokens that are told.
  static let share = 0.15

  /// How many tokens are told of a text of a batch with so many steps.
  public static func places(steps: Int) -> Int { max(1, Int(share * Double(steps))) }
}

/// Texts of a store to learn language from: `tokens` `[batch, steps]` with some of them hidden,
/// `lengths` `[batch]`, `places` `[batch · told]`, which positions of all are told, row by row, and
/// `labels` `[batch · told]`, the tokens that belong there.
///
/// A share of 0.15 of each text is told, and told twice where a shorter text has fewer than the batch has
/// room for. Masked: of those tokens 80 % become [MASK], 10 % any token, and 10 % stay (Devlin et al.
/// 2019, appendix A.1). Causal: the next token is told at as many places, and none is hidden.
public struct LanguageFeed: BatchFeed {
  private let store: TextStore
  private let indices: [Int]
  private let objective: LanguageObjective
  private let mask: Int32
  private let key: RandomKey
  private let shuffles: Bool
  /// Texts in a batch.
  public let batchSize: Int

  /// How many texts an epoch has.
  public var exampleCount: Int { indices.count }

  /// Texts of a store: shuffled and hidden anew each epoch, or always the same.
  ///
  /// - Throws: `InputError` where the vocabulary has no token to hide others by, or a text is too short
  ///   to tell anything of.
  public init(
    _ store: TextStore, indices: [Int], batchSize: Int, objective: LanguageObjective,
    key: RandomKey, shuffles: Bool
  ) throws {
    guard batchSize >= 1 else {
      throw InputError(
        "a batch of \(batchSize) texts cannot be", advice: "Give a number from 1 up")
    }
    let mask = store.input.tokenizer.id(of: LanguageObjective.maskToken)
    guard objective == .causal || mask != nil else {
      throw InputError(
        "the tokenizer has no token \(LanguageObjective.maskToken)", at: store.dataset.name,
        advice: "Choose causal as \(.objective), or leave \(.tokenizer) out")
    }
    self.store = store
    self.indices = indices
    self.batchSize = batchSize
    self.objective = objective
    self.mask = mask ?? 0
    self.key = key
    self.shuffles = shuffles
  }

  /// The batches of an epoch from one of them on.
  public func batches(epoch: Int, from batch: Int) throws -> any BatchStream {
    let store = store
    let plan =
      shuffles
      ? LengthBuckets.shuffled(
        indices, batchSize: batchSize, epoch: epoch, key: key,
        length: { store.tokens(at: $0).count })
      : LengthBuckets.cut(indices, batchSize: batchSize)
    let key = key.folding("hidden").folding(shuffles ? epoch : 0)
    return try BatchLoader(min(batch, plan.count)..<plan.count) { number in
      self.batch(of: plan[number], key)
    }
  }

  private func batch(of examples: [Int], _ key: RandomKey) -> Batch {
    let most = store.input.mostTokens
    var texts = examples.map { Array(store.tokens(at: $0).prefix(most)) }
    let steps = LengthBuckets.padded(texts.map(\.count).max() ?? 1, most: most)
    let told = LanguageObjective.places(steps: steps)
    var places: [Int32] = []
    var labels: [Int32] = []
    for (row, example) in examples.enumerated() {
      let text = texts[row]
      let key = key.folding(example)
      let last = objective == .masked ? text.count : max(text.count - 1, 1)
      let wanted = min(told, max(1, Int((LanguageObjective.share * Double(last)).rounded())))
      let chosen = Array(key.permutation(of: last).prefix(wanted))
      for slot in 0..<told {
        let place = chosen[slot % chosen.count]
        places.append(Int32(row * steps + place))
        labels.append(objective == .masked ? text[place] : text[min(place + 1, text.count - 1)])
      }
      guard objective == .masked else { continue }
      for place in chosen { texts[row][place] = hidden(text[place], key.folding("token"), place) }
    }
    var arrays = store.input.arrays(texts)
    arrays["places"] = HostArray(places)
    arrays["labels"] = HostArray(labels)
    return Batch(arrays: arrays, examples: examples)
  }

  /// What stands in the place of a token.
  func hidden(_ token: Int32, _ key: RandomKey, _ place: Int) -> Int32 {
    let draw = key.uniform(at: UInt64(2 * place))
    if draw < 0.8 { return mask }
    if draw >= 0.9 { return token }
    return Int32(key.integer(below: store.input.vocabularySize, at: UInt64(2 * place + 1)))
  }
}
