package import FoveaData

/// How a picture is brought to a size at which people can look at it.
package struct Enlargement: Hashable, Sendable {
  /// Small pictures are drawn until their longer side is at least so long.
  package static let readableSide = 384
  /// Larger pictures are drawn smaller, to keep files and memory within reason.
  package static let largestSide = 4096

  /// Pixels drawn for one of the picture's along each side, where they are more than one.
  package let factor: Int
  package let width: Int
  package let height: Int

  /// The sizes for a picture.
  ///
  /// - Parameters:
  ///   - side: the readable size to reach; the picture never becomes more than 16 times as large.
  ///   - largest: the longest side to draw.
  package init(
    width: Int, height: Int, side: Int = readableSide, largest: Int = largestSide
  ) {
    let longer = max(width, height, 1)
    if longer > largest {
      factor = 1
      let scale = Double(largest) / Double(longer)
      self.width = max(Int((Double(width) * scale).rounded()), 1)
      self.height = max(Int((Double(height) * scale).rounded()), 1)
    } else {
      factor = min((side + longer - 1) / longer, 16)
      self.width = width * factor
      self.height = height * factor
    }
  }

  /// Drawn pixels for one of the picture's.
  package func scale(of picture: Picture) -> Double { Double(width) / Double(picture.width) }

  /// The picture in the new size: each pixel becomes a square, so that nothing is shown that the
  /// file does not hold; where it shrinks, antialiased.
  ///
  /// - Throws: `InputError` where the picture has no pixels.
  package func callAsFunction(_ picture: Picture) throws -> Picture {
    if factor == 1 {
      return try PictureResizer(width: width, height: height, mode: .exact)(picture)
    }
    let channels = picture.channels
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * channels)
    for y in 0..<picture.height {
      var row: [UInt8] = []
      row.reserveCapacity(width * channels)
      for x in 0..<picture.width {
        let start = (y * picture.width + x) * channels
        for _ in 0..<factor { row.append(contentsOf: picture.pixels[start..<(start + channels)]) }
      }
      for _ in 0..<factor { pixels.append(contentsOf: row) }
    }
    return Picture(width: width, height: height, channels: channels, made: pixels)
  }
}
