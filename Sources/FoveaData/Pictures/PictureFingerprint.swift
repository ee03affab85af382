import FoveaArray
import Glibc

/// What a picture looks like from afar, in a kilobyte: enough to find copies that were saved
/// again, scaled, or made a little brighter, paler or softer.
///
/// Cropped, shifted and mirrored copies are not found by it alone (`TransformedCopies`). Nor can different originals always be told
/// apart where all pictures of a set are drawn alike, as handwritten ones are.
public struct PictureFingerprint: Hashable, Sendable {
  /// Signs of 64 coefficients of the thumbnail's cosine transform, the lowest frequencies but the
  /// mean; near copies differ in few bits, unrelated pictures in about 32.
  public let hash: UInt64
  /// `[16, 16]` luma, antialiased, less its mean and divided by its norm; zeros where the picture
  /// is featureless.
  public let thumbnail: [Float]
  /// `[4, 4, 2]` chroma, Cb and Cr less 128; zeros where the picture is grey.
  public let chroma: [Float]

  /// Whether the thumbnail is flat to within two levels, so that rounding rather than what is
  /// shown would decide.
  ///
  /// Blank pages, blank tiles and dark frames are all alike in this sense; they are a near copy of
  /// nothing. Those that are equal byte by byte are found by comparing bytes.
  public var isFeatureless: Bool { thumbnail.allSatisfy { $0 == 0 } }

  /// Bits of the hash that may differ between near copies.
  static let largestDistance = 7

  /// The fingerprint of `picture`, which must have pixels.
  public init(_ picture: Picture) {
    require(!picture.pixels.isEmpty, "fingerprint: the picture has no pixels")
    let size = 16
    let small = picture.stretched(to: size)
    self.init(luma: small.luma, chroma: Self.chroma(of: small))
  }

  /// The fingerprint of what has this luma, `[16, 16]`, and this chroma.
  init(luma: [Float], chroma: [Float]) {
    let mean = luma.reduce(0, +) / Float(luma.count)
    let squares = luma.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let norm = squares.squareRoot()
    let deviation = norm / 16
    thumbnail = deviation < 2 ? luma.map { _ in 0 } : luma.map { ($0 - mean) / norm }
    hash = Self.hash(of: thumbnail, size: 16)
    self.chroma = chroma
  }

  /// That of the picture seen in a mirror beside it.
  var mirrored: PictureFingerprint {
    PictureFingerprint(
      thumbnail: (0..<256).map { thumbnail[$0 / 16 * 16 + 15 - $0 % 16] },
      chroma: (0..<32).map { chroma[($0 / 8 * 4 + 3 - $0 / 2 % 4) * 2 + $0 % 2] })
  }

  private init(thumbnail: [Float], chroma: [Float]) {
    self.thumbnail = thumbnail
    hash = Self.hash(of: thumbnail, size: 16)
    self.chroma = chroma
  }

  /// The correlation of both thumbnails, −1…1; 0 where one is featureless.
  public func correlation(with other: PictureFingerprint) -> Float {
    var sum: Float = 0
    for index in thumbnail.indices { sum += thumbnail[index] * other.thumbnail[index] }
    return sum
  }

  /// Whether both pictures are probably copies of one.
  ///
  /// The hashes must agree in all but 7 bits, the thumbnails correlate, and no sixteenth of the
  /// picture differ in chroma by more than 24 levels: a red and a blue ball are two pictures.
  ///
  /// - Parameters:
  ///   - other: another picture's fingerprint.
  ///   - minimumCorrelation: 0.98 finds pictures saved again with few false alarms; 0.95 finds
  ///     more in photographs, and very many different ones among digits and silhouettes.
  /// - Returns: the same whichever of the two is asked.
  public func isNearDuplicate(
    of other: PictureFingerprint, minimumCorrelation: Float = 0.98
  ) -> Bool {
    (hash ^ other.hash).nonzeroBitCount <= Self.largestDistance
      && correlation(with: other) >= minimumCorrelation
      && zip(chroma, other.chroma).allSatisfy { abs($0 - $1) <= 24 }
  }

  // MARK: - Parts

  /// cos(π (x + ½) u / 16) for frequencies u of 0…8, `[9, 16]`.
  private static let cosines: [Float] = (0..<9).flatMap { frequency in
    (0..<16).map { x in Float(cos(Double.pi * (Double(x) + 0.5) * Double(frequency) / 16)) }
  }

  private static func hash(of thumbnail: [Float], size: Int) -> UInt64 {
    let cosines = cosines
    // Rows first: [16, 8], then [9, 8], of which (0, 0), the mean, gives its bit to (8, 0).
    var rows = [Float](repeating: 0, count: size * 8)
    for y in 0..<size {
      for u in 0..<8 {
        for x in 0..<size { rows[y * 8 + u] += thumbnail[y * size + x] * cosines[u * size + x] }
      }
    }
    func coefficient(_ v: Int, _ u: Int) -> Float {
      (0..<size).reduce(0) { $0 + rows[$1 * 8 + u] * cosines[v * size + $1] }
    }
    return (0..<64).reduce(0) { hash, bit in
      let value = bit == 0 ? coefficient(8, 0) : coefficient(bit / 8, bit % 8)
      // A symmetric drawing has coefficients of 0 but for rounding.
      return value > 1e-4 ? hash | 1 << UInt64(bit) : hash
    }
  }

  /// The means of 4 × 4 pixels of a thumbnail.
  private static func chroma(of small: Picture) -> [Float] {
    var means = [Float](repeating: 0, count: 32)
    guard small.channels == 3 else { return means }
    let planes = YCbCr.fullRangePlanes(of: small.pixels)
    for y in 0..<small.height {
      for x in 0..<small.width {
        for plane in 0..<2 {
          let value = Float(planes[plane + 1][y * small.width + x]) - 128
          means[(y / 4 * 4 + x / 4) * 2 + plane] += value / 16
        }
      }
    }
    return means
  }
}

extension Picture {
  /// Rec. 601 luma of each pixel, not rounded.
  var luma: [Float] {
    guard channels == 3 else { return pixels.map(Float.init) }
    return stride(from: 0, to: pixels.count, by: 3).map { start in
      0.299 * Float(pixels[start]) + 0.587 * Float(pixels[start + 1])
        + 0.114 * Float(pixels[start + 2])
    }
  }

  /// The picture stretched to `size` × `size`.
  fileprivate func stretched(to size: Int) -> Picture {
    func axis(_ count: Int) -> Resampling {
      Resampling(
        inputCount: count, outputCount: size, scale: Double(count) / Double(size), origin: 0)
    }
    return resampled(vertical: axis(height), horizontal: axis(width))
  }
}
