import FoveaArray

/// Draws that follow from a key alone, one after the other.
struct Dice {
  private let key: RandomKey
  private var place: UInt64 = 0

  init(_ key: RandomKey) { self.key = key }

  /// A number from 0 to below `bound`, which is at least 1.
  mutating func below(_ bound: Int) -> Int {
    place += 1
    return key.integer(below: bound, at: place)
  }

  /// Whether one of `count` equally likely things happens.
  mutating func one(in count: Int) -> Bool { below(count) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// Random bytes.
  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(below(256)) }
  }

  /// A length that is mostly small.
  mutating func length(upTo most: Int) -> Int {
    below(min(max(most, 0), pick([1, 4, 16, 64, 1024, 1 << 20])) + 1)
  }
}
