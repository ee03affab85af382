import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaDrawing
import FoveaExplain
import FoveaInference
import FoveaMetrics
import FoveaReport
import FoveaTrain

/// The part of a report that shows where a network looked: where it was right, where it was wrong,
/// and where its highlight cannot be relied on.
///
/// Pictures are drawn at random among those right and those wrong in turn, so that all three have
/// something to show, and no more are explained than `most` or than fit into `operations`: a highlight
/// with its controls takes hundreds of forward passes. Counted rather than timed, so that the same
/// run always shows the same pictures.
struct HighlightGallery {
  /// Pictures in each of the three.
  var shown = 6

  /// Pictures that are explained at most.
  var most = 24
  /// After so many additions and multiplications no other picture is begun: about half a minute on
  /// two cores.
  var operations = 3e12
  /// Is told how many of how many pictures are explained.
  var progress: @Sendable (Int, Int) -> Void = { _, _ in }

  /// - Parameters:
  ///   - count: how many somebody asked for, all of which are shown whatever they take.
  ///   - most: how many are explained otherwise.
  init(count: Int? = nil, most: Int = 24, operations: Double = 3e12) {
    (self.most, self.operations) = (count ?? most, count == nil ? operations : .infinity)
    shown = count ?? shown
  }

  /// Passes forward that the highlights of so many pictures take, about: maps and noisy copies of them,
  /// and all that they are held against.
  func passes(pictures: Int, forwardOperations: Double) -> Double {
    let perPicture = 1_300.0
    return min(
      perPicture * Double(min(pictures, most)), operations / forwardOperations + perPicture)
  }

  /// A picture with its highlight.
  private struct Item {
    let name: String
    let truth: String
    let highlight: Highlight
    let thumbnail: Picture

    var isRight: Bool { highlight.prediction.label == truth }
  }

  /// The section on pictures that a classifier was measured on; `nil` where there are none.
  ///
  /// - Parameters:
  ///   - evaluation: of the classifier, on pictures of `store`.
  ///   - part: `test` or `validation`.
  /// - Throws: `CancellationError`; `InputError` where the network can serve no method.
  func section(
    of classifier: ImageClassifier, _ evaluation: Evaluation, in store: any ExampleStore,
    part: String, title: String = "Where it looks"
  ) async throws -> Section? {
    let items = try await explained(classifier, evaluation, store)
    guard !items.isEmpty else { return nil }
    let trusted = items.filter(\.highlight.verdict.isTrustworthy)
    let refused = items.filter { !$0.highlight.verdict.isTrustworthy }
    return Section(
      title,
      [lead(classifier, items, refused: refused.count, part: part)]
        + gallery("Right, and the highlight is trustworthy", trusted.filter(\.isRight))
        + gallery("Wrong, and the highlight is trustworthy", trusted.filter { !$0.isRight })
        + gallery("Refused: the highlight is not trustworthy", refused))
  }

  // MARK: Explaining

  private func explained(
    _ classifier: ImageClassifier, _ evaluation: Evaluation, _ store: any ExampleStore
  ) async throws -> [Item] {
    let forward = Double(
      try ComparisonStudy.Network(classifier.model, attention: "").floatingPointOperations)
    var spent = 0.0
    let key = RandomKey(seed: classifier.configuration.training.seed).folding("gallery")
    let positions = drawn(evaluation.isCorrect, key)
    var items: [Item] = []
    let chosen = positions.prefix(most)
    for (number, position) in chosen.enumerated() {
      guard spent < operations else { break }
      progress(number, chosen.count)
      try Task.checkCancellation()
      let example = store.dataset.examples[evaluation.examples[position]]
      // One that has vanished meanwhile is not shown.
      guard let picture = try? original(example, classifier) else { continue }
      let highlight = try await classifier.explanation(of: picture)
      spent += (highlight.cost.forwardPasses + highlight.cost.scoringForwardPasses) * forward
      items.append(
        Item(
          name: example.name, truth: classifier.classes[evaluation.labels[position]],
          highlight: highlight,
          thumbnail: try highlight.thumbnail(on: picture, side: Self.thumbnailSide)))
    }
    progress(chosen.count, chosen.count)
    return items
  }

  /// As sharp as the widest column of a page on a dense screen needs.
  private static let thumbnailSide = 240

  /// Positions, right and wrong in turn, each in random order.
  private func drawn(_ isRight: [Bool], _ key: RandomKey) -> [Int] {
    let order = key.permutation(of: isRight.count)
    let right = order.filter { isRight[$0] }
    let wrong = order.filter { !isRight[$0] }
    let pairs = (0..<max(right.count, wrong.count)).flatMap { index in
      [right, wrong].compactMap { index < $0.count ? $0[index] : nil }
    }
    return pairs
  }

  /// The picture in its own size, which is what people know.
  private func original(
    _ example: LabelledExample, _ classifier: ImageClassifier
  ) throws -> Picture {
    switch example.content {
    case .picture(let picture): return picture
    case .file(let url):
      return try PictureDecoder(channels: classifier.input.channels).decode(contentsOf: url)
    case .sound, .text: throw example.content.refused(as: .picture)
    }
  }

  // MARK: Showing

  private func lead(
    _ classifier: ImageClassifier, _ items: [Item], refused: Int, part: String
  ) -> any HTMLConvertible {
    let interval = ConfidenceInterval.wilson(successes: refused, trials: items.count)
    return Paragraph(
      "Highlights by \(classifier.defaultMethod.rawValue) of "
        + "\(NumberText.count(items.count, "picture")) of the \(part) part, drawn at random from "
        + "right and wrong ones in turn. Each is held against itself in 19 wrong places and "
        + "against a spot in the middle; \(refused) of \(items.count) do not beat them all "
        + "(\(NumberText.percentRange(interval.lower, interval.upper)) at 95 %) and are marked as "
        + "not trustworthy: grey, with a striped border.")
  }

  private func gallery(_ title: String, _ items: [Item]) -> [any HTMLConvertible] {
    let heading = Heading("\(title) (\(items.count))")
    guard !items.isEmpty else { return [heading, Paragraph("None of them.")] }
    return [heading, Gallery(items.prefix(shown).map(item))]
  }

  private func item(_ item: Item) -> Gallery.Item {
    let highlight = item.highlight
    var lines = [highlight.prediction.text]
    if !item.isRight { lines.append("but is \(item.truth)") }
    if let reason = highlight.verdict.reasons.first { lines.append(reason) }
    var shown = Gallery.Item(
      name: item.name,
      look: (try? PictureEncoder().encode(item.thumbnail)).map { .image(Gallery.Image(png: $0)) },
      description: "\(item.name) with the places that speak for \(highlight.explained.label)",
      lines: lines)
    shown.badge = (
      "\(highlight.verdict)", highlight.verdict.isTrustworthy ? Tone.good : .bad
    )
    return shown
  }
}
