package import FoundationEssentials
package import FoveaArray
package import FoveaNN
package import FoveaRuns
import FoveaText

/// What lets a scorer of sentences look at the others of a text, or stands in its place.
package enum ScorerVariant: String, Hashable, Sendable, Codable, CaseIterable {
  /// Attention.
  case attention
  /// As many parameters that see one sentence at a time.
  case matched
  /// Nothing: the plain twin.
  case plain

  /// The mechanism in the network's layers.
  package var mechanism: String {
    switch self {
    case .attention: "multihead"
    case .matched: AttentionCatalog.control(of: "multihead")
    case .plain: "none"
    }
  }

  /// The file of its weights.
  var file: String {
    self == .attention ? "weights.safetensors" : "weights-\(rawValue).safetensors"
  }

  /// The file of what its training goes on from.
  package var checkpoint: String { "checkpoints/\(rawValue).safetensors" }
}

/// A trained scorer of sentences with its controls, as it is stored:
///
///     config.json · weights.safetensors · weights-matched.safetensors · weights-plain.safetensors
///
/// While it is trained, `checkpoints/` has what it takes to go on.
package struct ScorerFolder: Sendable {
  /// The file `config.json`.
  package struct Description: Hashable, Sendable, Codable {
    /// What tells the file from the configuration of a run.
    package var kind = Self.kind
    /// The version of the file's form.
    package var schemaVersion = 1
    /// The version of Fovea that wrote it.
    package var foveaVersion = foveaVersionText
    /// The network with attention.
    package var network: SentenceScorer.Options
    /// The model whose vectors it reads.
    package var encoder: SentenceEncoderIdentity
    /// How it was trained, seed included.
    package var training: TrainingSettings
    /// The differences of gain by which targets fall by a factor of e.
    package var temperature: Float
    /// The file that it was trained on, as it was given, and the name of its summaries.
    package var data: String
    package var summaries: String
    /// Texts that were trained on, that were set aside, and that had too few sentences to choose.
    package var trainingCount: Int
    package var validationCount: Int
    package var leftOutCount: Int
    /// The epoch of each variant whose weights are kept.
    package var keptEpochs: [String: EpochRecord] = [:]
    /// Where the training of each variant came to numbers that are not finite; absent where none did.
    package var divergences: [String: Divergence]?

    static let kind = "sentence-scorer"

    package init(
      network: SentenceScorer.Options, encoder: SentenceEncoderIdentity,
      training: TrainingSettings, temperature: Float, data: String, summaries: String,
      trainingCount: Int, validationCount: Int, leftOutCount: Int
    ) {
      self.network = network
      self.encoder = encoder
      self.training = training
      self.temperature = temperature
      self.data = data
      self.summaries = summaries
      self.trainingCount = trainingCount
      self.validationCount = validationCount
      self.leftOutCount = leftOutCount
    }

    /// Reads a description that fits together.
    ///
    /// - Throws: `InputError` that names what cannot be.
    package init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      kind = try container.decode(String.self, forKey: .kind)
      schemaVersion = try container.decode(Int.self, forKey: .schemaVersion)
      foveaVersion = try container.decode(String.self, forKey: .foveaVersion)
      network = try container.decode(SentenceScorer.Options.self, forKey: .network)
      encoder = try container.decode(SentenceEncoderIdentity.self, forKey: .encoder)
      training = try container.decode(TrainingSettings.self, forKey: .training)
      temperature = try container.decode(Float.self, forKey: .temperature)
      data = try container.decode(String.self, forKey: .data)
      summaries = try container.decode(String.self, forKey: .summaries)
      trainingCount = try container.decode(Int.self, forKey: .trainingCount)
      validationCount = try container.decode(Int.self, forKey: .validationCount)
      leftOutCount = try container.decode(Int.self, forKey: .leftOutCount)
      keptEpochs = try container.decode([String: EpochRecord].self, forKey: .keptEpochs)
      divergences = try container.decodeIfPresent(
        [String: Divergence].self, forKey: .divergences)
      try check()
    }

    private func check() throws {
      _ = try scorer(.attention)
      guard network.features == encoder.width else {
        throw InputError(
          "the network reads vectors of \(network.features) numbers, and the model's have "
            + "\(encoder.width)")
      }
      try training.check()
      guard temperature > 0, temperature.isFinite else {
        throw InputError("temperature cannot be \(temperature)", advice: "It lies above 0")
      }
      for (name, count) in [
        ("trainingCount", trainingCount), ("validationCount", validationCount),
        ("leftOutCount", leftOutCount),
      ] {
        try NumberCheck.require(name, count, in: 0...NumberCheck.largestCount)
      }
      for record in keptEpochs.values { try record.check() }
    }

    /// The network of a variant.
    package func scorer(_ variant: ScorerVariant) throws -> SentenceScorer {
      var options = network
      options.attention = variant.mechanism
      return try SentenceScorer(options)
    }
  }

  package let description: Description
  package let weights: [ScorerVariant: Weights]

  package init(_ description: Description, weights: [ScorerVariant: Weights]) {
    self.description = description
    self.weights = weights
  }

  /// Reads a folder.
  ///
  /// - Throws: `InputError` when it holds no scorer, or weights do not fit.
  package init(contentsOf folder: URL) throws {
    let url = folder.appending(component: "config.json")
    let advice: Advice = "Give the folder that \(.train) wrote, its \(.output)"
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw InputError("holds no config.json", at: folder.relativePath, advice: advice)
    }
    let bytes = try TextBytes.read(url)
    struct Head: Decodable {
      let kind: String?
      let schemaVersion: Int
    }
    let head = try? JSONDecoder().decode(Head.self, from: Data(bytes))
    guard let head, head.kind == Description.kind else {
      throw InputError("holds no scorer of sentences", at: folder.relativePath, advice: advice)
    }
    guard head.schemaVersion == 1 else {
      throw InputError(
        "was written by a newer Fovea (form \(head.schemaVersion), this one reads 1)",
        at: url.relativePath, advice: "Update Fovea")
    }
    description = try JSONText.decoded(
      Description.self, from: Data(bytes), as: "a scorer's description", at: url.relativePath)
    var weights: [ScorerVariant: Weights] = [:]
    for variant in ScorerVariant.allCases {
      let url = folder.appending(component: variant.file)
      let read = try Weights(contentsOf: url)
      try read.check(against: description.scorer(variant), at: url.relativePath)
      weights[variant] = read
    }
    self.weights = weights
  }

  /// Writes the folder; without its description, which is written last, it holds no scorer.
  ///
  /// - Throws: `InputError` when it cannot be written.
  package func write(to folder: OwnedFolder) throws {
    for (variant, weights) in weights {
      try weights.write(to: folder.place(for: variant.file))
    }
    try folder.write(JSONText.encoded(description), to: "config.json")
  }

  /// Scores of the sentences of texts that are given by their vectors.
  func engine(_ variant: ScorerVariant, threads: Int?) throws -> PredictionEngine {
    try PredictionEngine(
      description.scorer(variant), weights: weights[variant] ?? Weights(), threads: threads)
  }
}

extension FolderKind {
  /// A scorer of sentences with its controls.
  package static let sentenceScorer = FolderKind(
    "sentence scorer",
    ["config.json", "checkpoints/training.json"]
      + ScorerVariant.allCases.flatMap { [PathPattern($0.file), PathPattern($0.checkpoint)] },
    worthKeeping: ["config.json", "checkpoints/training.json"],
    advice: "Choose another \(.output), add \(.overwrite) to replace it, or \(.resume) to go on",
    recognizes: { folder, _ in (try? ScorerFolder(contentsOf: folder)) != nil })
}
