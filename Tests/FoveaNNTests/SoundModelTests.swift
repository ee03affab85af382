import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Testing

/// Networks for recordings: lengths, controls, and that they learn.
struct SoundModelTests {
  private static let features = 8

  private static let input = SoundInputLayer(
    features: features, mean: (0..<features).map { 0.1 * Float($0) },
    deviation: (0..<features).map { 1 + 0.2 * Float($0) })

  /// A small network of this name.
  private func model(_ name: String, attention: String? = nil) throws -> SoundModel {
    var template = try NetworkDescription(named: name)
    (template.hidden, template.tokenWidth, template.layers, template.heads) = (8, 16, 2, 2)
    template.widths = [4, 8]
    if let attention { template.attention = attention }
    return try SoundModel(
      template.fitted(to: .frames(features: Self.features, count: 16), classes: 3),
      input: Self.input,
      frames: 16)
  }

  private func logits(
    _ model: SoundModel, _ frames: HostArray, lengths: [Int32], key: UInt64 = 4
  ) throws -> HostArray {
    let graph = Graph(for: model, mode: .inference)
    let shape = BatchShape(frames.shape[0], steps: frames.shape[1])
    return try model.logits(in: graph, batch: shape).value(
      inputs: ["frames": frames, "lengths": HostArray(lengths)],
      variables: model.initialWeights(key: RandomKey(seed: key)).arrays)
  }

  private static let networks = [
    ("lstm", "additive"), ("lstm", "none"), ("lstm", "matched-additive"), ("gru", "additive"),
    ("gru", "none"), ("transformer", "multihead"), ("transformer", "none"),
    ("transformer", "matched-multihead"), ("lstm-ctc", "multihead"), ("lstm-ctc", "none"),
    ("gru-ctc", "matched-multihead"), ("transformer-ctc", "multihead"),
    ("transformer-ctc", "none"),
  ]

  /// Neither how far a recording is filled up, nor with what, nor its neighbours change a number.
  @Test(arguments: networks) func fillingUpChangesNothing(name: String, attention: String) throws {
    let model = try model(name, attention: attention)
    let (steps, features) = (9, Self.features)
    let x = numbers([1, steps, features], seed: 11, scale: 3)
    let alone = try logits(model, x, lengths: [Int32(steps)])
    for total in [10, 16, 37] {
      for scale in [0.0, 50] {
        let rest = numbers([total - steps, features], seed: total, scale: scale)
        let other = numbers([total, features], seed: 5, scale: 3)
        let batch = HostArray([2, total, features], x.floats + rest.floats + other.floats)
        let found = try logits(model, batch, lengths: [Int32(steps), Int32(total)])
        // Of networks that label steps, those of the recording.
        let deviation = zip(found.floats, alone.floats).map { abs($0 - $1) }.max() ?? 1
        #expect(deviation < 1e-6, "\(total) frames of up to \(scale)")
      }
    }
  }

  /// One frame is the shortest recording there is.
  @Test(arguments: networks) func oneFrameIsEnough(name: String, attention: String) throws {
    let x = numbers([2, 16, Self.features], seed: 12)
    let found = try logits(model(name, attention: attention), x, lengths: [1, 16])
    #expect(found.floats.allSatisfy { $0.isFinite })
  }

  /// The controls have what they are compared with: the twin as many parameters but attention's,
  /// the other as many.
  @Test(arguments: [
    ("lstm", "additive"), ("gru", "additive"), ("transformer", "multihead"),
    ("lstm-ctc", "multihead"), ("transformer-ctc", "multihead"),
  ])
  func controlsHaveTheSameParametersElsewhere(name: String, attention: String) throws {
    let key = RandomKey(seed: 3)
    let attending = try model(name, attention: attention)
    let weights = attending.initialWeights(key: key)
    let twin = try model(name, attention: "none").initialWeights(key: key)
    for (path, array) in twin.arrays { #expect(weights[path] == array, "\(path)") }
    #expect(twin.arrays.count < weights.arrays.count)
    let matched = try model(name, attention: AttentionCatalog.control(of: attention))
    let (first, second) = (
      attending.parameterCounts.trained, matched.parameterCounts.trained
    )
    #expect(abs(first - second) * 100 <= first, "\(first) and \(second)")
    for (path, array) in matched.initialWeights(key: key).arrays where twin[path] != nil {
      #expect(weights[path] == array, "\(path)")
    }
  }

  /// A network for maps sees frames across and features down.
  @Test func aNetworkForMapsReadsFramesOfOneSize() throws {
    let model = try model("cnn")
    let x = numbers([2, 16, Self.features], seed: 13)
    #expect(try logits(model, x, lengths: [16, 16]).shape == [2, 3])
    // What lies behind the end is 0 whatever was there.
    let changed = HostArray(
      [2, 16, Self.features],
      x.floats.enumerated().map { $0.offset / Self.features % 16 >= 10 ? 99 : $0.element })
    #expect(try logits(model, x, lengths: [10, 10]) == logits(model, changed, lengths: [10, 10]))
  }

  @Test(arguments: [
    ("lstm", "cbam"), ("gru", "multihead"), ("transformer", "additive"), ("lstm-ctc", "additive"),
  ])
  func anAttentionThatWouldSeeTheFillingIsRefused(name: String, attention: String) {
    let error = #expect(throws: InputError.self) { try model(name, attention: attention) }
    #expect(
      error?.problem
        == "model \(name) cannot carry attention \(attention): it would see what shorter "
        + "examples are filled up with")
  }

