/// Numbers as people read them, the same on every machine and in every locale.
///
/// Thousands are grouped by commas, negative numbers carry a real minus sign, what rounds to zero
/// has no sign, and rounding is half away from zero on the shortest decimal (`DecimalDigits`).
package enum NumberText {
  /// What stands where there is no number.
  package static let missing = "–"
  private static let minus = "\u{2212}"

  /// `−1,234.50`: with exactly so many decimals.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    signed(value, decimals: decimals, power: 0, plus: "")
  }

  /// `12.5`, `25`: with as many decimals as it has.
  package static func exact(_ value: Double) -> String {
    fixed(value, decimals: value.isFinite ? DecimalDigits(value).decimals : 0)
  }

  /// `12,000`.
  package static func count(_ count: Int) -> String {
    (count < 0 ? minus : "") + grouped(String(count.magnitude))
  }

  /// `1 picture`, `12,000 pictures`.
  package static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
    "\(Self.count(count)) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  /// `62.4 %` of the share 0.624.
  package static func percent(_ share: Double, decimals: Int = 1) -> String {
    hundredths(share, decimals: decimals) + " %"
  }

  /// `6 %`, `0.4 %`: a share of a whole with as many decimals as matter.
  package static func share(_ part: Int, of whole: Int) -> String {
    let share = Double(part) / Double(max(1, whole))
    return percent(share, decimals: share > 0 && share < 0.0995 ? 1 : 0)
  }

  /// `60.2–64.5 %`: a range of shares.
  package static func percentRange(_ lower: Double, _ upper: Double, decimals: Int = 1) -> String {
    hundredths(lower, decimals: decimals) + "–" + hundredths(upper, decimals: decimals) + " %"
  }

  /// `62.4` of the share 0.624: a percentage whose unit stands elsewhere.
  package static func hundredths(_ share: Double, decimals: Int = 1) -> String {
    signed(share, decimals: decimals, power: 2, plus: "")
  }

  /// `+3.2` of the difference 0.032: percentage points with one decimal, or as many up to four as
  /// it takes not to read as zero.
  package static func points(_ difference: Double) -> String {
    signed(difference, decimals: pointDecimals(difference), power: 2, plus: "+")
  }

  /// `3.2`: percentage points as for `points`, without a plus.
  package static func unsignedPoints(_ difference: Double) -> String {
    signed(difference, decimals: pointDecimals(difference), power: 2, plus: "")
  }

  /// `−0.4 to +6.8`: a range of differences in percentage points.
  package static func pointRange(_ lower: Double, _ upper: Double) -> String {
    "\(points(lower)) to \(points(upper))"
  }

  /// `p = 0.031`, `p < 0.001`, `p > 0.999`, `p = 1`.
  package static func pValue(_ p: Double) -> String {
    let text = bareP(p)
    return text.first.map { "<>".contains($0) } == true ? "p \(text)" : "p = \(text)"
  }

  /// `0.031`, `< 0.001`: a p whose name stands elsewhere.
  package static func bareP(_ p: Double) -> String {
    if p == 1 { return "1" }
    if p < 0.001 { return "< 0.001" }
    return p < 1 && p > 0.999 ? "> 0.999" : fixed(p, decimals: 3)
  }

  private static func pointDecimals(_ difference: Double) -> Int {
    guard difference.isFinite, difference != 0 else { return 1 }
    let digits = DecimalDigits(difference)
    let isVisible = { (decimals: Int) in
      let (whole, fraction) = digits.rounded(decimals: decimals, power: 2)
      return (whole + fraction).contains { $0 != "0" }
    }
    return (1...4).first(where: isVisible) ?? 4
  }

  private static func signed(
    _ value: Double, decimals: Int, power: Int, plus: String
  ) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? minus + "∞" : plus + "∞" }
    let (whole, fraction) = DecimalDigits(value).rounded(decimals: decimals, power: power)
    let isZero = (whole + fraction).allSatisfy { $0 == "0" }
    let sign = isZero ? "" : value < 0 ? minus : plus
    return sign + grouped(whole) + (decimals > 0 ? "." + fraction : "")
  }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
