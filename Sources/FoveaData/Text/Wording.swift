/// `1 file`, `12,000 files`.
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// `12,000`.
func grouped(_ count: Int) -> String {
  var text = ""
  for (index, digit) in String(abs(count)).reversed().enumerated() {
    if index > 0, index % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return (count < 0 ? "−" : "") + String(text.reversed())
}

/// `0.503`: rounded, with exactly so many digits after the point; large numbers grouped.
func decimal(_ value: Double, digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  let unit = (0..<digits).reduce(1) { unit, _ in unit * 10 }
  let scaled = Int((abs(value) * Double(unit)).rounded())
  let sign = value < 0 && scaled > 0 ? "−" : ""
  guard digits > 0 else { return sign + grouped(scaled) }
  let fraction = String(scaled % unit)
  return sign + grouped(scaled / unit) + "."
    + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// `6 %`, `0.4 %`: a share with as many digits as matter.
func percent(_ part: Int, of whole: Int) -> String {
  let value = 100 * Double(part) / Double(max(1, whole))
  return decimal(value, digits: value > 0 && value < 9.95 ? 1 : 0) + " %"
}
