/// Large and small amounts in a unit that fits them.
extension NumberText {
  /// `840`, `12,345`, `3.2 million`, `1.4 billion`.
  package static func words(_ count: Int) -> String {
    guard count.magnitude >= 1_000_000 else { return Self.count(count) }
    let names = ["million", "billion", "trillion"]
    var value = Double(count) / 1e6
    var name = 0
    // 999.96 million would be 1000.0 with one decimal.
    while value.magnitude >= 999.95, name < names.count - 1 {
      value /= 1000
      name += 1
    }
    let text = fixed(value, decimals: 1)
    return "\(text.hasSuffix(".0") ? String(text.dropLast(2)) : text) \(names[name])"
  }

  /// `41.2 MFLOP`, `640 FLOP`, `15.0 ms`: three significant digits and a decimal prefix from n to P.
  package static func prefixed(_ value: Double, unit: String) -> String {
    guard value.isFinite, value != 0 else { return "\(fixed(value, decimals: 0)) \(unit)" }
    let prefixes = ["n", "µ", "m", "", "k", "M", "G", "T", "P"]
    var scaled = value * 1e9
    var index = 0
    while scaled.magnitude >= 999.5, index < prefixes.count - 1 {
      scaled /= 1000
      index += 1
    }
    // A whole number below a thousand, such as 640 units, needs no decimals.
    let isWhole = prefixes[index].isEmpty && value == value.rounded()
    let decimals =
      isWhole || scaled.magnitude >= 99.95 ? 0 : scaled.magnitude >= 9.995 ? 1 : 2
    return "\(fixed(scaled, decimals: decimals)) \(prefixes[index])\(unit)"
  }

  /// `0.42 s`, `4.2 s`, `48 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e15 else { return "\(fixed(seconds, decimals: 0)) s" }
    if seconds < 0.995 { return "\(fixed(seconds, decimals: 2)) s" }
    if seconds < 9.95 { return "\(fixed(seconds, decimals: 1)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return pair(whole, of: 60, "min", "s") }
    // Above an hour the second unit is what is rounded, so that 59.9 min is not left over.
    let minutes = Int((seconds / 60).rounded())
    if minutes < 24 * 60 { return pair(minutes, of: 60, "h", "min") }
    return pair(Int((seconds / 3600).rounded()), of: 24, "d", "h")
  }

  /// `value` small units as large ones, each of `size` small ones, and the rest.
  private static func pair(
    _ value: Int, of size: Int, _ large: String, _ small: String
  ) -> String {
    let rest = value % size
    return "\(count(value / size)) \(large)" + (rest == 0 ? "" : " \(rest) \(small)")
  }
}
