import Glibc

/// A few dozen simple numbers about a picture and its file, from which a classifier that sees no
/// content can tell where a picture comes from: light, colour, sharpness, size, format.
package struct PictureFeatures: Sendable {
  /// A number that can be told to people.
  package struct Named: Hashable, Sendable {
    package let name: String
    /// Whether the classifier sees its logarithm, base 2: twice as large is as far from the usual as half.
    package let isLogarithm: Bool
  }

  /// The features that have names; the thumbnail's cells follow.
  package static let named =
    [
      "brightness", "contrast", "colourfulness", "red over green", "blue over yellow",
      "edge strength", "coarse edge strength", "share of black", "share of white",
    ].map { Named(name: $0, isLogarithm: false) }
    + ["width", "height", "bytes a pixel"].map { Named(name: $0, isLogarithm: true) }
    + PictureFormat.allCases.map { Named(name: "share of \($0.rawValue)", isLogarithm: false) }

  /// Cells on a side of the thumbnail.
  static let cells = 8

  /// How many features there are.
  package static let count = named.count + cells * cells

  /// The named features, then the thumbnail's mean brightness cell by cell; on the scale of 0 to 1
  /// where they are about light.
  package let values: [Double]

  /// The features of a picture from a file of this format and length.
  package init(_ picture: Picture, format: PictureFormat?, byteCount: Int?) {
    let scan = Scan(picture)
    var values = [
      scan.brightness, scan.contrast, scan.saturation, scan.redness, scan.blueness, scan.edges,
      scan.coarseEdges, scan.black, scan.white, log2(Double(picture.width)),
      log2(Double(picture.height)),
      byteCount.map { log2(Double(max(1, $0)) / Double(picture.width * picture.height)) } ?? 0,
    ]
    values += PictureFormat.allCases.map { $0 == format ? 1 : 0 }
    self.values = values + scan.thumbnail
  }
}

/// One pass over at most 256 × 256 pixels of a picture, evenly spread.
private struct Scan {
  var brightness = 0.0
  var contrast = 0.0
  var saturation = 0.0
  var redness = 0.0
  var blueness = 0.0
  var edges = 0.0
  var coarseEdges = 0.0
  var black = 0.0
  var white = 0.0
  var thumbnail: [Double]

  init(_ picture: Picture) {
    let cells = PictureFeatures.cells
    let (width, height, channels) = (picture.width, picture.height, picture.channels)
    let step = max(1, (max(width, height) + 255) / 256)
    var sums = [Int](repeating: 0, count: cells * cells)
    var counts = sums
    var (total, squares, colours, reds, blues, changes) = (0, 0, 0, 0, 0, 0)
    var (count, dark, bright) = (0, 0, 0)
    /// The luma of Rec. 601 times 1000.
    func luma(_ x: Int, _ y: Int) -> Int {
      let start = (y * width + x) * channels
      guard channels == 3 else { return 1000 * Int(picture.pixels[start]) }
      return 299 * Int(picture.pixels[start]) + 587 * Int(picture.pixels[start + 1])
        + 114 * Int(picture.pixels[start + 2])
    }
    for y in stride(from: 0, to: height, by: step) {
      for x in stride(from: 0, to: width, by: step) {
        let value = luma(x, y)
        let cell = y * cells / height * cells + x * cells / width
        sums[cell] += value
        counts[cell] += 1
        count += 1
        total += value
        squares += value * value
        dark += value < 8_000 ? 1 : 0
        bright += value > 247_000 ? 1 : 0
        changes += abs(luma(min(x + 1, width - 1), y) - value)
        changes += abs(luma(x, min(y + 1, height - 1)) - value)
        guard channels == 3 else { continue }
        let start = (y * width + x) * 3
        let red = Int(picture.pixels[start])
        let green = Int(picture.pixels[start + 1])
        let blue = Int(picture.pixels[start + 2])
        colours += max(red, green, blue) - min(red, green, blue)
        reds += red - green
        blues += 2 * blue - red - green
      }
    }
    let pixels = Double(count)
    let mean = Double(total) / pixels
    brightness = mean / 255_000
    contrast = max(0, Double(squares) / pixels - mean * mean).squareRoot() / 255_000
    saturation = Double(colours) / pixels / 255
    redness = Double(reds) / pixels / 255
    blueness = Double(blues) / pixels / 510
    edges = Double(changes) / pixels / 510_000
    black = Double(dark) / pixels
    white = Double(bright) / pixels
    // A cell that no pixel falls into, in a tiny picture, is as bright as the picture.
    thumbnail = zip(sums, counts).map { sum, count in
      (count == 0 ? mean : Double(sum) / Double(count)) / 255_000
    }
    for row in 0..<cells {
      for column in 1..<cells {
        coarseEdges += abs(thumbnail[row * cells + column] - thumbnail[row * cells + column - 1])
        coarseEdges += abs(thumbnail[column * cells + row] - thumbnail[(column - 1) * cells + row])
      }
    }
    coarseEdges /= Double(2 * cells * (cells - 1))
  }
}
