import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

struct FusionPassTests {
  private let graph = Graph(mode: .training)
  private var x: Tensor { graph.input("x", ArrayType([8, 6])) }
  private var weight: Tensor { graph.variable("w", ArrayType([5, 6])) }
  private var bias: Tensor { graph.variable("b", ArrayType([5])) }
  private var map: Tensor { graph.input("map", ArrayType([2, 16, 8, 8])) }
  private var kernel: Tensor { graph.variable("k", ArrayType([16, 16, 3, 3])) }

  // MARK: CommutePooling

  private func pooled(window: Size2D, stride: Size2D?) throws -> Program {
    let y = map.relu().maxPool2D(window: window, stride: stride)
    let gradient = y.sumOfSquares().gradients(withRespectTo: [map])[0]
    return try RemoveUnused().run(
      CommutePooling().run(FoldConstants().run(program(["y": y, "dx": gradient]))))
  }

  @Test func theMaskOfReLUIsFormedAfterPooling() throws {
    let result = try pooled(window: 2, stride: nil)
    let mask = try #require(result.ops.firstIndex(of: "reluGradient"))
    let pool = try #require(result.ops.firstIndex(of: "pool2DGradient"))
    #expect(mask < pool)
    let node = try #require(
      result.nodes.first { ($0.op as? Elementwise)?.function == .reluGradient })
    #expect(node.types == [ArrayType([2, 16, 4, 4])])
  }

  @Test func overlappingWindowsAreLeftAlone() throws {
    let result = try pooled(window: 3, stride: 2)
    let mask = try #require(result.ops.firstIndex(of: "reluGradient"))
    let pool = try #require(result.ops.firstIndex(of: "pool2DGradient"))
    #expect(pool < mask)
  }

  @Test func aPoolingGradientThatSomebodyElseReadsIsLeftAlone() throws {
    let active = map.relu()
    let y = active.maxPool2D(window: 2)
    let gradients = y.sumOfSquares().gradients(withRespectTo: [map, active])
    let result = try CommutePooling().run(
      FoldConstants().run(program(["dx": gradients[0], "da": gradients[1]])))
    let node = try #require(
      result.nodes.first { ($0.op as? Elementwise)?.function == .reluGradient })
    #expect(node.types == [ArrayType([2, 16, 8, 8])])
  }

  // MARK: FuseEpilogues

  private func fused(_ outputs: [String: Tensor]) throws -> Program {
    try FuseEpilogues().run(RemoveUnused().run(program(outputs)))
  }

  @Test(
    arguments: [
      (nil, "bias"), ("relu", "bias, relu"), ("gelu", "bias, gelu"), ("geluTanh", "bias, geluTanh"),
    ] as [(String?, String)])
  func aProductTakesBiasAndActivationIn(activation: String?, settings: String) throws {
    var y = x.matmul(weight, transposingRight: true) + bias
    switch activation {
    case "relu": y = y.relu()
    case "gelu": y = y.gelu()
    case "geluTanh": y = y.gelu(approximation: .tanh)
    default: break
    }
    let result = try fused(["y": y])
    #expect(result.ops == ["matmul"])
    #expect(result.op(of: "y")?.settings == "rightᵀ, \(settings)")
  }

  @Test func aBiasOnTheLeftIsTakenInToo() throws {
    #expect(try fused(["y": bias + x.matmul(weight, transposingRight: true)]).ops == ["matmul"])
  }

  @Test func aConvolutionTakesReLUIn() throws {
    let result = try fused(["y": map.convolution2D(weight: kernel, padding: 1).relu()])
    #expect(result.ops == ["convolution2D"])
    #expect((result.op(of: "y") as? Convolution2D)?.activation == .relu)
  }

  @Test func whatSomebodyElseReadsIsNotFused() throws {
    let sum = x.matmul(weight, transposingRight: true) + bias
    let result = try fused(["sum": sum, "y": sum.relu()])
    #expect(result.ops == ["matmul", "relu"])
    let product = x.matmul(weight, transposingRight: true)
    #expect(try fused(["product": product, "y": product + bias]).ops == ["matmul", "add"])
  }

  @Test func aSumThatIsNoBiasIsNotFused() throws {
    let other = graph.input("other", ArrayType([8, 5]))
    #expect(
      try fused(["y": x.matmul(weight, transposingRight: true) + other]).ops == ["matmul", "add"])
    // A bias of a larger shape would repeat the product.
    let larger = graph.input("larger", ArrayType([3, 1, 5]))
    #expect(
      try fused(["y": x.matmul(weight, transposingRight: true) + larger]).ops == ["matmul", "add"])
  }

  @Test func aSecondActivationIsNotFused() throws {
    #expect(
      try fused(["y": x.matmul(weight, transposingRight: true).relu().gelu()]).ops
        == ["matmul", "gelu"])
  }

  @Test func batchNormalisationVanishesIntoTheWeights() throws {
    let graph = Graph(mode: .inference)
    func channels(_ name: String) -> Tensor { graph.variable(name, ArrayType([16])) }
    let y = graph.input("map", ArrayType([2, 16, 8, 8]))
      .convolution2D(
        weight: graph.variable("k", ArrayType([16, 16, 5, 5])), bias: channels("bias"), padding: 2
      )
      .batchNorm(
        scale: channels("scale"), shift: channels("shift"), mean: channels("mean"),
        variance: channels("variance"))
    let plan = try graph.compile(outputs: ["y": y.relu()])
    #expect(plan.steps.filter { !$0.isReorder }.map(\.op) == ["convolution2D"])
    #expect(plan.preparation.contains { $0.op == "chain" })
  }

  // MARK: FuseElementwise

  private func chained(_ outputs: [String: Tensor]) throws -> Program {
    try RemoveUnused().run(FuseElementwise().run(RemoveUnused().run(program(outputs))))
  }

  @Test func functionsThatFeedEachOtherBecomeOneLoop() throws {
    let y = ((x * 2 + 1).tanh() * x).exp() - 3
    let result = try chained(["y": y])
    #expect(result.ops == ["chain"])
    let chain = try #require(result.op(of: "y") as? ElementwiseChain)
    #expect(chain.program.steps.count == 6)
    #expect(chain.program.constants == [.float(2), .float(1), .float(3)])
    #expect(chain.program.inputs.count == 1)
  }

  @Test func aResultThatTwoReadIsStored() throws {
    let shared = x.tanh()
    #expect(
      try chained(["y": shared.exp(), "z": shared.sigmoid()]).ops == ["chain", "chain", "chain"])
    // Twice by one reader is once.
    #expect(try chained(["y": shared * shared]).ops == ["chain"])
  }

  @Test func anOutputIsStored() throws {
    let first = x.tanh()
    let result = try chained(["first": first, "y": first.exp()])
    #expect(result.ops == ["chain", "chain"])
  }

  @Test func aSmallerOperandIsNotComputedAgainForEveryRow() throws {
    let row = graph.input("row", ArrayType([6]))
    #expect(try chained(["y": x * row.exp()]).ops == ["chain", "chain"])
  }

  @Test func otherOpsEndAChain() throws {
    #expect(try chained(["y": x.exp().softmax().tanh()]).ops == ["chain", "softmax", "chain"])
  }

  /// Longer than a kernel takes: several loops, none too long, and the same numbers.
  @Test func aChainThatIsTooLongIsDivided() throws {
    var y = x
    for index in 0..<150 { y = index % 2 == 0 ? (y * 0.5).tanh() : y + x }
    let result = try chained(["y": y])
    #expect(result.ops.count > 2)
    #expect(Set(result.ops) == ["chain"])
    for node in result.nodes {
      guard let chain = node.op as? ElementwiseChain else { continue }
      #expect(chain.program.steps.count <= ElementwiseProgram.maximumSteps)
      #expect(chain.program.inputs.count <= ElementwiseProgram.maximumOperands)
    }
  }

  @Test func aChainOfManyInputsIsDivided() throws {
    var y = x
    for index in 0..<40 { y = y + graph.input("y\(index)", ArrayType([8, 6])) * Float(index) }
    let result = try chained(["y": y])
    for node in result.nodes {
      guard let chain = node.op as? ElementwiseChain else { continue }
      #expect(chain.program.inputs.count <= ElementwiseProgram.maximumOperands)
      #expect(chain.program.constants.count <= ElementwiseProgram.maximumOperands)
    }
    let feed = Dictionary(
      uniqueKeysWithValues: (["x"] + (0..<40).map { "y\($0)" }).map {
        ($0, HostArray(repeating: Float(1), shape: [8, 6]))
      })
    #expect(try y.value(inputs: feed).floats.allSatisfy { $0 == 1 + 39 * 20 })
  }
}