  /// A word or none at each step.
  @Test(arguments: NetworkCatalog.builtIn.names(of: .steps)) func transcribersLabelSteps(
    _ name: String
  ) throws {
    let model = try model(name)
    let x = numbers([2, 9, Self.features], seed: 14)
    #expect(model.output == .steps && model.classCount == 3)
    #expect(try logits(model, x, lengths: [9, 4]).shape == [2, 9, 4])
  }

  @Test(arguments: ["lstm", "gru", "transformer", "cnn", "lstm-ctc", "gru-ctc", "transformer-ctc"])
  func aDescriptionComesBack(
    _ name: String
  ) throws {
    let network = try NetworkDescription(named: name).fitted(
      to: .frames(features: 40, count: 32), classes: 4)
    #expect(network.name == name && network.classes == 4)
    let again = try network.fitted(to: .frames(features: 24, count: 16), classes: 2)
      .fitted(to: .frames(features: 40, count: 32), classes: 4)
    #expect(again == network)
  }

  // MARK: Frame by frame

  /// What is heard frame by frame is what all frames together give: the states, and behind each frame
  /// the logits of the frames so far.
  @Test(arguments: [
    ("lstm", "additive"), ("lstm", "none"), ("lstm", "matched-additive"), ("gru", "additive"),
    ("gru", "none"),
  ])
  func streamedStatesEqualOfflineOnes(name: String, attention: String) throws {
    var template = try NetworkDescription(named: name)
    (template.hidden, template.attention, template.readsForward) = (8, attention, true)
    let description = try template.fitted(
      to: .frames(features: Self.features, count: 16), classes: 3)
    let model = try SoundModel(description, input: Self.input, frames: 16)
    let weights = model.initialWeights(key: RandomKey(seed: 4))
    let steps = 12
    let x = numbers([1, steps, Self.features], seed: 21, scale: 3)
    let listener = try #require(try FrameListener(model, weights: weights))
    let states = try states(of: model, x, weights)
    for round in 0..<2 {
      listener.restart()
      for step in 0..<steps {
        let frame = Array(x.floats[(step * Self.features)..<((step + 1) * Self.features)])
        let heard = try listener.hear(frame)
        let prefix = HostArray(
          [1, step + 1, Self.features], Array(x.floats[..<((step + 1) * Self.features)]))
        let offline = try logits(model, prefix, lengths: [Int32(step + 1)])
        #expect(
          zip(heard, offline.floats).allSatisfy { abs($0 - $1) < 1e-5 }, "\(round), frame \(step)")
        let state = try #require(listener.state).floats
        let expected = states.floats[(step * 8)..<((step + 1) * 8)]
        #expect(zip(state, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "frame \(step)")
      }
    }
  }

  /// The states of the recurrent layer over all frames, `[1, steps, size]`.
  private func states(
    of model: SoundModel, _ x: HostArray, _ weights: Weights
  ) throws -> HostArray {
    let graph = Graph(for: model, mode: .inference)
    let network = try #require(model.network as? RecurrentClassifier)
    let (frames, lengths) = model.input.frames(
      in: graph, batch: BatchShape(1, steps: x.shape[1]))
    return try network.recurrent(frames, lengths: lengths).value(
      inputs: ["frames": x, "lengths": HostArray([Int32(x.shape[1])])], variables: weights.arrays)
  }

  /// Who reads in both directions has to wait for the end.
  @Test func onlyForwardNetworksHearFrameByFrame() throws {
    for name in ["lstm", "transformer", "cnn", "lstm-ctc"] {
      #expect(try FrameStep(model(name)) == nil)
    }
  }
}
