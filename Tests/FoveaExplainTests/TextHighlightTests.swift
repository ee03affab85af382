import FoveaArray
import FoveaData
import FoveaExplain
import FoveaNN
import FoveaText
import Testing

/// Highlights of texts: characters, words, controls, and that every network can be asked.
struct TextHighlightTests {
  private static let texts = [
    "the cat sat on the mat", "a dog ran far away today", "good morning to all of you there",
    "what a bad day it was for us",
  ]

  /// A network whose answer is known on paper: a bag of words in which one token alone speaks.
  private struct Reader {
    let model: TextModel
    let weights: Weights
    let input: TextInput

    init(_ name: String, speaking word: String? = nil) throws {
      var trainer = BytePairTrainer()
      trainer.vocabularySize = 400
      trainer.minimumCount = 1
      let tokenizer = try trainer.train(on: TextHighlightTests.texts)
      input = try TextInput(tokenizer: tokenizer, mostTokens: 64)
      var template = try NetworkDescription(named: name)
      (template.hidden, template.tokenWidth, template.layers, template.heads) = (6, 8, 1, 2)
      model = try TextModel(
        template.fitted(to: .frames(features: 8, count: 64), classes: 2),
        vocabulary: tokenizer.vocabularySize, steps: 64)
      var weights = model.initialWeights(key: RandomKey(seed: 4))
      if let word {
        // Every vector 0 but the word's; the second class's logit is its first number.
        var vectors = [Float](repeating: 0, count: tokenizer.vocabularySize * 8)
        let ids = tokenizer.encode(word, addingSpecialTokens: false).ids
        vectors[Int(ids[ids.count - 1]) * 8] = 20
        weights["tokens.weight"] = HostArray([tokenizer.vocabularySize, 8], vectors)
        var head = [Float](repeating: 0, count: 16)
        head[8] = 1
        weights["head.weight"] = HostArray([2, 8], head)
        weights["head.bias"] = HostArray([Float(1), 0])
      }
      self.weights = weights
    }

    var explainer: TextExplainer {
      var settings = HighlightSettings()
      (settings.curveSteps, settings.integrationSteps) = (8, 8)
      (settings.maskCount, settings.stabilityDraws) = (64, 1)
      return TextExplainer(
        model, weights: weights, classes: ["no", "yes"], input: input, settings: settings)
    }
  }

  /// The one word that speaks is found by every method that a bag of words can serve, and its
  /// characters are those of the text.
  @Test func theWordThatSpeaksIsFound() throws {
    let reader = try Reader("bag", speaking: " bad")
    let text = "what a bad day it was for us, and  for all of you there today"
    let explainer = reader.explainer
    let methods = try explainer.availableMethods()
    #expect(methods == [.gradCAM, .integratedGradients, .occlusion, .rise])
    for method in methods {
      let highlight = try explainer.highlights(
        of: text, TextExplainer.Request(methods: [method], label: "yes", truth: [7..<10]))[0]
      let strongest = try #require(highlight.words.max { $0.value < $1.value })
      #expect(strongest.text == "bad" && strongest.start == 7 && strongest.end == 10, "\(method)")
      #expect(highlight.scores.truth?.pointsInside == true, "\(method)")
      if method != .rise {
        #expect(highlight.spans.map(\.text) == ["bad"] && highlight.characterF1 == 1, "\(method)")
        #expect(highlight.scores.deletion.shiftedAsGood == 0, "\(method)")
        #expect(highlight.scores.insertion.shiftedAsGood == 0, "\(method)")
      }
      #expect(highlight.controls.map(\.kind) == [.random, .beginning, .rare])
      let scalars = Array(text.unicodeScalars)
      for word in highlight.words {
        #expect(String(String.UnicodeScalarView(scalars[word.start..<word.end])) == word.text)
      }
    }
  }

  @Test(arguments: ["transformer", "lstm", "gru"])
  func everyNetworkCanBeAsked(_ name: String) throws {
    let explainer = try Reader(name).explainer
    let methods = try explainer.availableMethods()
    #expect(methods.contains(.attention) && methods.contains(.attentionGradient))
    #expect(!methods.contains(.integratedGradientsBlurred))
    let text = "The cat ran away. A dog was on the mat!"
    for highlight in try explainer.highlights(of: text, TextExplainer.Request(methods: methods)) {
      #expect(highlight.words.count == 12 && highlight.sentences.count == 2)
      #expect(abs(highlight.sentences.reduce(0) { $0 + $1.strength } - 1) < 1e-5)
      #expect(highlight.words.allSatisfy { (0...1).contains($0.value) })
      #expect(highlight.characterF1 == nil && highlight.scores.truth == nil)
      // As many as there are other places for 12 words.
      #expect(highlight.scores.deletion.shifted.count == 11)
    }
  }

