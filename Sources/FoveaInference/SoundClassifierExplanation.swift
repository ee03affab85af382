public import FoundationEssentials
import FoveaArray
public import FoveaData
public import FoveaExplain
import FoveaKernels
import FoveaNN
import FoveaRuns

extension SoundClassifier {
  /// Which seconds of a file the answer rests on, with scores and a verdict. Of a recording that is
  /// longer than the network takes at once the beginning is explained.
  ///
  /// - Parameters:
  ///   - url: the recording.
  ///   - method: how the map is made; the usual one of the network where not given.
  ///   - label: the class to explain, `class:` at the call; the predicted one where not given.
  /// - Throws: `InputError` when the recording cannot be read, there is no such class, or the
  ///   network cannot serve the method (`attention` where nothing attends).
  public func explanation(
    of url: URL, method: HighlightMethod? = nil, class label: String? = nil
  ) async throws -> SoundHighlight {
    var windows = try SoundWindows(contentsOf: url, input: input)
    guard let first = try windows.next() else {
      throw InputError("holds no samples", at: url.relativePath)
    }
    return try await explanations(of: first, methods: [chosen(method)], class: label)[0]
  }

  /// The same for a recording in memory.
  ///
  /// - Throws: `InputError` when it has no samples, there is no such class, or the network cannot
  ///   serve the method.
  public func explanation(
    of sound: Sound, method: HighlightMethod? = nil, class label: String? = nil
  ) async throws -> SoundHighlight {
    guard let first = try sound.windows(input).first else {
      throw InputError("the recording has no samples")
    }
    return try await explanations(of: first, methods: [chosen(method)], class: label)[0]
  }

  /// The methods that the network can serve.
  public var availableMethods: [HighlightMethod] {
    get async throws { try await explanationEngine.availableMethods() }
  }

  /// The method where none is asked for.
  package var defaultMethod: HighlightMethod { .occlusion }

  private func chosen(_ method: HighlightMethod?) -> HighlightMethod { method ?? defaultMethod }

  /// Highlights of a window by several methods, with the truth if it is known.
  package func explanations(
    of window: SoundWindows.Window, methods: [HighlightMethod], class label: String? = nil,
    truth: [SoundEvent]? = nil, settings: HighlightSettings = HighlightSettings()
  ) async throws -> [SoundHighlight] {
    try await explanationEngine.highlights(
      of: window,
      HighlightRequest(
        methods: methods, label: label, truth: truth, doubt: NetworkStanding(configuration).doubt),
      settings: settings)
  }
}
