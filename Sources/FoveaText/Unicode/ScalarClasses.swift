/// What tokenisers ask of a character, from a table for the characters that texts mostly consist of
/// and from Unicode's properties for the others.
struct ScalarClasses: OptionSet, Sendable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// General categories L*
  static let letter = ScalarClasses(rawValue: 1)
  /// General categories N*
  static let number = ScalarClasses(rawValue: 2)
  /// The property White_Space
  static let whitespace = ScalarClasses(rawValue: 4)
  /// General categories P*, and the ASCII characters that BERT counts as such: $ + < = > ^ ` | ~
  static let punctuation = ScalarClasses(rawValue: 8)
  /// General categories C*
  static let other = ScalarClasses(rawValue: 16)
  /// General category Mn
  static let nonspacingMark = ScalarClasses(rawValue: 32)
  /// The scripts that BERT writes spaces around: CJK ideographs.
  static let ideograph = ScalarClasses(rawValue: 64)

  /// The classes of a scalar value; none for a value that is no scalar.
  @inline(__always)
  init(of value: UInt32) {
    self =
      if Int(value) < Self.tableCount {
        ScalarClasses(rawValue: Self.table[Int(value)])
      } else {
        Self.computed(value)
      }
  }

  private static let tableCount = 0x3400
  private static let table: [UInt8] = (0..<UInt32(tableCount)).map { computed($0).rawValue }

  private static func computed(_ value: UInt32) -> ScalarClasses {
    if isIdeograph(value), (0x3400...0x9FFF).contains(value), value < 0x4DB6 || value > 0x4DBF,
      value < 0x9FD6
    {
      return [.letter, .ideograph]
    }
    if (0xAC00...0xD7A3).contains(value) { return .letter }
    guard let scalar = Unicode.Scalar(value) else { return .other }
    var classes: ScalarClasses = isIdeograph(value) ? .ideograph : []
    if scalar.properties.isWhitespace { classes.insert(.whitespace) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      classes.insert(.letter)
    case .decimalNumber, .letterNumber, .otherNumber: classes.insert(.number)
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      classes.insert(.punctuation)
    case .control, .format, .surrogate, .privateUse: classes.insert(.other)
    case .nonspacingMark: classes.insert(.nonspacingMark)
    case .mathSymbol, .currencySymbol, .modifierSymbol:
      if value < 128 { classes.insert(.punctuation) }
    default: break
    }
    return classes
  }

  /// The blocks that BERT's tokeniser calls Chinese, with 2B920 where 2B820 was meant.
  private static func isIdeograph(_ value: UInt32) -> Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
