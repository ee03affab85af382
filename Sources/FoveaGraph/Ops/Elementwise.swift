package import FoveaKernels

/// One function applied element by element; operands broadcast.
package struct Elementwise: Op {
  package static let name = "elementwise"
  package let function: ElementwiseFunction

  package init(_ function: ElementwiseFunction) { self.function = function }

  package var settings: String { function.name }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let elementType = try function.resultType(inputs.map(\.elementType))
    var shape = inputs[0].shape
    for input in inputs.dropFirst() {
      shape = try shape.broadcast(with: input.shape, in: function.name)
    }
    return [ArrayType(shape, elementType)]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0] else { return request.inputs.map { _ in nil } }
    let x = request.inputs
    let y = request.results[0]
    switch function {
    case .add: return [dy, dy]
    case .subtract: return [dy, -dy]
    case .multiply: return [dy * x[1], dy * x[0]]
    case .divide: return [dy / x[1], -(dy * y / x[1])]
    case .power:
      return [dy * x[1] * x[0].power(x[1] - 1), dy * y * x[0].log()]
    case .minimum, .maximum:
      // Where both are equal each gets half, as the limit from either side is one or the other.
      let first = function == .maximum ? x[1].less(than: x[0]) : x[0].less(than: x[1])
      let share = x[0].equal(to: x[1]).select(0.5, first.cast(to: .float32))
      return [dy * share, dy * (1 - share)]
    case .negate: return [-dy]
    case .absolute: return [dy * x[0].sign()]
    case .squareRoot: return [dy * 0.5 / y]
    case .exp: return [dy * y]
    case .log: return [dy / x[0]]
    case .relu: return [apply(.reluGradient, [dy, y])]
    case .reluGradient: return [apply(.reluGradient, [dy, x[1]]), nil]
    case .sigmoid: return [dy * y * (1 - y)]
    case .tanh: return [dy * (1 - y * y)]
    case .erf: return [dy * (-(x[0] * x[0])).exp() * 1.128_379_167]  // 2 / √π
    case .gelu: return [apply(.geluGradient, [dy, x[0]])]
    case .geluGradient:
      // φ(x) (2 − x²)
      let square = x[1] * x[1]
      let density = (-0.5 * square).exp() * 0.398_942_280
      return [apply(.geluGradient, [dy, x[1]]), dy * x[0] * density * (2 - square)]
    case .geluTanh:
      // With u = √(2/π) (x + 0.044715 x³): (1 + tanh u) / 2 + x (1 − tanh² u) u′ / 2
      let square = x[0] * x[0]
      let inner = (0.797_884_561 * x[0] * (1 + 0.044715 * square)).tanh()
      let slope = 0.797_884_561 * (1 + 0.134145 * square)
      return [dy * 0.5 * ((1 + inner) + x[0] * (1 - inner * inner) * slope)]
    case .select:
      return [nil, x[0].select(dy, 0), x[0].select(0, dy)]
    case .cast(.float32) where x[0].elementType == .float32: return [dy]
    case .sign, .cast, .equal, .less, .lessOrEqual, .not, .and, .or:
      return x.map { _ in nil }
    }
  }

  private func apply(_ function: ElementwiseFunction, _ tensors: [Tensor]) -> Tensor {
    tensors[0].graph.apply(Elementwise(function), tensors)[0]
  }

  /// The function as a chain of one step.
  func program(_ types: [ElementType]) -> ElementwiseProgram {
    ElementwiseProgram(
      inputs: types,
      steps: [.init(function, types.indices.map { .input($0) })])
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    ElementwiseChain(program: program(inputs.map(\.type.elementType)))
      .chooseLayouts(inputs, results)
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    try ElementwiseChain(program: program(inputs.map(\.type.elementType)))
      .lower(inputs, results, threads: threads)
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    program(inputs.map(\.elementType)).operationsPerElement * results[0].shape.elementCount
  }

  package func runsInPlace(of input: Int) -> Bool { true }
}

// MARK: - Arithmetic

extension Tensor {
  func elementwise(
    _ function: ElementwiseFunction, _ others: Tensor..., file: StaticString, line: UInt
  ) -> Tensor {
    graph.apply(Elementwise(function), [self] + others, file: file, line: line)[0]
  }

  fileprivate func operate(_ function: ElementwiseFunction, _ other: Tensor) -> Tensor {
    graph.applyOperator(Elementwise(function), [self, other])
  }

  /// A constant of this tensor's element type.
  fileprivate func scalar(_ value: Float) -> Tensor {
    guard elementType == .int32 else { return constant(HostArray(value)) }
    let (file, line) = origin
    require(
      value > -0x1p31 && value < 0x1p31,
      "elementwise: \(value) is no int32 (an operator with \(type) made at \(file):\(line))",
      file: file, line: line)
    return constant(HostArray(Int32(value)))
  }

  private func constant(_ array: HostArray) -> Tensor {
    graph.constant(array, file: origin.file, line: origin.line)
  }

  /// Element by element; shapes broadcast. Differentiable.
  public static func + (left: Tensor, right: Tensor) -> Tensor { left.operate(.add, right) }
  /// Element by element; shapes broadcast. Differentiable.
  public static func - (left: Tensor, right: Tensor) -> Tensor { left.operate(.subtract, right) }
  /// Element by element; shapes broadcast. Differentiable.
  public static func * (left: Tensor, right: Tensor) -> Tensor { left.operate(.multiply, right) }
  /// Element by element; shapes broadcast. Differentiable.
  public static func / (left: Tensor, right: Tensor) -> Tensor { left.operate(.divide, right) }
  /// The negative of each element. Differentiable.
  public static prefix func - (operand: Tensor) -> Tensor {
    operand.graph.applyOperator(Elementwise(.negate), [operand])
  }

