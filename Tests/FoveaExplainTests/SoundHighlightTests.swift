import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaExplain
import FoveaNN
import FoveaTestSupport
import Glibc
import Testing

/// Highlights of recordings: times, controls, and that every network can be asked.
struct SoundHighlightTests {
  /// A small network with random weights.
  private struct Listener {
    let model: SoundModel
    let weights: Weights
    let input: SoundInput

    init() throws {
      var settings = SpectrogramSettings()
      settings.bands = 8
      input = try SoundInput(sampleRate: 8000, spectrogram: settings, mostFrames: 400)
      var options = RecurrentClassifier.Options()
      (options.cell, options.features, options.hidden) = (.gru, 8, 6)
      (options.poolHidden, options.classes) = (4, 2)
      model = try SoundModel(
        .recurrent(options),
        input: SoundInputLayer(
          features: 8, mean: [Float](repeating: -13.8, count: 8),
          deviation: [Float](repeating: 5, count: 8)), frames: 400)
      weights = model.initialWeights(key: RandomKey(seed: 4))
    }

    var explainer: SoundExplainer {
      var settings = HighlightSettings()
      (settings.curveSteps, settings.integrationSteps) = (8, 8)
      (settings.maskCount, settings.stabilityDraws) = (32, 1)
      return SoundExplainer(
        model, weights: weights, classes: ["silence", "tone"], input: input, settings: settings)
    }
  }

  private func window(_ samples: [Float], from start: Double = 0) -> SoundWindows.Window {
    SoundWindows.Window(
      startSeconds: start, sound: Sound(sampleRate: 8000, made: samples))
  }

  /// Times count from the beginning of the recording, not of the window.
  @Test(arguments: [HighlightMethod.integratedGradients, .occlusion, .attentionGradient])
  func timesAreThoseOfTheRecording(_ method: HighlightMethod) throws {
    let listener = try Listener()
    let tone = window(MadeWAV.tone(700, from: 1.2, to: 1.6, of: 3), from: 10)
    for label in ["silence", "tone"] {
      let highlight = try listener.explainer.highlights(
        of: tone,
        SoundExplainer.Request(
          methods: [method], label: label,
          truth: [SoundEvent(onset: 11.2, offset: 11.6, label: "tone")]))[0]
      #expect(highlight.explained.label == label && highlight.start == 10 && highlight.end == 13)
      #expect(highlight.map.values.count == 301 && highlight.map.step == 0.01)
      for span in highlight.spans {
        #expect(span.start >= 10 && span.start < span.end && span.end <= 13)
        #expect(span.peak >= span.start && span.peak <= span.end)
      }
      let truth = try #require(highlight.scores.truth)
      #expect(abs(truth.truthShare - 0.4 / 3) < 0.01)
      #expect(highlight.loudness.pointsInside == true)
      #expect(try #require(highlight.loudness.shareInside) > 0.9)
    }
  }

  @Test func everyMethodServesEveryNetworkThatAttends() throws {
    for name in ["lstm", "gru", "transformer", "cnn"] {
      var template = try NetworkDescription(named: name)
      (template.hidden, template.tokenWidth, template.layers, template.heads) = (6, 8, 2, 2)
      template.widths = [4, 6]
      let listener = try Listener()
      let model = try SoundModel(
        template.fitted(to: .frames(features: 8, count: 64), classes: 2),
        input: listener.model.input,
        frames: 64)
      var settings = HighlightSettings()
      (settings.curveSteps, settings.integrationSteps) = (4, 4)
      (settings.maskCount, settings.stabilityDraws) = (16, 1)
      let explainer = SoundExplainer(
        model, weights: model.initialWeights(key: RandomKey(seed: 5)), classes: ["a", "b"],
        input: listener.input, settings: settings)
      #expect(try explainer.availableMethods() == HighlightMethod.allCases, "\(name)")
      // Shorter than a network for maps works on: what it fills up is no place.
      let found = try explainer.highlights(
        of: window(MadeWAV.tone(500, seconds: 0.4)),
        SoundExplainer.Request(methods: HighlightMethod.allCases))
      for highlight in found {
        #expect(highlight.map.values.count == 41, "\(name) \(highlight.method)")
        #expect(highlight.map.values.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(highlight.spans.allSatisfy { $0.end <= 0.4 })
      }
      // The same again.
      let again = try explainer.highlights(
        of: window(MadeWAV.tone(500, seconds: 0.4)),
        SoundExplainer.Request(methods: HighlightMethod.allCases))
      #expect(zip(found, again).allSatisfy { $0.map == $1.map && $0.scores == $1.scores })
    }
  }

  /// What a network predicts of its normalised frames is what its plan predicts of a batch.
  @Test func theExplainedPredictionIsThePrediction() throws {
    let listener = try Listener()
    let samples = MadeWAV.tone(500, seconds: 0.7)
    let highlight = try listener.explainer.highlights(
      of: window(samples), SoundExplainer.Request(methods: [.occlusion]))[0]
    let predictor = try Predictor(listener.model, weights: listener.weights)
    let features = listener.input.features(of: Sound(sampleRate: 8000, made: samples))
    let logits = try predictor.logits(listener.input.arrays([features]), batch: 1).floats
    let expected = 1 / (1 + exp(Double(logits[0] - logits[1])))
    let found =
      highlight.prediction.label == "tone"
      ? highlight.prediction.probability : 1 - highlight.prediction.probability
    #expect(abs(found - expected) < 1e-5)
  }

