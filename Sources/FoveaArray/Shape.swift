/// The sizes of an array along its axes, outermost first; `[]` is the shape of a scalar.
///
/// The broadcasting rule and the rule for negative axes live here and nowhere else.
public struct Shape: Hashable, Sendable {
  /// The size along each axis, outermost first.
  public let sizes: [Int]

  /// A shape with these sizes.
  ///
  /// Negative sizes are a programmer's mistake and trap, and so are more elements than memory could
  /// be numbered for. Sizes that come from outside go through `init(checking:)`.
  public init(_ sizes: [Int], file: StaticString = #fileID, line: UInt = #line) {
    if let problem = Self.problem(sizes) { fatalError("shape: \(problem)", file: file, line: line) }
    self.sizes = sizes
  }

  /// A shape with sizes that a file or a request says.
  ///
  /// - Throws: `ShapeError` when a size is negative, or there are more elements than memory could be
  ///   numbered for.
  public init(checking sizes: [Int]) throws(ShapeError) {
    if let problem = Self.problem(sizes) { throw ShapeError("shape", problem) }
    self.sizes = sizes
  }

  /// Why these are no sizes. A size of 0 counts as 1, so that strides cannot overflow either.
  private static func problem(_ sizes: [Int]) -> String? {
    // Bytes are counted too, and no element takes more than 8.
    var elements = 8
    for size in sizes {
      guard size >= 0 else { return "sizes cannot be negative: \(sizes)" }
      let (product, exceeds) = elements.multipliedReportingOverflow(by: max(size, 1))
      guard !exceeds else { return "\(sizes) has more elements than memory can hold" }
      elements = product
    }
    return nil
  }

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The product of all sizes; 1 for a scalar.
  public var elementCount: Int { sizes.reduce(1, *) }

  /// The size along `axis`; negative axes count from the innermost, −1.
  ///
  /// An axis that there is not is a programmer's mistake and traps.
  public subscript(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    require(
      sizes.indices.contains(resolved), "shape: axis \(axis) does not exist in \(self)", file: file,
      line: line)
    return sizes[resolved]
  }

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
    return try Shape(checking: sizes)
  }

  /// The axes of `result` (counted from 0) over which an array of this shape was repeated.
  ///
  /// A result of fewer axes is a programmer's mistake and traps.
  public func axesBroadcast(
    to result: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> [Int] {
    let added = axesAdded(by: result, file, line)
    return result.sizes.indices.filter { axis in
      axis < added || (sizes[axis - added] == 1 && result.sizes[axis] != 1)
    }
  }

  /// For each axis of `result`, the stride in an array of this shape laid out with `strides`;
  /// 0 where the array is repeated.
  ///
  /// A result of fewer axes, or another count of strides, is a programmer's mistake and traps.
  public func broadcastStrides(
    to result: Shape, strides: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> [Int] {
    let own = strides ?? rowMajorStrides
    let added = axesAdded(by: result, file, line)
    require(
      own.count == rank, "shape: \(own.count) strides for \(self)", file: file, line: line)
    return result.sizes.indices.map { axis in
      axis < added || sizes[axis - added] == 1 ? 0 : own[axis - added]
    }
  }
}

extension Shape {
  private func axesAdded(by result: Shape, _ file: StaticString, _ line: UInt) -> Int {
    require(
      result.rank >= rank, "shape: \(self) does not broadcast to \(result)", file: file, line: line)
    return result.rank - rank
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