  /// What explaining predicts is what predicting predicts, although nothing is filled up here.
  @Test func theSameTextTwiceGivesTheSame() throws {
    let reader = try Reader("transformer")
    let request = TextExplainer.Request(methods: [.rise, .attention], truth: [0..<3])
    let first = try reader.explainer.highlights(of: "the cat sat", request)
    let second = try reader.explainer.highlights(of: "the cat sat", request)
    #expect(zip(first, second).allSatisfy { $0.words == $1.words && $0.scores == $1.scores })
  }

  /// Chinese has no spaces and Arabic runs from right to left: characters stay characters.
  @Test(arguments: ["今天天气很好。我们去公园。", "الطقس جميل اليوم. نذهب إلى الحديقة.", "👩‍👩‍👧 go!", "word"])
  func anyLanguageIsMarkedByCharacters(_ text: String) throws {
    let highlight = try Reader("lstm").explainer.highlights(
      of: text, TextExplainer.Request(methods: [.occlusion]))[0]
    let scalars = Array(text.unicodeScalars)
    var last = 0
    for word in highlight.words {
      #expect(word.start >= last && word.end > word.start && word.end <= scalars.count)
      #expect(String(String.UnicodeScalarView(scalars[word.start..<word.end])) == word.text)
      last = word.end
    }
    let covered = Set(highlight.words.flatMap { $0.start..<$0.end })
    #expect(
      scalars.indices.allSatisfy { covered.contains($0) || scalars[$0].properties.isWhitespace })
  }

  /// Of a text that is read only in part, what is left out is no sentence without meaning; of one in a
  /// script that training never met, nothing is known.
  @Test func whatWasNotReadOrNeverMetIsSaid() throws {
    let reader = try Reader("bag", speaking: " bad")
    var counts = [Int](repeating: 0, count: reader.input.vocabularySize)
    for text in Self.texts {
      for id in reader.input.tokenizer.encode(text, addingSpecialTokens: false).ids {
        counts[Int(id)] += 1
      }
    }
    let input = try TextInput(
      tokenizer: reader.input.tokenizer, mostTokens: 64, tokenCounts: counts)
    func reading(_ text: String) throws -> (TextHighlight, [String]) {
      let explainer = TextExplainer(
        reader.model, weights: reader.weights, classes: ["no", "yes"], input: input,
        settings: reader.explainer.settings)
      let highlight = try explainer.highlights(of: text, .init(methods: [.occlusion]))[0]
      return (highlight, highlight.reading.notes)
    }
    let (_, known) = try reading("the cat sat on the mat")
    #expect(known.isEmpty)
    let sentence = "the cat sat on the mat. "
    let (long, notes) = try reading(String(repeating: sentence, count: 40))
    #expect(long.reading.tokensRead == 64 && long.reading.tokens > 200)
    #expect(long.sentences.count < 15)
    #expect(long.sentences.allSatisfy { $0.start < long.reading.end })
    #expect(notes.count == 1 && notes[0].hasPrefix("Only the beginning was read: 64 of "))
    let (arabic, strange) = try reading("الطقس جميل اليوم")
    #expect(arabic.reading.tokensNeverMet == arabic.reading.tokensRead)
    #expect(strange.count == 1 && strange[0].hasSuffix("it cannot know what they mean."))
  }

  @Test func whatCannotBeIsRefused() throws {
    let explainer = try Reader("bag").explainer
    for (text, request) in [
      ("", TextExplainer.Request(methods: [.occlusion])),
      (" \n", TextExplainer.Request(methods: [.occlusion])),
      ("a", TextExplainer.Request(methods: [.attention])),
      ("a", TextExplainer.Request(methods: [.integratedGradientsBlurred])),
      ("a", TextExplainer.Request(methods: [.occlusion], label: "maybe")),
    ] {
      #expect(throws: InputError.self) { try explainer.highlights(of: text, request) }
    }
  }
}
