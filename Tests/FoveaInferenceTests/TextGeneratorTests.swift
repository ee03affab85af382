import FoundationEssentials
import FoveaArray
import FoveaInference
import FoveaNN
import FoveaText
import Glibc
import Testing

struct TextGeneratorTests {
  private func generator() throws -> TextGenerator {
    try TextGenerator(contentsOf: PretrainedModels.folder.appending(component: "gpt2"))
  }

  @Test(arguments: [false, true])
  func logitsAreThoseOfTheTransformersPackage(_ usesCache: Bool) async throws {
    let recorded = try PretrainedModels.recorded().gpt2
    let generator = try generator()
    for (text, expected) in zip(recorded.texts, recorded.logits) {
      let ids = Array(generator.tokenizer.encode(text).ids.prefix(60))
      let logits = try await generator.logits(after: ids, usesCache: usesCache)
      #expect(logits.count == expected.count)
      #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test func theLikeliestTokensAreThoseOfTheTransformersPackage() async throws {
    let recorded = try PretrainedModels.recorded().gpt2
    let generated = try await generator().text(
      after: recorded.texts[0], options: .init(maximumTokens: 20, temperature: 0))
    #expect(generated.ids == recorded.greedy)
    #expect(generated.end == .maximumTokens)
  }

  /// A run's own network: with a cache and without, the logits are those of the pass that training
  /// makes, whichever way its layers normalise.
  @Test(arguments: [false, true])
  func aPretrainedNetworkIsTheOneThatWasTrained(_ normalizesAfter: Bool) async throws {
    var trainer = BytePairTrainer()
    trainer.vocabularySize = 300
    let tokenizer = try trainer.train(on: ["the rain in the plain, and the sun above the sea"])
    var options = FrameEncoder.Options(features: 16, classes: 2)
    options.width = 16
    options.heads = 2
    options.style.normalizesAfter = normalizesAfter
    let network = try LanguageModel(
      .transformer(options), vocabulary: tokenizer.vocabularySize, steps: 64, isCausal: true,
      told: { _ in 1 })
    let weights = network.initialWeights(key: RandomKey(seed: 2))
    let generator = TextGenerator(
      network, weights: weights, tokenizer: tokenizer, usesSpecialTokens: false, threads: 1)
    let engine = try PredictionEngine(network, weights: weights, threads: 1)
    for count in [1, 7, 32, 45, 64] {
      let ids = (0..<count).map { Int32($0 * 37 % tokenizer.vocabularySize) }
      let expected = try await engine.logits(
        [
          "tokens": HostArray([1, count], ids), "lengths": HostArray([Int32(count)]),
          "places": HostArray([Int32(count - 1)]),
        ], batch: 1
      ).floats
      for usesCache in [false, true] {
        let found = try await generator.logits(after: ids, usesCache: usesCache)
        #expect(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
      }
      #expect((expected.max() ?? 0) - (expected.min() ?? 0) > 0.1)
    }
    await #expect(
      throws: InputError(
        "the prompt is empty, and the model has not learned how texts begin",
        advice: "Give a prompt")
    ) { try await generator.text(after: "") }
  }

  @Test func aCacheChangesNothing() async throws {
    let generator = try generator()
    for (prompt, seed) in [("The words", UInt64(1)), (String(repeating: "the ", count: 33), 2)] {
      var options = TextGenerator.Options(
        maximumTokens: 25, temperature: 0.9, topK: 50, topP: 0.95, seed: seed)
      let cached = try await generator.text(after: prompt, options: options)
      options.usesCache = false
      #expect(try await generator.text(after: prompt, options: options) == cached)
      #expect(cached.ids.count == 25 || cached.end != .maximumTokens)
    }
  }

  @Test func theSeedAloneDecides() async throws {
    let generator = try generator()
    let first = try await generator.text(after: "a", options: .init(maximumTokens: 20, seed: 5))
    let again = try await generator.text(after: "a", options: .init(maximumTokens: 20, seed: 5))
    let other = try await generator.text(after: "a", options: .init(maximumTokens: 20, seed: 6))
    #expect(first == again)
    #expect(first.ids != other.ids)
  }