  /// Adds a number to each element.
  public static func + (left: Tensor, right: Float) -> Tensor { left + left.scalar(right) }
  /// Adds a number to each element.
  public static func + (left: Float, right: Tensor) -> Tensor { right.scalar(left) + right }
  /// Subtracts a number from each element.
  public static func - (left: Tensor, right: Float) -> Tensor { left - left.scalar(right) }
  /// Subtracts each element from a number.
  public static func - (left: Float, right: Tensor) -> Tensor { right.scalar(left) - right }
  /// Multiplies each element by a number.
  public static func * (left: Tensor, right: Float) -> Tensor { left * left.scalar(right) }
  /// Multiplies each element by a number.
  public static func * (left: Float, right: Tensor) -> Tensor { right.scalar(left) * right }
  /// Divides each element by a number.
  public static func / (left: Tensor, right: Float) -> Tensor { left / left.scalar(right) }
  /// Divides a number by each element.
  public static func / (left: Float, right: Tensor) -> Tensor { right.scalar(left) / right }
}

// MARK: - Functions

extension Tensor {
  /// xᵉ element by element; shapes broadcast. Differentiable for x > 0.
  public func power(_ exponent: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor
  { elementwise(.power, exponent, file: file, line: line) }

  /// xᵉ for one exponent. Differentiable in x.
  public func power(
    _ exponent: Float, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    switch exponent {
    case 1: self
    case 2: self * self
    case 0.5: squareRoot(file: file, line: line)
    case -1: 1 / self
    default: power(graph.constant(exponent, file: file, line: line), file: file, line: line)
    }
  }

  /// The smaller of two elements; shapes broadcast. Differentiable.
  public func minimum(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.minimum, other, file: file, line: line)
  }

  /// The larger of two elements; shapes broadcast. Differentiable.
  public func maximum(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.maximum, other, file: file, line: line)
  }

  /// |x|. Differentiable but at 0, where the gradient is 0.
  public func absolute(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.absolute, file: file, line: line)
  }

  /// −1, 0 or 1. The gradient is 0.
  public func sign(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.sign, file: file, line: line)
  }

  /// √x. Differentiable for x > 0.
  public func squareRoot(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.squareRoot, file: file, line: line)
  }

  /// eˣ. Differentiable.
  public func exp(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.exp, file: file, line: line)
  }

  /// The natural logarithm. Differentiable for x > 0.
  public func log(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.log, file: file, line: line)
  }

  /// max(x, 0). Differentiable; the gradient at 0 is 0.
  public func relu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.relu, file: file, line: line)
  }

  /// 1 / (1 + e⁻ˣ). Differentiable.
  public func sigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.sigmoid, file: file, line: line)
  }

  /// The hyperbolic tangent. Differentiable.
  public func tanh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.tanh, file: file, line: line)
  }

  /// The error function. Differentiable.
  public func erf(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.erf, file: file, line: line)
  }

  /// x Φ(x), or its approximation by tanh. Differentiable. Hendrycks and Gimpel 2016.
  public func gelu(
    approximation: GELUApproximation = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    elementwise(approximation == .none ? .gelu : .geluTanh, file: file, line: line)
  }

  /// The same numbers as another element type: towards 0 from float to integer, the lowest byte
  /// from int32 to uint8, nonzero is `true`. Differentiable between floats only.
  public func cast(
    to type: ElementType, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    type == elementType ? self : elementwise(.cast(type), file: file, line: line)
  }
}

/// How GELU is computed.
public enum GELUApproximation: String, Hashable, Sendable {
  /// With the error function.
  case none
  /// By tanh.
  case tanh
}

// MARK: - Comparisons and choices

extension Tensor {
  /// Whether elements are equal; shapes broadcast.
  public func equal(to other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.equal, other, file: file, line: line)
  }

  /// Whether elements are smaller; shapes broadcast.
  public func less(than other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.less, other, file: file, line: line)
  }

  /// Whether elements are smaller or equal; shapes broadcast.
  public func lessOrEqual(
    to other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { elementwise(.lessOrEqual, other, file: file, line: line) }

  /// Whether elements are larger; shapes broadcast.
  public func greater(
    than other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { other.elementwise(.less, self, file: file, line: line) }

  /// `false` for `true` and the reverse.
  public func logicalNot(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    elementwise(.not, file: file, line: line)
  }

  /// Whether both are `true`; shapes broadcast.
  public func logicalAnd(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { elementwise(.and, other, file: file, line: line) }

  /// Whether either is `true`; shapes broadcast.
  public func logicalOr(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { elementwise(.or, other, file: file, line: line) }

  /// Where this condition is `true`, elements of `first`, else of `second`; shapes broadcast.
  /// Differentiable in both. NumPy and PyTorch call it `where`, which Swift reserves.
  public func select(
    _ first: Tensor, _ second: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { elementwise(.select, first, second, file: file, line: line) }

  /// Where this condition is `true`, elements of `first`, else a number.
  public func select(
    _ first: Tensor, _ second: Float, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    select(first, first.scalar(second), file: file, line: line)
  }

  /// Where this condition is `true`, a number, else elements of `second`.
  public func select(
    _ first: Float, _ second: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    select(second.scalar(first), second, file: file, line: line)
  }
}
