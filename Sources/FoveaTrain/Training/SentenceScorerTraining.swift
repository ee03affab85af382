import FoundationEssentials
package import FoveaArray
package import FoveaData
package import FoveaInference
import FoveaKernels
import FoveaNN
package import FoveaRuns

/// Trains a scorer of sentences on texts with summaries by people, and its two controls with the same
/// start, batches and order.
///
/// Each text's sentences share 1 by what a summary gains by them, softmax(ROUGE / temperature); the loss
/// is the cross-entropy of the scores' softmax to that. The epoch is kept whose choice of one sentence
/// gains most on texts that were set aside.
package struct SentenceScorerTraining: Sendable {
  /// What is stored beside weights.
  package private(set) var description: ScorerFolder.Description
  private let kept: [SentenceVectors]
  private let heldOut: [SentenceVectors]

  /// Prepares texts: their embeddings are made here, once.
  ///
  /// - Parameters:
  ///   - identity: which model `embedder` is.
  ///   - data: the file and the name of its summaries, as they were given.
  /// - Throws: `InputError` for settings that cannot be, and where fewer than ten texts have sentences
  ///   to choose from; `CancellationError`.
  package init(
    _ texts: [SummarizedText], embedder: SentenceEmbedder, identity: SentenceEncoderIdentity,
    settings: TrainingSettings = Self.usualSettings, data: (path: String, summaries: String)
  ) async throws {
    try settings.check()
    let embeddings = try await SummarizedText.embeddings(of: texts, by: embedder)
    try self.init(
      zip(texts, embeddings).map { SentenceVectors($1, gains: $0.gains) }, identity: identity,
      settings: settings, data: data)
  }

  /// The same on vectors that are there.
  package init(
    _ texts: [SentenceVectors], identity: SentenceEncoderIdentity, settings: TrainingSettings,
    data: (path: String, summaries: String)
  ) throws {
    try settings.check()
    let choices = texts.filter { $0.gains.count > 1 }
    guard choices.count >= 10 else {
      throw InputError(
        "\(NumberText.count(choices.count, "text")) with two sentences or more "
          + "\(choices.count == 1 ? "is" : "are") too few to learn from", at: data.path,
        advice: "Give ten texts or more, some hundred rather")
    }
    let order = RandomKey(seed: settings.seed).folding("held out").permutation(of: choices.count)
    let count = min(
      max(1, Int((settings.validationSplit * Double(order.count)).rounded())), order.count - 1)
    heldOut = order.prefix(count).sorted().map { choices[$0] }
    kept = order.dropFirst(count).sorted().map { choices[$0] }
    description = ScorerFolder.Description(
      network: SentenceScorer.Options(features: identity.width), encoder: identity,
      training: settings, temperature: Self.temperature, data: data.path,
      summaries: data.summaries, trainingCount: kept.count, validationCount: heldOut.count,
      leftOutCount: texts.count - choices.count)
  }

  /// How much less of ROUGE makes a sentence's share smaller by a factor of e.
  private static let temperature: Float = 0.05

  /// What some hundred to some thousand texts are trained well with.
  package static var usualSettings: TrainingSettings {
    var settings = TrainingSettings()
    settings.batchSize = 32
    settings.optimizer = .adam
    settings.learningRate = 0.001
    settings.weightDecay = 0
    settings.schedule = .constant
    settings.patience = 5
    return settings.suiting(.text)
  }

  /// What a training that goes on must have in common with the one that was begun.
  private struct Beginning: Codable, Hashable {
    var description: ScorerFolder.Description
    /// What the texts' vectors and gains give.
    let contentDigest: String
  }

  /// Trains the scorer and its controls to the end and writes them; what a folder keeps of a training
  /// that was interrupted goes on.
  ///
  /// - Parameters:
  ///   - folder: a folder of a sentence scorer.
  ///   - report: is told what happens, and to which.
  /// - Throws: `InputError`, also where the folder holds a training of other texts or with other
  ///   settings; `CancellationError` when the task is cancelled: everything is kept.
  package func execute(
    in folder: OwnedFolder,
    report: @escaping @Sendable (ScorerVariant, TrainingEvent) -> Void = { _, _ in }
  ) async throws -> ScorerFolder {
    try folder.open()
    try folder.makeFolder("checkpoints")
    try begin(in: folder)
    let scorer = try await execute(
      from: { variant in
        let url = try folder.place(for: variant.checkpoint)
        return FileManager.default.fileExists(atPath: url.path)
          ? try Checkpoint(contentsOf: url) : nil
      },
      save: { variant, checkpoint in
        try checkpoint.write(to: folder.place(for: variant.checkpoint))
      }, report: report)
    try scorer.write(to: folder)
    // The scorer is whole; how its training went on serves nobody any more.
    try folder.remove([Self.beginningName] + ScorerVariant.allCases.map(\.checkpoint))
    return scorer
  }

  private static let beginningName = "checkpoints/training.json"

  /// Writes down what is trained, or sees to it that it is the same.
  private func begin(in folder: OwnedFolder) throws {
    let own = Beginning(description: description, contentDigest: contentDigest)
    let url = try folder.place(for: Self.beginningName)
    guard let data = try? Data(contentsOf: url) else {
      return try folder.write(JSONText.encoded(own), to: Self.beginningName)
    }
    guard let stored = try? JSONDecoder().decode(Beginning.self, from: data) else {
      throw InputError("is not the beginning of a training", at: url.relativePath)
    }
    let (then, now) = (stored.description, own.description)
    let changed: String? =
      if then.encoder != now.encoder {
        "another model of embeddings"
      } else if then.training.suiting(.text) != now.training.suiting(.text) {
        "other settings"
      } else if stored.contentDigest != own.contentDigest {
        "other texts or summaries"
      } else {
        nil
      }
    guard let changed else { return }
    throw InputError(
      "holds a training that was begun with \(changed)", at: folder.url.relativePath,
      advice: "Give what it was begun with, or choose another \(.output)")
  }

  private var contentDigest: String {
    var key = RandomKey(seed: 0)
    for text in kept + heldOut {
      for vector in text.vectors { key = key.folding(contentOf: vector.map(\.bitPattern)) }
      key = key.folding(contentOf: text.gains.map(\.bitPattern))
    }
    return String(key.value, radix: 16)
  }

  /// Trains the scorer and its controls to the end, in memory alone.
  ///
  /// - Parameter report: is told what happens, and to which.
  /// - Throws: `InputError`, also where one of them diverged before any epoch had ended: without its controls
  ///   a scorer cannot be measured; `CancellationError` when the task is cancelled.
  package func execute(
    report: @escaping @Sendable (ScorerVariant, TrainingEvent) -> Void = { _, _ in }
  ) async throws -> ScorerFolder {
    try await execute(from: { _ in nil }, save: { _, _ in }, report: report)
  }

  private func execute(
    from checkpoint: (ScorerVariant) throws -> Checkpoint?,
    save: @Sendable (ScorerVariant, Checkpoint) throws -> Void,
    report: @escaping @Sendable (ScorerVariant, TrainingEvent) -> Void
  ) async throws -> ScorerFolder {
    var description = description
    var weights: [ScorerVariant: Weights] = [:]
    let settings = description.training
    let key = RandomKey(seed: settings.seed)
    func feed(_ texts: [SentenceVectors], _ key: RandomKey?) -> SentenceFeed {
      SentenceFeed(
        texts, batchSize: settings.batchSize, temperature: description.temperature,
        shufflingBy: key)
    }
    let (training, validation) = (feed(kept, key), feed(heldOut, nil))
    for variant in ScorerVariant.allCases {
      let model = try description.scorer(variant)
      let trainer = try await Trainer(
        model, settings: settings, training: training, validation: validation,
        startWeights: model.initialWeights(key: key), checkpoint: checkpoint(variant),
        startedAt: secondsSince1970())
      let outcome: Trainer.Outcome
      do {
        outcome = try await trainer.run(
          save: { try save(variant, $0) }, report: { report(variant, $0) })
      } catch let error as InputError {
        throw InputError(
          "\(variant.rawValue): \(error.problem)", at: error.place, advice: error.advice)
      }
      weights[variant] = outcome.weights
      description.keptEpochs[variant.rawValue] = outcome.best ?? outcome.history.last
      if let divergence = outcome.divergence {
        description.divergences = (description.divergences ?? [:]).merging(
          [variant.rawValue: divergence]) { $1 }
      }
    }
    return ScorerFolder(description, weights: weights)
  }
}
