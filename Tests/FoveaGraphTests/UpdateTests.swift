import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaTestSupport
import Testing

/// The ops that change variables, against the formulas in double precision.
struct UpdateTests {
  /// An update with its settings as numbers.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let update: ParameterUpdate
    var factor: Float?
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "SGD", update: .sgd(momentum: 0, nesterov: false, weightDecay: 0)),
    Case(
      name: "SGD, weight decay", update: .sgd(momentum: 0, nesterov: false, weightDecay: 0.3)),
    Case(name: "SGD, momentum", update: .sgd(momentum: 0.9, nesterov: false, weightDecay: 0.1)),
    Case(name: "SGD, Nesterov", update: .sgd(momentum: 0.8, nesterov: true, weightDecay: 0.1)),
    Case(
      name: "SGD, factor", update: .sgd(momentum: 0.9, nesterov: false, weightDecay: 0.1),
      factor: 0.25),
    Case(
      name: "Adam",
      update: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decoupled: false)),
    Case(
      name: "Adam, other numbers",
      update: .adam(beta1: 0.7, beta2: 0.8, epsilon: 0.1, weightDecay: 0.2, decoupled: false)),
    Case(
      name: "AdamW",
      update: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.2, decoupled: true)),
    Case(
      name: "AdamW, factor",
      update: .adam(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.2, decoupled: true),
      factor: 0.5),
  ]

  static let shape: Shape = [7, 13]
  static let rate: Float = 0.05

  private static func graph(_ update: ParameterUpdate, factor: Float?) -> Graph {
    let graph = Graph(mode: .training)
    let type = ArrayType(shape)
    graph.variable("p", type).update(
      update, gradient: graph.input("g", type),
      states: (0..<update.stateCount).map { graph.variable("s\($0)", type) },
      learningRate: graph.input("rate", ArrayType([])), step: graph.input("step", ArrayType([])),
      factor: factor.map { graph.constant($0) })
    return graph
  }

  @Test(arguments: cases) func anUpdateFollowsItsFormula(_ testCase: Case) throws {
    let start = Domain.uniform(-1, 1).values(Self.shape, seed: 1)
    let store = VariableStore(["p": start.host(.float32)])
    let session = try Session(
      Self.graph(testCase.update, factor: testCase.factor).compile(outputs: [:]), variables: store)
    try session.set("rate", to: HostArray(Self.rate))
    var reference = ReferenceOptimizer(start.values.map { Double(Float($0)) })
    for step in 1...6 {
      let gradient = Domain.uniform(-1, 1).values(Self.shape, seed: 10 + step)
      try session.set("g", to: gradient.host(.float32))
      try session.set("step", to: HostArray(Float(step)))
      try session.run()
      reference.step(
        testCase.update, gradient.values.map { Double(Float($0)) * Double(testCase.factor ?? 1) },
        rate: Double(Self.rate))
    }
    expectClose(
      try #require(try store.value("p")), Array64(Self.shape, reference.parameters),
      absolute: 2e-6, relative: 1e-5, testCase.name)
  }

  @Test func aMovingAverageFollowsItsFormula() throws {
    let store = VariableStore(["s": HostArray([3], [1, -2, 4] as [Float])])
    let graph = Self.movingAverage()
    let session = try Session(graph.compile(outputs: [:]), variables: store)
    _ = try session.run(["x": HostArray([3], [10, 20, -30] as [Float])])
    let expected = [
      1.0 * 0.9 + 0.1 * 1.5 * 10, -2 * 0.9 + 0.1 * 1.5 * 20, 4 * 0.9 - 0.1 * 1.5 * 30,
    ]
    expectClose(try #require(try store.value("s")), Array64([3], expected))
  }

  private static func movingAverage() -> Graph {
    let graph = Graph(mode: .training)
    graph.variable("s", ArrayType([3])).moveAverage(
      towards: graph.input("x", ArrayType([3])), momentum: 0.9, factor: 1.5)
    return graph
  }

  /// The ops that these tests compute.
  static func coverage() throws -> Set<String> {
    let graphs =
      cases.map { graph($0.update, factor: $0.factor) } + [
        movingAverage(), CachedAttentionTests.graph(.init(1, 1, 1, 1)),
      ]
    return Set(graphs.flatMap { $0.nodes.map { OpCoverage.name($0.op) } })
  }
}

/// Optimisers in double precision, as PyTorch's documentation writes them down.
struct ReferenceOptimizer {
  var parameters: [Double]
  private var first: [Double]
  private var second: [Double]
  private var steps = 0

  init(_ parameters: [Double]) {
    self.parameters = parameters
    first = parameters.map { _ in 0 }
    second = first
  }

  mutating func step(_ update: ParameterUpdate, _ gradient: [Double], rate: Double) {
    steps += 1
    for index in parameters.indices {
      var p = parameters[index]
      switch update {
      case .sgd(let momentum, let nesterov, let decay):
        var g = gradient[index] + Double(decay) * p
        if momentum != 0 {
          first[index] = steps == 1 ? g : Double(momentum) * first[index] + g
          g = nesterov ? g + Double(momentum) * first[index] : first[index]
        }
        p -= rate * g
      case .adam(let beta1, let beta2, let epsilon, let decay, let decoupled):
        let (b1, b2) = (Double(beta1), Double(beta2))
        var g = gradient[index]
        if decoupled { p -= rate * Double(decay) * p } else { g += Double(decay) * p }
        first[index] = b1 * first[index] + (1 - b1) * g
        second[index] = b2 * second[index] + (1 - b2) * g * g
        let m = first[index] / (1 - raised(b1, steps))
        let v = second[index] / (1 - raised(b2, steps))
        p -= rate * m / (v.squareRoot() + Double(epsilon))
      }
      parameters[index] = p
    }
  }

  private func raised(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * base }
  }
}
