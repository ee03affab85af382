import FoundationEssentials
import FoveaArray

/// How many highlights are called faithful on networks that know nothing, and on one that has learned.
///
/// Three trainings of one network on the same examples: with a learning rate at which nothing changes, with
/// labels in random order, and as they are. The same examples of the test part are explained in each by every
/// method. A verdict that passes the first two is a false alarm. Adebayo et al. 2018, "Sanity checks for
/// saliency maps", section 3, whose two tests these are.
package struct FaithfulnessBenchmark: Encodable, Sendable {
  /// What is measured.
  package struct Request: Sendable {
    package var data: LabelledData
    /// What a person calls the data.
    package var name: String
    package var options = PreparedData.Options()
    package var template: NetworkDescription
    package var settings = TrainingSettings()
    /// Examples of the test part that are explained.
    package var itemCount = 80
    /// Examples that are trained on, drawn at random; all where there are no more.
    package var exampleCount = 4000

    package init(_ data: LabelledData, named name: String, _ template: NetworkDescription) {
      self.data = data
      self.name = name
      self.template = template
    }
  }

  /// What a network has learned.
  package enum Network: String, Encodable, Sendable, CaseIterable {
    case untrained
    case shuffled = "shuffled labels"
    case trained
  }

  /// What came of one method in one network.
  package struct Row: Encodable, Sendable {
    package let method: HighlightMethod
    /// Beat all controls but local contrast, by whatever little: the rule of ranks alone.
    package let byRank: Int
    /// Faithful by their scores, whatever is known of the network.
    package let byScores: Int
    /// Both.
    package let byRankAndScores: Int
    /// Faithful as they are shown.
    package let faithful: Int
  }

  /// One network with its methods.
  package struct Outcome: Encodable, Sendable {
    package let network: Network
    /// The share of the test part that it has right.
    package let accuracy: Double
    /// Why its highlights are not judged, where that is so.
    package let doubt: String?
    package let rows: [Row]
  }

  package let name: String
  package let itemCount: Int
  package let outcomes: [Outcome]

  /// Trains and explains: some minutes for 80 pictures of 16×16 on two cores, more for larger ones.
  ///
  /// - Parameter progress: is told what happens.
  /// - Throws: `InputError` for data without a test part, or that cannot be trained on; `CancellationError`.
  package static func measure(
    _ request: Request, progress: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> FaithfulnessBenchmark {
    guard let test = request.data.test, !test.examples.isEmpty else {
      throw InputError(
        "has no test part, whose examples could be explained", at: request.data.training.name)
    }
    let key = RandomKey(seed: request.settings.seed).folding("faithfulness")
    let items = key.folding("items").permutation(of: test.examples.count)
      .prefix(request.itemCount).map { test.examples[$0] }
    var outcomes: [Outcome] = []
    for network in Network.allCases {
      let outcome = try await TrainingRun.inTemporaryFolder { folder in
        let result = try await TrainingRun(
          try training(network, request, in: folder, key: key)
        ) { event in
          if case .training(.epoch(let record, _)) = event {
            progress("\(network.rawValue): epoch \(record.epoch)")
          }
        }.execute()
        return try await explained(network, result, items, request, progress)
      }
      outcomes.append(outcome)
    }
    return FaithfulnessBenchmark(
      name: request.name, itemCount: items.count, outcomes: outcomes)
  }

  /// The training of a network.
  private static func training(
    _ network: Network, _ request: Request, in folder: URL, key: RandomKey
  ) throws -> TrainingRun.Request {
    let training = request.data.training
    var examples = key.folding("examples").permutation(of: training.examples.count)
      .prefix(request.exampleCount).sorted().map { training.examples[$0] }
    var settings = request.settings
    switch network {
    case .untrained: (settings.epochs, settings.learningRate) = (1, 1e-12)
    case .shuffled:
      let labels = key.folding("labels").permutation(of: examples.count).map {
        examples[$0].label
      }
      for index in examples.indices { examples[index].label = labels[index] }
    case .trained: break
    }
    let dataset = LabelledDataset(
      name: training.name, medium: training.medium, classes: training.classes, made: examples)
    var made = TrainingRun.Request(
      data: try LabelledData(training: dataset, test: request.data.test),
      dataPath: training.name, output: RunDirectory(folder, networks: request.template.catalog))
    made.options = request.options
    made.template = request.template
    made.settings = settings
    made.checksData = false
    made.studiesHighlights = false
    return made
  }

  // MARK: Explaining

  /// What is counted of one highlight.
  private struct Judged {
    let method: HighlightMethod
    let byRank: Bool
    let byScores: Bool

    /// - Parameter others: areas of what else was to be beaten when ranks alone counted.
    init(
      _ method: HighlightMethod, _ highlight: some ScoredHighlight, isConstant: Bool,
      others: [(deletion: Double, insertion: Double)] = []
    ) {
      self.method = method
      byScores = highlight.verdict.isFaithful
      func isFirst(_ score: ControlledScore, _ others: [Double]) -> Bool {
        score.shiftedAsGood == 0 && ([score.middle] + others).allSatisfy(score.isBetter)
      }
      byRank =
        !isConstant && isFirst(highlight.scores.deletion, others.map(\.deletion))
        && isFirst(highlight.scores.insertion, others.map(\.insertion))
    }
  }

  private static func explained(
    _ network: Network, _ result: TrainingRun.Result, _ items: [LabelledExample],
    _ request: Request, _ progress: (String) -> Void
  ) async throws -> Outcome {
    let doubt = NetworkStanding(result.trained.configuration).doubt
    // By their scores alone first: what the run says of the network is counted beside.
    var configuration = result.trained.configuration
    configuration.data.validationClassCounts = nil
    let trained = try TrainedClassifier(
      configuration: configuration, weights: result.trained.weights)
    let explain = try await explanation(of: trained)
    var judged: [Judged] = []
    for (index, item) in items.enumerated() {
      try Task.checkCancellation()
      progress("\(network.rawValue): explaining \(index + 1) of \(items.count)")
      judged += try await explain(item)
    }
    let methods = HighlightMethod.allCases.filter { method in
      judged.contains { $0.method == method }
    }
    return Outcome(
      network: network, accuracy: try result.summary.evaluation?.classification.accuracy ?? 0,
      doubt: doubt,
      rows: methods.map { method in
        let found = judged.filter { $0.method == method }
        let byScores = found.count { $0.byScores }
        return Row(
          method: method, byRank: found.count { $0.byRank }, byScores: byScores,
          byRankAndScores: found.count { $0.byRank && $0.byScores },
          faithful: doubt == nil ? byScores : 0)
      })
  }

  /// How an example is explained by every method that a network can serve.
  private static func explanation(
    of trained: TrainedClassifier
  ) async throws -> (LabelledExample) async throws -> [Judged] {
    switch trained.medium {
    case .picture:
      let classifier = try ImageClassifier(trained)
      let methods = try await classifier.availableMethods
      let decoder = PictureDecoder(channels: classifier.input.channels)
      return { item in
        let picture: Picture
        switch item.content {
        case .picture(let known): picture = known
        case .file(let url): picture = try decoder.decode(contentsOf: url)
        case .sound, .text: throw item.content.refused(as: .picture)
        }
        return try await classifier.explanations(of: picture, methods: methods).map {
          Judged($0.method, $0, isConstant: $0.map.isConstant)
        }
      }
    case .sound:
      let classifier = try SoundClassifier(trained)
      let methods = try await classifier.availableMethods
      return { item in
        let window: SoundWindows.Window?
        switch item.content {
        case .sound(let sound): window = try sound.windows(classifier.input).first
        case .file(let url):
          var windows = try SoundWindows(contentsOf: url, input: classifier.input)
          window = try windows.next()
        case .picture, .text: throw item.content.refused(as: .sound)
        }
        guard let window else { return [] }
        return try await classifier.explanations(of: window, methods: methods).map {
          Judged(
            $0.method, $0, isConstant: Set($0.map.values).count == 1,
            others: [($0.loudness.deletion, $0.loudness.insertion)])
        }
      }
    case .text:
      let classifier = try TextClassifier(trained)
      let methods = try await classifier.availableMethods
      return { item in
        let text: String
        switch item.content {
        case .text(let known): text = known
        case .file(let url): text = try TextFile.read(url)
        case .picture, .sound: throw item.content.refused(as: .text)
        }
        return try await classifier.explanations(of: text, methods: methods).map {
          Judged(
            $0.method, $0, isConstant: Set($0.words.map(\.value)).count == 1,
            others: $0.controls.map { ($0.deletion, $0.insertion) })
        }
      }
    }
  }

  /// The table in Markdown, in percent of the items: what is better than every control by however little,
  /// what is faithful by its scores, and what is faithful as it is shown.
  package var lines: [String] {
    func share(_ count: Int, of total: Int) -> String {
      total == 0 ? "–" : NumberText.fixed(100 * Double(count) / Double(total), decimals: 0)
    }
    let networks = outcomes.map { outcome in
      "\(outcome.network.rawValue) (\(NumberText.percent(outcome.accuracy, decimals: 0)) right"
        + "\(outcome.doubt == nil ? "" : ", not judged"))"
    }
    let rows = HighlightMethod.allCases.compactMap { method -> String? in
      let found = outcomes.compactMap { outcome in outcome.rows.first { $0.method == method } }
      guard let last = found.last, found.count == outcomes.count else { return nil }
      let cells = found.map { row in
        [row.byRank, row.byScores, row.faithful].map { share($0, of: itemCount) }
          .joined(separator: ", ")
      }
      return "| "
        + ([method.rawValue] + cells + [share(last.byRankAndScores, of: last.byRank)])
        .joined(separator: " | ") + " |"
    }
    return [
      "| \(name) | \(networks.joined(separator: " | ")) | kept of those by ranks |",
      "|---|" + String(repeating: "---|", count: networks.count + 1),
    ] + rows
  }
}