  @Test func theShortestRecordingsAreExplained() throws {
    let explainer = try Listener().explainer
    for samples in [[Float](repeating: 0, count: 4000), MadeWAV.tone(500, seconds: 0.01), [0.5]] {
      for highlight in try explainer.highlights(
        of: window(samples), SoundExplainer.Request(methods: HighlightMethod.allCases))
      {
        #expect(highlight.map.values.allSatisfy { $0.isFinite })
        #expect(highlight.scores.deletion.value.isFinite)
      }
    }
  }

  @Test func stretchesThatMeetAreOne() throws {
    let answer = Highlight.Answer(label: "a", probability: 1)
    func score(_ isLowerBetter: Bool) -> ControlledScore {
      ControlledScore(value: 0, shifted: [], middle: 0, isLowerBetter: isLowerBetter)
    }
    let highlight = SoundHighlight(
      start: 0, end: 5, prediction: answer, explained: answer, method: .occlusion,
      map: .init(start: 0, step: 0.01, values: [1]),
      spans: [
        .init(start: 3, end: 3.2, strength: 0.5, peak: 3.1),
        .init(start: 0.05, end: 0.5, strength: 0.3, peak: 0.1),
        .init(start: 3.3, end: 4.95, strength: 0.2, peak: 4),
      ],
      scores: HighlightScores(deletion: score(true), insertion: score(false), stability: 1),
      loudness: HighlightControl(deletion: 0, insertion: 0),
      verdict: HighlightVerdict(reasons: ["x"]),
      cost: HighlightCost(
        forwardPasses: 1, scoringForwardPasses: 1, seconds: 0, scoringSeconds: 0))
    #expect(highlight.stretches(margin: 0.1) == [0...0.6, 2.9...5])
    let sound = Sound(sampleRate: 1000, made: [Float](repeating: 1, count: 5000))
    let short = sound.shortened(to: highlight.stretches(margin: 0.1), pause: 0.5)
    #expect(short.samples.count == 600 + 500 + 2100)
    #expect(short.samples[0] == 0 && short.samples[300] == 1 && short.samples[800] == 0)
    let again = try SoundHighlightTests.decoded(WAVFile.encoded(short))
    #expect(again.sampleRate == 1000 && again.samples.count == 3200)
    #expect(zip(again.samples, short.samples).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  private static func decoded(_ file: Data) throws -> Sound {
    let folder = try TemporaryFolder()
    try folder.write(file, "short.wav")
    return try SoundDecoder().decode(contentsOf: folder.file("short.wav"))
  }

  // MARK: Times

  private func table(_ text: String) throws -> (EventTable, TemporaryFolder) {
    let folder = try TemporaryFolder()
    return (try EventTable(contentsOf: folder.write(text, "events.csv")), folder)
  }

  @Test func eventsBelongToTheirRecordings() throws {
    let (table, folder) = try table(
      "clip,onset_s,offset_s,label,speaker\na.wav,0.5,1,x,p\na.wav,0.75,1.5,y,p\nb.wav,,,,\n")
    let files = ["a.wav", "b.wav", "c.wav"].map { ($0, folder.file("clips/\($0)")) }
    let events = try table.events(for: files)
    #expect(
      events[0] == [
        SoundEvent(onset: 0.5, offset: 1, label: "x"),
        SoundEvent(onset: 0.75, offset: 1.5, label: "y"),
      ])
    #expect(events[1] == [] && events[2] == nil)
    let error = #expect(throws: InputError.self) {
      try table.events(for: [("z.wav", folder.file("z.wav"))])
    }
    #expect(error?.problem == "none of the recordings is in the table")
    #expect(error?.advice == "It names a.wav, b.wav")
    let (longer, _) = try self.table(
      "clip,onset,offset,label\n" + (1...4).map { "\($0).wav,,,\n" }.joined())
    let more = #expect(throws: InputError.self) {
      try longer.events(for: [("z.wav", folder.file("z.wav"))])
    }
    #expect(more?.advice == "It names 1.wav, 2.wav, 3.wav, …")
  }

  @Test(arguments: [
    ("a.wav,1,0.5,x", "the event ends at 0.5 s, not after it begins, at 1 s"),
    ("a.wav,1,1,x", "the event ends at 1 s, not after it begins, at 1 s"),
    ("a.wav,soon,2,x", "soon is no time"), ("a.wav,-1,2,x", "-1 is no time"),
    ("a.wav,1,,x", "a time is empty"), (",1,2,x", "the clip is empty"),
    ("c.wav,0.5,1.5,x", "the event overlaps that of row 2, which has the same label"),
  ]) func timesThatCannotBeAreNamedByRow(row: String, problem: String) throws {
    let error = #expect(throws: InputError.self) {
      try table("clip,onset,offset,label\nc.wav,1,2,x\n\(row)\n")
    }
    #expect(error?.problem == problem && error?.row == 3)
  }
}
