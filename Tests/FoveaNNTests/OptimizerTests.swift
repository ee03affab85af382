import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaNN
import FoveaTestSupport
import FoveaTrain
import Glibc
import Testing

struct OptimizerTests {
  /// y = x Wᵀ + b under the mean of squares: gradients are known on paper.
  private struct Problem {
    static let x = numbers([16, 5], seed: 40)
    static let target = numbers([16, 3], seed: 41)
    let layer = Linear(inputs: 5, outputs: 3)

    func start() -> Weights { layer.initialWeights(key: RandomKey(seed: 3)) }

    /// The plan of a step, its weights after each of `steps`, and the norms that it reports.
    func train(
      _ settings: StepSettings, steps: Int, rate: (Int) -> Float
    ) throws -> (weights: [[String: HostArray]], norms: [Float]) {
      let graph = Graph(for: layer, mode: .training)
      let loss = layer(graph.input("x", Problem.x.type))
        .meanSquaredError(graph.input("t", Problem.target.type))
      let norm = loss.minimize(layer, settings)
      let store = VariableStore(start().arrays)
      let session = try Session(
        graph.compile(outputs: norm.map { ["norm": $0] } ?? [:]), variables: store)
      try session.set("x", to: Problem.x)
      try session.set("t", to: Problem.target)
      var found: [[String: HostArray]] = []
      var norms: [Float] = []
      for step in 0..<steps {
        try session.set("learningRate", to: HostArray(rate(step)))
        try session.set("step", to: HostArray(Float(step + 1)))
        try session.run()
        found.append([
          "weight": try #require(try store.value("weight")),
          "bias": try #require(try store.value("bias")),
        ])
        if norm != nil { norms.append(try session.output("norm").scalar) }
      }
      return (found, norms)
    }

    /// d mean((x Wᵀ + b − t)²) for W and b, in double precision.
    static func gradients(_ w: Array64, _ b: Array64) -> (weight: Array64, bias: Array64) {
      let (x, t) = (Problem.x.doubles, Problem.target.doubles)
      let error = Array64([16, 3]) { i in
        (0..<5).reduce(b[[i[1]]] - t[i]) { $0 + x[[i[0], $1]] * w[[i[1], $1]] }
      }
      let factor = 2.0 / 48
      return (
        Array64([3, 5]) { i in
          (0..<16).reduce(0.0) { $0 + factor * error[[$1, i[0]]] * x[[$1, i[1]]] }
        },
        Array64([3]) { i in (0..<16).reduce(0.0) { $0 + factor * error[[$1, i[0]]] } }
      )
    }
  }

  /// An optimiser in double precision, as PyTorch documents it.
  private struct Reference64 {
    let optimizer: Optimizer
    private var first: [Double]
    private var second: [Double]

    init(_ optimizer: Optimizer, count: Int) {
      self.optimizer = optimizer
      first = [Double](repeating: 0, count: count)
      second = first
    }

    mutating func step(_ p: Array64, _ gradient: Array64, rate: Double, step: Int) -> Array64 {
      var values = p.values
      for i in values.indices {
        var g = gradient.values[i]
        switch optimizer {
        case .sgd(let momentum, let nesterov, let decay):
          g += Double(decay) * values[i]
          first[i] = step == 1 ? g : Double(momentum) * first[i] + g
          if momentum != 0 { g = nesterov ? g + Double(momentum) * first[i] : first[i] }
          values[i] -= rate * g
        case .adam(let beta1, let beta2, let epsilon, let decay):
          g += Double(decay) * values[i]
          values[i] -= rate * moved(i, g, beta1, beta2, epsilon, step)
        case .adamW(let beta1, let beta2, let epsilon, let decay):
          values[i] -= rate * Double(decay) * values[i]
          values[i] -= rate * moved(i, g, beta1, beta2, epsilon, step)
        }
      }
      return Array64(p.shape, values)
    }

    private mutating func moved(
      _ i: Int, _ g: Double, _ beta1: Float, _ beta2: Float, _ epsilon: Float, _ step: Int
    ) -> Double {
      let (b1, b2) = (Double(beta1), Double(beta2))
      first[i] = b1 * first[i] + (1 - b1) * g
      second[i] = b2 * second[i] + (1 - b2) * g * g
      let root = (second[i] / (1 - pow(b2, Double(step)))).squareRoot()
      return first[i] / (1 - pow(b1, Double(step))) / (root + Double(epsilon))
    }
  }

