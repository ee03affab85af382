import FoveaArray
package import FoveaData
import FoveaMetrics
package import FoveaNN
import FoveaText
import Glibc

/// Makes highlights of texts: prediction, map over words, spans, sentences, scores, verdict.
///
/// The tokens of a text are the places of a picture of one row, their vectors its channels; methods and
/// scores are those of pictures, word by word. Three controls are added that anybody could draw without
/// the network. Everything follows from the network, the settings and the text. Belongs to the thread
/// that made it, like a session.
package final class TextExplainer: MediumExplainer {
  package let classes: [String]
  package let input: TextInput
  package var settings: HighlightSettings
  private let model: TextModel
  private let weights: Weights
  private let threads: Int?
  private let vectors: [Float]
  /// One for each number of tokens, the latest last.
  private var networks: [(tokens: Int, network: ExplainedNetwork)] = []
  private static let mostNetworks = 8

  package init(
    _ model: TextModel, weights: Weights, classes: [String], input: TextInput,
    settings: HighlightSettings = HighlightSettings(), threads: Int? = nil
  ) {
    self.model = model
    self.weights = weights
    self.classes = classes
    self.input = input
    self.settings = settings
    self.threads = threads
    vectors = weights[TextModel.tokensPath]?.floats ?? []
  }

  /// What is asked of a text.
  package struct Request: Sendable {
    /// Several give a highlight each.
    package var methods: [HighlightMethod]
    /// The class to explain; the predicted one where not given.
    package var label: String?
    /// The characters that are known to matter.
    package var truth: [Range<Int>]?

    package init(
      methods: [HighlightMethod], label: String? = nil, truth: [Range<Int>]? = nil
    ) {
      self.methods = methods
      self.label = label
      self.truth = truth
    }
  }

  /// Highlights of a text, one for each method. Of a text that is longer than the network takes at
  /// once the beginning is explained.
  ///
  /// - Throws: `InputError` for settings that cannot be, a text without a word, a class that does not
  ///   exist or a method that the network cannot serve; `CancellationError`.
  package func highlights(of text: String, _ request: Request) throws -> [TextHighlight] {
    try settings.check()
    let classIndex = try request.label.map { try Explainer.index(of: $0, among: classes) }
    let read = try ReadText(text, input)
    let shown = picture(read.tokens)
    let network = try network(tokens: read.tokens.count)
    let probabilities = try network.probabilities(of: shown)
    let best = probabilities.indexOfLargest
    let target = classIndex ?? best
    let key = RandomKey(seed: settings.seed).folding(Self.contentNumber(text))
    func answer(_ index: Int) -> Highlight.Answer {
      Highlight.Answer(label: classes[index], probability: Double(probabilities[index]))
    }
    let scoring = WordScoring(read, settings: settings, key: key, truth: request.truth)
    let controls = scoring.controls(rarity: rarity(of: read))
    return try request.methods.map { method in
      let forward = try network.forwardOperations()
      let (started, before) = (ContinuousClock.now, network.operations)
      let map = read.map(
        try values(method, of: shown, read.words, target: target, key: key, in: network))
      let (mapped, mappedOperations) = (ContinuousClock.now, network.operations)
      let draws = try (0..<settings.stabilityDraws).map { draw in
        let noisy = shown.noisy(
          deviation: settings.noise * shown.deviation, key: key.folding("noise").folding(draw))
        return try values(method, of: noisy, read.words, target: target, key: key, in: network)
      }
      let found = try scoring.scores(
        of: map, controls, shown, target: target, noisy: draws, in: network)
      let share = read.shares(of: map)
      return TextHighlight(
        prediction: answer(best), explained: answer(target), method: method,
        words: read.words.ranges.enumerated().map { index, range in
          TextHighlight.Word(
            start: range.lowerBound, end: range.upperBound, text: read.text.span(range).text,
            value: map.values[index])
        },
        spans: scoring.spans(of: map).map(share).sorted {
          ($0.strength, $1.start) > ($1.strength, $0.start)
        },
        sentences: read.text.sentences.map { share($0.range) }, scores: found.scores,
        characterF1: found.characterF1, controls: found.controls,
        verdict: judged(map, found.scores, found.controls),
        cost: HighlightCost(
          forwardPasses: (mappedOperations - before) / forward + 1,
          scoringForwardPasses: (network.operations - mappedOperations) / forward,
          seconds: (mapped - started).inSeconds,
          scoringSeconds: (ContinuousClock.now - mapped).inSeconds))
    }
  }

  /// The methods that the network can serve. There is no blurred text.
  package func availableMethods() throws -> [HighlightMethod] {
    let blank = picture([Int32](repeating: 0, count: 4))
    let network = try network(tokens: 4)
    return try HighlightMethod.allCases.filter { method in
      guard method != .integratedGradientsBlurred else { return false }
      guard method.needsAttention || method == .gradCAM else { return true }
      do {
        _ = try method.maker(settings, key: RandomKey(seed: 0)).values(
          of: blank, target: 0, in: network)
        return true
      } catch is InputError { return false }
    }
  }

  private func network(tokens: Int) throws -> ExplainedNetwork {
    if let known = networks.first(where: { $0.tokens == tokens }) { return known.network }
    let made = try ExplainedNetwork(model, frames: tokens, weights: weights, threads: threads)
    networks.append((tokens, made))
    if networks.count > Self.mostNetworks { networks.removeFirst() }
    return made
  }

  /// The vectors of tokens, as the network sees them.
  private func picture(_ tokens: [Int32]) -> InputPicture {
    let (width, scale) = (model.features, TextModel.scale(model.features))
    let frames = tokens.flatMap { token in
      vectors[(Int(token) * width)..<((Int(token) + 1) * width)].map { $0 * scale }
    }
    var picture = InputPicture(frames: frames, features: width, workedOn: tokens.count)
    picture.isCoveredByMean = true
    return picture
  }

  /// The map over words by a method.
  private func values(
    _ method: HighlightMethod, of shown: InputPicture, _ words: TextWords, target: Int,
    key: RandomKey, in network: ExplainedNetwork
  ) throws -> [Float] {
    switch method {
    case .occlusion:
      return try WordOcclusion(words: words.tokens).values(of: shown, target: target, in: network)
    case .rise:
      return try WordMasks(
        words: words.tokens, maskCount: settings.maskCount, key: key.folding("masks")
      ).values(of: shown, target: target, in: network)
    case .integratedGradients:
      let all = try IntegratedGradients(baseline: .mean, steps: settings.integrationSteps)
        .attributions(of: shown, target: target, in: network)
      return words.sums(shown.summedOverChannels(all))
    case .integratedGradientsBlurred:
      throw InputError(
        "there is no blurred text to begin with", advice: "Choose integrated-gradients")
    case .attention, .attentionGradient, .gradCAM:
      return words.sums(
        try method.maker(settings, key: key).values(of: shown, target: target, in: network).values)
    }
  }

  /// −log of the share that each word's tokens have of the texts that were trained on.
  private func rarity(of read: ReadText) -> [Float] {
    let total = Float(input.tokenCounts.reduce(0, +) + input.vocabularySize)
    return read.words.sums(
      read.tokens.map { token in
        let count =
          input.tokenCounts.indices.contains(Int(token)) ? input.tokenCounts[Int(token)] : 0
        return -logf(Float(count + 1) / total)
      })
  }

  private func judged(
    _ map: HighlightMap, _ scores: HighlightScores, _ controls: [TextHighlight.Control]
  ) -> HighlightVerdict {
    var reasons = HighlightVerdict(isConstant: map.isConstant, scores: scores).reasons
    for control in controls {
      if !scores.deletion.isBetter(than: control.deletion) {
        reasons.append("deletion: \(control.kind.words) do as well")
      }
      if !scores.insertion.isBetter(than: control.insertion) {
        reasons.append("insertion: \(control.kind.words) do as well")
      }
    }
    return HighlightVerdict(reasons: reasons)
  }

  /// A number that the text gives (FNV-1a).
  private static func contentNumber(_ text: String) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(Int64(bitPattern: hash))
  }
}

