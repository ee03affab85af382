import Glibc

/// Numbers over the places of a picture: `[height, width]`, row-major.
package struct Plane {
  package let width: Int
  package let height: Int
  package var values: [Float]

  package init(width: Int, height: Int, values: [Float]) {
    self.width = width
    self.height = height
    self.values = values
  }

  package subscript(row: Int, column: Int) -> Float { values[row * width + column] }

  /// The plane under a Gaussian: exp(−d² / 2σ²), cut off at 3σ, weights that sum to 1; at the
  /// edges the outermost numbers go on.
  package func blurred(deviation: Float) -> Plane {
    let reach = max(Int((3 * deviation).rounded(.up)), 0)
    guard reach > 0, deviation > 0 else { return self }
    var kernel = (-reach...reach).map { expf(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = kernel.reduce(0, +)
    kernel = kernel.map { $0 / sum }
    var across = values
    for row in 0..<height {
      for column in 0..<width {
        var total: Float = 0
        for tap in -reach...reach {
          let source = min(max(column + tap, 0), width - 1)
          total += kernel[tap + reach] * values[row * width + source]
        }
        across[row * width + column] = total
      }
    }
    var result = across
    for row in 0..<height {
      for column in 0..<width {
        var total: Float = 0
        for tap in -reach...reach {
          let source = min(max(row + tap, 0), height - 1)
          total += kernel[tap + reach] * across[source * width + column]
        }
        result[row * width + column] = total
      }
    }
    return Plane(width: width, height: height, values: result)
  }

  /// A coarse plane over a picture of `width` × `height`, bilinear between the middles of the
  /// windows that its numbers stand for. Windows lie side by side from the upper left corner, as
  /// strides and pooling leave them; what is left over at the end takes the last number.
  package func enlarged(toWidth newWidth: Int, height newHeight: Int) -> Plane {
    func axis(_ count: Int, _ size: Int) -> [(first: Int, second: Int, weight: Float)] {
      let stride = Float(max(size / count, 1))
      return (0..<size).map { position in
        let place = min(max((Float(position) + 0.5) / stride - 0.5, 0), Float(count - 1))
        let first = Int(place)
        return (first, min(first + 1, count - 1), place - Float(first))
      }
    }
    let columns = axis(width, newWidth)
    var result: [Float] = []
    result.reserveCapacity(newWidth * newHeight)
    for (top, bottom, down) in axis(height, newHeight) {
      for (left, right, across) in columns {
        let upper = self[top, left] + across * (self[top, right] - self[top, left])
        let lower = self[bottom, left] + across * (self[bottom, right] - self[bottom, left])
        result.append(upper + down * (lower - upper))
      }
    }
    return Plane(width: newWidth, height: newHeight, values: result)
  }

  /// A coarse plane of a network's own places over the picture. Of a picture of one row each place
  /// takes the mean over the plane's rows, and what the network filled up is cut off.
  package func enlarged(over picture: InputPicture) -> Plane {
    var plane = self
    if picture.height == 1, height > 1 {
      let sums = (0..<width).map { column in
        (0..<height).reduce(Float(0)) { $0 + self[$1, column] }
      }
      plane = Plane(width: width, height: 1, values: sums.map { $0 / Float(height) })
    }
    let large = plane.enlarged(toWidth: picture.workedWidth, height: picture.height)
    guard picture.workedWidth > picture.width else { return large }
    return Plane(
      width: picture.width, height: picture.height,
      values: (0..<picture.height).flatMap { row in
        large.values[(row * large.width)..<(row * large.width + picture.width)]
      })
  }

  /// The plane moved down and to the right; what leaves on one side comes back on the other.
  package func shifted(rows: Int, columns: Int) -> Plane {
    var result = values
    for row in 0..<height {
      let target = (row + rows) % height * width
      for column in 0..<width {
        result[target + (column + columns) % width] = values[row * width + column]
      }
    }
    return Plane(width: width, height: height, values: result)
  }
}