  static let optimizers: [Optimizer] = [
    .sgd(), .sgd(weightDecay: 0.1), .sgd(momentum: 0.9),
    .sgd(momentum: 0.8, nesterov: true, weightDecay: 0.05), .adam(),
    .adam(beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1), .adamW(),
    .adamW(beta1: 0.7, beta2: 0.95, weightDecay: 0.3),
  ]

  @Test(arguments: optimizers, [0, 0.05] as [Float])
  func trainingFollowsTheFormula(optimizer: Optimizer, clip: Float) throws {
    let problem = Problem()
    let schedule = LearningRateSchedule.cosine
    func rate(_ step: Int) -> Float { schedule.learningRate(step: step, of: 8, rate: 0.1) }
    let (found, norms) = try problem.train(
      StepSettings(optimizer: optimizer, gradientClip: clip), steps: 6, rate: rate)
    var w = try #require(problem.start()["weight"]).doubles
    var b = try #require(problem.start()["bias"]).doubles
    var (forWeight, forBias) = (Reference64(optimizer, count: 15), Reference64(optimizer, count: 3))
    for step in 0..<6 {
      var (dw, db) = Problem.gradients(w, b)
      let norm = (dw.values + db.values).reduce(0) { $0 + $1 * $1 }.squareRoot()
      if clip > 0 {
        #expect(abs(Double(norms[step]) - norm) < 1e-5 * norm + 1e-6)
        let factor = min(1, Double(clip) / (norm + 1e-6))
        (dw, db) = (dw.map { $0 * factor }, db.map { $0 * factor })
      }
      w = forWeight.step(w, dw, rate: Double(rate(step)), step: step + 1)
      b = forBias.step(b, db, rate: Double(rate(step)), step: step + 1)
      expectClose(try #require(found[step]["weight"]), w, absolute: 3e-6, "\(optimizer), \(step)")
      expectClose(try #require(found[step]["bias"]), b, absolute: 3e-6, "\(optimizer), \(step)")
    }
  }

  /// A limit that is not reached changes nothing; one that is, leaves gradients of that norm.
  @Test func clippingLimitsTheNormOfAllGradientsTogether() throws {
    let problem = Problem()
    let start = problem.start()
    func step(clip: Float) throws -> (distance: Double, norm: Float?) {
      let (weights, norms) = try problem.train(
        StepSettings(optimizer: .sgd(), gradientClip: clip), steps: 1
      ) { _ in 1 }
      let squares = try ["weight", "bias"].map { path in
        let before = try #require(start[path]).doubles.values
        let after = try #require(weights[0][path]).doubles.values
        return zip(before, after).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      return (squares.reduce(0, +).squareRoot(), norms.first)
    }
    let free = try step(clip: 0)
    #expect(free.norm == nil)
    let norm = try #require(try step(clip: 1_000).norm)
    #expect(abs(free.distance - Double(norm)) < 1e-5)
    #expect(abs(try step(clip: 1_000).distance - free.distance) < 1e-6)
    #expect(abs(try step(clip: norm / 4).distance - free.distance / 4) < 1e-5)
  }

  @Test func frozenParametersStayAndTakeNoMemory() throws {
    let problem = Problem()
    let (weights, _) = try problem.train(
      StepSettings(optimizer: .adam(), frozen: ["weight"]), steps: 3
    ) { _ in 0.1 }
    #expect(weights[2]["weight"] == problem.start()["weight"])
    #expect(weights[2]["bias"] != problem.start()["bias"])
  }

  // MARK: Schedules

  @Test func schedulesFollowTheirFormulas() {
    func check(_ schedule: LearningRateSchedule, _ expected: [Int: Double]) {
      for (step, rate) in expected {
        let found = Double(schedule.learningRate(step: step, of: 100, rate: 0.4))
        #expect(abs(found - rate) < 1e-7, "\(schedule), step \(step)")
      }
    }
    let eighth = cos(Double.pi / 4)
    check(.constant, [0: 0.4, 50: 0.4, 99: 0.4])
    check(
      .cosine, [0: 0.4, 25: 0.2 + 0.2 * eighth, 50: 0.2, 75: 0.2 - 0.2 * eighth, 100: 0, 120: 0])
    check(.warmUp(steps: 10), [0: 0.04, 4: 0.2, 9: 0.4, 10: 0.4, 99: 0.4])
    check(.warmUpCosine(steps: 20), [0: 0.02, 9: 0.2, 19: 0.4, 20: 0.4, 60: 0.2, 100: 0])
    // No division by nothing.
    #expect(LearningRateSchedule.cosine.learningRate(step: 0, of: 0, rate: 1).isFinite)
    #expect(LearningRateSchedule.warmUp(steps: 0).learningRate(step: 0, of: 1, rate: 1) == 1)
  }
}
