public import FoundationEssentials
import FoveaArray
public import FoveaData
public import FoveaExplain
import FoveaRuns

extension ImageClassifier {
  /// Where the classifier looked in a picture file, with scores and a verdict.
  ///
  /// - Parameters:
  ///   - url: the picture.
  ///   - method: how the map is made; the run's own default where not given.
  ///   - label: the class to explain, `class:` at the call; the predicted one where not given.
  /// - Throws: `InputError` when the picture cannot be read, there is no such class, or the
  ///   network cannot serve the method (`attention` where nothing attends).
  public func explanation(
    of url: URL, method: HighlightMethod? = nil, class label: String? = nil
  ) async throws -> Highlight {
    let decoder = PictureDecoder(channels: input.channels)
    return try await explanation(
      of: decoder.decode(contentsOf: url), method: method, class: label)
  }

  /// Where the classifier looked in a picture in memory, with scores and a verdict.
  ///
  /// - Parameters:
  ///   - picture: in its own size; regions are in its pixels.
  ///   - method: how the map is made; the run's own default where not given.
  ///   - label: the class to explain, `class:` at the call; the predicted one where not given.
  /// - Throws: `InputError` when there is no such class, or the network cannot serve the method.
  public func explanation(
    of picture: Picture, method: HighlightMethod? = nil, class label: String? = nil
  ) async throws -> Highlight {
    try await explanations(of: picture, methods: [method ?? defaultMethod], class: label)[0]
  }

  /// The method that did best on the run's validation part, or `grad-cam` where nobody looked.
  public var defaultMethod: HighlightMethod { highlightStudy?.defaultMethod ?? .gradCAM }

  /// The methods that the network can serve.
  public var availableMethods: [HighlightMethod] {
    get async throws { try await explanationEngine.availableMethods() }
  }

  /// Highlights by several methods, with the truth if it is known.
  package func explanations(
    of picture: Picture, methods: [HighlightMethod], class label: String? = nil,
    truth: Truth? = nil, settings: HighlightSettings = HighlightSettings()
  ) async throws -> [Highlight] {
    try await explanationEngine.highlights(
      of: picture,
      Explainer.Request(
        methods: methods, label: label, truth: truth, study: highlightStudy,
        doubt: NetworkStanding(configuration).doubt),
      settings: settings)
  }

  /// What the classifier says of a video's frame and where it looks, without scores.
  package func explainedFrame(
    _ picture: Picture, method: HighlightMethod, class label: String? = nil,
    settings: HighlightSettings = HighlightSettings()
  ) async throws -> Explainer.FrameExplanation {
    try await explanationEngine.frame(picture, method: method, class: label, settings: settings)
  }

  /// Holds the methods against each other and against random weights, on pictures in the
  /// network's size.
  package func studyHighlights(
    on pictures: [Picture], part: String,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws -> HighlightStudy {
    try await explanationEngine.study(on: pictures, part: part, progress: progress)
  }

  /// The same on some of a store's pictures, of which no more are read than can count.
  package func studyHighlights(
    on store: PictureStore, indices: [Int], part: String,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws -> HighlightStudy {
    let key = RandomKey(seed: configuration.training.seed).folding("highlights")
    let chosen = key.permutation(of: indices.count).prefix(Explainer.mostStudyPictures)
    return try await studyHighlights(
      on: chosen.map { try store.picture(at: indices[$0]) }, part: part, progress: progress)
  }
}
