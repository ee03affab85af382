import Glibc

/// Counter-based random numbers: the key and the position give the number.
///
/// Nothing is drawn in sequence, so results depend neither on the number of threads nor on the
/// order of work, and a resumed run sees the numbers that an uninterrupted one would have seen.
/// Philox4x32-10 of Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
public struct RandomKey: Hashable, Sendable, Codable {
  /// The 64-bit key.
  public let value: UInt64

  /// The key that a user's seed names.
  public init(seed: UInt64) { value = seed }

  /// Four random words for `position`.
  public func words(at position: UInt64) -> SIMD4<UInt32> {
    Self.philox(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32), 0, 0),
      key: SIMD2(UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)))
  }

  /// Philox4x32 with 10 rounds.
  package static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = counter[0].multipliedFullWidth(by: 0xD251_1F53)
      let second = counter[2].multipliedFullWidth(by: 0xCD9E_8D57)
      counter = SIMD4(
        second.high ^ counter[1] ^ key[0], second.low, first.high ^ counter[3] ^ key[1], first.low)
      key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return counter
  }

  /// Another key for one of many purposes: an epoch, an item, a seed's index.
  public func folding(_ number: Int) -> RandomKey {
    let words = words(at: UInt64(bitPattern: Int64(number)) ^ 0x5DEE_CE66_D1A4_F087)
    return RandomKey(seed: UInt64(words[0]) | UInt64(words[1]) << 32)
  }

  /// Another key for a purpose with a name: `shuffle`, or a parameter's path.
  public func folding(_ name: String) -> RandomKey {
    folding(contentOf: name.utf8)
  }

  /// Another key for an example, by its own pixels, samples or bytes.
  @inlinable
  package func folding<Content: Sequence>(contentOf content: Content) -> RandomKey
  where Content.Element: UnsignedInteger {
    // FNV-1a, the hash of the content; stable across runs, unlike `Hasher`.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for word in content { hash = (hash ^ UInt64(word)) &* 0x100_0000_01B3 }
    return folding(Int(Int64(bitPattern: hash)))
  }
}

// MARK: - Distributions

extension RandomKey {
  /// Uniform in [0, 1), with 24 random bits.
  public func uniform(at position: UInt64) -> Float {
    Float(words(at: position / 4)[Int(position % 4)] >> 8) * 0x1p-24
  }

  /// Normal with mean 0 and deviation 1, by the Box–Muller transform in double precision.
  public func normal(at position: UInt64) -> Double {
    let words = words(at: position)
    // (w + 0.5) / 2³² lies strictly between 0 and 1, so the logarithm is finite.
    let first = (Double(words[0]) + 0.5) * 0x1p-32
    let second = (Double(words[1]) + 0.5) * 0x1p-32
    return (-2 * log(first)).squareRoot() * cos(2 * Double.pi * second)
  }

  /// A uniform integer in 0..<`bound`; the bias is below 2⁻³² for bounds up to 2³².
  ///
  /// A bound below 1 is a programmer's mistake and traps.
  public func integer(
    below bound: Int, at position: UInt64, file: StaticString = #fileID, line: UInt = #line
  ) -> Int {
    require(bound > 0, "random: bound \(bound) is not positive", file: file, line: line)
    let words = words(at: position)
    let word = UInt64(words[0]) << 32 | UInt64(words[1])
    return Int(word.multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// 0..<`count` in random order (Fisher–Yates).
  ///
  /// A count below 0 is a programmer's mistake and traps.
  public func permutation(
    of count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> [Int] {
    require(count >= 0, "random: there is no order of \(count)", file: file, line: line)
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1, at: UInt64(last)))
    }
    return order
  }
}
