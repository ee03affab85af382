package import FoundationEssentials
package import FoveaData
package import FoveaInference
package import FoveaMetrics
package import FoveaNN
package import FoveaRuns

/// Did attention help? For every seed the network with attention, its plain twin and a control of
/// equal size are trained from the same start weights on the same batches, and meet the same test
/// examples.
///
/// Each training is a run directory of its own, so that a study that was interrupted goes on, and
/// every network of it can be used afterwards.
package struct ComparisonStudy: Sendable {
  package let data: PreparedData
  package let template: NetworkTemplate
  package let settings: TrainingSettings
  package let seeds: [UInt64]
  /// The examples that may be trained on; without a test part a fifth is set aside.
  package let candidates: [Int]
  /// The store that holds the test examples, and which they are.
  package let testStore: any ExampleStore
  package let testIndices: [Int]
  /// What is trained beside and shown, whatever the comparison finds: for texts a bag of words, which
  /// knows neither order nor context.
  package let control: NetworkTemplate?
  /// What the runs say they belong to; set when the folder is open.
  package var identity: String?
  private let folder: URL
  private let dataPath: String
  private let mechanisms: AttentionCatalog

  /// A study whose runs lie in `folder`.
  ///
  /// - Parameters:
  ///   - template: the network with attention; the twin has `none` in its place, and the control
  ///     a position-wise layer with exactly as many trained parameters.
  ///   - settings: how each network is trained; nothing stops early, and each is scored at its
  ///     best validation epoch.
  /// - Throws: `InputError` for options that cannot be.
  package init(
    _ data: PreparedData, template: NetworkTemplate, settings: TrainingSettings,
    seeds: [UInt64], folder: URL, dataPath: String, mechanisms: AttentionCatalog = .builtIn
  ) throws {
    guard !seeds.isEmpty else {
      throw InputError("a comparison needs at least one seed", advice: "Give --seeds 5")
    }
    guard !AttentionCatalog.isControl(template.attention) else {
      throw InputError(
        "attention \(template.attention) is what attention is compared with",
        advice: "Choose another --attention")
    }
    self.data = data
    self.template = template
    control = try data.medium == .text ? NetworkTemplate(named: "bag") : nil
    var settings = settings
    settings.patience = 0
    settings.keepsBest = true
    self.settings = settings
    self.seeds = seeds
    self.folder = folder
    self.dataPath = dataPath
    self.mechanisms = mechanisms
    if let test = data.test {
      candidates = data.training.usable
      testStore = test
      testIndices = test.usable
    } else {
      let split = try StratifiedSplit.test(
        of: data.training.dataset, among: data.training.usable,
        key: RandomKey(seed: settings.seed))
      candidates = split.kept
      testStore = data.training
      testIndices = split.heldOut
    }
    guard !testIndices.isEmpty else {
      throw InputError(
        "no \(data.medium.nouns) are left to test on", at: dataPath,
        advice: "Add \(data.medium.nouns), or give --test")
    }
    // What is wrong with the augmentation shows now, before anything is written.
    _ = try data.training.trainingFeed(
      of: candidates, batchSize: settings.batchSize, augmentation: settings.augmentation,
      key: RandomKey(seed: settings.seed))
  }

  /// One training of a study and what its network says of the test examples.
  package struct Trained: Sendable {
    package let arm: Arm
    package let seed: UInt64
    package let directory: RunDirectory
    package let history: [EpochRecord]
    package let best: EpochRecord?
    package let evaluation: Evaluation
    package let network: Network
    /// What it was trained on and what chose its epoch.
    package let split: StratifiedSplit
  }

  /// What a network costs.
  package struct Network: Hashable, Sendable, Codable {
    package let attention: String
    package let trainedParameters: Int
    package let totalParameters: Int
    /// Additions and multiplications to classify one example.
    package let floatingPointOperations: Int
  }

  /// What happens during a study.
  package enum Event: Sendable {
    /// A training begins.
    case began(Arm, seed: UInt64, number: Int, of: Int)
    /// Something happens in it.
    case training(TrainingEvent)
    /// A training is done.
    case ended(Arm, seed: UInt64, Evaluation)
    /// The training of what is shown beside begins, with its name.
    case beganControl(String, seed: UInt64, number: Int, of: Int)
    /// It is done.
    case endedControl(String, seed: UInt64, Evaluation)
  }

  /// The result of a study.
  package struct Outcome: Sendable {
    package let result: StudyResult
    package let results: PairedResults
    package let trained: [Trained]
    /// What is shown beside, if there is anything.
    package let control: ControlResult?
  }

  /// Where a training's run directory lies.
  package func directory(_ arm: Arm, seed: UInt64) -> RunDirectory {
    directory(arm.rawValue, seed: seed)
  }

  private func directory(_ name: String, seed: UInt64) -> RunDirectory {
    RunDirectory(folder.appending(path: "runs/seed-\(seed)-\(name)"))
  }

  /// Runs all trainings that are not done yet.
  ///
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled: what is done is kept.
  package func run(
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Outcome {
    var trained: [Trained] = []
    var beside: [Evaluation] = []
    let total = seeds.count * (Arm.allCases.count + (control == nil ? 0 : 1))
    for seed in seeds {
      for arm in Arm.allCases {
        report(.began(arm, seed: seed, number: trained.count + 1, of: total))
        let one = try await train(arm, seed: seed) { report(.training($0)) }
        trained.append(one)
        report(.ended(arm, seed: seed, one.evaluation))
      }
      if let control {
        let name = control.name
        let number = trained.count + beside.count + 1
        report(.beganControl(name, seed: seed, number: number, of: total))
        let (_, _, evaluation, _) = try await train(
          control, seed: seed, in: directory(name, seed: seed)
        ) { report(.training($0)) }
        beside.append(evaluation)
        report(.endedControl(name, seed: seed, evaluation))
      }
    }
    let results = try pairedResults(trained)
    return Outcome(
      result: StudyResult(results), results: results, trained: trained,
      control: try control.flatMap {
        try ControlResult($0.name, beside.map(\.isCorrect), beside: results)
      })
  }

  private func train(
    _ arm: Arm, seed: UInt64, report: @escaping @Sendable (TrainingEvent) -> Void
  ) async throws -> Trained {
    var template = template
    template.attention = arm.mechanism(comparing: template.attention)
    let directory = directory(arm, seed: seed)
    let (training, outcome, evaluation, network) = try await train(
      template, seed: seed, in: directory, report: report)
    return Trained(
      arm: arm, seed: seed, directory: directory, history: outcome.history, best: outcome.best,
      evaluation: evaluation, network: network, split: training.split)
  }

  /// One training in a run directory of its own.
  private func train(
    _ template: NetworkTemplate, seed: UInt64, in directory: RunDirectory,
    report: @escaping @Sendable (TrainingEvent) -> Void
  ) async throws -> (ClassifierTraining, Trainer.Outcome, Evaluation, Network) {
    var settings = settings
    settings.seed = seed
    let training = try ClassifierTraining(
      data, template: template, settings: settings, mechanisms: mechanisms,
      candidates: candidates)
    let folder = try directory.open(keepingRunOf: training, study: identity)
    defer { folder.close() }
    let run = try ClassifierRun(
      training, in: directory, dataPath: dataPath, study: identity, mechanisms: mechanisms)
    let (_, outcome) = try await run.execute(report: report)
    let engine = try PredictionEngine(
      training.model, weights: outcome.weights, threads: settings.threads)
    let evaluation = try await engine.evaluation(
      on: testStore.evaluationFeed(of: testIndices, batchSize: settings.batchSize))
    return (
      training, outcome, evaluation,
      try Network(training.model, attention: template.attention)
    )
  }

  private func pairedResults(_ trained: [Trained]) throws -> PairedResults {
    let items = testIndices.map { testStore.dataset.examples[$0].name }
    func rows<Row>(_ arm: Arm, _ row: (Evaluation) -> Row) -> [Row] {
      trained.filter { $0.arm == arm }.map { row($0.evaluation) }
    }
    switch testStore.dataset.task {
    case .classify:
      func correct(_ arm: Arm) -> [[Bool]] { rows(arm, \.isCorrect) }
      return try PairedResults(
        seeds: seeds.map { "\($0)" }, items: items, plain: correct(.plain),
        augmented: correct(.augmented), matched: correct(.matched))
    case .transcribe:
      func errors(_ arm: Arm) -> [[Int]] { rows(arm) { $0.wordErrors.map(\.count) } }
      return try PairedResults(
        seeds: seeds.map { "\($0)" }, items: items,
        words: trained[0].evaluation.said.map(\.count), plain: errors(.plain),
        augmented: errors(.augmented), matched: errors(.matched))
    }
  }
}

extension Arm {
  /// The mechanism that an arm of a comparison carries, of a comparison of this one.
  package func mechanism(comparing attention: String) -> String {
    switch self {
    case .augmented: attention
    case .plain: "none"
    case .matched: AttentionCatalog.control(of: attention)
    }
  }
}

extension ComparisonStudy.Network {
  /// Counts what a model costs.
  package init(_ model: any ClassificationModel, attention: String) throws {
    let counts = model.parameterCounts
    let graph = Graph(for: model, mode: .inference)
    let plan = try graph.compile(outputs: ["logits": model.logits(in: graph, batch: 1)])
    self.init(
      attention: attention, trainedParameters: counts.trained, totalParameters: counts.total,
      floatingPointOperations: plan.floatingPointOperations)
  }
}

extension RunDirectory {
  /// Opens the folder of a training of a study; one that was begun with the same network, settings
  /// and data goes on.
  ///
  /// - Throws: `InputError` when there is a training of another kind, or of another study.
  fileprivate func open(
    keepingRunOf training: ClassifierTraining, study: String?
  ) throws -> OwnedFolder {
    guard let configuration = try? configuration() else {
      return try open(folder(.new(replacing: true), verb: "compare", isInside: true))
    }
    guard configuration.classifier == training.description,
      configuration.training == training.settings,
      configuration.data.fingerprint == training.fingerprint,
      // Trainings that an older Fovea began do not know what the data held.
      [nil, training.data.contentDigest].contains(configuration.data.contentDigest),
      [nil, study].contains(configuration.study)
    else {
      throw InputError(
        "holds a training with other settings or data", at: path,
        advice: "Choose another --output, or add --overwrite to replace the comparison")
    }
    return try open(folder(.goingOn, verb: "compare", isInside: true))
  }
}

extension FolderKind {
  /// The folder of a comparison, with a run for each network and seed.
  package static let comparison = FolderKind(
    "comparison",
    ["comparison.json", "results.csv", "report.html"]
      + FolderKind.run.patterns(below: "runs/seed-#-*"),
    worthKeeping: ["comparison.json", "runs/seed-#-*/config.json"],
    identity: { folder in trainings(in: folder).lazy.compactMap(\.study).first },
    recognizes: { folder, files in
      // They are written in this order, at the end.
      !trainings(in: folder).isEmpty
        && (files.contains("comparison.json")
          ? isStudy(folder) : !files.contains("results.csv") && !files.contains("report.html"))
    })

  private static func trainings(in folder: URL) -> [RunConfiguration] {
    let runs = folder.appending(path: "runs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs.path)) ?? []
    return names.sorted().compactMap {
      try? RunDirectory(runs.appending(component: $0)).configuration()
    }
  }

  /// Whether `comparison.json` is one of ours.
  private static func isStudy(_ folder: URL) -> Bool {
    struct Head: Decodable {
      let verdict: Verdict
      let schemaVersion: Int
    }
    guard let data = try? Data(contentsOf: folder.appending(path: "comparison.json")) else {
      return false
    }
    return (try? JSONDecoder().decode(Head.self, from: data)) != nil
  }
}
