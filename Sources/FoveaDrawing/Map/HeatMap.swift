import FoveaArray

/// How much each place of a picture matters, as it is drawn: values from 0 to 1.
///
/// A map is coarser than its picture as a rule. Between the middles of its cells values follow a
/// smooth curve through them (bicubic, Keys 1981 with a = −1/2; straight lines would show the cells
/// as a net), cut to 0…1; beyond the outer middles the outer values hold.
package struct HeatMap: Hashable, Sendable {
  package let width: Int
  package let height: Int
  /// `[height, width]`, row-major, from 0 to 1.
  package let values: [Float]
  /// What of the picture the map covers, as shares of its width and height; `nil` for all of it.
  /// Outside the map is 0.
  package let coverage: Rectangle?
  /// All values were the same, so that no place stands out; then all are 0 here.
  package let isFlat: Bool

  /// A map with its values brought to 0…1.
  ///
  ///     v = (x − m) / (M − m),  m = min(0, smallest x) where there are negative x, else 0
  ///
  /// Zero stays zero where no value is negative, so that an even map shows as even; what is not
  /// a number counts as the smallest value. A count that disagrees with the sizes is a
  /// programmer's mistake and traps.
  ///
  /// - Parameter largest: M; by default the largest value. Maps shown side by side or one after
  ///   the other on one scale share it.
  package init(
    width: Int, height: Int, values: [Float], coverage: Rectangle? = nil, largest: Float? = nil
  ) {
    require(
      width > 0 && height > 0 && values.count == width * height,
      "heat map: \(width)×\(height) takes \(width * height) values, \(values.count) were given")
    self.width = width
    self.height = height
    self.coverage = coverage
    let finite = values.filter(\.isFinite)
    let low = min(finite.min() ?? 0, 0)
    let high = largest ?? finite.max() ?? 0
    let range = high - low
    isFlat = finite.isEmpty || finite.min() == finite.max() || !(range > 0)
    let isFlat = isFlat
    self.values = values.map { value in
      if isFlat || value.isNaN { return 0 }
      return min(max((value - low) / range, 0), 1)
    }
  }

  /// Where a pixel along an axis looks: four cells and their weights, which sum to 1.
  struct Taps {
    let cells: SIMD4<Int>
    let weights: SIMD4<Float>
  }

  /// What each of `count` pixels along an axis looks at; `nil` outside the map.
  static func taps(
    cells: Int, pixels count: Int, from start: Double, length: Double
  ) -> [Taps?] {
    (0..<count).map { pixel in
      let share = ((Double(pixel) + 0.5) / Double(count) - start) / length
      guard (0...1).contains(share) else { return nil }
      let place = min(max(share * Double(cells) - 0.5, 0), Double(cells - 1))
      let cell = Int(place)
      let t = Float(place - Double(cell))
      let weights = SIMD4(
        ((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1,
        ((-1.5 * t + 2) * t + 0.5) * t, (0.5 * t - 0.5) * t * t)
      func held(_ cell: Int) -> Int { min(max(cell, 0), cells - 1) }
      return Taps(
        cells: SIMD4(held(cell - 1), cell, held(cell + 1), held(cell + 2)), weights: weights)
    }
  }

  /// Gives `body` each row of the map stretched to `width` × `height` pixels.
  func withRows(width: Int, height: Int, _ body: (_ y: Int, _ row: [Float]) -> Void) {
    let area = coverage ?? Rectangle(x: 0, y: 0, width: 1, height: 1)
    let columns = Self.taps(cells: self.width, pixels: width, from: area.x, length: area.width)
    let rows = Self.taps(cells: self.height, pixels: height, from: area.y, length: area.height)
    let cells = values.span
    var mixed = [Float](repeating: 0, count: self.width)
    var line = [Float](repeating: 0, count: width)
    for (y, row) in rows.enumerated() {
      for x in mixed.indices {
        guard let row else {
          mixed[x] = 0
          continue
        }
        let starts = row.cells &* self.width &+ x
        mixed[x] =
          (row.weights
          * SIMD4(cells[starts.x], cells[starts.y], cells[starts.z], cells[starts.w])).sum()
      }
      for x in 0..<width {
        guard let column = columns[x] else {
          line[x] = 0
          continue
        }
        let (four, weights) = (column.cells, column.weights)
        let value =
          (weights * SIMD4(mixed[four.x], mixed[four.y], mixed[four.z], mixed[four.w])).sum()
        line[x] = min(max(value, 0), 1)
      }
      body(y, line)
    }
  }
}
