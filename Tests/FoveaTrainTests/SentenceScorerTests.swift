import FoveaArray
import FoveaData
import FoveaInference
import FoveaKernels
import FoveaNN
import FoveaRuns
import FoveaTrain
import Glibc
import Testing

/// A scorer of sentences learns which is wanted, with attention also where that depends on the others.
@Suite(.serialized) struct SentenceScorerTests {
  private static let features = 12

  /// Texts of 4 to 9 sentences in any order, whose vectors are a little noise and, in one number each,
  /// what they are: a key of one of two kinds, and a candidate of each kind. Wanted is the candidate of
  /// the key's kind; or always that of the first kind, whatever the key.
  private static func texts(
    _ count: Int, seed: UInt64, followsKey: Bool
  ) -> [SentenceVectors] {
    let key = RandomKey(seed: seed)
    return (0..<count).map { number in
      let key = key.folding(number)
      let kind = Int(key.folding("kind").value % 2)
      let order = key.permutation(of: 4 + Int(key.folding("length").value % 6))
      let wanted = order[followsKey ? 1 + kind : 1]
      let vectors = order.indices.map { sentence in
        (0..<Self.features).map { index in
          Float(key.folding(sentence).normal(at: UInt64(index))) * 0.05
        }
      }
      var marked = vectors
      marked[order[0]][kind] = 1
      marked[order[1]][2] = 1
      marked[order[2]][3] = 1
      return SentenceVectors(
        marked, gains: order.indices.map { $0 == wanted ? 0.5 : 0 })
    }
  }

  private func training(
    _ texts: [SentenceVectors], seed: UInt64 = 3, epochs: Int = 25
  ) throws -> SentenceScorerTraining {
    var settings = SentenceScorerTraining.usualSettings
    settings.epochs = epochs
    settings.seed = seed
    settings.patience = 0
    settings.learningRate = 0.002
    settings.threads = 1
    return try SentenceScorerTraining(
      texts, identity: .init(name: "made", width: Self.features, digest: ""), settings: settings,
      data: ("made", "summaries"))
  }

  /// What one chosen sentence gains in the mean on other texts: 0.5 is all there is.
  private func gain(
    _ scorer: ScorerFolder, _ variant: ScorerVariant, followsKey: Bool
  ) async throws -> Double {
    let engine = try PredictionEngine(
      scorer.description.scorer(variant), weights: scorer.weights[variant] ?? Weights())
    let feed = SentenceFeed(
      Self.texts(200, seed: 99, followsKey: followsKey), batchSize: 50, temperature: 0.05,
      shufflingBy: nil)
    return try await engine.evaluation(on: feed).accuracy
  }

  @Test func whatASentenceSaysAloneIsLearnedByAll() async throws {
    let scorer = try await training(
      Self.texts(200, seed: 1, followsKey: false), epochs: 10
    ).execute()
    for variant in ScorerVariant.allCases {
      #expect(try await gain(scorer, variant, followsKey: false) > 0.48, "\(variant)")
    }
  }

  /// Without a look at the others the right one of two candidates is found half of the time.
  @Test func whatDependsOnOthersIsLearnedByAttentionAlone() async throws {
    let scorer = try await training(Self.texts(400, seed: 1, followsKey: true)).execute()
    #expect(try await gain(scorer, .attention, followsKey: true) > 0.45)
    for variant in [ScorerVariant.matched, .plain] {
      let found = try await gain(scorer, variant, followsKey: true)
      #expect((0.2..<0.3).contains(found), "\(variant) \(found)")
    }
  }

  @Test func theSeedDecides() async throws {
    let texts = Self.texts(40, seed: 1, followsKey: true)
    let first = try await training(texts, epochs: 2).execute()
    let again = try await training(texts, epochs: 2).execute()
    let other = try await training(texts, seed: 4, epochs: 2).execute()
    for variant in ScorerVariant.allCases {
      #expect(first.weights[variant] == again.weights[variant])
      #expect(first.weights[variant] != other.weights[variant])
    }
  }

