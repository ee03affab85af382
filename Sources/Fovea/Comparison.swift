public import FoundationEssentials

/// Did attention help? Trains a network with attention, the same network without, and a control of
/// equal size, over several seeds, and says with an interval.
///
/// ```swift
/// let comparison = Comparison(seeds: 5)
/// let result = try await comparison.run(
///   on: .labeledDirectories(at: URL(filePath: "flowers")), output: URL(filePath: "study"))
/// print(result.verdict.title, result.explanation)
/// ```
public struct Comparison: Sendable {
  /// How each of the networks is trained; nothing stops early.
  public var parameters: ImageClassifier.ModelParameters
  /// How many seeds; each trains three networks.
  public var seeds: Int

  /// A comparison of the attention that `parameters` name with none.
  public init(
    parameters: ImageClassifier.ModelParameters = ImageClassifier.ModelParameters(),
    seeds: Int = 5
  ) {
    self.parameters = parameters
    self.seeds = seeds
  }

  /// Trains all networks, or goes on with those that are missing in `output`, and compares them.
  ///
  /// - Throws: `InputError` when data or parameters cannot be; `CancellationError`: what is
  ///   trained is kept, and the same call goes on.
  public func run(
    on source: ImageClassifier.DataSource, output: URL,
    progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> StudyResult {
    var request = StudyRun.Request(
      data: try source.trainingData(testedOn: parameters.testData), dataPath: source.path,
      output: output)
    request.options = parameters.preparation
    request.template = parameters.network
    request.settings = parameters.training
    request.mechanisms = parameters.mechanisms
    request.seedCount = seeds
    request.showsHighlights = parameters.explains
    let run = StudyRun(request) { event in
      switch event {
      case .phase(let event), .study(.training(let event)): progress(event)
      case .note, .study: break
      }
    }
    return try await run.execute().outcome.result
  }
}
