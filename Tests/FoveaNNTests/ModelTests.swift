import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Testing

struct ModelTests {
  private func list(_ network: some Module) -> [String] {
    network.parameters.map { "\($0.path) \($0.parameter.shape)" }
  }

  // MARK: Parameters

  @Test func theParametersOfResNetAreThese() throws {
    var options = ResNet.Options(height: 16, width: 16, classes: 3)
    options.depth = 8
    options.widths = [8, 16, 32]
    let network = try ResNet(options)
    func norm(_ name: String, _ width: Int) -> [String] {
      ["weight", "bias", "runningMean", "runningVariance"].map { "\(name).\($0) [\(width)]" }
    }
    var expected = ["stem.weight [8, 3, 3, 3]"] + norm("norm", 8)
    for (block, sizes) in [(8, 8), (8, 16), (16, 32)].enumerated() {
      let (inputs, width) = sizes
      let path = "blocks.\(block)"
      let hidden = width / 8
      expected += ["\(path).conv1.weight [\(width), \(inputs), 3, 3]"]
      expected += norm("\(path).norm1", width)
      expected += ["\(path).conv2.weight [\(width), \(width), 3, 3]"]
      expected += norm("\(path).norm2", width)
      expected += [
        "\(path).attention.down.weight [\(hidden), \(width)]",
        "\(path).attention.down.bias [\(hidden)]",
        "\(path).attention.up.weight [\(width), \(hidden)]",
        "\(path).attention.up.bias [\(width)]", "\(path).attention.spatial.weight [1, 2, 7, 7]",
        "\(path).attention.spatial.bias [1]",
      ]
      if block > 0 {
        expected += ["\(path).shortcut.convolution.weight [\(width), \(inputs), 1, 1]"]
        expected += norm("\(path).shortcut.norm", width)
      }
    }
    #expect(list(network) == expected + ["head.weight [3, 32]", "head.bias [3]"])
    // Depth 20 for 10 classes, as the paper's table has it, and CBAM.
    let full = try ResNet(ResNet.Options(height: 32, width: 32, classes: 10))
    #expect(full.blocks.count == 9)
    var plain = full.options
    plain.attention = "none"
    #expect(try ResNet(plain).parameterCounts.trained == 272_474)
  }

  private func layer(_ path: String, _ width: Int) -> [String] {
    [
      "norm1.weight [\(width)]", "norm1.bias [\(width)]",
      "attention.qkv.weight [\(3 * width), \(width)]", "attention.qkv.bias [\(3 * width)]",
      "attention.output.weight [\(width), \(width)]", "attention.output.bias [\(width)]",
      "norm2.weight [\(width)]", "norm2.bias [\(width)]", "up.weight [\(4 * width), \(width)]",
      "up.bias [\(4 * width)]", "down.weight [\(width), \(4 * width)]", "down.bias [\(width)]",
    ].map { "\(path).\($0)" }
  }

