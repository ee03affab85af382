/// Finds all near copies in a set of pictures without comparing each with each.
///
/// Hashes that differ in at most 7 of 64 bits agree to within one bit in at least one of their
/// four 16-bit bands (Norouzi et al. 2012, "Fast search in Hamming space with multi-index
/// hashing"). So it is enough to compare a picture with those whose band is equal or one bit off,
/// and the result is exactly what comparing all pairs would give. With bands spread evenly that is
/// n/960 comparisons for each of n pictures; where many pictures are alike it grows with the
/// number of pairs that are.
public struct NearDuplicateIndex: Sendable {
  /// Two pictures, the one with the smaller number first.
  public struct Pair: Hashable, Sendable {
    /// The number of the first picture.
    public let first: Int
    /// The number of the second picture.
    public let second: Int
    /// How much their thumbnails agree.
    public let correlation: Float
  }

  private let fingerprints: [PictureFingerprint]
  private let bands: [Band]

  /// Pictures in the order of their bits in one band.
  private struct Band: Sendable {
    let shift: UInt64
    /// For each of 65536 values, where its pictures begin; one more for the end.
    let starts: [Int]
    let pictures: [Int]

    init(_ hashes: [UInt64], shift: UInt64) {
      self.shift = shift
      var starts = [Int](repeating: 0, count: 65_537)
      for hash in hashes { starts[Self.value(hash, shift) + 1] += 1 }
      for value in 1...65_536 { starts[value] += starts[value - 1] }
      var next = starts
      var pictures = [Int](repeating: 0, count: hashes.count)
      for (picture, hash) in hashes.enumerated() {
        let value = Self.value(hash, shift)
        pictures[next[value]] = picture
        next[value] += 1
      }
      self.starts = starts
      self.pictures = pictures
    }

    static func value(_ hash: UInt64, _ shift: UInt64) -> Int { Int(hash >> shift & 0xFFFF) }
  }

  /// An index of these pictures, which are numbered as they come.
  public init(_ fingerprints: [PictureFingerprint]) {
    self.fingerprints = fingerprints
    let hashes = fingerprints.map(\.hash)
    bands = [0, 16, 32, 48].map { Band(hashes, shift: $0) }
  }

  /// All pairs of near copies, by the first picture, then the second.
  ///
  /// - Parameter minimumCorrelation: as for `PictureFingerprint.isNearDuplicate`.
  /// - Returns: each pair once.
  public func pairs(minimumCorrelation: Float = 0.98) -> [Pair] {
    let hashes = fingerprints.map(\.hash)
    var pairs: [Pair] = []
    for (number, band) in bands.enumerated() {
      for (first, hash) in hashes.enumerated() where !fingerprints[first].isFeatureless {
        for flip in -1..<16 {
          let value = Band.value(hash, band.shift) ^ (flip < 0 ? 0 : 1 << flip)
          for second in band.pictures[band.starts[value]..<band.starts[value + 1]]
          where second > first {
            let difference = hash ^ hashes[second]
            guard difference.nonzeroBitCount <= PictureFingerprint.largestDistance,
              Self.firstClose(difference) == number,
              fingerprints[first].isNearDuplicate(
                of: fingerprints[second], minimumCorrelation: minimumCorrelation)
            else { continue }
            pairs.append(
              Pair(
                first: first, second: second,
                correlation: fingerprints[first].correlation(with: fingerprints[second])))
          }
        }
      }
    }
    return pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// Whatever has a hash that differs in at most 7 bits, each once, in no order.
  func near(_ hash: UInt64, _ body: (Int) -> Void) {
    for (number, band) in bands.enumerated() {
      let own = Band.value(hash, band.shift)
      for flip in -1..<16 {
        let value = own ^ (flip < 0 ? 0 : 1 << flip)
        for picture in band.pictures[band.starts[value]..<band.starts[value + 1]] {
          let difference = hash ^ fingerprints[picture].hash
          if difference.nonzeroBitCount <= PictureFingerprint.largestDistance,
            Self.firstClose(difference) == number
          {
            body(picture)
          }
        }
      }
    }
  }

  /// The first band that differs in at most one bit, so that a pair is reported once.
  private static func firstClose(_ difference: UInt64) -> Int {
    (0..<4).first { Band.value(difference, UInt64(16 * $0)).nonzeroBitCount <= 1 } ?? 4
  }
}
