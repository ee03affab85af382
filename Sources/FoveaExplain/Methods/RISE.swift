package import FoveaArray
import FoveaMetrics

/// Random masks, weighted by the probability p that the class keeps under each:
///
///     L[i] = Σ_m p(x ⊙ M_m) M_m[i] / Σ_m M_m[i]
///
/// A mask is a grid of 7 × 7 cells, of 20 along frames, each on or off with chance ½, enlarged bilinearly and shifted
/// by a random part of a cell. What is off shows the blurred picture.
///
/// Petsiuk, Das and Saenko 2018, "RISE: randomized input sampling for explanation of black-box
/// models"; differs: filled with the blurred picture, not black, and divided by each place's own
/// share of masks, not by their mean.
package struct RISE: MapMethod {
  private static let cells = 7
  /// Of a picture of one row: frames of a recording, whose events are short.
  private static let cellsPerRow = 20

  package let maskCount: Int
  package let key: RandomKey

  package init(maskCount: Int, key: RandomKey) {
    self.maskCount = maskCount
    self.key = key
  }

  package func values(
    of picture: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> Plane {
    let cover = picture.blurred
    var masks: [Int: [Float]] = [:]
    var sums = [Double](repeating: 0, count: picture.placeCount)
    var totals = sums
    try network.run(
      .forward, count: maskCount, target: target,
      picture: { index in
        let mask = mask(index, width: picture.width, height: picture.height)
        masks[index] = mask
        return picture.blended(with: cover, weights: mask)
      }
    ) { index, outputs in
      let probability = Double(softmax(Array(outputs["logits"] ?? [])).probabilities[target])
      for (place, value) in (masks.removeValue(forKey: index) ?? []).enumerated() {
        sums[place] += probability * Double(value)
        totals[place] += Double(value)
      }
    }
    // The least value says nothing: it is what any mask leaves.
    let values = zip(sums, totals).map { $1 > 0 ? $0 / $1 : 0 }
    let least = values.min() ?? 0
    return Plane(
      width: picture.width, height: picture.height, values: values.map { Float($0 - least) })
  }

  /// The mask with this number, 0…1 at each place.
  package func mask(_ index: Int, width: Int, height: Int) -> [Float] {
    let key = key.folding(index)
    let perSide = height == 1 ? Self.cellsPerRow : Self.cells
    let cells = perSide + 1
    let grid = (0..<(cells * cells)).map { key.uniform(at: UInt64($0)) < 0.5 ? Float(1) : 0 }
    let shiftDown = key.folding("shift").uniform(at: 0)
    let shiftAcross = key.folding("shift").uniform(at: 1)
    func axis(_ size: Int, _ shift: Float) -> [(cell: Int, weight: Float)] {
      (0..<size).map { position in
        // Up to `cells` − 1, so that there is always a next cell.
        let place =
          (Float(position) + 0.5) / Float(size) * Float(perSide - 1) + shift
        let cell = min(Int(place), cells - 2)
        return (cell, place - Float(cell))
      }
    }
    let columns = axis(width, shiftAcross)
    func line(_ row: Int, _ column: Int, _ weight: Float) -> Float {
      let left = grid[row * cells + column]
      return left + weight * (grid[row * cells + column + 1] - left)
    }
    var mask: [Float] = []
    mask.reserveCapacity(width * height)
    for (row, down) in axis(height, shiftDown) {
      for (column, across) in columns {
        let upper = line(row, column, across)
        mask.append(upper + down * (line(row + 1, column, across) - upper))
      }
    }
    return mask
  }
}
