import FoveaArray
package import FoveaData

/// The items that one network, or the networks of several seeds, had wrong: worst first.
package struct WrongItems: Sendable {
  /// One of them.
  package struct Item: Sendable {
    /// Its name in the data.
    package let name: String
    /// Its picture or first words; absent where it cannot be read any more.
    package let look: Gallery.Look?
    /// The true class.
    package let truth: String
    /// The class that it was given by most seeds that had it wrong.
    package let predicted: String
    /// The mean probability of `predicted` over all seeds.
    package let probability: Double
    /// The mean probability of the true class over all seeds.
    package let probabilityOfTruth: Double
    /// With how many seeds it was wrong.
    package let wrongSeeds: Int
  }

  /// How many pictures are shown.
  package static let shownLimit = 24
  /// How many more are named.
  package static let namedLimit = 100

  /// How many items were wrong with any seed.
  package let count: Int
  /// Of how many.
  package let total: Int
  /// How many seeds there are.
  package let seedCount: Int
  /// The worst.
  package let shown: [Item]
  /// The names of those that follow, up to a limit.
  package let named: [String]

  /// Ranks the items that were wrong: first those wrong with the most seeds, then those whose true
  /// class had the lowest mean probability.
  ///
  /// - Parameters:
  ///   - names: the items' names.
  ///   - labels: the items' true classes, indices into `classes`.
  ///   - probabilities: for each seed, for each item, one probability a class.
  ///   - shownLimit: how many get a picture.
  ///   - appearance: what an item looks like, by its position in `names`.
  package init(
    names: [String], labels: [Int], classes: [String], probabilities: [[[Float]]],
    shownLimit: Int = WrongItems.shownLimit, appearance: (Int) throws -> ExampleAppearance
  ) {
    let findings = labels.indices.compactMap { position in
      Finding(position, truth: labels[position], rows: probabilities.map { $0[position] })
    }.sorted { $0.precedes($1) }
    count = findings.count
    total = labels.count
    seedCount = probabilities.count
    shown = findings.prefix(shownLimit).map { finding in
      Item(
        name: names[finding.position],
        look: try? Gallery.Look(appearance(finding.position)), truth: classes[finding.truth],
        predicted: classes[finding.predicted], probability: finding.probability,
        probabilityOfTruth: finding.probabilityOfTruth, wrongSeeds: finding.wrongSeeds)
    }
    named = findings.dropFirst(shownLimit).prefix(Self.namedLimit).map { names[$0.position] }
  }
}

/// What is known of one wrong item before its picture is looked up.
private struct Finding {
  let position: Int
  let truth: Int
  let predicted: Int
  let probability: Double
  let probabilityOfTruth: Double
  let wrongSeeds: Int

  /// `nil` for an item that every seed had right.
  init?(_ position: Int, truth: Int, rows: [[Float]]) {
    let predictions = rows.map { row in row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } }
    let wrong = predictions.filter { $0 != truth }
    guard !wrong.isEmpty else { return nil }
    let votes = wrong.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    // Of equally frequent classes the first, so that the page does not depend on hashing.
    predicted = votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? truth
    func mean(_ index: Int) -> Double {
      rows.reduce(0) { $0 + Double($1[index]) } / Double(rows.count)
    }
    self.position = position
    self.truth = truth
    probability = mean(predicted)
    probabilityOfTruth = mean(truth)
    wrongSeeds = wrong.count
  }

  func precedes(_ other: Finding) -> Bool {
    if wrongSeeds != other.wrongSeeds { return wrongSeeds > other.wrongSeeds }
    // A network that diverged gives no numbers.
    let (mine, others) = (Self.rank(probabilityOfTruth), Self.rank(other.probabilityOfTruth))
    return mine != others ? mine < others : position < other.position
  }

  private static func rank(_ probability: Double) -> Double {
    probability.isNaN ? -1 : probability
  }
}

extension WrongItems: HTMLConvertible {
  package var html: HTML {
    if count == 0 { return Paragraph("None is wrong.").html }
    return HTML(joining: [
      Gallery(shown.map(item)).html,
      named.isEmpty
        ? .empty
        : Folded(
          "\(NumberText.count(count - shown.count)) more",
          [
            Paragraph(
              named.joined(separator: ", ")
                + (count > shown.count + named.count
                  ? ", … and \(NumberText.count(count - shown.count - named.count)) more." : "."))
          ]
        ).html,
    ])
  }

  private func item(_ item: Item) -> Gallery.Item {
    var lines = ["taken for \(item.predicted) (\(NumberText.percent(item.probability)))"]
    lines.append("but is \(item.truth) (\(NumberText.percent(item.probabilityOfTruth)))")
    if seedCount > 1 {
      lines.append("wrong with \(item.wrongSeeds) of \(NumberText.count(seedCount, "seed"))")
    }
    return Gallery.Item(
      name: item.name, look: item.look,
      description: "\(item.name): \(item.truth), taken for \(item.predicted)", lines: lines)
  }
}
