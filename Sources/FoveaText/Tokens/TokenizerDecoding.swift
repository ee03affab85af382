extension Tokenizer {
  /// The text of some tokens.
  ///
  /// Bytes that are no UTF-8, such as the first half of a character, become U+FFFD. With WordPiece
  /// the text is one that reads well: what the normal form took away does not come back.
  public func decode(_ ids: [Int32], skippingSpecialTokens: Bool = true) -> String {
    let special = Set(added.tokens.filter(\.isSpecial).map(\.id))
    let others = Set(added.tokens.map(\.id))
    var bytes: [UInt8] = []
    for id in ids {
      guard let token = vocabulary.token(id) else { continue }
      if skippingSpecialTokens, special.contains(id) { continue }
      switch model {
      case .bytePairs:
        bytes += others.contains(id) ? token : ByteAlphabet.bytes(of: token) ?? token
      case .wordPiece:
        if token.starts(with: "##".utf8) {
          bytes += token.dropFirst(2)
        } else {
          if !bytes.isEmpty { bytes.append(0x20) }
          bytes += token
        }
      }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if case .bytePairs = model { return text }
    return Self.closingUp.reduce(text) { $0.replacing($1.spaced, with: $1.closed) }
  }

  /// Where no space belongs, in English.
  private static let closingUp: [(spaced: String, closed: String)] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]
}
