package import FoveaData

/// What is known to matter in a picture, in pixels of the original picture.
package enum Truth: Hashable, Sendable {
  /// A box; `x` and `y` are its upper left corner.
  package struct Box: Hashable, Sendable {
    package var x: Double
    package var y: Double
    package var width: Double
    package var height: Double

    package init(x: Double, y: Double, width: Double, height: Double) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }
  }

  /// Inside any of these boxes.
  case boxes([Box])
  /// Where a grey picture is light (128 or more); it may have another size than the picture.
  case mask(Picture)

  /// Whether nothing is marked.
  package var isEmpty: Bool {
    switch self {
    case .boxes(let boxes): boxes.isEmpty
    case .mask(let mask): !mask.pixels.contains { $0 >= 128 }
    }
  }

  /// Whether a position of a picture of this size is marked.
  package func contains(x: Double, y: Double, ofWidth width: Int, height: Int) -> Bool {
    switch self {
    case .boxes(let boxes):
      return boxes.contains {
        x >= $0.x && x < $0.x + $0.width && y >= $0.y && y < $0.y + $0.height
      }
    case .mask(let mask):
      guard x >= 0, y >= 0, x < Double(width), y < Double(height) else { return false }
      let column = min(Int(x * Double(mask.width) / Double(width)), mask.width - 1)
      let row = min(Int(y * Double(mask.height) / Double(height)), mask.height - 1)
      return mask.pixels[row * mask.width + column] >= 128
    }
  }

  /// The share of each of a map's places that is marked, from 4 × 4 points in each.
  package func coverage(width: Int, height: Int, frame: PictureFrame) -> [Float] {
    var shares: [Float] = []
    shares.reserveCapacity(width * height)
    for row in 0..<height {
      for column in 0..<width {
        var hits = 0
        for point in 0..<16 {
          let (x, y) = frame.position(
            x: (Double(column) + (Double(point % 4) + 0.5) / 4) / Double(width),
            y: (Double(row) + (Double(point / 4) + 0.5) / 4) / Double(height))
          if contains(x: x, y: y, ofWidth: frame.pictureWidth, height: frame.pictureHeight) {
            hits += 1
          }
        }
        shares.append(Float(hits) / 16)
      }
    }
    return shares
  }
}

extension TruthScore {
  /// How a map fits the truth; `nil` where no place of the map shows anything of it.
  ///
  /// A place is inside where half of it is marked; where no place is that far covered (a mark
  /// smaller than a place), those are that are covered most.
  package init?(
    _ map: HighlightMap, truth: Truth, shifts: [(rows: Int, columns: Int)]
  ) {
    self.init(
      map, coverage: truth.coverage(width: map.width, height: map.height, frame: map.frame),
      shifts: shifts)
  }

  /// The same with the share of each of the map's places that is marked.
  package init?(
    _ map: HighlightMap, coverage: [Float], shifts: [(rows: Int, columns: Int)]
  ) {
    guard let most = coverage.max(), most > 0 else { return nil }
    let needed = min(most, 0.5)
    func isInside(_ row: Int, _ column: Int) -> Bool {
      coverage[row % map.height * map.width + column % map.width] >= needed
    }
    let peak = map.peak
    let total = map.values.reduce(0.0) { $0 + Double($1) }
    let inside = zip(map.values, coverage).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let hits = shifts.count { isInside(peak.row + $0.rows, peak.column + $0.columns) }
    self.init(
      pointsInside: !map.isConstant && isInside(peak.row, peak.column),
      shareInside: total > 0 ? inside / total : 0,
      truthShare: coverage.reduce(0.0) { $0 + Double($1) } / Double(coverage.count),
      shiftedPointsInside: Double(hits) / Double(max(shifts.count, 1)),
      middlePointsInside: isInside(map.height / 2, map.width / 2))
  }
}