  @Test func theParametersOfTransformersAreThese() throws {
    var picture = ViT.Options(height: 16, width: 24, channels: 1, classes: 4)
    (picture.patch, picture.tokenWidth, picture.heads, picture.layers) = (8, 12, 2, 1)
    #expect(
      list(try ViT(picture)) == [
        "patch.weight [12, 1, 8, 8]", "patch.bias [12]", "positions [6, 12]",
      ]
        + layer("layers.0", 12)
        + ["norm.weight [12]", "norm.bias [12]", "head.weight [4, 12]", "head.bias [4]"])
    var text = TextEncoder.Options()
    (text.vocabulary, text.length, text.width, text.heads, text.layers) = (9, 7, 8, 2, 2)
    #expect(
      list(try TextEncoder(text)) == ["tokens.weight [9, 8]", "positions [7, 8]"]
        + layer("layers.0", 8) + layer("layers.1", 8)
        + ["norm.weight [8]", "norm.bias [8]", "head.weight [10, 8]", "head.bias [10]"])
    var language = GPT.Options()
    (language.vocabulary, language.length, language.width, language.heads) = (9, 7, 8, 2)
    language.layers = 1
    // The output's weights are the input's.
    #expect(
      list(try GPT(language)) == ["tokens.weight [9, 8]", "positions [7, 8]"]
        + layer("layers.0", 8) + ["norm.weight [8]", "norm.bias [8]"])
  }

  @Test(arguments: [(RecurrentClassifier.Cell.lstm, 4), (.gru, 3)])
  func theParametersOfRecurrentClassifiersAreThese(
    cell: RecurrentClassifier.Cell, gates: Int
  ) throws {
    var options = RecurrentClassifier.Options()
    (options.cell, options.features, options.hidden) = (cell, 5, 6)
    (options.poolHidden, options.classes) = (7, 3)
    let direction = [
      "inputWeight [\(gates * 6), 5]", "recurrentWeight [\(gates * 6), 6]",
      "inputBias [\(gates * 6)]", "recurrentBias [\(gates * 6)]",
    ]
    #expect(
      list(try RecurrentClassifier(options))
        == ["forward", "reverse"].flatMap { part in direction.map { "recurrent.\(part).\($0)" } }
        + [
          "pool.project.weight [7, 12]", "pool.project.bias [7]", "pool.score.weight [1, 7]",
          "head.weight [3, 12]", "head.bias [3]",
        ])
  }

  // MARK: What they do

  /// A character does not depend on those behind it.
  @Test func aLanguageModelDoesNotSeeAhead() throws {
    var options = GPT.Options()
    (options.vocabulary, options.length, options.width, options.layers) = (11, 9, 16, 2)
    let network = try GPT(options)
    let weights = network.initialWeights(key: RandomKey(seed: 2)).arrays
    func logits(_ text: [Int32]) throws -> [Float] {
      let graph = Graph(for: network, mode: .inference)
      let x = HostArray([1, text.count], text)
      return try network(graph.input("x", x.type)).value(inputs: ["x": x], variables: weights)
        .floats
    }
    let text: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6, 5]
    let whole = try logits(text)
    let other = try logits(Array(text[..<6]) + [0, 0, 0])
    let short = try logits(Array(text[..<6]))
    for index in 0..<(6 * 11) {
      #expect(abs(whole[index] - other[index]) < 1e-5)
      #expect(abs(whole[index] - short[index]) < 1e-5)
    }
    #expect(Array(whole[(6 * 11)...]) != Array(other[(6 * 11)...]))
  }

  /// What lies behind a sequence's end changes nothing.
  @Test(arguments: RecurrentClassifier.Cell.allCases)
  func paddingIsNotRead(cell: RecurrentClassifier.Cell) throws {
    var options = RecurrentClassifier.Options()
    (options.cell, options.features, options.hidden, options.classes) = (cell, 5, 6, 3)
    let network = try RecurrentClassifier(options)
    let weights = network.initialWeights(key: RandomKey(seed: 2)).arrays
    let x = numbers([1, 4, 5], seed: 80)
    let padded = HostArray([1, 7, 5], x.floats + numbers([3, 5], seed: 81).floats)
    let graph = Graph(for: network, mode: .inference)
    let expected = try network(graph.input("x", x.type)).value(
      inputs: ["x": x], variables: weights)
    let longer = Graph(for: network, mode: .inference)
    let found = try network(
      longer.input("x", padded.type), lengths: longer.input("lengths", ArrayType([1], .int32))
    ).value(inputs: ["x": padded, "lengths": HostArray([4] as [Int32])], variables: weights)
    expectClose(found, expected.doubles, absolute: 2e-6)
  }

  @Test func wordsBehindATextAreNotRead() throws {
    var options = TextEncoder.Options()
    (options.vocabulary, options.length, options.width, options.layers) = (9, 7, 16, 2)
    let network = try TextEncoder(options)
    let weights = network.initialWeights(key: RandomKey(seed: 2)).arrays
    func logits(_ words: [Int32]) throws -> HostArray {
      let graph = Graph(for: network, mode: .inference)
      return try network(
        graph.input("x", ArrayType([1, 7], .int32)),
        lengths: graph.input("lengths", ArrayType([1], .int32))
      ).value(
        inputs: ["x": HostArray([1, 7], words), "lengths": HostArray([4] as [Int32])],
        variables: weights)
    }
    let first = try logits([3, 1, 4, 1, 5, 2, 6])
    expectClose(first, try logits([3, 1, 4, 1, 0, 8, 7]).doubles, absolute: 2e-6)
    #expect(first != (try logits([3, 1, 4, 2, 5, 2, 6])))
  }

  /// The plain twin of a Transformer mixes no positions, and starts equal elsewhere.
  @Test func theTwinOfATransformerHasNothingInAttentionsPlace() throws {
    var options = ViT.Options(height: 16, width: 16, classes: 3)
    (options.tokenWidth, options.layers) = (24, 2)
    let key = RandomKey(seed: 3)
    let attending = try ViT(options).initialWeights(key: key)
    options.attention = "none"
    let twin = try ViT(options)
    let weights = twin.initialWeights(key: key)
    for (path, array) in weights.arrays { #expect(attending[path] == array) }
    #expect(
      Set(attending.arrays.keys).subtracting(weights.arrays.keys).allSatisfy {
        $0.contains(".attention.")
      })
    #expect(try twin.value(numbers([2, 3, 16, 16], seed: 82)).shape == [2, 3])
  }

  /// Every mechanism and its control runs in every network for pictures, and is marked for
  /// explanations over the places of the network's last map.
  @Test(arguments: NetworkCatalog.builtIn.names(of: .maps), MechanismTests.names)
  func everyMechanismRunsInEveryNetwork(name: String, attention: String) throws {
    var template = try NetworkDescription(named: name)
    (template.depth, template.tokenWidth, template.layers) = (8, 24, 1)
    template.widths = name == "resnet" ? [8, 8, 16] : [8, 16]
    for mechanism in [attention, AttentionCatalog.control(of: attention)] {
      template.attention = mechanism
      let description = try template.fitted(
        to: .map(height: 16, width: 16, channels: 3), classes: 3)
      let input = PictureInputLayer(
        height: 16, width: 16, channels: 3, mean: [0, 0, 0], deviation: [1, 1, 1])
      let model = try PictureModel(description, input: input)
      let graph = Graph(for: model, mode: .training)
      let logits = model.logits(in: graph, batch: 2)
      #expect(logits.shape == [2, 3])
      let map = try #require(graph.tensors(named: AttentionMark.map).last).shape
      #expect(graph.tensors(named: FeatureMark.lastMap).last != nil)
      for shown in graph.tensors(named: AttentionMark.weights) {
        #expect(shown.shape[-1] == map[2] * map[3] && shown.shape[-2] == map[2] * map[3])
      }
      for gate in graph.tensors(named: AttentionMark.gate) {
        #expect(gate.shape == [2, 1, map[2], map[3]])
      }
      #expect(description.attention == mechanism)
    }
  }

  // MARK: Options that cannot be

  private func problem(
    _ name: String, _ change: (inout NetworkDescription) -> Void, size: Int = 32
  )
    -> String?
  {
    do {
      var template = try NetworkDescription(named: name)
      change(&template)
      let description = try template.fitted(
        to: .map(height: size, width: size, channels: 3), classes: 3)
      let input = PictureInputLayer(
        height: size, width: size, channels: 3, mean: [0, 0, 0], deviation: [1, 1, 1])
      _ = try PictureModel(description, input: input)
      return nil
    } catch { return (error as? InputError)?.problem ?? "\(error)" }
  }

  @Test func optionsThatCannotBeAreSaid() {
    #expect(problem("resnet", { $0.depth = 21 }) == "model resnet: a depth of 21 is not possible")
    #expect(problem("resnet", { $0.depth = 2 }) == "model resnet: a depth of 2 is not possible")
    #expect(
      problem("resnet", { $0.widths = [8, 8] }) == "model resnet: widths [8, 8] are not possible")
    #expect(
      problem("resnet", { _ in }, size: 4)
        == "model resnet: pictures of 4×4 pixels are too small")
    #expect(
      problem("resnet", { $0.attention = "augmented" }, size: 64)
        == "model resnet: attention augmented looks at no more than 1024 places, and here it would "
        + "have 4096")
    #expect(
      problem("vit", { $0.patch = 5 })
        == "model vit: pictures of 32×32 pixels do not divide into patches of 5×5")
    #expect(
      problem("vit", { $0.heads = 5 })
        == "model vit: 5 heads do not divide a token width of 192")
    #expect(problem("vit", { $0.layers = 0 }) == "model vit: 0 layers are not possible")
    #expect(problem("vit", { $0.patch = 0 }) == "model vit: patches of 0 pixels are not possible")
    #expect(problem("vit", { $0.attention = "other" }) == "there is no attention called other")
    #expect(problem("other", { _ in }) == "there is no model called other")
    #expect(
      throws: InputError(
        "model gpt: a layers of 0 is not possible", advice: "Give a positive number")
    ) {
      var options = GPT.Options()
      options.layers = 0
      _ = try GPT(options)
    }
    #expect(
      throws: InputError(
        "3 heads do not divide a width of 8",
        advice: "Choose a number of heads that divides the width")
    ) { _ = try MultiHeadAttention(width: 8, heads: 3) }
  }
}
