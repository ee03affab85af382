/// Changes of JSON that leave it JSON, mostly: values become extreme, members go or come twice.
enum JSONMutation {
  private static let numbers = [
    "0", "1", "-1", "2", "0.5", "-0", "255", "256", "65536", "1000000", "2147483647", "2147483648",
    "-2147483649", "4294967296", "9007199254740992", "9007199254740993", "4611686018427387904",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
    "1e19", "1e30", "3e38", "1e300", "-1e300", "1e999", "1e-300", "1e-46", "100000000",
  ]
  private static let others = [
    "null", "true", "false", "\"\"", "\"x\"", "[]", "{}", "[[]]", "\"\\u0000\"", "\"\\ud800\"",
    "[0]", "{\"x\":1}", "NaN", "-Infinity", "\"../../x\"", "\"\\u001b]0;x\\u0007\"",
  ]

  static func changed(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = bytes
    for _ in 0...dice.below(3) { bytes = change(bytes, &dice) }
    return dice.one(in: 12) ? ByteMutation.changed(bytes, &dice) : bytes
  }

  private static func change(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    let places = Places(bytes)
    guard !places.values.isEmpty else { return ByteMutation.changed(bytes, &dice) }
    // Long lists, such as a vocabulary's, would take nearly all changes; a short part is as likely.
    let values =
      dice.one(in: 2) && !places.shallow.isEmpty ? places.shallow : places.values
    let value = dice.pick(values)
    func replaced(_ range: Range<Int>, _ text: [UInt8]) -> [UInt8] {
      Array(bytes[..<range.lowerBound]) + text + Array(bytes[range.upperBound...])
    }
    let first = bytes[value.lowerBound]
    let isNumber = first == 0x2D || (0x30...0x39).contains(first)
    switch dice.below(10) {
    case 0...3: return replaced(value, Array(dice.pick(numbers).utf8))
    case 4:
      guard isNumber, let number = Int(String(decoding: bytes[value], as: UTF8.self)) else {
        return replaced(value, Array(dice.pick(numbers).utf8))
      }
      let near = dice.pick([number &+ 1, number &- 1, number &* 2, number / 2, 0 &- number])
      return replaced(value, Array("\(near)".utf8))
    case 5: return replaced(value, Array(dice.pick(others).utf8))
    case 6: return replaced(value, Array(bytes[dice.pick(values)]))
    case 7:
      // Without a member or element and the comma beside it.
      guard !places.items.isEmpty else { return bytes }
      let item = dice.pick(places.items)
      var range = item
      if range.upperBound < bytes.count, bytes[range.upperBound] == 0x2C {
        range = range.lowerBound..<range.upperBound + 1
      } else if range.lowerBound > 0, bytes[range.lowerBound - 1] == 0x2C {
        range = range.lowerBound - 1..<range.upperBound
      }
      return replaced(range, [])
    case 8:
      guard !places.items.isEmpty else { return bytes }
      let item = dice.pick(places.items)
      let copy = [0x2C] + Array(bytes[item])
      let count = dice.one(in: 8) ? 1000 : 1
      return replaced(
        item.upperBound..<item.upperBound, Array(repeatElement(copy, count: count).joined()))
    default:
      if first == 0x22, value.count > 2, dice.one(in: 2) {
        let inner = value.lowerBound + 1..<value.upperBound - 1
        return replaced(inner, Array(bytes[inner].prefix(dice.below(inner.count + 1))))
      }
      let depth = dice.pick([10, 600, 20_000])
      return replaced(
        value,
        [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth))
    }
  }

  /// Where values, and members or elements, stand in JSON that is whole.
  private struct Places {
    var values: [Range<Int>] = []
    /// Values in objects and lists that hold few.
    var shallow: [Range<Int>] = []
    var items: [Range<Int>] = []
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      _ = value(depth: 0)
    }

    private mutating func skip() {
      while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
    }

    private mutating func value(depth: Int) -> Range<Int>? {
      skip()
      guard place < bytes.count, depth < 200 else { return nil }
      let start = place
      switch bytes[place] {
      case 0x7B, 0x5B:
        let isObject = bytes[place] == 0x7B
        place += 1
        var inner: [Range<Int>] = []
        while true {
          skip()
          guard place < bytes.count else { return nil }
          if bytes[place] == 0x7D || bytes[place] == 0x5D { break }
          if bytes[place] == 0x2C {
            place += 1
            continue
          }
          let item = place
          if isObject {
            guard string() else { return nil }
            skip()
            guard place < bytes.count, bytes[place] == 0x3A else { return nil }
            place += 1
          }
          guard let range = value(depth: depth + 1) else { return nil }
          inner.append(range)
          items.append(item..<place)
        }
        place += 1
        if inner.count <= 40 { shallow += inner }
      case 0x22: guard string() else { return nil }
      default:
        while place < bytes.count, !",]} \n\r\t".utf8.contains(bytes[place]) { place += 1 }
        guard place > start else { return nil }
      }
      values.append(start..<place)
      return start..<place
    }

    private mutating func string() -> Bool {
      guard place < bytes.count, bytes[place] == 0x22 else { return false }
      place += 1
      while place < bytes.count, bytes[place] != 0x22 { place += bytes[place] == 0x5C ? 2 : 1 }
      place += 1
      return place <= bytes.count
    }
  }
}
