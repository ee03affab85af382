/// The properties Word_Break and Sentence_Break, put together from Unicode's general ones as Annex 29
/// defines them.
enum BreakTables {
  static func word(of value: UInt32) -> WordBreak.Class {
    if value < 0x3400 { return words[Int(value)] }
    return (0x4E00...0x9FFF).contains(value) ? .other : computedWord(value)
  }

  static func sentence(of value: UInt32) -> SentenceBreak.Class {
    if value < 0x3400 { return sentences[Int(value)] }
    return (0x4E00...0x9FFF).contains(value) ? .letter : computedSentence(value)
  }

  private static let words = (0..<UInt32(0x3400)).map { computedWord($0) }
  private static let sentences = (0..<UInt32(0x3400)).map { computedSentence($0) }

  private static func computedWord(_ value: UInt32) -> WordBreak.Class {
    guard let scalar = Unicode.Scalar(value) else { return .other }
    let properties = scalar.properties
    let category = properties.generalCategory
    switch value {
    case 0x0D: return .cr
    case 0x0A: return .lf
    case 0x0B, 0x0C, 0x85, 0x2028, 0x2029: return .newline
    case 0x200D: return .joiner
    case 0x27: return .singleQuote
    case 0x22: return .doubleQuote
    case 0x2E, 0x2018, 0x2019, 0x2024, 0xFE52, 0xFF07, 0xFF0E: return .midNumLet
    case 0x3A, 0xB7, 0x387, 0x55F, 0x5F4, 0x2027, 0xFE13, 0xFE55, 0xFF1A: return .midLetter
    case 0x202F: return .extendNumLet
    case 0x200B: return .other
    case 0x1F1E6...0x1F1FF: return .regionalIndicator
    case 0x20, 0x1680, 0x2000...0x2006, 0x2008...0x200A, 0x205F, 0x3000: return .space
    default: break
    }
    if isExtend(properties) || properties.isEmojiModifier { return .extend }
    if category == .format {
      return ScalarSet.prepended.contains(value) ? prepended(value) : .format
    }
    if ScalarSet.midNumber.contains(value) { return .midNum }
    if ScalarSet.katakana.contains(value) { return .katakana }
    if isHebrew(value), category == .otherLetter { return .hebrew }
    if category == .connectorPunctuation { return .extendNumLet }
    if isNumeric(value, category) { return .numeric }
    if ScalarSet.letterSigns.contains(value) { return .letter }
    guard properties.isAlphabetic, !properties.isIdeographic,
      !ScalarSet.complexContext.contains(value), !ScalarSet.hiragana.contains(value)
    else { return .other }
    return .letter
  }

  /// Signs written before numbers count as numbers, the others as letters.
  private static func prepended(_ value: UInt32) -> WordBreak.Class {
    switch value {
    case 0x600...0x605, 0x6DD, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD: .numeric
    default: .letter
    }
  }

  private static func computedSentence(_ value: UInt32) -> SentenceBreak.Class {
    guard let scalar = Unicode.Scalar(value) else { return .other }
    let properties = scalar.properties
    let category = properties.generalCategory
    switch value {
    case 0x0D: return .cr
    case 0x0A: return .lf
    case 0x85, 0x2028, 0x2029: return .separator
    case 0x2E, 0x2024, 0xFE52, 0xFF0E: return .fullStop
    case 0x200C, 0x200D: return .extend
    case 0x5F3: return .letter
    default: break
    }
    if isExtend(properties) { return .extend }
    if category == .format { return ScalarSet.prepended.contains(value) ? .numeric : .format }
    if properties.isWhitespace { return .space }
    if ScalarSet.sentenceTerminal.contains(value) { return .terminal }
    if ScalarSet.sentenceContinuing.contains(value) { return .continuing }
    // Georgian writes sentences without capitals.
    let isGeorgian = (0x10D0...0x10FF).contains(value) || (0x1C90...0x1CBF).contains(value)
    if !isGeorgian {
      if properties.isLowercase { return .lower }
      if category == .titlecaseLetter || properties.isUppercase { return .upper }
    }
    if properties.isAlphabetic { return .letter }
    if isNumeric(value, category) { return .numeric }
    switch category {
    case .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation: return .close
    default: return ScalarSet.quotation.contains(value) ? .close : .other
    }
  }

  private static func isExtend(_ properties: Unicode.Scalar.Properties) -> Bool {
    properties.isGraphemeExtend || properties.generalCategory == .spacingMark
  }

  private static func isHebrew(_ value: UInt32) -> Bool {
    (0x5D0...0x5F2).contains(value) || (0xFB1D...0xFB4F).contains(value)
  }

  private static func isNumeric(_ value: UInt32, _ category: Unicode.GeneralCategory) -> Bool {
    category == .decimalNumber || value == 0x66B || value == 0x66C
  }
}
