package import FoundationEssentials
package import FoveaData
package import FoveaInference
import FoveaKernels
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
  package let template: NetworkDescription
  package let settings: TrainingSettings
  package let seeds: [UInt64]
  /// The examples that may be trained on; without a test part a fifth is set aside.
  package let candidates: [Int]
  /// Of the candidates, how many the first seed's networks train on, and how many choose their epochs; with
  /// groups, which stay whole, another seed's may differ by a few.
  package let trainingCount: Int
  package let validationCount: Int
  /// The store that holds the test examples, and which they are.
  package let testStore: any ExampleStore
  package let testIndices: [Int]
  /// What is trained beside and shown, whatever the comparison finds: for texts a bag of words, which
  /// knows neither order nor context.
  package let control: NetworkDescription?
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
    _ data: PreparedData, template: NetworkDescription, settings: TrainingSettings,
    seeds: [UInt64], folder: URL, dataPath: String, mechanisms: AttentionCatalog = .builtIn
  ) throws {
    guard !seeds.isEmpty else {
      throw InputError("a comparison needs at least one seed", advice: "Give 5 \(.seeds)")
    }
    guard !AttentionCatalog.isControl(template.attention) else {
      throw InputError(
        "attention \(template.attention) is what attention is compared with",
        advice: "Choose another \(.attention)")
    }
    self.template = template
    control = .control(for: data.medium)
    // What is shown and stored are the words that the networks are trained with.
    var settings = settings.suiting(data.medium)
    settings.patience = 0
    settings.keepsBest = true
    self.settings = settings
    self.seeds = seeds
    self.folder = folder
    self.dataPath = dataPath
    self.mechanisms = mechanisms
    if let test = data.test {
      self.data = data
      candidates = data.training.usable
      testStore = test
      testIndices = test.usable
    } else {
      let split = try Self.testSplit(of: data.training.dataset, data.training.usable, settings)
      // Not even the size of pictures may follow from those that are tested on.
      self.data = try data.suited(to: split.kept)
      let usable = Set(self.data.training.usable)
      candidates = split.kept.filter(usable.contains)
      testStore = self.data.training
      testIndices = split.heldOut.filter(usable.contains)
    }
    guard !testIndices.isEmpty else {
      throw InputError(
        "no \(data.medium.nouns) are left to test on", at: dataPath,
        advice: "Add \(data.medium.nouns), or give \(.test)")
    }
    // What is wrong with network, memory or augmentation shows now, before anything is written.
    let first = try ClassifierTraining(
      data, template: template, settings: settings, mechanisms: mechanisms,
      candidates: candidates)
    (trainingCount, validationCount) = (first.split.kept.count, first.split.heldOut.count)
  }

  /// What a study of data without a test part sets aside.
  private static func testSplit(
    of dataset: LabelledDataset, _ usable: [Int], _ settings: TrainingSettings
  ) throws -> StratifiedSplit {
    try StratifiedSplit.test(of: dataset, among: usable, key: RandomKey(seed: settings.seed))
  }

  /// Of examples that can be read, those that a study may train on.
  package static func candidates(
    of data: LabelledData, among usable: [Int], _ settings: TrainingSettings
  ) throws -> [Int] {
    data.test == nil ? try testSplit(of: data.training, usable, settings).kept : usable
  }

  /// One training of a study and what its network says of the test examples.
  package struct Trained: Sendable {
    package let arm: Arm
    package let seed: UInt64
    package let directory: RunDirectory
    package let history: [EpochRecord]
    package let best: EpochRecord?
    /// What it says of the test examples; `nil` of a network that diverged and has no answers.
    package let evaluation: Evaluation?
    /// Where its training came to numbers that are not finite, if it did.
    package let divergence: Divergence?
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
    /// A training is done; there is no evaluation of a network that diverged and has no answers.
    case ended(Arm, seed: UInt64, Evaluation?)
    /// The training of what is shown beside begins, with its name.
    case beganControl(String, seed: UInt64, number: Int, of: Int)
    /// It is done.
    case endedControl(String, seed: UInt64, Evaluation?)
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
    RunDirectory(folder.appending(path: "runs/seed-\(seed)-\(name)"), networks: template.catalog)
  }

  /// Runs all trainings that are not done yet. A network that diverges is counted as such, and the others
  /// are trained all the same.
  ///
  /// - Throws: `InputError`; `CancellationError` when the task is cancelled: what is done is kept.
  package func run(
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Outcome {
    var trained: [Trained] = []
    var beside: [Evaluation?] = []
    let total = seeds.count * (Arm.allCases.count + (control == nil ? 0 : 1))
    for seed in seeds {
      // Tokens are learned once a seed: its three networks read the same ones.
      var ofSeed = settings
      ofSeed.seed = seed
      let data = try data.learned(from: data.split(ofSeed, among: candidates).kept)
      for arm in Arm.allCases {
        let number = trained.count + beside.count + 1
        report(.began(arm, seed: seed, number: number, of: total))
        let one = try await train(arm, seed: seed, on: data) { report(.training($0)) }
        trained.append(one)
        report(.ended(arm, seed: seed, one.evaluation))
      }
      if let control {
        let name = control.name
        let number = trained.count + beside.count + 1
        report(.beganControl(name, seed: seed, number: number, of: total))
        let one = try await train(
          control, seed: seed, on: data, in: directory(name, seed: seed)
        ) { report(.training($0)) }
        beside.append(one.evaluation)
        report(.endedControl(name, seed: seed, one.evaluation))
      }
    }
    let results = try pairedResults(trained)
    return Outcome(
      result: StudyResult(results), results: results, trained: trained,
      control: try control.flatMap {
        try ControlResult(
          $0.name, beside.map { $0?.isCorrect ?? nothingRight }, beside: results,
          diverged: zip(seeds, beside).compactMap { $1 == nil ? "\($0)" : nil })
      })
  }

  private func train(
    _ arm: Arm, seed: UInt64, on data: PreparedData,
    report: @escaping @Sendable (TrainingEvent) -> Void
  ) async throws -> Trained {
    var template = template
    template.attention = arm.mechanism(comparing: template.attention)
    let directory = directory(arm, seed: seed)
    let one = try await train(template, seed: seed, on: data, in: directory, report: report)
    return Trained(
      arm: arm, seed: seed, directory: directory, history: one.outcome?.history ?? [],
      best: one.outcome?.best, evaluation: one.evaluation, divergence: one.divergence,
      network: try Network(one.training.model, attention: template.attention),
      split: one.training.split)
  }

  /// What one training came to; without an outcome where it diverged before any epoch had ended.
  private struct One {
    let training: ClassifierTraining
    let outcome: Trainer.Outcome?
    let evaluation: Evaluation?
    let divergence: Divergence?
  }

  /// One training in a run directory of its own.
  private func train(
    _ template: NetworkDescription, seed: UInt64, on data: PreparedData, in directory: RunDirectory,
    report: @escaping @Sendable (TrainingEvent) -> Void
  ) async throws -> One {
    var settings = settings
    settings.seed = seed
    var training = try ClassifierTraining(
      data, template: template, settings: settings, mechanisms: mechanisms,
      candidates: candidates)
    training.threads = threads
    let folder = try directory.open(keepingRunOf: training, study: identity)
    defer { folder.close() }
    let run = try ClassifierRun(
      training, in: directory, dataPath: dataPath, study: identity, mechanisms: mechanisms)
    let outcome: Trainer.Outcome
    do {
      outcome = try await run.execute(report: report).outcome
    } catch let error as InputError {
      guard let divergence = try directory.configuration().divergence else { throw error }
      return One(training: training, outcome: nil, evaluation: nil, divergence: divergence)
    }
    let engine = try PredictionEngine(
      training.model, weights: outcome.weights, threads: threads)
    let test = training.data.test ?? training.data.training
    var (evaluation, divergence) = (Evaluation?.none, outcome.divergence)
    do {
      evaluation = try await engine.evaluation(
        on: test.evaluationFeed(of: testIndices, batchSize: settings.batchSize))
    } catch is NonFiniteOutput {
      // Weights that validation examples did not overflow, and test examples do.
      let last = outcome.history.last
      divergence = Divergence(
        epoch: last?.epoch ?? 0, step: last?.step ?? 0, quantity: .test)
    }
    return One(
      training: training, outcome: outcome, evaluation: evaluation, divergence: divergence)
  }

  /// Threads that all networks are trained with: those of the first that is there already.
  package var threads: Int { knownThreads ?? settings.threads ?? KernelTeam.defaultThreads }

  private var knownThreads: Int? {
    for seed in seeds {
      for arm in Arm.allCases {
        if let known = try? directory(arm, seed: seed).configuration().trainingThreads {
          return known
        }
      }
    }
    return nil
  }

  /// What is said before the networks are trained.
  package var notes: [String] {
    KernelTeam.note(onThreads: threads, goesOn: knownThreads != nil).map { [$0] } ?? []
  }

  /// What to mind of exact copies among what is trained on and tested on, as sentences; often none.
  package var copyWarnings: [String] {
    ContentCopies.warnings(
      training: data.training, candidates, test: testStore, testIndices,
      settingAside: validationCount)
  }

  /// Of a network that has no answers every one is wrong.
  private var nothingRight: [Bool] { testIndices.map { _ in false } }

  private func pairedResults(_ trained: [Trained]) throws -> PairedResults {
    let items = testIndices.map { testStore.dataset.examples[$0].name }
    let groups = testIndices.map { testStore.dataset.examples[$0].group }
    func rows<Row>(
      _ arm: Arm, _ row: (Evaluation) -> [Row], without none: [Row]
    ) -> [[Row]] {
      trained.filter { $0.arm == arm }.map { $0.evaluation.map(row) ?? none }
    }
    var results: PairedResults
    switch testStore.dataset.task {
    case .classify:
      func correct(_ arm: Arm) -> [[Bool]] { rows(arm, \.isCorrect, without: nothingRight) }
      results = try PairedResults(
        seeds: seeds.map { "\($0)" }, items: items, plain: correct(.plain),
        augmented: correct(.augmented), matched: correct(.matched), groups: groups)
    case .transcribe:
      let words = testIndices.map { testStore.dataset.examples[$0].words?.count ?? 0 }
      func errors(_ arm: Arm) -> [[Int]] {
        rows(arm, { $0.wordErrors.map(\.count) }, without: words)
      }
      results = try PairedResults(
        seeds: seeds.map { "\($0)" }, items: items, words: words, plain: errors(.plain),
        augmented: errors(.augmented), matched: errors(.matched), groups: groups)
    }
    results.diverged = trained.compactMap { one in
      one.divergence.map {
        DivergedNetwork(
          one.arm, seed: "\(one.seed)", epoch: $0.epoch, step: $0.step,
          isScored: one.evaluation != nil)
      }
    }
    return results
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
