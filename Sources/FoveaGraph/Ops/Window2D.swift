import FoveaKernels

/// Height and width; a literal stands for equal ones.
public struct Size2D: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// A size of `height` rows and `width` columns.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// Equal height and width.
  public init(integerLiteral size: Int) { self.init(size, size) }
}

/// Zeros added round a picture before windows walk over it; a literal adds as many on each side.
public enum Padding2D: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// This many above and below, left and right.
  case symmetric(Size2D)
  /// This many on each side.
  case explicit(top: Int, left: Int, bottom: Int, right: Int)
  /// So many that, with stride 1, the result has the input's size; the odd one goes below and to
  /// the right.
  case same

  /// As many on each side.
  public init(integerLiteral size: Int) { self = .symmetric(Size2D(size, size)) }
}

extension WindowGeometry {
  /// The geometry of a window with these options.
  ///
  /// - Throws: `ShapeError` for sizes below 1, padding below 0, and what is above 2³¹.
  init(
    _ operation: String, window: Size2D, stride: Size2D, padding: Padding2D, dilation: Size2D
  ) throws(ShapeError) {
    // Far below what sums of sizes could overflow.
    let largest = 1 << 31
    for (what, size) in [("window", window), ("stride", stride), ("dilation", dilation)] {
      guard (1...largest).contains(size.height), (1...largest).contains(size.width) else {
        throw ShapeError(operation, "a \(what) of \(size.height)×\(size.width) is not possible")
      }
    }
    let before: [Int]
    let after: [Int]
    switch padding {
    case .symmetric(let size):
      before = [size.height, size.width]
      after = before
    case .explicit(let top, let left, let bottom, let right):
      before = [top, left]
      after = [bottom, right]
    case .same:
      let total = [
        (window.height - 1) * dilation.height, (window.width - 1) * dilation.width,
      ]
      before = total.map { $0 / 2 }
      after = total.map { $0 - $0 / 2 }
    }
    guard (before + after).allSatisfy((0...largest).contains) else {
      throw ShapeError(
        operation, "padding cannot be negative or above 2³¹: \(before) before, \(after) after")
    }
    self.init(
      strides: [stride.height, stride.width], paddingBefore: before, paddingAfter: after,
      dilations: [dilation.height, dilation.width])
  }
}