  @Test func aModelThatGivesNoNumbersIsSaidTo() async throws {
    var options = GPT.Options()
    options.vocabulary = 300
    options.width = 8
    options.layers = 1
    let network = try GPT(options)
    var arrays = network.initialWeights(key: RandomKey(seed: 1)).arrays
    for (name, array) in arrays where name.hasPrefix("norm") {
      arrays[name] = HostArray(repeating: Float.nan, shape: array.shape)
    }
    let generator = TextGenerator(
      network, weights: Weights(arrays), tokenizer: try BytePairTrainer().train(on: ["a b"]),
      usesSpecialTokens: false, threads: 1)
    await #expect(
      throws: InputError(
        "the model's logits are not numbers",
        advice: "Its weights are broken: train or fetch it again")
    ) { try await generator.text(after: "a") }
  }

  @Test func severalTextsAtOnceDoNotMix() async throws {
    let generator = try generator()
    let prompts = ["The words", "a", "you're 3.14", "naïve"]
    let options = TextGenerator.Options(maximumTokens: 15, seed: 3)
    var alone: [TextGenerator.Generated] = []
    for prompt in prompts {
      alone.append(try await generator.text(after: prompt, options: options))
    }
    let together = try await withThrowingTaskGroup(of: (Int, TextGenerator.Generated).self) {
      group in
      for (index, prompt) in prompts.enumerated() {
        group.addTask { (index, try await generator.text(after: prompt, options: options)) }
      }
      var results: [Int: TextGenerator.Generated] = [:]
      for try await (index, text) in group { results[index] = text }
      return results
    }
    for index in prompts.indices { #expect(together[index] == alone[index]) }
  }

  @Test func theModelsLengthIsTheEnd() async throws {
    let generator = try generator()
    #expect(generator.length == 64)
    let long = String(repeating: "the ", count: 60)
    let count = generator.tokenizer.encode(long).count
    let generated = try await generator.text(after: long, options: .init(maximumTokens: 100))
    #expect(generated.end == .modelLength || generated.end == .finished)
    #expect(generated.ids.count <= 64 - count)
    await #expect(
      throws: InputError(
        "the prompt has 65 tokens, the model sees 64 with what it adds",
        advice: "Shorten the prompt")
    ) { try await generator.text(after: String(repeating: "the ", count: 65 + 60 - count)) }
  }

  @Test func optionsThatCannotBeAreRefused() async throws {
    let generator = try generator()
    for (options, problem) in [
      (TextGenerator.Options(maximumTokens: -1), "-1 tokens cannot be added"),
      (.init(temperature: -0.5), "a temperature of -0.5 is not possible"),
      (.init(topK: 0), "top-k of 0 leaves no token"),
      (.init(topP: 0), "top-p of 0.0 is not possible"),
      (.init(topP: 1.5), "top-p of 1.5 is not possible"),
    ] {
      do {
        _ = try await generator.text(after: "a", options: options)
        Issue.record("no error for \(problem)")
      } catch let error as InputError { #expect(error.problem == problem) }
    }
  }
}

struct TokenSamplerTests {
  private let logits: [Float] = [1, 3, 2, 3, -1]

  /// How often each token is drawn.
  private func counts(_ options: TextGenerator.Options) -> [Int] {
    let sampler = TokenSampler(options)
    return (0..<4000).reduce(into: [0, 0, 0, 0, 0]) { counts, step in
      counts[Int(sampler.token(logits, step: step))] += 1
    }
  }

  /// Shares that softmax(logits / temperature) over the tokens that are left gives, to 3 %.
  private func check(_ options: TextGenerator.Options, _ left: [Int]) {
    var weights = [Double](repeating: 0, count: 5)
    for token in left {
      weights[token] = exponential(
        Double(logits[token]) / options.temperature)
    }
    let total = weights.reduce(0, +)
    for (count, weight) in zip(counts(options), weights) {
      if weight == 0 {
        #expect(count == 0)
      } else {
        #expect(abs(Double(count) / 4000 - weight / total) < 0.03)
      }
    }
  }

  private func exponential(_ x: Double) -> Double {
    // e^x by its series, halved and squared.
    let small = x / 1024
    var result = 1 + small + small * small / 2 + small * small * small / 6
    for _ in 0..<10 { result *= result }
    return result
  }

  @Test func tokensAreDrawnWithTheirProbabilities() {
    check(.init(), [0, 1, 2, 3, 4])
    check(.init(temperature: 2), [0, 1, 2, 3, 4])
    check(.init(topK: 2), [1, 3])
    check(.init(topK: 3), [1, 2, 3])
    // 1 and 3 have 0.40 each, 2 has 0.15.
    check(.init(topP: 0.5), [1, 3])
    check(.init(topP: 0.9), [1, 2, 3])
    check(.init(temperature: 0.5, topK: 4, topP: 0.99), [1, 2, 3])
  }

  @Test func withoutTemperatureTheLikeliestIsTaken() {
    #expect(counts(.init(temperature: 0)) == [0, 4000, 0, 0, 0])
  }

  /// Against sorting all of a vocabulary, with equal logits and logits far apart.
  @Test(arguments: [Float(0.01), 1, 30, 1e6]) func theLikeliestAreThoseOfAFullSort(_ spread: Float)
  {
    let key = RandomKey(seed: 9)
    let logits = (0..<3_000).map { (key.uniform(at: UInt64($0)) * 40).rounded() / 40 * spread }
    let order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    for (topK, topP) in [(nil, 0.3), (nil, 0.999), (7, 1), (40, 0.5), (2_999, 0.9), (5_000, 0.01)]
      as [(Int?, Double)]
    {
      let options = TextGenerator.Options(temperature: 1.3, topK: topK, topP: topP, seed: 4)
      let sampler = TokenSampler(options)
      let draws = RandomKey(seed: 4).folding("tokens")
      let candidates = Array(order.prefix(topK ?? logits.count))
      let weights = candidates.map { exp(Double(logits[$0] - logits[order[0]]) / 1.3) }
      let share = topP * weights.reduce(0, +)
      var kept: [Double] = []
      for weight in weights where kept.isEmpty || kept.reduce(0, +) < share { kept.append(weight) }
      for step in 0..<20 {
        var rest = Double(draws.uniform(at: UInt64(step))) * kept.reduce(0, +)
        let place = kept.firstIndex { weight in
          rest -= weight
          return rest < 0
        }
        #expect(
          sampler.token(logits, step: step) == Int32(candidates[place ?? kept.count - 1]))
      }
    }
  }
}
