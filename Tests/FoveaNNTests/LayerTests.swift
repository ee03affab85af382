import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Testing

struct LayerTests {
  private let key = RandomKey(seed: 1)

  @Test func linearIsAProductWithTheTransposedWeightPlusBias() throws {
    let layer = Linear(inputs: 5, outputs: 3)
    #expect(layer.parameterList == ["weight [3, 5]", "bias [3]"])
    let x = numbers([2, 4, 5], seed: 1)
    let weights = layer.initialWeights(key: key)
    let w = try #require(weights["weight"]).doubles
    let b = try #require(weights["bias"]).doubles
    let y = try layer.value(x)
    expectClose(
      y,
      Array64([2, 4, 3]) { i in
        (0..<5).reduce(b[[i[2]]]) { $0 + x.doubles[[i[0], i[1], $1]] * w[[i[2], $1]] }
      })
    #expect(Linear(inputs: 5, outputs: 3, bias: false).parameterList == ["weight [3, 5]"])
  }

  @Test func convolutionTakesAllItsOptions() throws {
    let layer = Convolution2D(
      inputs: 4, outputs: 6, kernelSize: Size2D(3, 2), stride: Size2D(2, 1),
      padding: .symmetric(Size2D(1, 0)), dilation: Size2D(1, 2), groups: 2)
    #expect(layer.parameterList == ["weight [6, 2, 3, 2]", "bias [6]"])
    let x = numbers([2, 4, 7, 6], seed: 2)
    let weights = layer.initialWeights(key: key)
    let window = Reference.Window(strides: [2, 1], before: [1, 0], dilations: [1, 2])
    expectClose(
      try layer.value(x),
      Reference.convolution(
        x.doubles, try #require(weights["weight"]).doubles,
        bias: try #require(weights["bias"]).doubles, window, groups: 2), absolute: 5e-6)
    let plain = Convolution2D(inputs: 4, outputs: 6, kernelSize: 1, bias: false)
    #expect(plain.parameterList == ["weight [6, 4, 1, 1]"])
  }

  /// Bounds of PyTorch's default start: 1 / √(inputs of a unit).
  @Test func weightsStartUniformWithinTheFanIn() throws {
    let layer = Linear(inputs: 100, outputs: 200)
    for (path, bound) in [("weight", 0.1 as Float), ("bias", 0.1)] {
      let values = try #require(layer.initialWeights(key: key)[path]).floats
      #expect(values.allSatisfy { abs($0) <= bound })
      #expect((values.map(abs).max() ?? 0) > 0.95 * bound)
      #expect(abs(values.reduce(0, +)) / Float(values.count) < 0.02)
    }
  }

  // MARK: Normalisation

  @Test func batchNormTrainsWithTheStatisticsOfTheBatch() throws {
    let layer = BatchNorm(channels: 3, epsilon: 0.01, momentum: 0.25)
    #expect(
      layer.parameterList == [
        "weight [3]", "bias [3]", "runningMean [3]", "runningVariance [3]",
      ])
    #expect(layer.parameterCounts.trained == 6 && layer.parameterCounts.total == 12)
    var weights = layer.initialWeights(key: key)
    weights["weight"] = HostArray([0.5, 1, 2] as [Float])
    weights["bias"] = HostArray([1, 0, -1] as [Float])
    let x = numbers([4, 3, 2, 5], seed: 3, scale: 2)
    let expected = Reference.normalized(
      x.doubles, axes: [0, 2, 3], along: 1, scale: try #require(weights["weight"]).doubles,
      shift: try #require(weights["bias"]).doubles, epsilon: Double(Float(0.01)))
    // The plan that trains also moves the stored statistics, towards the unbiased variance.
    let graph = Graph(for: layer, mode: .training)
    let y = layer(graph.input("x", x.type))
    let store = VariableStore(weights.arrays)
    let session = try Session(graph.compile(outputs: ["y": y]), variables: store)
    expectClose(try #require(try session.run(["x": x])["y"]), expected, absolute: 1e-5)
    let mean = x.doubles.reduce(axes: [0, 2, 3], keepingAxes: false) { $0.reduce(0, +) / 40 }
    let variance = x.doubles.reduce(axes: [0, 2, 3], keepingAxes: false) { values in
      let mean = values.reduce(0, +) / 40
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39
    }
    expectClose(try #require(try store.value("runningMean")), mean.map { 0.25 * $0 })
    expectClose(
      try #require(try store.value("runningVariance")), variance.map { 0.75 + 0.25 * $0 })
  }

  @Test func batchNormPredictsWithTheStoredStatistics() throws {
    let layer = BatchNorm(channels: 2)
    var weights = layer.initialWeights(key: key)
    weights["runningMean"] = HostArray([1, -2] as [Float])
    weights["runningVariance"] = HostArray([4, 0.25] as [Float])
    let x = numbers([3, 2, 2, 2], seed: 4)
    expectClose(
      try layer.value(x, weights: weights),
      Array64([3, 2, 2, 2]) { i in
        let (mean, variance) = i[1] == 0 ? (1.0, 4.0) : (-2.0, 0.25)
        return (x.doubles[i] - mean) / (variance + 1e-5).squareRoot()
      }, absolute: 1e-5)
  }

  @Test func layerNormNormalisesTheInnermostAxis() throws {
    let layer = LayerNorm(features: 6, epsilon: 0.1)
    #expect(layer.parameterList == ["weight [6]", "bias [6]"])
    var weights = layer.initialWeights(key: key)
    weights["weight"] = numbers([6], seed: 5)
    weights["bias"] = numbers([6], seed: 6)
    let x = numbers([2, 3, 6], seed: 7)
    expectClose(
      try layer.value(x, weights: weights),
      Reference.normalized(
        x.doubles, axes: [2], along: 2, scale: try #require(weights["weight"]).doubles,
        shift: try #require(weights["bias"]).doubles, epsilon: Double(Float(0.1))),
      absolute: 1e-5)
  }

  // MARK: Layers without parameters

  @Test func dropoutDropsInTrainingAlone() throws {
    let x = HostArray(repeating: Float(1), shape: [100, 100])
    let layer = Dropout(rate: 0.25)
    #expect(layer.parameters.isEmpty)
    #expect(try layer.value(x) == x)
    let values = try layer.value(x, mode: .training).floats
    #expect(Set(values) == [0, 1 / 0.75])
    let share = Double(values.count { $0 == 0 }) / 10_000
    #expect(abs(share - 0.25) < 0.02)
  }

  @Test func poolingTakesItsOptions() throws {
    let x = numbers([1, 2, 5, 5], seed: 8)
    func average(_ values: [Double]) -> Double { values.reduce(0, +) / 9 }
    let window = Reference.Window(strides: [2, 2], before: [1, 1])
    expectClose(
      try MaxPool2D(window: 3, stride: 2, padding: 1).value(x),
      Reference.pool(x.doubles, size: [3, 3], window) { $0.max() ?? 0 })
    expectClose(
      try AveragePool2D(window: 3, stride: 2, padding: 1).value(x),
      Reference.pool(x.doubles, size: [3, 3], window, fold: average))
    expectClose(
      try MaxPool2D(window: 2).value(x),
      Reference.pool(x.doubles, size: [2, 2], .init(strides: [2, 2])) { $0.max() ?? 0 })
    expectClose(
      try GlobalAveragePool2D().value(x),
      x.doubles.reduce(axes: [2, 3], keepingAxes: false) { $0.reduce(0, +) / 25 })
  }

  @Test func flattenKeepsTheBatch() throws {
    let x = numbers([3, 2, 4], seed: 9)
    #expect(try Flatten().value(x) == HostArray([3, 8], x.floats))
  }

  @Test func activationsAreTheirFunctions() throws {
    let x = numbers([7], seed: 10, scale: 3)
    let graph = Graph()
    let tensor = graph.input("x", x.type)
    let functions: [(Activation, Tensor)] = [
      (.relu, tensor.relu()), (.gelu, tensor.gelu()), (.tanh, tensor.tanh()),
      (.sigmoid, tensor.sigmoid()),
    ]
    for (activation, expected) in functions {
      #expect(try activation.value(x) == expected.value(inputs: ["x": x]))
    }
  }

  // MARK: Sequential

  @Test func aBlockOfLayersRunsInOrder() throws {
    let network = Sequential {
      Linear(inputs: 4, outputs: 3)
      Activation.tanh
      Linear(inputs: 3, outputs: 2)
    }
    #expect(
      network.parameterList == [
        "layers.0.weight [3, 4]", "layers.0.bias [3]", "layers.2.weight [2, 3]",
        "layers.2.bias [2]",
      ])
    let x = numbers([5, 4], seed: 11)
    let graph = Graph(for: network, mode: .inference)
    let input = graph.input("x", x.type)
    let expected = network.layers[2](network.layers[0](input).tanh())
    let weights = network.initialWeights(key: key)
    #expect(
      try network.value(x) == expected.value(inputs: ["x": x], variables: weights.arrays))
  }

  private func network(isDeep: Bool, isRegular: Bool, blocks: Int) -> Sequential {
    Sequential {
      if isDeep { Linear(inputs: 4, outputs: 4) }
      if isRegular { Dropout(rate: 0.5) } else { Activation.relu }
      for _ in 0..<blocks {
        LayerNorm(features: 4)
        Activation.gelu
      }
      Flatten()
    }
  }

  @Test func theBuilderTakesIfElseAndFor() {
    func kinds(_ network: Sequential) -> [String] { network.layers.map { "\(type(of: $0))" } }
    #expect(
      kinds(network(isDeep: true, isRegular: true, blocks: 2)) == [
        "Linear", "Dropout", "LayerNorm", "Activation", "LayerNorm", "Activation", "Flatten",
      ])
    #expect(
      kinds(network(isDeep: false, isRegular: false, blocks: 0)) == ["Activation", "Flatten"])
    #expect(kinds(Sequential([Flatten(), Activation.relu])) == ["Flatten", "Activation"])
    #expect(kinds(Sequential {}).isEmpty)
  }

  // MARK: Parameters

  private struct Tied: Layer {
    let first: Linear
    let second: Linear
    let extra: Linear?
    init() {
      first = Linear(inputs: 4, outputs: 4)
      second = first
      extra = nil
    }
    func callAsFunction(_ x: Tensor) -> Tensor { second(first(x).relu()) }
  }

  @Test func aTiedWeightIsListedOnce() throws {
    #expect(Tied().parameterList == ["first.weight [4, 4]", "first.bias [4]"])
    #expect(try Tied().value(numbers([2, 4], seed: 12)).shape == [2, 4])
  }

  @Test func weightsThatDoNotFitAreNamed() throws {
    let layer = Linear(inputs: 4, outputs: 3)
    var weights = layer.initialWeights(key: key)
    weights["bias"] = nil
    #expect(throws: InputError("holds no weights called bias", at: "file")) {
      try weights.check(against: layer, at: "file")
    }
    weights["bias"] = HostArray(zeros: ArrayType([4]))
    #expect(throws: InputError("bias is float32[4], the network needs float32[3]")) {
      try weights.check(against: layer)
    }
    weights["bias"] = HostArray(zeros: ArrayType([3]))
    weights["other"] = HostArray(zeros: ArrayType([3]))
    #expect(throws: InputError("holds other, which the network does not have")) {
      try weights.check(against: layer)
    }
  }

  @Test func aParameterOfAnotherNetworkStops() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let graph = Graph(for: Linear(inputs: 2, outputs: 2), mode: .inference)
      _ = Linear(inputs: 2, outputs: 2)(graph.input("x", ArrayType([1, 2])))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a parameter of shape [2, 2] does not belong to the network"))
  }
}
