import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaTestSupport
import Glibc

private func unary(
  _ name: String, _ domain: Domain, absolute: Double = 2e-6,
  differentiable: [Int]? = nil, op build: @escaping @Sendable (Tensor) -> Tensor,
  is reference: @escaping @Sendable (Double) -> Double
) -> OpCase {
  OpCase(
    name, [(ArrayType([3, 7]), domain)], absolute: absolute, differentiable: differentiable,
    build: { build($0[0]) }, reference: { $0[0].map(reference) })
}

private func binary(
  _ name: String, _ left: Shape = [2, 3, 5], _ right: Shape = [3, 1],
  _ type: ElementType = .float32, _ domains: (Domain, Domain) = (.uniform(-2, 2), .uniform(1, 3)),
  differentiable: [Int]? = nil, op build: @escaping @Sendable (Tensor, Tensor) -> Tensor,
  is reference: @escaping @Sendable (Double, Double) -> Double
) -> OpCase {
  OpCase(
    name, [(ArrayType(left, type), domains.0), (ArrayType(right, type), domains.1)],
    differentiable: differentiable, build: { build($0[0], $0[1]) },
    reference: { try Array64.zip($0[0], $0[1], reference) })
}

let elementwiseCases = arithmeticCases + integerCases + functionCases + choiceCases

@CaseList private var arithmeticCases: [OpCase] {
  binary("add", op: { $0 + $1 }, is: +)
  binary("add, equal shapes", [4, 6], [4, 6], op: { $0 + $1 }, is: +)
  binary("add, scalar", [4, 6], [], op: { $0 + $1 }, is: +)
  binary("add, size 1", [1], [1], op: { $0 + $1 }, is: +)
  binary("add, empty", [0, 3], [1, 3], op: { $0 + $1 }, is: +)
  binary("add, outer", [4, 1], [1, 6], op: { $0 + $1 }, is: +)
  binary("subtract", op: { $0 - $1 }, is: -)
  binary("multiply", op: { $0 * $1 }, is: *)
  binary("divide", op: { $0 / $1 }, is: /)
  binary(
    "power", [2, 3], [2, 3], .float32, (.uniform(0.5, 2), .uniform(-2, 2)), op: { $0.power($1) },
    is: { pow($0, $1) })
  binary(
    "minimum", [5, 4], [5, 4], .float32, (.distinct(step: 0.3), .distinct(step: 0.29)),
    op: { $0.minimum($1) }, is: min)
  binary(
    "maximum", [5, 4], [4], .float32, (.distinct(step: 0.3), .distinct(step: 0.29)),
    op: { $0.maximum($1) }, is: max)
}

@CaseList private var integerCases: [OpCase] {
  binary(
    "add int32", [2, 3], [3], .int32, (.integers(9), .integers(9)), op: { $0 + $1 }, is: +)
  binary(
    "subtract int32", [2, 3], [3], .int32, (.integers(9), .integers(9)), op: { $0 - $1 }, is: -)
  binary(
    "multiply int32", [2, 3], [3], .int32, (.integers(9), .integers(9)), op: { $0 * $1 }, is: *)
  binary(
    "minimum int32", [2, 3], [3], .int32, (.integers(9), .integers(9)), op: { $0.minimum($1) },
    is: min)
  binary(
    "maximum int32", [2, 3], [3], .int32, (.integers(9), .integers(9)), op: { $0.maximum($1) },
    is: max)
  binary(
    "equal", [4, 6], [6], .int32, (.integers(3), .integers(3)), op: { $0.equal(to: $1) },
    is: { $0 == $1 ? 1 : 0 })
  binary(
    "equal uint8", [4, 6], [6], .uint8, (.integers(3), .integers(3)), op: { $0.equal(to: $1) },
    is: { $0 == $1 ? 1 : 0 })
  binary(
    "less", [4, 6], [4, 6], .float32, (.distinct(step: 1), .distinct(step: 1)),
    differentiable: [], op: { $0.less(than: $1) }, is: { $0 < $1 ? 1 : 0 })
  binary(
    "greater", [4, 6], [4, 6], .float32, (.distinct(step: 1), .distinct(step: 1)),
    differentiable: [], op: { $0.greater(than: $1) }, is: { $0 > $1 ? 1 : 0 })
  binary(
    "lessOrEqual", [4, 6], [6], .int32, (.integers(3), .integers(3)),
    op: { $0.lessOrEqual(to: $1) },
    is: { $0 <= $1 ? 1 : 0 })
  binary(
    "and", [4, 6], [6], .bool, (.truths, .truths), op: { $0.logicalAnd($1) }, is: { $0 * $1 })
  binary(
    "or", [4, 6], [6], .bool, (.truths, .truths), op: { $0.logicalOr($1) }, is: { max($0, $1) })
  OpCase(
    "not", [(ArrayType([7], .bool), .truths)], build: { $0[0].logicalNot() },
    reference: { $0[0].map { 1 - $0 } })
}

private func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

private func geluTanh(_ x: Double) -> Double {
  let inner = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
  return 0.5 * x * (1 + tanh(inner))
}

