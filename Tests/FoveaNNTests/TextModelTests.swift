import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Testing

/// Networks for texts: lengths, controls, norms, and that they learn.
struct TextModelTests {
  private static let vocabulary = 12

  private func model(
    _ name: String, attention: String? = nil, normalizesAfter: Bool = false
  ) throws -> TextModel {
    var template = try NetworkDescription(named: name)
    (template.hidden, template.tokenWidth, template.layers, template.heads) = (8, 16, 2, 2)
    template.norm = normalizesAfter ? .after : .before
    if let attention { template.attention = attention }
    return try TextModel(
      template.fitted(to: .tokens(count: 16), classes: 3),
      vocabulary: Self.vocabulary, steps: 16)
  }

  private func logits(_ model: TextModel, _ texts: [[Int32]], lengths: [Int32]) throws -> HostArray
  {
    let graph = Graph(for: model, mode: .inference)
    let shape = BatchShape(texts.count, steps: texts[0].count)
    return try model.logits(in: graph, batch: shape).value(
      inputs: [
        "tokens": HostArray([texts.count, texts[0].count], texts.flatMap { $0 }),
        "lengths": HostArray(lengths),
      ],
      variables: model.initialWeights(key: RandomKey(seed: 4)).arrays)
  }

  private static let networks = [
    ("lstm", "additive", false), ("lstm", "none", false), ("gru", "additive", false),
    ("transformer", "multihead", false), ("transformer", "multihead", true),
    ("transformer", "none", false), ("transformer", "matched-multihead", true),
    ("bag", "none", false),
  ]

  /// Neither how far a text is filled up, nor with what, nor its neighbours change a number.
  @Test(arguments: networks)
  func fillingUpChangesNothing(name: String, attention: String, after: Bool) throws {
    let model = try model(name, attention: attention, normalizesAfter: after)
    let text: [Int32] = [3, 1, 4, 1, 5, 9, 2, 6, 5]
    let alone = try logits(model, [text], lengths: [9])
    for total in [10, 16, 37] {
      for filling in [Int32(0), 11] {
        let filled = text + [Int32](repeating: filling, count: total - text.count)
        let other = (0..<total).map { Int32($0 * 5 % Self.vocabulary) }
        let found = try logits(model, [filled, other], lengths: [9, Int32(total)])
        let deviation = zip(found.floats, alone.floats).map { abs($0 - $1) }.max() ?? 1
        #expect(deviation < 1e-6, "\(total) tokens, filled with \(filling)")
      }
    }
  }

  /// A text of one word is the shortest there is.
  @Test(arguments: networks)
  func oneWordIsEnough(name: String, attention: String, after: Bool) throws {
    let model = try model(name, attention: attention, normalizesAfter: after)
    let texts = [[Int32]](repeating: [Int32](repeating: 2, count: 16), count: 2)
    let found = try logits(model, texts, lengths: [1, 16])
    #expect(found.floats.allSatisfy { $0.isFinite })
  }

  /// Order changes what all networks say but the one that knows none.
  @Test(arguments: [("lstm", true), ("gru", true), ("transformer", true), ("bag", false)])
  func onlyTheBagKnowsNoOrder(name: String, knowsOrder: Bool) throws {
    let model = try model(name)
    let first = try logits(model, [[1, 2, 3, 4, 5]], lengths: [5]).floats
    let second = try logits(model, [[5, 4, 1, 3, 2]], lengths: [5]).floats
    let deviation = zip(first, second).map { abs($0 - $1) }.max() ?? 0
    #expect((deviation > 1e-4) == knowsOrder, "\(deviation)")
  }

  /// Where a layer normalises changes the numbers, not the parameters.
  @Test func bothPlacesOfTheNormHaveTheSameParameters() throws {
    let before = try model("transformer")
    let after = try model("transformer", normalizesAfter: true)
    #expect(before.parameters.map(\.path) == after.parameters.map(\.path))
    let text: [[Int32]] = [[1, 2, 3]]
    #expect(try logits(before, text, lengths: [3]) != logits(after, text, lengths: [3]))
  }

  @Test func theTwinStartsEqualElsewhere() throws {
    for (name, attention) in [("lstm", "additive"), ("transformer", "multihead")] {
      let key = RandomKey(seed: 3)
      let weights = try model(name, attention: attention).initialWeights(key: key)
      let twin = try model(name, attention: "none").initialWeights(key: key)
      #expect(twin["tokens.weight"] != nil && twin.arrays.count < weights.arrays.count)
      for (path, array) in twin.arrays { #expect(weights[path] == array, "\(path)") }
    }
  }

  @Test func whatCannotBeIsRefused() throws {
    for (name, attention) in [("bag", "additive"), ("lstm", "se"), ("transformer", "linear")] {
      #expect(throws: InputError.self) { try model(name, attention: attention) }
    }
    #expect(throws: InputError.self) {
      try TextModel(.cnn(.small), vocabulary: 12, steps: 16)
    }
  }
}
