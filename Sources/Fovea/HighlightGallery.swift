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
/// and where its highlight is not faithful.
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
    var content = lead(classifier, items, part: part)
    for (title, faithful, isRight) in Self.groups {
      let found = items.filter {
        $0.highlight.verdict.faithful == faithful && $0.isRight == isRight ?? $0.isRight
      }
      guard !found.isEmpty else { continue }
      content.append(Heading("\(title) (\(found.count))"))
      content.append(Gallery(found.prefix(shown).map(item), of: found.count))
    }
    return Section(title, content)
  }

  /// What is shown together: the verdict, and whether the answer is right where that matters.
  private static let groups: [(title: String, faithful: Bool?, isRight: Bool?)] = [
    ("The answer is right, the highlight faithful", true, true),
    ("The answer is wrong, the highlight faithful", true, false),
    ("The highlight is not faithful", false, nil),
    ("The answer is right, the highlight not judged", nil, true),
    ("The answer is wrong, the highlight not judged", nil, false),
  ]

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
    _ classifier: ImageClassifier, _ items: [Item], part: String
  ) -> [any HTMLConvertible] {
    var text =
      "Highlights by \(classifier.defaultMethod.rawValue) of "
      + "\(NumberText.count(items.count, "picture")) of the \(part) part, drawn at random from "
      + "right and wrong ones in turn. "
    let standing = NetworkStanding(classifier.configuration)
    if standing.doubt == nil {
      let faithful = items.count { $0.highlight.verdict.isFaithful }
      text +=
        "Each is held against itself in 19 wrong places, against a spot in the middle and against "
        + "local contrast: \(faithful) of \(items.count) \(faithful == 1 ? "is" : "are") faithful. What is "
        + "not is grey, with a striped border. "
    }
    return [text + HighlightVerdict.meaning, standing.note].compactMap { $0.map { Paragraph($0) } }
  }

  private func item(_ item: Item) -> Gallery.Item {
    let highlight = item.highlight
    var lines = [highlight.prediction.text]
    if !item.isRight { lines.append("but is \(item.truth)") }
    // Why nothing is judged is said once, above.
    if highlight.verdict.faithful == false, let reason = highlight.verdict.reasons.first {
      lines.append(reason)
    }
    var shown = Gallery.Item(
      name: item.name,
      look: (try? PictureEncoder().encode(item.thumbnail)).map { .image(Gallery.Image(png: $0)) },
      description: "\(item.name) with the places that speak for \(highlight.explained.label)",
      lines: lines)
    // Neutral: green would be read as approval of the answer.
    shown.badge = (
      "highlight: \(highlight.verdict)", highlight.verdict.faithful == false ? Tone.bad : .neutral
    )
    return shown
  }
}
