import FoveaArray

/// The light of a picture in at most 48 × 48 places, from which any part of it can be looked at from afar:
/// enough to find copies that were mirrored, shifted or cropped.
struct PictureMiniature: Sendable {
  /// Places from left to right and from top to bottom.
  let width: Int
  let height: Int
  /// Pixels of the picture for each place.
  let scale: (x: Double, y: Double)
  private let luma: [UInt8]

  private static let largestSide = 48

  /// - Parameter picture: has pixels.
  init(_ picture: Picture) {
    let sums = LumaSums(
      width: picture.width, height: picture.height, values: picture.luma)
    width = min(picture.width, Self.largestSide)
    height = min(picture.height, Self.largestSide)
    scale = (
      Double(picture.width) / Double(width), Double(picture.height) / Double(height)
    )
    luma = sums.means(
      x: 0...Double(picture.width), y: 0...Double(picture.height), columns: width, rows: height
    ).map { UInt8(min(max($0.rounded(), 0), 255)) }
  }

  /// Sums from which means over any rectangle follow; made where they are used, as they are large.
  var sums: LumaSums { LumaSums(width: width, height: height, values: luma.map(Float.init)) }
}

/// For each place the sum over all above and left of it (Crow 1984, "Summed-area tables").
struct LumaSums: Sendable {
  private let width: Int
  private let height: Int
  /// `[height + 1, width + 1]`
  private let sums: [Double]

  init(width: Int, height: Int, values: [Float]) {
    self.width = width
    self.height = height
    var sums = [Double](repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      var row = 0.0
      for x in 0..<width {
        row += Double(values[y * width + x])
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
      }
    }
    self.sums = sums
  }

  /// Means over the cells of a grid that lies over a rectangle, row by row.
  func means(
    x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int
  ) -> [Float] {
    let left = Self.places(x, columns, width)
    let top = Self.places(y, rows, height)
    let size = width + 1
    var means: [Float] = []
    means.reserveCapacity(columns * rows)
    // The sums along a grid line, between two lines of places.
    func line(_ place: (whole: Int, part: Double)) -> [Double] {
      let row = place.whole * size
      let next = min(place.whole + 1, height) * size
      return left.map { column in
        let other = min(column.whole + 1, width)
        let above =
          sums[row + column.whole] * (1 - column.part) + sums[row + other] * column.part
        let below =
          sums[next + column.whole] * (1 - column.part) + sums[next + other] * column.part
        return above * (1 - place.part) + below * place.part
      }
    }
    let area = (x.upperBound - x.lowerBound) * (y.upperBound - y.lowerBound)
    let cell = area / Double(columns * rows)
    var above = line(top[0])
    for row in 1...rows {
      let below = line(top[row])
      for column in 0..<columns {
        let sum = below[column + 1] - below[column] - above[column + 1] + above[column]
        means.append(Float(sum / cell))
      }
      above = below
    }
    return means
  }

  private static func places(
    _ range: ClosedRange<Double>, _ count: Int, _ most: Int
  ) -> [(whole: Int, part: Double)] {
    (0...count).map { index in
      let share = Double(index) / Double(count)
      let place = range.lowerBound + share * (range.upperBound - range.lowerBound)
      let whole = min(max(Int(place), 0), most)
      return (whole, place - Double(whole))
    }
  }
}
