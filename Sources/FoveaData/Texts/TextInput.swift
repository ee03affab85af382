import FoundationEssentials
package import FoveaArray
public import FoveaText

/// What a network takes of texts: how they become tokens, and how many of them at once.
///
/// It is stored with a trained model, vocabulary included, so that a prediction cuts its texts as
/// training did.
public struct TextInput: Sendable {
  /// What becomes of a text with more tokens than are looked at together.
  public enum LongTexts: String, Hashable, Sendable, Codable, CaseIterable {
    /// Its beginning counts.
    case cut
    /// A prediction reads it window by window; training reads its beginning.
    case windows
  }

  /// How texts become tokens.
  public let tokenizer: Tokenizer
  /// Tokens that are looked at together at most.
  public let mostTokens: Int
  /// What becomes of longer texts.
  public let longTexts: LongTexts
  /// How often each token occurs in the texts that were trained on, by its number: what is rare.
  public let tokenCounts: [Int]
  /// The tokenizer as a `tokenizer.json`: what tells two inputs apart.
  private let definition: String

  /// The most tokens that may be looked at together.
  public static let largestTokenCount = 4_096

  /// An input of this kind.
  ///
  /// - Throws: `InputError` for a number of tokens that cannot be.
  public init(
    tokenizer: Tokenizer, mostTokens: Int, longTexts: LongTexts = .cut, tokenCounts: [Int] = []
  ) throws {
    try self.init(
      tokenizer, definition: String(decoding: tokenizer.json.encoded, as: UTF8.self), mostTokens,
      longTexts, tokenCounts)
  }

  private init(
    _ tokenizer: Tokenizer, definition: String, _ mostTokens: Int, _ longTexts: LongTexts,
    _ tokenCounts: [Int]
  ) throws {
    guard (1...Self.largestTokenCount).contains(mostTokens) else {
      throw InputError(
        "\(mostTokens) tokens cannot be looked at together",
        advice: "Give a number from 1 to \(NumberText.count(Self.largestTokenCount))")
    }
    guard tokenCounts.count <= tokenizer.vocabularySize,
      tokenCounts.allSatisfy({ (0...NumberCheck.largestCount).contains($0) })
    else {
      throw InputError(
        "\(NumberText.count(tokenCounts.count)) counts of tokens do not fit "
          + "\(NumberText.count(tokenizer.vocabularySize)) known tokens",
        advice: "Each is a whole number from 0 up")
    }
    self.tokenizer = tokenizer
    self.definition = definition
    self.mostTokens = mostTokens
    self.longTexts = longTexts
    self.tokenCounts = tokenCounts
  }

  /// How many different tokens there are.
  public var vocabularySize: Int { tokenizer.vocabularySize }

  /// For people.
  public var summary: String {
    "\(NumberText.count(mostTokens, "token")) at most, of \(NumberText.count(vocabularySize)) known"
  }

  /// The tokens of a text, as many as there are.
  ///
  /// - Throws: `InputError` for a text without any.
  package func tokens(of text: String) throws -> TokenizedText {
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw InputError("the text is empty", advice: "Give a text of one word at least")
    }
    let tokens = tokenizer.encode(text, addingSpecialTokens: false)
    guard tokens.count > 0 else {
      throw InputError("the text holds no token that the network knows")
    }
    return tokens
  }

  /// The parts of a text of so many tokens that are looked at one after the other. A rest shorter
  /// than a quarter of a window that is not the only one is left out: it has too little to be judged
  /// by.
  package func windows(ofTokens count: Int) -> [Range<Int>] {
    if longTexts == .cut { return [0..<min(count, mostTokens)] }
    return stride(from: 0, to: count, by: mostTokens).compactMap { start in
      let window = start..<min(start + mostTokens, count)
      return start == 0 || 4 * window.count >= mostTokens ? window : nil
    }
  }

  /// Parts of a text of so many tokens that cover all of it: each as long as is looked at together, half of
  /// each in the next one too; the last ends with the text.
  package func overlappingWindows(ofTokens count: Int) -> [Range<Int>] {
    guard count > mostTokens else { return [0..<count] }
    let step = max(mostTokens / 2, 1)
    return stride(from: 0, to: count - mostTokens + step, by: step).map { start in
      let last = min(start, count - mostTokens)
      return last..<(last + mostTokens)
    }
  }

  /// `tokens` `[batch, steps]`, filled up with zeros, and `lengths` `[batch]` of texts as tokens.
  package func arrays(_ texts: [[Int32]]) -> [String: HostArray] {
    let lengths = texts.map { min($0.count, mostTokens) }
    let steps = LengthBuckets.padded(lengths.max() ?? 1, most: mostTokens)
    var numbers = [Int32](repeating: 0, count: texts.count * steps)
    for (row, tokens) in texts.enumerated() {
      numbers.replaceSubrange(
        (row * steps)..<(row * steps + lengths[row]), with: tokens[0..<lengths[row]])
    }
    return [
      "tokens": HostArray([texts.count, steps], numbers),
      "lengths": HostArray(lengths.map { Int32($0) }),
    ]
  }
}

extension TextInput: Hashable {
  /// Whether both cut texts alike.
  public static func == (first: TextInput, second: TextInput) -> Bool {
    first.definition == second.definition && first.mostTokens == second.mostTokens
      && first.longTexts == second.longTexts && first.tokenCounts == second.tokenCounts
  }

  /// Feeds what tells two inputs apart.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(definition)
    hasher.combine(mostTokens)
  }
}

extension TextInput: Codable {
  private enum Key: String, CodingKey { case tokenizer, mostTokens, longTexts, tokenCounts }

  /// Reads what `encode(to:)` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let definition = try container.decode(String.self, forKey: .tokenizer)
    let counts = try container.decode(String.self, forKey: .tokenCounts)
    try self.init(
      Tokenizer(json: definition, name: "the run's tokenizer"), definition: definition,
      container.decode(Int.self, forKey: .mostTokens),
      container.decode(LongTexts.self, forKey: .longTexts),
      counts.split(separator: " ").map { text in
        guard let count = Int(text) else {
          throw DecodingError.dataCorruptedError(
            forKey: .tokenCounts, in: container, debugDescription: "\(text) is no count")
        }
        return count
      })
  }

  /// Writes the tokenizer as the text of a `tokenizer.json`, in a line.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(definition, forKey: .tokenizer)
    try container.encode(mostTokens, forKey: .mostTokens)
    try container.encode(longTexts, forKey: .longTexts)
    try container.encode(
      tokenCounts.map(String.init).joined(separator: " "), forKey: .tokenCounts)
  }
}