/// Φ(x) + x φ(x).
private func geluSlope(_ x: Double) -> Double {
  0.5 * (1 + erf(x / 2.0.squareRoot())) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
}

private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

private func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }

private func chain(_ x: Double, _ y: Double) -> Double {
  exp(tanh(x * y + y)) * logistic(x) - y
}

@CaseList private var functionCases: [OpCase] {
  unary("negate", .uniform(-2, 2), op: { -$0 }, is: { -$0 })
  unary("abs", .distinct(step: 0.3), op: { $0.absolute() }, is: abs)
  unary("sign", .distinct(step: 0.3), op: { $0.sign() }, is: sign)
  unary("sqrt", .uniform(0.1, 4), op: { $0.squareRoot() }, is: { $0.squareRoot() })
  unary("exp", .uniform(-3, 3), op: { $0.exp() }, is: { exp($0) })
  unary("log", .uniform(0.1, 4), op: { $0.log() }, is: { log($0) })
  unary("relu", .distinct(step: 0.3), op: { $0.relu() }, is: { max($0, 0) })
  unary("sigmoid", .uniform(-5, 5), op: { $0.sigmoid() }, is: logistic)
  unary("tanh", .uniform(-3, 3), op: { $0.tanh() }, is: { tanh($0) })
  unary("erf", .uniform(-3, 3), op: { $0.erf() }, is: { erf($0) })
  unary("gelu", .uniform(-3, 3), op: { $0.gelu() }, is: gelu)
  unary(
    "gelu, tanh", .uniform(-3, 3), op: { $0.gelu(approximation: .tanh) },
    is: geluTanh)
  OpCase(
    "gelu's gradient",
    [(ArrayType([4, 5]), .uniform(-1, 1)), (ArrayType([4, 5]), .uniform(-3, 3))],
    differentiable: [0, 1],
    build: { $0[0].graph.apply(Elementwise(.geluGradient), $0)[0] },
    reference: { try Array64.zip($0[0], $0[1].map(geluSlope), *) })
  unary("power of a number", .uniform(0.5, 2), op: { $0.power(-1.5) }, is: { pow($0, -1.5) })
  unary("square", .uniform(-2, 2), op: { $0.power(2) }, is: { $0 * $0 })
  unary("number on the left", .uniform(1, 2), op: { 3 - 2 / $0 }, is: { 3 - 2 / $0 })
  unary("number on the right", .uniform(1, 2), op: { ($0 - 1) / 4 + 2 }, is: { ($0 - 1) / 4 + 2 })
}

@CaseList private var choiceCases: [OpCase] {
  OpCase(
    "where",
    [
      (ArrayType([4, 3], .bool), .truths), (ArrayType([4, 3]), .uniform(-1, 1)),
      (ArrayType([3]), .uniform(-1, 1)),
    ], build: { $0[0].select($0[1], $0[2]) },
    reference: { inputs in
      Array64([4, 3]) { inputs[0][$0] != 0 ? inputs[1][$0] : inputs[2][$0] }
    })
  OpCase(
    "where, integers",
    [
      (ArrayType([5], .bool), .truths), (ArrayType([5], .int32), .integers(9)),
    ], build: { $0[0].select($0[1], 4) },
    reference: { inputs in Array64([5]) { inputs[0][$0] != 0 ? inputs[1][$0] : 4 } })
  OpCase(
    "cast float to int", [(ArrayType([6]), .uniform(-9, 9))], differentiable: [],
    build: { $0[0].cast(to: .int32) }, reference: { $0[0].map { $0.rounded(.towardZero) } })
  OpCase(
    "cast int to float", [(ArrayType([6], .int32), .integers(99))],
    build: { $0[0].cast(to: .float32) }, reference: { $0[0] })
  OpCase(
    "cast byte to float", [(ArrayType([3, 5], .uint8), .integers(256))],
    build: { $0[0].cast(to: .float32) }, reference: { $0[0] })
  OpCase(
    "cast byte to int", [(ArrayType([3, 5], .uint8), .integers(256))],
    build: { $0[0].cast(to: .int32) }, reference: { $0[0] })
  OpCase(
    "cast int to byte", [(ArrayType([6], .int32), .integers(256))],
    build: { $0[0].cast(to: .uint8) }, reference: { $0[0] })
  OpCase(
    "cast int to bool", [(ArrayType([6], .int32), .integers(2))],
    build: { $0[0].cast(to: .bool) }, reference: { $0[0] })
  OpCase(
    "cast float to bool", [(ArrayType([4]), .fixed([0, -1, 0.5, 0]))], differentiable: [],
    build: { $0[0].cast(to: .bool) }, reference: { $0[0].map { $0 == 0 ? 0 : 1 } })
  OpCase(
    "a long chain", [(ArrayType([17, 33]), .uniform(-1, 1)), (ArrayType([33]), .uniform(-1, 1))],
    absolute: 1e-5, build: { ($0[0] * $0[1] + $0[1]).tanh().exp() * $0[0].sigmoid() - $0[1] },
    reference: { try Array64.zip($0[0], $0[1], chain) })
}
