package import FoveaKernels

/// An array given anew for every run.
package struct Input: Op {
  package static let name = "input"
  package static let differentiability = Differentiability.constant
  package let name: String
  package let type: ArrayType

  package init(name: String, type: ArrayType) {
    self.name = name
    self.type = type
  }

  package var settings: String { name }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] { [type] }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering { .source }
}

/// An array that stays from run to run.
package struct Variable: Op {
  package static let name = "variable"
  package static let differentiability = Differentiability.constant
  package let name: String
  package let type: ArrayType

  package init(name: String, type: ArrayType) {
    self.name = name
    self.type = type
  }

  package var settings: String { name }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] { [type] }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering { .source }
}

/// A fixed array.
package struct Constant: Op {
  package static let name = "constant"
  package static let differentiability = Differentiability.constant
  package let array: HostArray

  package init(array: HostArray) {
    self.array = array
  }

  package var settings: String {
    switch array.storage {
    case .float32(let elements) where elements.count == 1: "\(elements[0])"
    case .int32(let elements) where elements.count == 1: "\(elements[0])"
    case .bool(let elements) where elements.count == 1: "\(elements[0])"
    default: ""
    }
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [array.type]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering { .source }

  /// The number that the constant is, for elementwise chains; `nil` unless it is a scalar.
  var scalar: ElementwiseProgram.Constant? {
    guard array.shape.rank == 0 else { return nil }
    return switch array.storage {
    case .float32(let elements): .float(elements[0])
    case .int32(let elements): .integer(elements[0])
    case .bool(let elements): .truth(elements[0])
    case .uint8: nil
    }
  }
}
