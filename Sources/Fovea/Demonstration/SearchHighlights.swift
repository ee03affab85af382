import FoveaDrawing
import FoveaReport

/// Where the network with attention looked in the scenes of a search, held against where the target
/// is.
package struct SearchHighlights: Sendable {
  /// Scenes that are explained, the first of the test part in the order of their making.
  static let sceneCount = 24
  /// Scenes that the page shows, the first of those: nobody chose them.
  static let shownCount = 8

  /// What the highlights came to, all together.
  package struct Summary: Codable, Sendable {
    package let method: HighlightMethod
    package let sceneCount: Int
    /// Highlights whose peak lies in the target's box.
    package let pointsInside: Int
    /// The share of `pointsInside` with Wilson's 95 % interval.
    package let pointingGame: Double
    package let pointingGameInterval: ConfidenceInterval
    /// What the same maps reach, shifted at random.
    package let shiftedPointingGame: Double
    /// What a map of the middle reaches.
    package let middlePointingGame: Double
    /// Highlights that are marked not faithful.
    package let refused: Int
    /// Highlights that were not judged.
    package let notJudged: Int
  }

  package let summary: Summary
  private let shown: [(scene: SceneSet.Item, highlight: Highlight)]
  private let classes: [String]

  /// Explains scenes with the network of the study's first seed.
  ///
  /// - Throws: `InputError` when the network cannot be loaded; `CancellationError`.
  init(_ study: StudyRun.Result, scenes: [SceneSet.Item]) async throws {
    guard let trained = study.outcome.trained.first(where: { $0.arm == .augmented }) else {
      throw InputError("the study has no network with attention")
    }
    let classifier = try ImageClassifier(contentsOf: trained.directory.url)
    let chosen = scenes.sorted { $0.index < $1.index }.prefix(Self.sceneCount)
    var explained: [(scene: SceneSet.Item, highlight: Highlight)] = []
    for item in chosen {
      try Task.checkCancellation()
      let box = item.scene.targetBox
      let truth = Truth.boxes([
        Truth.Box(
          x: Double(box.x), y: Double(box.y), width: Double(box.width), height: Double(box.height))
      ])
      let highlight = try await classifier.explanations(
        of: item.scene.picture, methods: [.attention], truth: truth)[0]
      explained.append((item, highlight))
    }
    let truths = explained.compactMap(\.highlight.scores.truth)
    let inside = truths.count { $0.pointsInside }
    let interval = ConfidenceInterval.wilson(successes: inside, trials: max(truths.count, 1))
    let count = Double(max(truths.count, 1))
    summary = Summary(
      method: .attention, sceneCount: truths.count, pointsInside: inside,
      pointingGame: Double(inside) / count, pointingGameInterval: interval,
      shiftedPointingGame: truths.map(\.shiftedPointsInside).reduce(0, +) / count,
      middlePointingGame: Double(truths.count { $0.middlePointsInside }) / count,
      refused: explained.count { $0.highlight.verdict.faithful == false },
      notJudged: explained.count { $0.highlight.verdict.faithful == nil })
    shown = Array(explained.prefix(Self.shownCount))
    classes = classifier.classes
  }

  /// The summary as a sentence.
  package var sentence: String { Self.sentence(summary) }

  /// A summary as a sentence.
  package static func sentence(_ summary: Summary) -> String {
    """
    Attention's peak lies on the target in \(NumberText.percent(summary.pointingGame)) of \
    \(NumberText.count(summary.sceneCount, "scene")) (95 % interval \
    \(NumberText.percentRange(summary.pointingGameInterval.lower, summary.pointingGameInterval.upper)); \
    the same maps shifted at random \(NumberText.percent(summary.shiftedPointingGame)), the middle \
    \(NumberText.percent(summary.middlePointingGame))). \
    \(NumberText.count(summary.refused, "highlight")) of \(NumberText.count(summary.sceneCount)) \
    \(summary.refused == 1 ? "is" : "are") marked not faithful\
    \(summary.notJudged == 0 ? "" : ", \(NumberText.count(summary.notJudged)) \(summary.notJudged == 1 ? "was" : "were") not judged").
    """
  }

  /// Each scene bare, the highlight behind a click.
  ///
  /// - Throws: `InputError` when a picture cannot be encoded.
  func content() throws -> [any HTMLConvertible] {
    let items = try shown.map { item, highlight in
      var entry = Gallery.Item(
        name: item.name, look: .image(try Gallery.Image(item.scene.picture)),
        description: "A noisy scene with gratings",
        lines: ["\(NumberText.count(item.scene.distractorCount, "distractor"))"])
      let figure = HighlightFigure(highlight, of: item.scene.picture)
      let isRight = highlight.prediction.label == classes[item.scene.label]
      entry.hidden = (
        prompt: "Hard to see: try it, then look",
        image: try Gallery.Image(figure.thumbnail()),
        description: """
        Bars at \(classes[item.scene.label])°; the network says \(highlight.prediction.label)°, \
        \(isRight ? "right" : "wrong"); highlight \(highlight.verdict)
        """
      )
      return entry
    }
    return [
      Heading("Where is it, and where did the network look?"),
      Paragraph(
        "The first \(NumberText.count(shown.count, "scene")) of the "
          + "\(NumberText.count(summary.sceneCount)) of the test part that were looked at, not chosen "
          + "by anybody. Behind the click: the attention "
          + "of the first seed's network."),
      Gallery(items, isLarge: true),
      Paragraph("\(sentence) \(HighlightVerdict.meaning)"),
    ]
  }
}
