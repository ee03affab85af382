import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

/// A graph as a program, and a program as the names of its ops in order.
func program(_ outputs: [String: Tensor]) throws -> Program {
  let graph = try #require(outputs.values.first).graph
  return Program(nodes: graph.nodes, outputs: outputs.mapValues(\.value), mode: graph.mode)
}

extension Program {
  /// `matmul`, or `exp` for an elementwise function; sources are left out.
  var ops: [String] {
    var names: [String] = []
    for node in nodes {
      switch node.op {
      case is Input, is Variable, is Constant: continue
      case let op as Elementwise: names.append(op.function.name)
      default: names.append(Swift.type(of: node.op).name)
      }
    }
    return names
  }

  /// The op that gives an output.
  func op(of output: String) -> (any Op)? { outputs[output].map { nodes[$0.node].op } }
}

struct CleaningPassTests {
  private let graph = Graph(mode: .training)
  private var x: Tensor { graph.input("x", ArrayType([4, 6])) }

  // MARK: RemoveUnused

  @Test func whatNobodyAsksForIsRemoved() throws {
    let y = x.exp()
    _ = x.matmul(x, transposingRight: true).softmax()
    let result = try RemoveUnused().run(program(["y": y]))
    #expect(result.ops == ["exp"])
    #expect(result.nodes.count == 2)
  }

  @Test func updatesStayAlthoughNobodyReadsThem() throws {
    let w = graph.variable("w", ArrayType([4, 6]))
    w.update(
      .sgd(momentum: 0, nesterov: false, weightDecay: 0), gradient: x.exp(), states: [],
      learningRate: graph.constant(1), step: graph.constant(1))
    let result = try RemoveUnused().run(program(["y": x.tanh()]))
    #expect(Set(result.ops) == ["exp", "update", "tanh"])
  }

  @Test func aResultThatNobodyUsesIsNotComputed() throws {
    let map = graph.input("map", ArrayType([1, 2, 4, 4]))
    let pooled = map.maxPool2D(window: 2)
    let forward = try RemoveUnused().run(program(["y": pooled]))
    #expect((forward.op(of: "y") as? Pool2D)?.keepsPositions == false)
    let gradient = pooled.sum().gradients(withRespectTo: [map])[0]
    let both = try RemoveUnused().run(program(["y": pooled, "dx": gradient]))
    #expect((both.op(of: "y") as? Pool2D)?.keepsPositions == true)
  }

  // MARK: RemoveDuplicates

  @Test func whatIsSaidTwiceIsComputedOnce() throws {
    let left = x.exp().sum(axes: [1])
    let right = x.exp().sum(axes: [1])
    let result = try RemoveDuplicates().run(program(["a": left, "b": right]))
    #expect(result.ops == ["exp", "reduce"])
    #expect(result.outputs["a"] == result.outputs["b"])
  }

  @Test func otherSettingsOrInputsAreNoDuplicates() throws {
    let other = graph.input("other", ArrayType([4, 6]))
    let outputs = [
      "a": x.sum(axes: [0]), "b": x.sum(axes: [1]), "c": other.sum(axes: [0]),
      "d": x.sum(axes: [0], keepingAxes: true),
    ]
    #expect(try RemoveDuplicates().run(program(outputs)).ops.count == 4)
  }

  /// Every dropout draws numbers of its own.
  @Test func twoDropoutsAreNotOne() throws {
    let result = try RemoveDuplicates().run(
      program(["a": x.dropout(rate: 0.5), "b": x.dropout(rate: 0.5)]))
    #expect(result.ops == ["dropout", "dropout"])
  }

  @Test func twoUpdatesAreNotOne() throws {
    let w = graph.variable("w", ArrayType([4, 6]))
    w.moveAverage(towards: x, momentum: 0.5)
    w.moveAverage(towards: x, momentum: 0.5)
    #expect(try RemoveDuplicates().run(program(["x": x])).ops.count == 2)
  }

  // MARK: FoldConstants

  private func folded(_ y: Tensor) throws -> Program {
    try RemoveUnused().run(FoldConstants().run(program(["y": y])))
  }

  @Test func whatChangesNothingIsLeftOut() throws {
    let cases: [Tensor] = [
      x + 0, 0 + x, x - 0, x * 1, 1 * x, x / 1, x.permuted([0, 1]),
      x.permuted([1, 0]).permuted([1, 0]), x.reshaped([24]).reshaped([4, 6]),
    ]
    for tensor in cases {
      let result = try folded(tensor)
      #expect(result.ops == [], "\(GraphText.describe(result))")
    }
  }

  @Test func whatChangesSomethingStays() throws {
    #expect(try folded(x * 0).ops == ["multiply"])
    #expect(try folded(0 - x).ops == ["subtract"])
    #expect(try folded(1 / x).ops == ["divide"])
    #expect(try folded(x.permuted([1, 0])).ops == ["permute"])
    // Adding zeros of a larger shape repeats x.
    let zeros = graph.constant(HostArray(zeros: ArrayType([2, 4, 6])))
    #expect(try folded(x + zeros).ops == ["add"])
  }

  @Test func constantNumbersAreComputedWhileCompiling() throws {
    let two = graph.constant(2)
    let number = ((two + 3) * 4 - 2) / two
    let result = try folded((-number).squareRoot().maximum(number) + x)
    // −9 has no root: NaN, but a number known beforehand.
    #expect(result.ops == ["maximum", "add"])
    let constants = result.nodes.compactMap { ($0.op as? Constant)?.array.floats.first }
    #expect(constants.contains(9))
  }

  @Test func reshapesOfReshapesBecomeOne() throws {
    let result = try folded(x.reshaped([2, 12]).reshaped([3, 8]).reshaped([24]))
    #expect(result.ops == ["reshape"])
  }

  @Test func aBroadcastThatTheNextOpRepeatsIsLeftOut() throws {
    let row = graph.input("row", ArrayType([6]))
    #expect(try folded(row.broadcast(to: [4, 6]) + x).ops == ["add"])
    #expect(try folded(row.broadcast(to: [4, 6]).exp()).ops == ["broadcast", "exp"])
  }

  // MARK: Verify

  @Test func verifyFindsAnInputThatComesTooLate() throws {
    var broken = try program(["y": x.exp()])
    broken.nodes.swapAt(0, 1)
    #expect(throws: ShapeError.self) { try Verify().run(broken) }
  }

  @Test func verifyFindsATypeThatTheRuleDoesNotGive() throws {
    var broken = try program(["y": x.exp()])
    broken.nodes[1].types = [ArrayType([6, 4])]
    #expect(
      throws: ShapeError(
        "verify", "node 1, elementwise, has [float32[6, 4]] instead of [float32[4, 6]]")
    ) { try Verify().run(broken) }
  }

  @Test func verifyFindsAnOutputThatDoesNotExist() throws {
    var broken = try program(["y": x.exp()])
    broken.outputs["z"] = Value(99)
    #expect(throws: ShapeError.self) { try Verify().run(broken) }
  }

  @Test func verifyLetsASoundProgramThrough() throws {
    let sound = try program(["y": x.exp().sum()])
    #expect(try Verify().run(sound).nodes.count == sound.nodes.count)
  }
}
