/// Makes numbers of a text and text of numbers, as a trained model expects them.
///
///     text → added tokens → normal form → words → pieces → numbers with their places in the text
///
/// WordPiece as BERT uses it, and byte-level BPE as GPT-2 and RoBERTa do. Numbers and places are those
/// of the `tokenizers` package.
public struct Tokenizer: Sendable {
  /// How words become pieces.
  enum Model: Sendable {
    case wordPiece(WordPiece)
    case bytePairs(BytePairEncoding)
  }

  /// What is done to a text before it is cut into words.
  enum Normalizer: Sendable {
    case none
    case bert(BERTNormalizer)
  }

  /// How a text is cut into words.
  enum Split: Hashable, Sendable {
    /// At white space and around each punctuation mark.
    case bert
    /// As GPT-2 does, or not at all; with a space before the text if asked for.
    case byteLevel(addsSpace: Bool, usesWords: Bool)
  }

  /// What becomes of the tokens of a whole text.
  struct Finish: Hashable, Sendable {
    /// Numbers of the tokens before the text.
    var before: [Int32] = []
    /// Numbers of the tokens behind it.
    var after: [Int32] = []
    /// Whether places leave out the spaces at a token's ends.
    var trimsSpace = false
    /// Whether the space before the first token is one that was added.
    var addsSpace = false
  }

  var vocabulary: Vocabulary
  var added: AddedTokens
  var normalizer: Normalizer
  var split: Split
  var model: Model
  var finish: Finish
  /// The most tokens that the file says a text may have.
  public internal(set) var maximumLength: Int?
  /// The number of the token that fills texts up, where the files say one.
  public internal(set) var paddingID: Int32?

  /// How many numbers there are.
  public var vocabularySize: Int { vocabulary.count }

  /// The number of a token as the vocabulary writes it; `nil` where there is none.
  public func id(of token: String) -> Int32? { vocabulary[token] }

  /// A token as the vocabulary writes it; `nil` where there is none.
  public func token(_ id: Int32) -> String? {
    vocabulary.token(id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The tokens of a text.
  ///
  /// - Parameters:
  ///   - addingSpecialTokens: whether the tokens are added that the model expects around a text.
  ///   - maximumLength: the most tokens in all; what is over at the end is left out, and counted.
  public func encode(
    _ text: String, addingSpecialTokens: Bool = true, maximumLength: Int? = nil
  ) -> TokenizedText {
    let bytes = Array(text.utf8)
    var result = TokenizedText()
    result.reserve(bytes.count / 3 + 2)
    var workspace = BytePairEncoding.Workspace()
    for part in added.parts(of: bytes) {
      if let id = part.id {
        result.append(id, part.range)
      } else {
        append(bytes, in: part.range, to: &result, &workspace)
      }
    }
    let extra = addingSpecialTokens ? finish.before.count + finish.after.count : 0
    if let maximumLength, result.count + extra > maximumLength {
      let dropped = min(result.count, result.count + extra - maximumLength)
      result.removeLast(dropped)
      result.droppedCount = dropped
    }
    if finish.trimsSpace {
      result.trimSpace(
        bytes, vocabulary, added: Set(added.tokens.map(\.id)), isFirstAdded: finish.addsSpace)
    }
    if addingSpecialTokens {
      result.insert(finish.after, at: result.count)
      result.insert(finish.before, at: 0)
    }
    return result
  }

  private func append(
    _ bytes: [UInt8], in range: Range<Int>, to result: inout TokenizedText,
    _ workspace: inout BytePairEncoding.Workspace
  ) {
    switch (split, model) {
    case (.bert, .wordPiece(let pieces)):
      let text: AlignedText =
        switch normalizer {
        case .none: AlignedText(bytes, in: range)
        case .bert(let normalizer): normalizer.normalized(bytes, in: range)
        }
      BERTSplit.forEachWord(in: text) { pieces.append($0, of: text, to: &result) }
    case (.byteLevel(let addsSpace, let usesWords), .bytePairs(let pairs)):
      ByteLevelText(bytes, range, addsSpace: addsSpace, usesWords: usesWords)
        .append(to: &result, pairs, &workspace)
    case (.bert, .bytePairs), (.byteLevel, .wordPiece):
      fatalError("tokenizer: byte pairs go with a byte-level split, pieces with BERT's")
    }
  }
}

/// Words as BERT cuts them.
enum BERTSplit {
  /// Gives `body` the places of all words: what lies between white space, each punctuation mark by
  /// itself.
  static func forEachWord(in text: AlignedText, _ body: (Range<Int>) -> Void) {
    var start = 0
    for index in 0..<text.count {
      let classes = ScalarClasses(of: text.scalars[index])
      guard !classes.isDisjoint(with: [.whitespace, .punctuation]) else { continue }
      if index > start { body(start..<index) }
      if !classes.contains(.whitespace) { body(index..<(index + 1)) }
      start = index + 1
    }
    if text.count > start { body(start..<text.count) }
  }
}
