/// Changes of tables and texts: quotes, separators, line ends, encodings, numbers, very much of one thing.
enum TextMutation {
  private static let words = [
    "\"", "\"\"", ",", ";", "\t", "\n", "\r", "\r\n", "\u{0}", "\u{FEFF}", "\u{202E}", "\u{1B}[2J",
    "0", "-1", "9223372036854775807", "9223372036854775808", "1e308", "nan", "inf", "0x1p4", " ",
    "text", "label", "\u{301}", "👩‍👩‍👧", "𝔘", "\\", "{", "}", "[", "null", "../x", "/dev/null",
  ]

  static func changed(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = bytes
    for _ in 0...dice.below(4) { change(&bytes, &dice) }
    return bytes
  }

  private static func change(_ bytes: inout [UInt8], _ dice: inout Dice) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    let line = dice.below(lines.count)
    switch dice.below(12) {
    case 0...3:
      bytes.insert(contentsOf: Array(dice.pick(words).utf8), at: dice.below(bytes.count + 1))
      return
    case 4:
      let cells = lines[line].split(separator: 0x2C, omittingEmptySubsequences: false)
      var row = cells.map(Array.init)
      row[dice.below(row.count)] = Array(dice.pick(words).utf8)
      lines[line] = Array(row.joined(separator: [0x2C]))
    case 5: lines.remove(at: line)
    case 6:
      let times = dice.one(in: 6) ? 2000 : 1
      lines.insert(contentsOf: repeatElement(lines[line], count: times), at: line)
    case 7: lines.swapAt(line, dice.below(lines.count))
    case 8:
      // One cell very long, or very many of them.
      let piece: [UInt8] = dice.one(in: 2) ? [0x61] : [0x2C]
      lines[line] += Array(repeatElement(piece, count: dice.pick([100, 5000, 70_000])).joined())
    case 9:
      bytes = bytes.flatMap { [$0, 0] }
      return
    case 10:
      bytes = ByteMutation.changed(bytes, &dice)
      return
    default:
      lines[line].insert(
        contentsOf: dice.pick([[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x80]]),
        at: dice.below(lines[line].count + 1))
    }
    bytes = Array(lines.joined(separator: [0x0A]))
  }
}
