package import FoveaArray
import Glibc

/// What a map must beat: itself in the wrong places, and a map that knows nothing of the picture.
package struct MapControls {
  /// How far each copy is moved.
  package let shifts: [(rows: Int, columns: Int)]

  /// Shifts for planes of a size, drawn one after the other, uniform among those that keep an
  /// eighth of each side between any two copies, the map itself included (round the edges); fewer where
  /// there are no more places to move it to.
  ///
  /// A copy moved by a pixel or two would be the map itself. As the distance is kept between all
  /// of them, the map is one of 20 alike but for what it knows, and beats the 19 others with
  /// chance 1/20 where that is nothing. The distance is halved where there is no room.
  package init(count: Int, width: Int, height: Int, key: RandomKey) {
    var drawn: [(rows: Int, columns: Int)] = [(0, 0)]
    var distance = 1.0 / 8
    var position: UInt64 = 0
    var failures = 0
    while drawn.count <= min(count, width * height - 1) {
      let candidate = (
        rows: key.integer(below: height, at: 2 * position),
        columns: key.integer(below: width, at: 2 * position + 1)
      )
      position += 1
      let isFree = drawn.allSatisfy { other in
        let down = Self.apart(candidate.rows, other.rows, of: height)
        let across = Self.apart(candidate.columns, other.columns, of: width)
        return (down * down + across * across).squareRoot() >= distance
          && candidate != other
      }
      if isFree {
        drawn.append(candidate)
        failures = 0
      } else {
        failures += 1
        if failures == 1000 {
          distance /= 2
          failures = 0
        }
      }
    }
    shifts = Array(drawn.dropFirst())
  }

  /// The distance round the edge, as a share of the side.
  private static func apart(_ first: Int, _ second: Int, of size: Int) -> Double {
    let distance = abs(first - second)
    return Double(min(distance, size - distance)) / Double(size)
  }

  /// exp(−d² / 2) with d the distance from the middle in quarters of the sides.
  package static func middle(width: Int, height: Int) -> Plane {
    let values = (0..<(width * height)).map { index in
      let x = (Float(index % width) + 0.5) / Float(width) - 0.5
      let y = (Float(index / width) + 0.5) / Float(height) - 0.5
      return expf(-8 * (x * x + y * y))
    }
    return Plane(width: width, height: height, values: values)
  }
}
