import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

struct ChoicePassTests {
  private let same = WindowGeometry(paddingBefore: [1, 1], paddingAfter: [1, 1])

  // MARK: ChooseKernels

  @Test(
    arguments: [
      ([64, 32, 3, 3], [64, 64, 16, 16], true), ([16, 16, 3, 3], [16, 16, 8, 8], true),
      // A first layer, of three channels; and a number of channels that blocks do not divide.
      ([32, 3, 3, 3], [64, 32, 32, 32], false), ([64, 40, 3, 3], [64, 64, 16, 16], false),
      // More than half of the tiles would hang over the edge; and just not.
      ([64, 32, 3, 3], [64, 64, 5, 5], false), ([64, 32, 3, 3], [64, 64, 6, 6], true),
      // Transformed weights larger than caches.
      ([512, 256, 3, 3], [64, 512, 8, 8], false),
      // Other windows.
      ([64, 32, 5, 5], [64, 64, 16, 16], false), ([64, 32, 1, 1], [64, 64, 16, 16], false),
    ] as [(Shape, Shape, Bool)])
  func winogradIsChosenByTheRule(weights: Shape, result: Shape, isWanted: Bool) {
    for direction in ChooseKernels.Direction.allCases {
      for level in ProcessorLevel.allCases {
        let algorithm = ChooseKernels.algorithm(
          direction, same, weights: weights, result: result, level: level)
        #expect(
          algorithm == (isWanted && level == .avx512 ? .winograd : .direct),
          "\(direction), \(level)")
      }
    }
  }

  /// 64 tiles are enough for a gradient of weights, and 16 are not.
  @Test func fewTilesMakeNoGradientOfWeights() {
    for (batch, isWanted) in [(1, false), (4, true)] {
      let algorithm = ChooseKernels.algorithm(
        .backwardWeights, same, weights: [32, 32, 3, 3], result: [batch, 32, 16, 16],
        level: .avx512)
      #expect(algorithm == (isWanted ? .winograd : .direct))
    }
  }

  /// One row beside a large matrix takes a kernel of its own, which gives what that of two rows does;
  /// beside a small one it takes the same, and gets the same bits.
  @Test(arguments: [(600, true), (400, false)])
  func oneRowBesideALargeMatrixIsAVectorProduct(rows: Int, isWanted: Bool) throws {
    let columns = 1024
    func array(_ shape: Shape, _ key: UInt64) -> HostArray {
      let key = RandomKey(seed: key)
      return HostArray(
        shape, (0..<shape.elementCount).map { Float(key.normal(at: UInt64($0))) })
    }
    let weight = array([rows, columns], 1)
    let one = array([1, columns], 2)
    func product(_ x: HostArray) throws -> (values: [Float], kernels: [String]) {
      let graph = Graph(mode: .inference)
      let y = graph.input("x", x.type)
        .matmul(graph.variable("w", weight.type), transposingRight: true)
      let plan = try graph.compile(outputs: ["y": y])
      let session = try Session(plan, variables: VariableStore(["w": weight]))
      try session.set("x", to: x)
      try session.run()
      return (try session.output("y").floats, plan.steps.map(\.kernel.implementation))
    }
    let alone = try product(one)
    let among = try product(HostArray([2, columns], one.floats + array([1, columns], 3).floats))
    #expect(alone.kernels.contains { $0.contains("vectorProduct") } == isWanted)
    #expect(!among.kernels.contains { $0.contains("vectorProduct") })
    let deviation = zip(alone.values, among.values).map { abs($0 - $1) }.max() ?? 1
    #expect(deviation < 1e-3)
  }

  @Test func strideAndDilationAreDirect() {
    for geometry in [
      WindowGeometry(strides: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1]),
      WindowGeometry(paddingBefore: [2, 2], paddingAfter: [2, 2], dilations: [2, 2]),
    ] {
      #expect(
        ChooseKernels.algorithm(
          .forward, geometry, weights: [64, 64, 3, 3], result: [64, 64, 32, 32]) == .direct)
    }
  }

  /// At most four pairs of planes are convolved plane by plane, where each step moves one pixel.
  @Test(
    arguments: [
      ([1, 2, 7, 7], WindowGeometry(paddingBefore: [3, 3], paddingAfter: [3, 3]), true),
      ([4, 1, 3, 3], WindowGeometry(), true), ([1, 5, 3, 3], WindowGeometry(), false),
      ([1, 2, 3, 3], WindowGeometry(strides: [2, 1]), false),
      ([1, 2, 3, 3], WindowGeometry(dilations: [1, 2]), false),
    ] as [(Shape, WindowGeometry, Bool)])
  func fewPlanesAreConvolvedByThemselves(
    weights: Shape, geometry: WindowGeometry, isWanted: Bool
  ) {
    for direction in [ChooseKernels.Direction.forward, .backwardData, .backwardWeights] {
      let algorithm = ChooseKernels.algorithm(
        direction, geometry, weights: weights, result: [2, weights[0], 9, 9])
      #expect(algorithm == (isWanted ? .planes : .direct), "\(direction)")
    }
  }

  /// Weights that nothing updates are packed before the plan runs, where a product has few rows.
  @Test(arguments: [(8, GraphMode.inference, true), (1_000, .inference, false)])
  func weightsArePackedOnce(rows: Int, mode: GraphMode, isWanted: Bool) throws {
    let graph = Graph(mode: mode)
    let x = graph.input("x", ArrayType([rows, 48]))
    let y = x.matmul(graph.variable("w", ArrayType([80, 48])), transposingRight: true)
    let plan = try graph.compile(outputs: ["y": y])
    #expect(plan.steps.map(\.op) == [MatMul.name])
    #expect(plan.steps[0].settings.contains("packed") == isWanted)
    // What is not known before is never packed.
    let other = graph.input("other", ArrayType([80, 48]))
    let both = try graph.compile(outputs: ["y": x.matmul(other, transposingRight: true)])
    #expect(!both.steps.contains { $0.settings.contains("packed") })
  }

  @Test func weightsThatChangeAreNotPacked() throws {
    let graph = Graph(mode: .training)
    let w = graph.variable("w", ArrayType([80, 48]))
    let y = graph.input("x", ArrayType([8, 48])).matmul(w, transposingRight: true)
    w.update(
      .sgd(momentum: 0, nesterov: false, weightDecay: 0),
      gradient: y.sumOfSquares().gradients(withRespectTo: [w])[0], states: [],
      learningRate: graph.constant(1), step: graph.constant(1))
    let plan = try graph.compile(outputs: ["y": y])
    #expect(!plan.steps.contains { $0.settings.contains("packed") })
  }

  /// LᵀR of a wide L and a narrow R is computed as (RᵀL)ᵀ, with the same numbers.
  @Test(arguments: [(320, 40, true), (320, 64, false), (64, 320, false)])
  func tallProductsAreTurned(rows: Int, columns: Int, isWanted: Bool) throws {
    let graph = Graph(mode: .inference)
    let left = graph.input("left", ArrayType([24, rows]))
    let right = graph.input("right", ArrayType([24, columns]))
    let y = left.matmul(right, transposingLeft: true)
    let plan = try graph.compile(outputs: ["y": y])
    #expect(plan.steps.contains { $0.op == Reorder.name } == isWanted)
    let numbers = [
      "left": HostArray([24, rows], (0..<(24 * rows)).map { Float($0 % 7) }),
      "right": HostArray([24, columns], (0..<(24 * columns)).map { Float($0 % 5) }),
    ]
    let found = try Session(plan).run(numbers)["y"]
    let expected = (0..<(rows * columns)).map { index in
      (0..<24).reduce(Float(0)) { sum, k in
        sum + Float((k * rows + index / columns) % 7) * Float((k * columns + index % columns) % 5)
      }
    }
    #expect(found == HostArray([rows, columns], expected))
  }

  @Test func groupedWeightsAreDirect() {
    #expect(
      ChooseKernels.algorithm(
        .forward, same, weights: [2, 32, 32, 3, 3], result: [64, 64, 32, 32]) == .direct)
  }

  /// All three directions at once, with the weights transformed by a step of their own each way.
  @Test func thePassPutsWinogradInTheirPlace() throws {
    let graph = Graph(mode: .training)
    let x = graph.input("x", ArrayType([64, 16, 16, 16]))
    let w = graph.variable("w", ArrayType([32, 16, 3, 3]))
    let gradients = x.convolution2D(weight: w, padding: 1).relu().sumOfSquares()
      .gradients(withRespectTo: [x, w])
    let fused = try FuseEpilogues().run(program(["dx": gradients[0], "dw": gradients[1]]))
    let result = try ChooseKernels(level: .avx512).run(fused)
    let weights = result.nodes.compactMap { $0.op as? WinogradWeights }
    let convolutions = result.nodes.compactMap { $0.op as? WinogradConvolution2D }
    #expect(weights.map(\.isTurned) == [false, true])
    #expect(convolutions.map(\.isRectified) == [true, false])
    #expect(!result.nodes.contains { $0.op is Convolution2D })
    for case let op as Convolution2DWeightGradient in result.nodes.map(\.op) {
      #expect(op.algorithm == .winograd)
    }
  }

  /// The source's gradient would need padding below 0.
  @Test func paddingWiderThanTheWindowIsDirect() {
    let wide = WindowGeometry(paddingBefore: [3, 1], paddingAfter: [1, 1])
    #expect(
      ChooseKernels.algorithm(
        .backwardData, wide, weights: [64, 64, 3, 3], result: [64, 64, 32, 32]) == .direct)
  }

  // MARK: ChooseLayouts

  private func laidOut(
    _ outputs: [String: Tensor], stored: [String: Layout] = [:], isPlain: Bool = false
  ) throws -> Program {
    var pass = ChooseLayouts(storedVariables: stored, isPlain: isPlain)
    return try pass.run(RemoveUnused().run(program(outputs)))
  }

  private func convolutions(_ graph: Graph) -> Tensor {
    let x = graph.input("x", ArrayType([16, 32, 16, 16]))
    let first = x.convolution2D(
      weight: graph.variable("w1", ArrayType([32, 32, 3, 3])), padding: 1)
    return first.relu().maxPool2D(window: 2).convolution2D(
      weight: graph.variable("w2", ArrayType([32, 32, 3, 3])), padding: 1)
  }

  @Test func everyValueHasALayoutOfItsType() throws {
    let result = try laidOut(["y": convolutions(Graph(mode: .training))])
    for node in result.nodes {
      #expect(node.layouts.map(\.type) == node.types)
      #expect(node.layouts.allSatisfy { "\($0)" != "any" })
    }
  }

  @Test func blocksFlowFromConvolutionToConvolution() throws {
    let result = try laidOut(["y": convolutions(Graph(mode: .training))])
    // Into the first and out of the last; weights apart. Between them nothing is copied.
    let reorders = result.nodes.filter { node in
      node.op is Reorder && !(result.nodes[node.inputs[0].node].op is Variable)
    }
    #expect(reorders.count <= 2)
    let kinds = result.nodes.filter {
      $0.op is Convolution2D || $0.op is Pool2D || $0.op is Elementwise
    }
    #expect(kinds.count == 4)
    let layouts = Set(kinds.map { "\($0.layouts[0])" })
    #expect(layouts.count == 1, "\(layouts)")
  }

  @Test func outputsAreRowMajor() throws {
    let graph = Graph(mode: .training)
    let result = try laidOut([
      "y": convolutions(graph), "t": graph.input("m", ArrayType([3, 5])).transposed(),
    ])
    for value in result.outputs.values {
      #expect(result.nodes[value.node].layouts[value.result].isRowMajor)
    }
  }

  @Test func aValueIsReorderedOnceForAllWhoWantItSo() throws {
    let graph = Graph()
    let x = graph.input("x", ArrayType([4, 6])).transposed()
    let result = try laidOut(["a": x.softmax(), "b": x.logSoftmax(), "c": x])
    #expect(result.ops.count { $0 == "reorder" } == 1)
  }

  /// In a plan that trains, weights are stored as their first user wants them, and with them the
  /// optimiser's state: no step reorders them.
  @Test func trainedWeightsStayInBlocks() throws {
    let graph = Graph(mode: .training)
    let w = graph.variable("w", ArrayType([32, 32, 5, 5]))
    let x = graph.input("x", ArrayType([16, 32, 16, 16]))
    let gradient = x.convolution2D(weight: w, padding: 2).sumOfSquares()
      .gradients(withRespectTo: [w])[0]
    w.update(
      .sgd(momentum: 0.9, nesterov: false, weightDecay: 0), gradient: gradient,
      states: [graph.variable("velocity", w.type)], learningRate: graph.constant(1),
      step: graph.constant(1))
    let plan = try graph.compile(outputs: [:])
    let layouts = Dictionary(uniqueKeysWithValues: plan.variables.map { ($0.name, $0.layout) })
    let weight = try #require(layouts["w"])
    #expect(!weight.isRowMajor)
    #expect(layouts["velocity"] == weight)
    let update = try #require(plan.steps.first { $0.op == UpdateParameter.name })
    #expect(update.operands[0].layout == weight && update.operands[1].layout == weight)
    // A later plan takes them as they are stored.
    var options = CompileOptions()
    options.storedVariables = layouts
    let forward = Graph(mode: .training)
    let y = forward.input("x", ArrayType([16, 32, 16, 16]))
      .convolution2D(weight: forward.variable("w", w.type), padding: 2)
    let later = try forward.compile(outputs: ["y": y], options: options)
    #expect(later.variables.first?.layout == weight)
  }

  /// Gates over channels and over places, forward and backward, between two convolutions.
  @Test func gatesKeepTheBlocksOfConvolutions() throws {
    let graph = Graph(mode: .training)
    let w = graph.variable("w1", ArrayType([32, 32, 3, 3]))
    let x = graph.input("x", ArrayType([16, 32, 16, 16]))
      .convolution2D(weight: w, padding: 1)
    let byChannel =
      x
      * (x.mean(axes: [2, 3]) + x.max(axes: [2, 3])).sigmoid()
      .reshaped([16, 32, 1, 1])
    let means = byChannel.mean(axes: [1], keepingAxes: true)
    let largest = byChannel.max(axes: [1], keepingAxes: true)
    let y = (byChannel * (means + largest).sigmoid()).convolution2D(
      weight: graph.variable("w2", ArrayType([32, 32, 3, 3])), padding: 1)
    let plan = try graph.compile(
      outputs: ["dw": y.sumOfSquares().gradients(withRespectTo: [w])[0]])
    let maps = plan.steps.filter { $0.op == "reorder" }.flatMap(\.operands)
      .count { $0.layout.type.shape == [16, 32, 16, 16] }
    // The input alone, source and destination.
    #expect(maps == 2)
  }

  @Test func withoutPassesEverythingIsRowMajor() throws {
    let result = try laidOut(["y": convolutions(Graph(mode: .training))], isPlain: true)
    #expect(result.nodes.allSatisfy { $0.layouts.allSatisfy { $0.isRowMajor } })
  }

  @Test func aPermutationMovesNoByte() throws {
    let graph = Graph()
    let x = graph.input("x", ArrayType([4, 6]))
    let plan = try graph.compile(
      outputs: ["y": x.transposed().matmul(graph.input("z", ArrayType([4, 3])))])
    #expect(plan.steps.map(\.op) == ["matmul"])
  }
}
