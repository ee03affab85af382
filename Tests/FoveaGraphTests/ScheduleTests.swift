import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

struct ScheduleTests {
  private func program(_ graph: Graph, _ outputs: [String: Tensor]) -> Program {
    Program(nodes: graph.nodes, outputs: outputs.mapValues(\.value), mode: graph.mode)
  }

  private func place(_ name: String, in program: Program, _ order: [Int]) throws -> Int {
    try #require(order.firstIndex { type(of: program.nodes[$0].op).name == name })
  }

  private let sgd = ParameterUpdate.sgd(momentum: 0, nesterov: false, weightDecay: 0)

  @Test func inputsComeBeforeTheirUsers() throws {
    let graph = Graph()
    let x = graph.input("x", ArrayType([4, 4]))
    var y = x
    for step in 0..<6 { y = step % 2 == 0 ? y.matmul(x) : (y + x).softmax() }
    let program = program(graph, ["y": y])
    let order = try Schedule.order(program)
    #expect(order.sorted() == Array(program.nodes.indices))
    for (step, index) in order.enumerated() {
      for input in program.nodes[index].inputs {
        #expect(try #require(order.firstIndex(of: input.node)) < step)
      }
    }
  }

  @Test func aVariableIsReadBeforeItIsUpdated() throws {
    let graph = Graph(mode: .training)
    let w = graph.variable("w", ArrayType([4]))
    w.update(
      sgd, gradient: graph.input("g", ArrayType([4])), states: [],
      learningRate: graph.constant(1), step: graph.constant(1))
    let later = w.exp()
    let program = program(graph, ["y": later])
    let order = try Schedule.order(program)
    #expect(
      try place("elementwise", in: program, order) < place(UpdateParameter.name, in: program, order)
    )
  }

  @Test func aVariableIsReadThroughAViewBeforeItIsUpdated() throws {
    let graph = Graph(mode: .training)
    let w = graph.variable("w", ArrayType([2, 3]))
    w.update(
      sgd, gradient: graph.input("g", ArrayType([2, 3])), states: [],
      learningRate: graph.constant(1), step: graph.constant(1))
    let y = graph.input("x", ArrayType([5, 2])).matmul(w.transposed().reshaped([2, 3]))
    let program = program(graph, ["y": y])
    let order = try Schedule.order(program)
    #expect(
      try place("matmul", in: program, order) < place(UpdateParameter.name, in: program, order))
  }

  /// The gradient of a grouped convolution's input reads its weights as a view, late.
  @Test func theGradientOfAGroupedConvolutionSeesTheWeightsOfItsOwnStep() throws {
    let first = HostArray([4, 2, 1, 1], (0..<8).map { Float($0) / 10 - 0.3 })
    let second = HostArray([4, 2, 1, 1], (0..<8).map { 0.5 - Float($0) / 9 })
    let x = HostArray([2, 4, 3, 3], (0..<72).map { Float($0 % 11) / 7 - 0.6 })
    func build(_ graph: Graph) -> (variables: [Tensor], gradients: [Tensor]) {
      let w1 = graph.variable("w1", ArrayType([4, 2, 1, 1]))
      let w2 = graph.variable("w2", ArrayType([4, 2, 1, 1]))
      let loss = graph.input("x", ArrayType([2, 4, 3, 3]))
        .convolution2D(weight: w1, groups: 2).tanh().convolution2D(weight: w2, groups: 2)
        .sumOfSquares()
      return ([w1, w2], loss.gradients(withRespectTo: [w1, w2]))
    }
    let start = ["w1": first, "w2": second]
    let plain = Graph(mode: .training)
    let (_, expected) = build(plain)
    let gradient = try expected[0].value(inputs: ["x": x], variables: start)
    let graph = Graph(mode: .training)
    let (variables, gradients) = build(graph)
    for (variable, gradient) in zip(variables, gradients) {
      variable.update(
        sgd, gradient: gradient, states: [], learningRate: graph.constant(1),
        step: graph.constant(1))
    }
    let store = VariableStore(start)
    let session = try Session(graph.compile(outputs: [:]), variables: store)
    _ = try session.run(["x": x])
    let updated = try #require(try store.value("w1")).floats
    for index in updated.indices {
      let wanted = first.floats[index] - gradient.floats[index]
      #expect(abs(updated[index] - wanted) < 1e-5 * max(1, abs(wanted)))
    }
  }

  @Test func aVariableIsUpdatedOnce() {
    let graph = Graph(mode: .training)
    let w = graph.variable("w", ArrayType([4]))
    for _ in 0..<2 {
      w.update(
        sgd, gradient: w, states: [], learningRate: graph.constant(1), step: graph.constant(1))
    }
    #expect(throws: ShapeError("schedule", "a variable is updated twice in one step")) {
      try Schedule.order(program(graph, [:]))
    }
  }

  @Test func updatesRunAsSoonAsTheirGradientsAreThere() throws {
    let graph = Graph(mode: .training)
    let g = graph.input("g", ArrayType([4]))
    let w = graph.variable("w", ArrayType([4]))
    let gradient = g.exp()
    let unrelated = (g.tanh() * g).sigmoid()
    w.update(
      sgd, gradient: gradient, states: [], learningRate: graph.constant(1),
      step: graph.constant(1))
    let program = program(graph, ["y": unrelated])
    let order = try Schedule.order(program)
    let update = try place(UpdateParameter.name, in: program, order)
    #expect(update < (try #require(order.firstIndex(of: unrelated.value.node))))
  }
}
