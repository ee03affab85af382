/// Numbers that a file or a person gives, held against what they can be.
package enum NumberCheck {
  /// Whole numbers up to here are exact as `Double` too, and a few of them can be added or multiplied by
  /// small ones without overflow.
  package static let largestCount = 1 << 53
  /// Seconds since 1970 up to the end of the year 9999.
  package static let dates = -62_135_596_800.0...253_402_300_799.0

  /// Fails unless a whole number lies in a range.
  ///
  /// - Throws: `InputError` that names it and the range.
  package static func require(
    _ name: String, _ value: Int, in range: ClosedRange<Int>
  ) throws {
    guard !range.contains(value) else { return }
    throw InputError("\(name) cannot be \(value)", advice: advice(range))
  }

  /// Fails unless a number lies in a range; what is not a number lies in none.
  ///
  /// - Throws: `InputError` that names it and the range.
  package static func require(
    _ name: String, _ value: Double, in range: ClosedRange<Double>
  ) throws {
    guard !range.contains(value) else { return }
    throw InputError(
      "\(name) cannot be \(value)",
      advice: range.upperBound < .greatestFiniteMagnitude
        ? "It lies from \(text(range.lowerBound)) to \(text(range.upperBound))"
        : "It is a number from \(text(range.lowerBound)) up")
  }

  /// `Give a whole number from 1 to 10,000`.
  package static func advice(_ range: ClosedRange<Int>) -> String {
    "Give a whole number from \(NumberText.count(range.lowerBound)) to "
      + NumberText.count(range.upperBound)
  }

  /// Whole numbers without a decimal point.
  private static func text(_ value: Double) -> String {
    Int(exactly: value).map { NumberText.count($0) } ?? "\(value)"
  }
}
