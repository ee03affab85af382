import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaNN
import FoveaTestSupport
import FoveaTrain
import Testing

struct CNNTests {
  private let key = RandomKey(seed: 1)

  // MARK: Parameters

  @Test func theParametersAreThese() throws {
    let network = try CNN(CNN.Options(height: 32, width: 32, classes: 10))
    #expect(
      network.parameterList == [
        "conv1.weight [32, 3, 3, 3]", "conv1.bias [32]", "conv2.weight [64, 32, 3, 3]",
        "conv2.bias [64]", "attention.query.weight [64, 64]", "attention.query.bias [64]",
        "attention.key.weight [64, 64]", "attention.key.bias [64]",
        "attention.value.weight [64, 64]", "attention.value.bias [64]", "fc1.weight [128, 1024]",
        "fc1.bias [128]", "fc2.weight [10, 128]", "fc2.bias [10]",
      ])
    #expect(network.parameterCounts.trained == 164_362)
    #expect(network.parameterCounts.total == 164_362)
  }

  @Test func optionsChangeTheParameters() throws {
    var options = CNN.Options(height: 24, width: 40, channels: 1, classes: 4)
    options.kernelSizes = [5, 1]
    options.widths = [6, 10]
    options.hidden = 7
    options.attentionAfter = 1
    options.head = .mean
    options.attention = "matched"
    let network = try CNN(options)
    #expect(
      network.parameterList == [
        "conv1.weight [6, 1, 5, 5]", "conv1.bias [6]", "conv2.weight [10, 6, 1, 1]",
        "conv2.bias [10]", "attention.first.weight [6, 6]", "attention.first.bias [6]",
        "attention.second.weight [6, 6]", "attention.second.bias [6]",
        "attention.third.weight [6, 6]", "attention.third.bias [6]", "fc1.weight [7, 10]",
        "fc1.bias [7]", "fc2.weight [4, 7]", "fc2.bias [4]",
      ])
    #expect(try network.value(numbers([2, 1, 24, 40], seed: 1)).shape == [2, 4])
    options.head = .flatten
    // 24×40, halved three times, of 10 channels each.
    #expect(try CNN(options).parameterList.contains("fc1.weight [7, 150]"))
  }

  // MARK: The twin and the control

  @Test(arguments: ["none", "matched"]) func controlsStartEqualElsewhere(name: String) throws {
    var options = CNN.Options.small
    let augmented = try CNN(options).initialWeights(key: key)
    options.attention = name
    let control = try CNN(options)
    let weights = control.initialWeights(key: key)
    let shared = augmented.arrays.keys.filter { !$0.hasPrefix("attention.") }
    #expect(Set(shared) == Set(weights.arrays.keys.filter { !$0.hasPrefix("attention.") }))
    for path in shared { #expect(weights[path] == augmented[path]) }
    let difference = try CNN(.small).parameterCounts.trained - control.parameterCounts.trained
    #expect(difference == (name == "matched" ? 0 : 3 * (16 * 16 + 16)))
    // Another seed gives others.
    #expect(control.initialWeights(key: RandomKey(seed: 2))["fc1.weight"] != weights["fc1.weight"])
  }

  /// A mechanism of a user's own, by its name, like a built-in one.
  private struct Doubling: AttentionMechanism {
    let factor = Parameter([1], .constant(2))
    func attending(sequence x: Tensor) -> Tensor { x * x.graph[factor] }
  }

  @Test func anOwnMechanismIsChosenByName() throws {
    let catalog = AttentionCatalog.builtIn.adding("doubling") { _ in Doubling() }
    #expect(catalog.names == (AttentionCatalog.builtIn.names + ["doubling"]).sorted())
    var options = CNN.Options.small
    options.attention = "doubling"
    let network = try CNN(options, mechanisms: catalog)
    #expect(network.parameterList.contains("attention.factor [1]"))
    options.attention = "none"
    let plain = try CNN(options)
    let x = numbers([2, 3, 16, 16], seed: 2)
    // Doubling the map doubles the features of the plain twin before the first dense layer.
    var weights = plain.initialWeights(key: key)
    let doubled = try #require(weights["fc1.weight"])
    weights["fc1.weight"] = HostArray(doubled.shape, doubled.floats.map { 2 * $0 })
    expectClose(
      try network.value(x), try plain.value(x, weights: weights).doubles, absolute: 1e-5)
    options.attention = "doubling"
    #expect(
      throws: InputError(
        "there is no attention called doubling",
        advice: "Choose one of \(AttentionCatalog.builtIn.names.joined(separator: ", "))")
    ) { try CNN(options) }
  }

  // MARK: Options that cannot be

  struct BadOption: Sendable, CustomTestStringConvertible {
    let problem: String
    let advice: String
    let change: @Sendable (inout CNN.Options) -> Void
    var testDescription: String { problem }

    init(
      _ problem: String, _ advice: String, _ change: @escaping @Sendable (inout CNN.Options) -> Void
    ) {
      self.problem = problem
      self.advice = advice
      self.change = change
    }
  }

  static let badOptions = [
    BadOption("pictures of 16×7 pixels are too small", "It needs at least 8×8") { $0.height = 7 },
    BadOption("2 channels are not possible", "Choose 1 (grey) or 3 (colour)") { $0.channels = 2 },
    BadOption("1 class cannot be told apart", "Give at least two") { $0.classes = 1 },
    BadOption("kernel sizes [3, 4] are not possible", "Give two odd numbers") {
      $0.kernelSizes = [3, 4]
    },
    BadOption("kernel sizes [3] are not possible", "Give two odd numbers") { $0.kernelSizes = [3] },
    BadOption("widths [8, 0] are not possible", "Give two positive numbers") {
      $0.widths = [8, 0]
    },
    BadOption("-1 hidden units are not possible", "Give a positive number") { $0.hidden = -1 },
    BadOption("attention cannot sit after pooling 3", "Choose 1 or 2") { $0.attentionAfter = 3 },
  ]

  @Test(arguments: badOptions) func anImpossibleOptionIsRefused(_ option: BadOption) {
    var options = CNN.Options.small
    option.change(&options)
    #expect(throws: InputError("model cnn: \(option.problem)", advice: option.advice)) {
      try CNN(options)
    }
  }

  // MARK: Sizes

  @Test(arguments: [
    (32, 32, 2, Size2D(1, 1)), (128, 128, 2, Size2D(1, 1)), (224, 224, 2, Size2D(2, 2)),
    (224, 224, 1, Size2D(4, 4)), (512, 512, 2, Size2D(4, 4)), (2_048, 2_048, 2, Size2D(16, 16)),
    (8, 2_048, 2, Size2D(1, 1)), (8, 2_048, 1, Size2D(1, 4)), (16, 2_048, 2, Size2D(2, 2)),
  ])
  func atMost1024PlacesAttend(height: Int, width: Int, after: Int, window: Size2D) throws {
    for head in CNN.Head.allCases {
      var options = CNN.Options(height: height, width: width, classes: 2)
      options.attentionAfter = after
      options.widths = [8, 8]
      options.head = head
      let network = try CNN(options)
      #expect(network.poolingBeforeAttention == window)
      let graph = Graph(for: network, mode: .inference)
      let logits = network(graph.input("x", ArrayType([1, 3, height, width])))
      #expect(logits.shape == [1, 2])
      let attending = graph.nodes.first { type(of: $0.op) == ScaledDotProductAttention.self }
      #expect((try #require(attending)).types[0].shape[1] <= CNN.mostPositions)
    }
  }

  @Test func poolingBeforeAttentionIsSaid() {
    var options = CNN.Options(height: 8, width: 2_048, classes: 2)
    #expect(CNNFamily().notes(on: options).isEmpty)
    options.attentionAfter = 1
    #expect(
      CNNFamily().notes(on: options) == [
        "The map is pooled 4×1 before attention, which looks at no more than 1,024 places."
      ])
    options.attention = "none"
    #expect(
      CNNFamily().notes(on: options) == [
        "The map is pooled 4×1 where attention would be, as in the network that it is compared with."
      ])
  }

  @Test func largePicturesTrainInUnderFourGigabytes() throws {
    let network = try CNN(CNN.Options(height: 224, width: 224, classes: 10))
    let graph = Graph(for: network, mode: .training)
    let loss = network(graph.input("x", ArrayType([16, 3, 224, 224])))
      .crossEntropy(labels: graph.input("labels", ArrayType([16], .int32)))
    loss.minimize(network, StepSettings(optimizer: .adam(), gradientClip: 1))
    let plan = try graph.compile(outputs: ["loss": loss])
    let variables = plan.variables.map(\.layout.byteCount).reduce(0, +)
    #expect(plan.arenaBytes + variables < 4_000_000_000)
    // The reason: nothing of 3,136 places squared is held.
    #expect(plan.arenaBytes < 1_000_000_000)
  }

  // MARK: Learning and predicting

  @Test(arguments: ["augmented", "none", "matched"])
  func aBatchCanBeLearntByHeart(attention: String) throws {
    var options = CNN.Options.small
    options.attention = attention
    let network = try CNN(options)
    let graph = Graph(for: network, mode: .training)
    let loss = network(graph.input("x", ArrayType([12, 3, 16, 16])))
      .crossEntropy(labels: graph.input("labels", ArrayType([12], .int32)))
    loss.minimize(network, StepSettings(optimizer: .adam()))
    let session = try Session(
      graph.compile(outputs: ["loss": loss]), variables: network.initialWeights(key: key).arrays)
    try session.set("x", to: numbers([12, 3, 16, 16], seed: 3))
    try session.set("labels", to: HostArray((0..<12).map { Int32($0 * 7 % 3) }))
    try session.set("learningRate", to: HostArray(Float(0.01)))
    for step in 1...80 {
      try session.set("step", to: HostArray(Float(step)))
      try session.run()
    }
    #expect(try session.output("loss").scalar < 0.02)
  }

  /// A prediction never depends on the other items of its batch: to the bit among batches of one
  /// size, and up to rounding among sizes, which run on other kernels.
  @Test(arguments: ["augmented", "none", "matched"], [1, 2, 3, 8, 33])
  func aPredictionDependsOnItsItemAlone(attention: String, batch: Int) throws {
    for head in CNN.Head.allCases {
      var options = CNN.Options.small
      options.widths = [16, 32]
      options.attention = attention
      options.head = head
      let network = try CNN(options)
      let item = numbers([1, 3, 16, 16], seed: 4).floats
      let alone = try network.value(HostArray([1, 3, 16, 16], item)).doubles
      var seen: [[Float]] = []
      for seed in 0..<2 {
        var pixels = numbers([batch, 3, 16, 16], seed: 5 + seed, scale: 10).floats
        let place = batch / 2
        pixels.replaceSubrange((place * item.count)..<((place + 1) * item.count), with: item)
        let logits = try network.value(HostArray([batch, 3, 16, 16], pixels)).floats
        seen.append(Array(logits[(3 * place)..<(3 * place + 3)]))
      }
      #expect(seen[0] == seen[1])
      expectClose(HostArray([1, 3], seen[0]), alone, absolute: 2e-5, relative: 1e-4)
    }
  }
}
