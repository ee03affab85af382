import FoveaArray

/// Changes of bytes that know nothing of what they mean.
enum ByteMutation {
  /// Whole numbers at which arithmetic goes wrong.
  static let integers: [UInt64] = [
    0, 1, 2, 7, 255, 256, 65_535, 65_536, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_FFFE,
    0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max, 1 << 31, 1 << 40, 1 << 53, 1 << 62,
  ]
  static let floats: [Float] = [
    .nan, .infinity, -.infinity, 1e30, 1e19, -3e38, .greatestFiniteMagnitude,
    .leastNonzeroMagnitude, 0, -0.0,
  ]

  /// One to four changes, half of them near the beginning, where headers are.
  static func changed(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = bytes
    for _ in 0...dice.below(4) { change(&bytes, &dice) }
    return bytes
  }

  private static func change(_ bytes: inout [UInt8], _ dice: inout Dice) {
    guard !bytes.isEmpty else {
      bytes = dice.bytes(dice.below(16))
      return
    }
    let place = dice.below(dice.one(in: 2) ? min(bytes.count, 64) : bytes.count)
    switch dice.below(11) {
    case 0: bytes[place] ^= 1 << UInt8(dice.below(8))
    case 1: bytes[place] = dice.pick([0, 1, 0x7F, 0x80, 0xFE, 0xFF])
    case 2: bytes[place] = UInt8(dice.below(256))
    case 3: write(dice.pick(integers), size: dice.pick([2, 4, 8]), at: place, &bytes, &dice)
    case 4: write(UInt64(dice.pick(floats).bitPattern), size: 4, at: place, &bytes, &dice)
    case 5: write(Double(dice.pick(floats)).bitPattern, size: 8, at: place, &bytes, &dice)
    case 6: bytes.removeSubrange(place..<min(bytes.count, place + dice.length(upTo: 4096)))
    case 7:
      let block = Array(bytes[place..<min(bytes.count, place + dice.length(upTo: 4096))])
      bytes.insert(contentsOf: block, at: dice.below(bytes.count + 1))
    case 8: bytes.removeLast(dice.length(upTo: bytes.count - 1))
    case 9: bytes.insert(contentsOf: dice.bytes(dice.length(upTo: 64)), at: place)
    default:
      // One more or less in a number of two or four bytes.
      let index = min(place + dice.below(4), bytes.count - 1)
      bytes[index] = dice.one(in: 2) ? bytes[index] &+ 1 : bytes[index] &- 1
    }
  }

  private static func write(
    _ number: UInt64, size: Int, at place: Int, _ bytes: inout [UInt8], _ dice: inout Dice
  ) {
    let isLittle = dice.one(in: 2)
    for index in 0..<size where place + index < bytes.count {
      let shift = 8 * (isLittle ? index : size - 1 - index)
      bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(shift))
    }
  }
}
