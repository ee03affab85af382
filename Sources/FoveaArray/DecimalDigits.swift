/// A number by its shortest decimal, 0.d₁d₂d₃… × 10^exponent: the digits that JSON and CSV show.
///
/// Rounding these, and not the binary number behind them, gives what a reader gets who rounds the
/// unrounded number by hand: 1.005 is 1.01, although the nearest `Double` is a little smaller.
struct DecimalDigits {
  private let digits: [UInt8]
  private let exponent: Int

  /// The digits of `value` without its sign; it must be finite.
  init(_ value: Double) {
    require(value.isFinite, "digits of \(value)")
    // 0.00125 and 1.25e-03 are how Swift writes the shortest decimal.
    let parts = value.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    var digits = mantissa.joined().utf8.map { $0 - UInt8(ascii: "0") }
    var exponent = mantissa[0].utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    exponent -= zeros
    self.digits = digits
    self.exponent = exponent
  }

  /// The places after the point, without zeros at the end.
  var decimals: Int {
    digits.isEmpty
      ? 0 : max(0, digits.count - digits.reversed().prefix { $0 == 0 }.count - exponent)
  }

  /// Times 10^`power`, rounded half away from zero to `decimals` places.
  ///
  /// - Returns: the digits before the point, at least one, and those after it.
  func rounded(decimals: Int, power: Int = 0) -> (whole: String, fraction: String) {
    let kept = exponent + power + decimals
    var result = Array(digits.prefix(max(kept, 0)))
    if kept > digits.count { result += Array(repeating: 0, count: kept - digits.count) }
    if kept >= 0, kept < digits.count, digits[kept] >= 5 { Self.increment(&result) }
    let missing = decimals + 1 - result.count
    if missing > 0 { result = Array(repeating: 0, count: missing) + result }
    let text = result.map { Character(UnicodeScalar($0 + UInt8(ascii: "0"))) }
    return (String(text.dropLast(decimals)), String(text.suffix(decimals)))
  }

  private static func increment(_ digits: inout [UInt8]) {
    for index in digits.indices.reversed() {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
  }
}
