/// What a character is made of: é is e with an acute accent.
///
/// Unicode, chapter 3.7, definition D68, with the arithmetic of section 3.12 for Hangul.
enum CanonicalDecomposition {
  /// Gives `body` the scalars of the full canonical decomposition of one.
  @inline(__always)
  static func forEach(of value: UInt32, _ body: (UInt32) -> Void) {
    if value < 0xC0 {
      body(value)
    } else if (0xAC00...0xD7A3).contains(value) {
      let index = value - 0xAC00
      body(0x1100 + index / 588)
      body(0x1161 + index % 588 / 28)
      if index % 28 != 0 { body(0x11A7 + index % 28) }
    } else if let parts = table[value] {
      for part in parts { body(part) }
    } else {
      body(value)
    }
  }

  /// The class by which marks are put in order; 0 for what marks cannot pass.
  @inline(__always)
  static func combiningClass(of value: UInt32) -> UInt8 {
    guard value >= 0x300, let scalar = Unicode.Scalar(value) else { return 0 }
    return scalar.properties.canonicalCombiningClass.rawValue
  }

  /// By scalar value.
  private static let table: [UInt32: [UInt32]] = {
    var table: [UInt32: [UInt32]] = [:]
    for line in decompositionTable.split(separator: "\n") {
      let values = line.split(separator: " ").compactMap { UInt32($0, radix: 16) }
      table[values[0]] = Array(values.dropFirst())
    }
    return table
  }()
}
