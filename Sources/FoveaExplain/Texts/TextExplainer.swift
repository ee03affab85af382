import FoveaArray
package import FoveaData
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
  private let vectors: [Float]
  private var networks: FrameNetworks

  package init(
    _ model: TextModel, weights: Weights, classes: [String], input: TextInput,
    settings: HighlightSettings = HighlightSettings(), threads: Int? = nil
  ) {
    self.model = model
    self.classes = classes
    self.input = input
    self.settings = settings
    vectors = weights[TextModel.tokensPath]?.floats ?? []
    networks = FrameNetworks(model, weights: weights, threads: threads, most: 8)
  }

  /// Highlights of a text, one for each method. Of a text that is longer than the network takes at
  /// once the beginning is explained. What is known to matter are characters.
  ///
  /// - Throws: `InputError` for settings that cannot be, a text without a word, a class that does not
  ///   exist or a method that the network cannot serve; `CancellationError`.
  package func highlights(
    of text: String, _ request: HighlightRequest<[Range<Int>]>
  ) throws -> [TextHighlight] {
    try settings.check()
    let classIndex = try request.label.map { try Explainer.index(of: $0, among: classes) }
    let read = try ReadText(text, input)
    let shown = picture(read.tokens)
    var example = try ExplainedExample(
      shown, in: networks.network(frames: read.tokens.count), classes: classes,
      target: classIndex, settings: settings,
      key: RandomKey(seed: settings.seed).folding(contentOf: text.utf8), frame: read.frame,
      units: read.words.tokens, noise: settings.noise * shown.deviation)
    let marks = WordMarks(read, truth: request.truth)
    example.coverage = marks.coverage
    let controls = controls(of: read, key: example.key)
      .map { (kind: $0.kind, map: example.map($0.values)) }
    return try request.methods.map { method in
      let found = try example.scored(against: controls.map(\.map.values)) {
        try values(method, of: $0, read.words, in: example)
      }
      let share = read.shares(of: found.map)
      let marked = marks.marked(found.map)
      return TextHighlight(
        prediction: example.prediction, explained: example.explained, method: method,
        words: read.words.ranges.enumerated().map { index, range in
          TextHighlight.Word(
            start: range.lowerBound, end: range.upperBound, text: read.text.span(range).text,
            value: found.map.values[index])
        },
        spans: marks.spans(marked).map(share).sorted {
          ($0.strength, $1.start) > ($1.strength, $0.start)
        },
        sentences: read.text.sentences.filter { $0.range.lowerBound < read.end }
          .map { share($0.range) },
        reading: reading(read), scores: found.scores,
        characterF1: marks.characterF1(marked),
        controls: zip(controls, found.controls).map { control, areas in
          TextHighlight.Control(
            kind: control.kind, deletion: areas.deletion, insertion: areas.insertion,
            pointsInside: example.truthScore(of: control.map)?.pointsInside,
            characterF1: marks.characterF1(marks.strongest(marked.count, of: control.map)))
        },
        verdict: HighlightVerdict(
          isConstant: found.map.isConstant, scores: found.scores,
          controls: zip(controls, found.controls).map { ($0.kind.words, $1) },
          doubt: request.doubt),
        cost: found.cost)
    }
  }

  /// The methods that the network can serve. There is no blurred text.
  package func availableMethods() throws -> [HighlightMethod] {
    let blank = picture([Int32](repeating: 0, count: 4))
    return try networks.network(frames: 4).availableMethods(on: blank, settings)
      .filter { $0 != .integratedGradientsBlurred }
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
    _ method: HighlightMethod, of shown: InputPicture, _ words: TextWords,
    in example: ExplainedExample
  ) throws -> [Float] {
    let (target, network) = (example.target, example.network)
    switch method {
    case .occlusion:
      return try WordOcclusion(words: words.tokens).values(of: shown, target: target, in: network)
    case .rise:
      return try WordMasks(
        words: words.tokens, maskCount: settings.maskCount, key: example.key.folding("masks")
      ).values(of: shown, target: target, in: network)
    case .integratedGradients:
      let all = try IntegratedGradients(baseline: .mean, steps: settings.integrationSteps)
        .attributions(of: shown, target: target, in: network)
      return words.sums(shown.summedOverChannels(all))
    case .integratedGradientsBlurred:
      throw InputError(
        "there is no blurred text to begin with", advice: "Choose integrated-gradients")
    case .attention, .attentionGradient, .gradCAM:
      return words.sums(try example.values(method, of: shown))
    }
  }

  /// The maps that know nothing of the network.
  private func controls(
    of read: ReadText, key: RandomKey
  ) -> [(kind: TextHighlight.Control.Kind, values: [Float])] {
    let count = read.words.count
    let random = key.folding("control").permutation(of: count).map { Float($0 + 1) }
    let beginning = (0..<count).map { Float(count - $0) }
    return [(.random, random), (.beginning, beginning), (.rare, rarity(of: read))]
  }

  /// How much of a text was read, and what of that the network met in training.
  private func reading(_ read: ReadText) -> TextHighlight.Reading {
    let known = input.tokenCounts
    let neverMet = read.tokens.count { token in
      !known.indices.contains(Int(token)) || known[Int(token)] == 0
    }
    return TextHighlight.Reading(
      tokens: read.tokenCount, tokensRead: read.tokens.count, end: read.end,
      tokensNeverMet: known.isEmpty ? nil : neverMet)
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
  /// Tokens of the whole text.
  let tokenCount: Int

  init(_ text: String, _ input: TextInput) throws {
    let all = try input.tokens(of: text)
    let count = min(all.count, input.mostTokens)
    tokenCount = all.count
    tokens = Array(all.ids[0..<count])
    self.text = SegmentedText(text)
    words = TextWords(self.text, places: Array(all.characterRanges(in: text)[0..<count]))
    guard words.count > 0 else {
      throw InputError(
        "the text holds nothing but space", advice: "Give a text of one word at least")
    }
  }

  /// The character behind the last that was read.
  var end: Int { words.ranges.last?.upperBound ?? 1 }

  /// Where the words lie, with characters in the place of pixels.
  var frame: PictureFrame {
    let end = end
    return PictureFrame(
      pictureWidth: end, pictureHeight: 1, x: 0, y: 0, width: Double(end), height: 1)
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
