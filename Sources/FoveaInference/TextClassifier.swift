public import FoundationEssentials
public import FoveaData
import FoveaExplain
public import FoveaMetrics
public import FoveaNN
public import FoveaRuns
import FoveaText

/// A trained classifier of texts: loads, predicts, evaluates, explains.
///
/// A value that can be sent between tasks; any number of predictions may be asked for at once.
/// Training is added by the module `Fovea`.
///
/// ```swift
/// let classifier = try TextClassifier(contentsOf: URL(filePath: "runs/news"))
/// let prediction = try await classifier.prediction(from: "The match ended in a draw.")
/// print(prediction.label, prediction.probability)
/// ```
public struct TextClassifier: Sendable {
  /// What is common to classifiers of all media.
  package let trained: TrainedClassifier
  package let model: TextModel
  /// How texts are prepared.
  public let input: TextInput
  let explanationEngine: MediumExplanationEngine<TextExplainer>

  /// The classifier that a training gave.
  ///
  /// - Throws: `InputError` when it was not trained on texts.
  package init(
    _ trained: TrainedClassifier, mechanisms: AttentionCatalog = .builtIn
  ) throws {
    self.trained = trained
    let input = try trained.configuration.classifier.input.text
    let model = try trained.configuration.classifier.textModel(mechanisms: mechanisms)
    (self.input, self.model) = (input, model)
    explanationEngine = MediumExplanationEngine {
      TextExplainer(
        model, weights: trained.weights, classes: trained.classes, input: input,
        threads: trained.threads)
    }
  }

  /// Loads the classifier of a run directory.
  ///
  /// - Parameters:
  ///   - mechanisms: the attention mechanisms that the run may name; your own belong here.
  ///   - networks: the families of networks that the run may name; your own belong here.
  ///   - threads: that kernels run on, from 1 to 1,024; as many as in training where not given, but no
  ///     more than there are processors.
  /// - Throws: `InputError` when there is no trained run, the weights do not fit, or the number of
  ///   threads cannot be.
  public init(
    contentsOf url: URL, mechanisms: AttentionCatalog = .builtIn,
    networks: NetworkCatalog = .builtIn, threads: Int? = nil
  ) throws {
    try self.init(
      TrainedClassifier(
        RunDirectory(url, networks: networks), mechanisms: mechanisms, threads: threads),
      mechanisms: mechanisms)
  }

  /// Writes configuration and weights to a folder, from which `init(contentsOf:)` loads them.
  ///
  /// - Parameter overwrite: whether a run that is there may be replaced.
  /// - Throws: `InputError` when the folder cannot be written.
  public func write(to url: URL, overwrite: Bool = false) throws {
    try trained.write(to: RunDirectory(url), overwrite: overwrite)
  }

  /// What the classifier was trained to be, and how.
  public var configuration: RunConfiguration { trained.configuration }

  /// The classes in the order of probabilities.
  public var classes: [String] { trained.classes }

  /// What a network says of a text.
  public struct Prediction: Hashable, Sendable, Codable {
    /// The class with the highest probability.
    public let label: String
    /// Its probability.
    public let probability: Double
    /// The probability of each class, in the order of `TextClassifier.classes`: the mean over
    /// windows, by their length.
    public let probabilities: [Double]
    /// What the network says of each part that it looked at by itself; one where the text is not
    /// longer than it takes at once.
    public let windows: [Window]
    /// Tokens behind the last window, which nobody looked at.
    public let tokensLeftOut: Int

    /// A part of the text.
    public struct Window: Hashable, Sendable, Codable {
      /// The first character, counted in Unicode scalars from 0.
      public let start: Int
      /// The one behind the last.
      public let end: Int
      /// The class with the highest probability.
      public let label: String
      /// Its probability.
      public let probability: Double
    }
  }

  // MARK: Predictions

  /// What the network says of a text.
  ///
  /// - Throws: `InputError` for a text without a word; `CancellationError`.
  public func prediction(from text: String) async throws -> Prediction {
    try await predictions(from: [text])[0]
  }

  /// What the network says of a file.
  ///
  /// - Throws: `InputError` that names the file when it cannot be read; `CancellationError`.
  public func prediction(from url: URL) async throws -> Prediction {
    let text = try TextFile.read(url)
    do {
      return try await prediction(from: text)
    } catch let error as InputError {
      throw InputError(error.problem, at: url.relativePath, advice: error.advice)
    }
  }

  /// What the network says of several texts, in their order.
  ///
  /// - Throws: `InputError` for a text without a word; `CancellationError`.
  public func predictions(from texts: [String]) async throws -> [Prediction] {
    var parts: [[Int32]] = []
    let cuts = try texts.map { text in
      try Task.checkCancellation()
      let tokens = try input.tokens(of: text)
      let windows = input.windows(ofTokens: tokens.count)
      let first = parts.count
      parts += windows.map { Array(tokens.ids[$0]) }
      let places = tokens.characterRanges(in: text)
      return Cut(
        tokens: tokens.count, windows: windows, parts: first..<parts.count,
        characters: windows.map {
          places[$0.lowerBound].lowerBound..<places[$0.upperBound - 1].upperBound
        })
    }
    let all = try await probabilities(of: parts) { part in
      cuts.count > 1
        ? cuts.firstIndex { $0.parts.contains(part) }.map { "text \($0 + 1)" } : nil
    }
    return cuts.map { prediction($0, Array(all[$0.parts])) }
  }