extension InputPicture {
  /// The standard deviation of all values about 0.
  fileprivate var deviation: Float {
    (values.reduce(0) { $0 + $1 * $1 } / Float(max(values.count, 1))).squareRoot()
  }
}

/// A text as a network reads it.
struct ReadText {
  let text: SegmentedText
  let tokens: [Int32]
  let words: TextWords

  init(_ text: String, _ input: TextInput) throws {
    let all = try input.tokens(of: text)
    let count = min(all.count, input.mostTokens)
    tokens = Array(all.ids[0..<count])
    self.text = SegmentedText(text)
    words = TextWords(self.text, places: Array(all.characterRanges(in: text)[0..<count]))
    guard words.count > 0 else {
      throw InputError(
        "the text holds nothing but space", advice: "Give a text of one word at least")
    }
  }

  /// Values of words as a map, with characters in the place of pixels.
  func map(_ values: [Float]) -> HighlightMap {
    let end = words.ranges.last?.upperBound ?? 1
    return HighlightMap(
      width: words.count, height: 1, values: values,
      frame: PictureFrame(
        pictureWidth: end, pictureHeight: 1, x: 0, y: 0, width: Double(end), height: 1))
  }

  /// A part of the text with the share of a map that lies in it.
  func shares(of map: HighlightMap) -> (Range<Int>) -> TextHighlight.Span {
    let total = map.values.reduce(0.0) { $0 + Double($1) }
    return { range in
      let inside = zip(words.ranges, map.values).reduce(0.0) { sum, word in
        range.contains(word.0.lowerBound) ? sum + Double(word.1) : sum
      }
      return TextHighlight.Span(
        start: range.lowerBound, end: range.upperBound, text: text.span(range).text,
        strength: total > 0 ? inside / total : 0)
    }
  }
}

extension Duration {
  /// As a number of seconds.
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
