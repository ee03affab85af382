/// The sizes of an array along its axes, outermost first; `[]` is the shape of a scalar.
///
/// The broadcasting rule and the rule for negative axes live here and nowhere else.
public struct Shape: Hashable, Sendable {
  /// The size along each axis, outermost first.
  public let sizes: [Int]

  /// A shape with these sizes.
  ///
  /// Negative sizes are a programmer's mistake and trap.
  public init(_ sizes: [Int]) {
    precondition(sizes.allSatisfy { $0 >= 0 }, "shape: sizes cannot be negative: \(sizes)")
    self.sizes = sizes
  }

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The product of all sizes; 1 for a scalar.
  public var elementCount: Int { sizes.reduce(1, *) }

  /// The size along `axis`; negative axes count from the innermost, −1.
  public subscript(axis: Int) -> Int { sizes[axis < 0 ? axis + rank : axis] }

  /// Row-major strides: how many elements lie between neighbours along each axis.
  public var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * sizes[axis + 1]
    }
    return strides
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// `[64, 3, 32, 32]` is a shape.
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }
}

extension Shape: CustomStringConvertible {
  /// `[64, 3, 32, 32]`.
  public var description: String { "[" + sizes.map(String.init).joined(separator: ", ") + "]" }
}

// MARK: - Axes

extension Shape {
  /// The axis counted from 0 that `axis` means; negative axes count from the innermost, −1.
  ///
  /// - Throws: `ShapeError` when there is no such axis.
  public func resolved(axis: Int, in operation: String) throws(ShapeError) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(resolved) else {
      throw ShapeError(operation, "axis \(axis) does not exist in shape \(self) of rank \(rank)")
    }
    return resolved
  }

  /// The axes counted from 0, ascending.
  ///
  /// - Throws: `ShapeError` when an axis does not exist or is named twice.
  public func resolved(axes: [Int], in operation: String) throws(ShapeError) -> [Int] {
    var resolved: [Int] = []
    for axis in axes {
      let next = try self.resolved(axis: axis, in: operation)
      guard !resolved.contains(next) else {
        throw ShapeError(operation, "axis \(axis) is named twice in \(axes)")
      }
      resolved.append(next)
    }
    return resolved.sorted()
  }

  /// The shape left after reducing `axes` (counted from 0), which stay with size 1 or vanish.
  public func reduced(axes: [Int], keepingAxes: Bool) -> Shape {
    if keepingAxes {
      return Shape(sizes.indices.map { axes.contains($0) ? 1 : sizes[$0] })
    }
    return Shape(sizes.indices.filter { !axes.contains($0) }.map { sizes[$0] })
  }
}

// MARK: - Broadcasting

extension Shape {
  /// The common shape of two arrays that meet element by element.
  ///
  /// Shapes are aligned at their innermost axes; sizes must agree or one of them be 1
  /// (the rule of NumPy).
  ///
  /// - Throws: `ShapeError` that names the axis at which the shapes disagree.
  public func broadcast(with other: Shape, in operation: String) throws(ShapeError) -> Shape {
    let rank = max(self.rank, other.rank)
    var sizes = [Int](repeating: 1, count: rank)
    for fromInner in 1...max(rank, 1) where fromInner <= rank {
      let left = fromInner <= self.rank ? self[-fromInner] : 1
      let right = fromInner <= other.rank ? other[-fromInner] : 1
      guard left == right || left == 1 || right == 1 else {
        throw ShapeError(
          operation,
          "shapes \(self) and \(other) do not broadcast: sizes \(left) and \(right) differ "
            + "at axis \(-fromInner)")
      }
      sizes[rank - fromInner] = left == 1 ? right : left
    }
    return Shape(sizes)
  }

  /// The axes of `result` (counted from 0) over which an array of this shape was repeated.
  public func axesBroadcast(to result: Shape) -> [Int] {
    let added = result.rank - rank
    return result.sizes.indices.filter { axis in
      axis < added || (sizes[axis - added] == 1 && result.sizes[axis] != 1)
    }
  }

  /// For each axis of `result`, the stride in an array of this shape laid out with `strides`;
  /// 0 where the array is repeated.
  public func broadcastStrides(to result: Shape, strides: [Int]? = nil) -> [Int] {
    let own = strides ?? rowMajorStrides
    let added = result.rank - rank
    return result.sizes.indices.map { axis in
      axis < added || sizes[axis - added] == 1 ? 0 : own[axis - added]
    }
  }
}

/// A violated shape rule: which operation, and what disagrees.
public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operation whose rule was violated, in the field's name for it: `matmul`.
  public let operation: String
  /// What disagrees, with both shapes.
  public let reason: String

  /// An error of `operation`.
  public init(_ operation: String, _ reason: String) {
    self.operation = operation
    self.reason = reason
  }

  /// `matmul: inner sizes differ …`.
  public var description: String { "\(operation): \(reason)" }
}
