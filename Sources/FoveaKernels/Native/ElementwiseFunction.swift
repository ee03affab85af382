import CKernels
package import FoveaArray

/// A function applied element by element.
package enum ElementwiseFunction: Hashable, Sendable {
  case add, subtract, multiply, divide, power, minimum, maximum
  case negate, absolute, sign, squareRoot, exp, log
  case relu, sigmoid, tanh, erf, gelu, geluTanh
  case equal, less, lessOrEqual
  case not, and, or
  /// `(dy, y)`: dy where y > 0, else 0.
  case reluGradient
  /// `(dy, x)`: dy (Φ(x) + x φ(x)).
  case geluGradient
  /// `condition ? first : second`.
  case select
  case cast(ElementType)

  /// Every function; the tests walk the list.
  package static let all: [ElementwiseFunction] =
    [
      .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .negate, .absolute, .sign,
      .squareRoot, .exp, .log, .relu, .sigmoid, .tanh, .erf, .gelu, .geluTanh, .equal, .less,
      .lessOrEqual, .not, .and, .or, .reluGradient, .geluGradient, .select,
    ] + ElementType.allCases.map { .cast($0) }

  /// Whether a gradient flows through it, if only of zeros.
  package var hasGradient: Bool {
    switch self {
    case .equal, .less, .lessOrEqual, .not, .and, .or, .cast: false
    default: true
    }
  }

  /// The field's name for it.
  package var name: String {
    switch self {
    case .squareRoot: "sqrt"
    case .absolute: "abs"
    case .select: "where"
    case .cast(let type): "cast[\(type.rawValue)]"
    default: "\(self)"
    }
  }

  /// How many operands it takes.
  package var arity: Int {
    switch self {
    case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .equal, .less,
      .lessOrEqual, .and, .or, .reluGradient, .geluGradient:
      2
    case .select: 3
    default: 1
    }
  }

  /// The element type of the result.
  ///
  /// - Throws: `ShapeError` when the function is not defined for these element types.
  package func resultType(_ types: [ElementType]) throws(ShapeError) -> ElementType {
    func fail(_ rule: String) -> ShapeError {
      ShapeError(name, "\(rule), not \(types.map(\.rawValue).joined(separator: " and "))")
    }
    switch self {
    case .add, .subtract, .multiply, .minimum, .maximum:
      guard types[0] == types[1], types[0] == .float32 || types[0] == .int32 else {
        throw fail("needs two float32 or two int32 operands")
      }
      return types[0]
    case .divide, .power, .reluGradient, .geluGradient:
      guard types == [.float32, .float32] else { throw fail("needs two float32 operands") }
      return .float32
    case .negate, .absolute, .sign:
      guard types[0] == .float32 || types[0] == .int32 else {
        throw fail("needs float32 or int32")
      }
      return types[0]
    case .squareRoot, .exp, .log, .relu, .sigmoid, .tanh, .erf, .gelu, .geluTanh:
      guard types[0] == .float32 else { throw fail("needs float32") }
      return .float32
    case .equal, .less, .lessOrEqual:
      guard types[0] == types[1] else { throw fail("needs operands of one element type") }
      return .bool
    case .not, .and, .or:
      guard types.allSatisfy({ $0 == .bool }) else { throw fail("needs bool operands") }
      return .bool
    case .select:
      guard types[0] == .bool, types[1] == types[2] else {
        throw fail("needs a bool condition and two values of one element type")
      }
      return types[1]
    case .cast(let type): return type
    }
  }

  /// The instruction for operands of these element types; `nil` where nothing needs to be done.
  func opcode(_ types: [ElementType]) -> fovea_opcode? {
    let isFloat = types.last == .float32
    switch self {
    case .add: return isFloat ? FOVEA_ADD_F : FOVEA_ADD_I
    case .subtract: return isFloat ? FOVEA_SUBTRACT_F : FOVEA_SUBTRACT_I
    case .multiply: return isFloat ? FOVEA_MULTIPLY_F : FOVEA_MULTIPLY_I
    case .divide: return FOVEA_DIVIDE_F
    case .power: return FOVEA_POWER_F
    case .minimum: return isFloat ? FOVEA_MINIMUM_F : FOVEA_MINIMUM_I
    case .maximum: return isFloat ? FOVEA_MAXIMUM_F : FOVEA_MAXIMUM_I
    case .negate: return isFloat ? FOVEA_NEGATE_F : FOVEA_NEGATE_I
    case .absolute: return isFloat ? FOVEA_ABSOLUTE_F : FOVEA_ABSOLUTE_I
    case .sign: return isFloat ? FOVEA_SIGN_F : FOVEA_SIGN_I
    case .squareRoot: return FOVEA_SQRT_F
    case .exp: return FOVEA_EXP_F
    case .log: return FOVEA_LOG_F
    case .relu: return FOVEA_RELU_F
    case .sigmoid: return FOVEA_SIGMOID_F
    case .tanh: return FOVEA_TANH_F
    case .erf: return FOVEA_ERF_F
    case .gelu: return FOVEA_GELU_F
    case .geluTanh: return FOVEA_GELU_TANH_F
    case .equal: return isFloat ? FOVEA_EQUAL_F : FOVEA_EQUAL_I
    case .less: return isFloat ? FOVEA_LESS_F : FOVEA_LESS_I
    case .lessOrEqual: return isFloat ? FOVEA_LESS_OR_EQUAL_F : FOVEA_LESS_OR_EQUAL_I
    case .not: return FOVEA_NOT_I
    case .and: return FOVEA_AND_I
    case .or: return FOVEA_OR_I
    case .reluGradient: return FOVEA_RELU_GRADIENT_F
    case .geluGradient: return FOVEA_GELU_GRADIENT_F
    case .select: return FOVEA_SELECT
    case .cast(.bool): return isFloat ? FOVEA_TRUTH_FROM_FLOAT : FOVEA_TRUTH_FROM_INT
    case .cast(.float32): return isFloat ? nil : FOVEA_FLOAT_FROM_INT
    case .cast: return isFloat ? FOVEA_INT_FROM_FLOAT : nil
    }
  }

  /// Whether zeros at the operands marked in `zeros` are certain to give a zero, other operands
  /// being finite and, as divisors, not 0.
  func givesZero(_ zeros: [Bool]) -> Bool {
    switch self {
    case .add, .subtract, .minimum, .maximum, .and, .or: zeros[0] && zeros[1]
    case .multiply: zeros[0] || zeros[1]
    case .divide: zeros[0] && !zeros[1]
    case .negate, .absolute, .sign, .squareRoot, .relu, .tanh, .erf, .gelu, .geluTanh, .cast,
      .reluGradient, .geluGradient:
      zeros[0]
    case .select: zeros[1] && zeros[2]
    case .power, .exp, .log, .sigmoid, .equal, .less, .lessOrEqual, .not: false
    }
  }
}