  /// Variants differ in attention's parameters alone, and start equal elsewhere.
  @Test func controlsAreTheSameButForAttention() throws {
    let description = try training(Self.texts(40, seed: 1, followsKey: true)).description
    let key = RandomKey(seed: 3)
    let full = try description.scorer(.attention)
    let start = full.initialWeights(key: key)
    for variant in [ScorerVariant.matched, .plain] {
      let control = try description.scorer(variant)
      let controlStart = control.initialWeights(key: key)
      for (path, array) in controlStart.arrays where !path.contains("attention") {
        #expect(start[path] == array, "\(path)")
      }
      let missing = start.arrays.keys.filter { controlStart[$0] == nil }
      #expect(!missing.isEmpty && missing.allSatisfy { $0.contains("attention") })
      #expect(
        (control.parameterCounts.trained == full.parameterCounts.trained) == (variant == .matched))
    }
  }

  /// What a text is filled up with, and what runs beside it, changes no score; behind its end scores
  /// are shut out.
  @Test(arguments: ScorerVariant.allCases) func fillingChangesNothing(
    _ variant: ScorerVariant
  ) async throws {
    let model = try training(Self.texts(40, seed: 1, followsKey: true)).description.scorer(variant)
    let engine = try PredictionEngine(
      model, weights: model.initialWeights(key: RandomKey(seed: 5)), threads: 1)
    let short = Self.texts(1, seed: 7, followsKey: true)[0].vectors
    let long = Self.texts(9, seed: 8, followsKey: true).flatMap(\.vectors)
    let alone = try await engine.logits(SentenceVectors.arrays([short]), batch: 1).floats
    let arrays = SentenceVectors.arrays([short, long])
    let together = try await engine.logits(arrays, batch: 2)
    #expect(together.shape[1] > alone.count)
    for (found, expected) in zip(together.floats, alone.prefix(short.count)) {
      #expect(abs(found - expected) < 1e-5)
    }
    #expect(
      together.floats[short.count..<together.shape[1]].allSatisfy { $0 == AttentionMask.shutOut })
    // Even where the filling is no zeros.
    var numbers = try #require(arrays["sentences"]).floats
    let steps = together.shape[1]
    for index in (short.count * Self.features)..<(steps * Self.features) { numbers[index] = 3 }
    var spoilt = arrays
    spoilt["sentences"] = HostArray([2, steps, Self.features], numbers)
    let filled = try await engine.logits(spoilt, batch: 2).floats
    #expect(
      zip(filled, together.floats).allSatisfy { abs($0 - $1) < 1e-5 || $0 == $1 })
  }

  /// The loss that validation says is the one that training goes down, and that by hand.
  @Test func theLossIsTheCrossEntropyToTheShares() async throws {
    var options = SentenceScorer.Options(features: Self.features)
    options.dropout = 0
    let model = try SentenceScorer(options)
    let engine = try PredictionEngine(
      model, weights: model.initialWeights(key: RandomKey(seed: 5)), threads: 1)
    let vectors = Self.texts(1, seed: 7, followsKey: true)[0].vectors
    let gains = vectors.indices.map { Float($0) * 0.1 }
    let text = SentenceVectors(vectors, gains: gains)
    let scores = try await engine.logits(SentenceVectors.arrays([vectors]), batch: 1).floats
      .prefix(vectors.count)
    let feed = SentenceFeed([text], batchSize: 1, temperature: 0.1, shufflingBy: nil)
    let loss = try await engine.evaluation(on: feed).loss
    // Shares are e⁰, e¹, … over their sum.
    let powers = vectors.indices.map { exp(Double($0)) }
    let sum = scores.map { exp(Double($0)) }.reduce(0, +)
    let expected = zip(powers, scores).map { power, score in
      -power / powers.reduce(0, +) * (Double(score) - log(sum))
    }.reduce(0, +)
    #expect(abs(loss - expected) < 1e-4)
    var settings = TrainingSettings()
    settings.threads = 1
    let weights = model.initialWeights(key: RandomKey(seed: 5))
    let trained = try await Self.trainingLoss(model, settings, weights, feed)
    #expect(abs(Double(trained) - expected) < 1e-4)
  }

  @KernelActor private static func trainingLoss(
    _ model: SentenceScorer, _ settings: TrainingSettings, _ weights: Weights, _ feed: SentenceFeed
  ) throws -> Float {
    let training = try TrainingModel(model, settings: settings, weights: weights)
    let batch = try #require(try feed.batches(epoch: 0, from: 0).next())
    return try training.train(
      batch.arrays, batch: 1, learningRate: 0, step: 0, key: RandomKey(seed: 1)
    ).loss
  }

  @Test func tooFewTextsAreRefused() {
    #expect(
      throws: InputError(
        "9 texts with two sentences or more are too few to learn from", at: "made",
        advice: "Give ten texts or more, some hundred rather")
    ) { try training(Self.texts(9, seed: 1, followsKey: true)) }
  }
}