  /// What the network says of parts that it takes at once.
  private func probabilities(
    of parts: [[Int32]], named name: (Int) -> String? = { _ in nil }
  ) async throws -> [[Float]] {
    let input = input
    // Sorted by length, so that little is filled up.
    let order = parts.indices.sorted { (parts[$0].count, $0) < (parts[$1].count, $1) }
    let sorted = order.map { parts[$0] }
    let found = try await namingExamples({ name(order[$0]) }) {
      try await trained.engine.probabilities(of: sorted.count) { input.arrays(Array(sorted[$0])) }
    }
    var all = [[Float]](repeating: [], count: parts.count)
    for (place, index) in order.enumerated() { all[index] = found[place] }
    return all
  }

  /// A part of a text that is judged by itself.
  package struct JudgedPart: Sendable {
    /// Its characters, counted in Unicode scalars.
    package let range: Range<Int>
    /// The probability of each class.
    package let probabilities: [Double]
  }

  /// What the network says of all parts of texts, each as long as it takes at once, half of each in the next
  /// one too: nothing is left out.
  ///
  /// - Throws: `InputError` for a text without a word; `CancellationError`.
  package func judgedParts(of texts: [String]) async throws -> [[JudgedPart]] {
    var parts: [[Int32]] = []
    let found = try texts.map { text in
      let tokens = try input.tokens(of: text)
      let places = tokens.characterRanges(in: text)
      return input.overlappingWindows(ofTokens: tokens.count).map { window in
        parts.append(Array(tokens.ids[window]))
        return (
          part: parts.count - 1,
          range: places[window.lowerBound].lowerBound..<places[window.upperBound - 1].upperBound
        )
      }
    }
    let all = try await probabilities(of: parts)
    return found.map { windows in
      windows.map { JudgedPart(range: $0.range, probabilities: all[$0.part].map(Double.init)) }
    }
  }

  /// A text cut into windows.
  private struct Cut {
    let tokens: Int
    let windows: [Range<Int>]
    let parts: Range<Int>
    let characters: [Range<Int>]
  }

  private func prediction(_ cut: Cut, _ parts: [[Float]]) -> Prediction {
    let mean = trained.mean(of: parts, weights: cut.windows.map { Double($0.count) })
    let best = mean.map { Float($0) }.indexOfLargest
    return Prediction(
      label: classes[best], probability: mean[best], probabilities: mean,
      windows: zip(cut.characters, parts).map { characters, probabilities in
        let best = probabilities.indexOfLargest
        return Prediction.Window(
          start: characters.lowerBound, end: characters.upperBound, label: classes[best],
          probability: Double(probabilities[best]))
      }, tokensLeftOut: cut.tokens - (cut.windows.last?.upperBound ?? 0))
  }

  // MARK: Evaluation

  /// How good the classifier is on labelled texts: the test part of a source that has one, else all of
  /// it. Of a text that is longer than the network takes the beginning counts.
  ///
  /// - Throws: `InputError` when the data cannot be read or have a class that is not known.
  public func evaluation(on source: DataSource) async throws -> ClassificationReport {
    try await detailedEvaluation(on: source.evaluationData()).report.classification
  }

  /// A report on a dataset, with each text's result.
  package func detailedEvaluation(
    on dataset: LabelledDataset, allowsBroken: Bool = false, progress: ReadingProgress? = nil
  ) async throws -> DetailedEvaluation {
    var options = TextStore.Options()
    options.allowBroken = allowsBroken
    let store = try TextStore(
      dataset.relabelled(to: classes), input: input, options: options, progress: progress)
    return try await trained.detailedEvaluation(on: store, indices: store.usable)
  }
}

extension TextClassifier {
  /// Where labelled texts come from.
  public struct DataSource: Sendable, LabelledDataSource {
    package let place: LabelledPlace

    /// A folder with a folder of `.txt` files for each class, or `train` and `test` with such folders.
    public static func labeledDirectories(at url: URL) -> DataSource {
      DataSource(place: .files(url, LabelledSourceOptions(medium: .text).only(.classFolders)))
    }

    /// A CSV, TSV or JSON lines file with a column of texts and one of labels, or a folder with
    /// `train` and `test` of them; a column that says `train` or `test` and one of groups that a split
    /// keeps whole, such as authors, are optional.
    public static func table(
      at url: URL, textColumn: String? = nil, labelColumn: String? = nil,
      splitColumn: String? = nil, groupColumn: String? = nil
    ) -> DataSource {
      let options = LabelledSourceOptions(
        labelColumn: labelColumn, splitColumn: splitColumn, groupColumn: groupColumn,
        medium: .text, textColumn: textColumn)
      return DataSource(place: .files(url, options.only(.table)))
    }

    /// Texts that are known already.
    public static func texts(_ data: LabelledData) -> DataSource {
      DataSource(place: .memory(data, .text))
    }

    /// Texts by their label: a few that are in memory.
    public static func texts(_ texts: [String: [String]], name: String = "texts") -> DataSource {
      let classes = texts.keys.sorted()
      let examples = classes.enumerated().flatMap { label, name in
        (texts[name] ?? []).enumerated().map { number, text in
          LabelledExample(name: "\(name) \(number + 1)", content: .text(text), label: label)
        }
      }
      return .texts(
        LabelledData(
          training: LabelledDataset(
            name: name, medium: .text, classes: classes, made: examples)))
    }
  }
}
