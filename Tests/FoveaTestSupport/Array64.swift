package import FoveaArray

/// An array in double precision, on which plain loops compute what kernels must agree with.
package struct Array64: Sendable {
  package let shape: Shape
  package var values: [Double]

  package init(_ shape: Shape, _ values: [Double]) {
    precondition(shape.elementCount == values.count)
    self.shape = shape
    self.values = values
  }

  /// An array whose element at each index is what `element` gives.
  package init(_ shape: Shape, _ element: ([Int]) -> Double) {
    self.shape = shape
    values = shape.indices.map(element)
  }

  package init(_ array: HostArray) {
    shape = array.shape
    values =
      switch array.storage {
      case .float32(let elements): elements.map(Double.init)
      case .int32(let elements): elements.map(Double.init)
      case .uint8(let elements): elements.map(Double.init)
      case .bool(let elements): elements.map { $0 ? 1 : 0 }
      }
  }

  /// Element at an index, axes of size 1 repeated and missing outer axes left out.
  package subscript(_ index: [Int]) -> Double {
    let own = index.suffix(shape.rank)
    var position = 0
    for (axis, i) in own.enumerated() {
      position = position * shape[axis] + (shape[axis] == 1 ? 0 : i)
    }
    return values[position]
  }

  /// A function of each element.
  package func map(_ function: (Double) -> Double) -> Array64 {
    Array64(shape, values.map(function))
  }

  /// A function of pairs of elements, broadcast.
  package static func zip(
    _ left: Array64, _ right: Array64, _ function: (Double, Double) -> Double
  ) throws -> Array64 {
    let shape = try left.shape.broadcast(with: right.shape, in: "reference")
    return Array64(shape) { function(left[$0], right[$0]) }
  }

  /// All elements along `axes` folded into one.
  package func reduce(
    axes: [Int], keepingAxes: Bool, _ fold: ([Double]) -> Double
  ) -> Array64 {
    let result = shape.reduced(axes: axes, keepingAxes: true)
    let along = Shape(axes.map { shape[$0] })
    let reduced = Array64(result) { index in
      fold(
        along.indices.map { inner in
          var full = index
          for (position, axis) in axes.enumerated() { full[axis] = inner[position] }
          return self[full]
        })
    }
    return Array64(shape.reduced(axes: axes, keepingAxes: keepingAxes), reduced.values)
  }
}

extension Shape {
  /// Every index in row-major order.
  package var indices: [[Int]] {
    var all: [[Int]] = [[]]
    for size in sizes { all = all.flatMap { prefix in (0..<size).map { prefix + [$0] } } }
    return all
  }
}
