import FoveaArray
import FoveaMetrics

/// Measures maps over the words of a text.
struct WordScoring {
  private let read: ReadText
  private let settings: HighlightSettings
  private let key: RandomKey
  private let truth: [Range<Int>]?

  init(
    _ read: ReadText, settings: HighlightSettings, key: RandomKey, truth: [Range<Int>]?
  ) {
    self.read = read
    self.settings = settings
    self.key = key
    // Nothing marked is no place to find.
    self.truth = truth.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What a map was found to be worth.
  struct Found {
    let scores: HighlightScores
    let characterF1: Double?
    let controls: [TextHighlight.Control]
  }

  /// The maps that know nothing of the network.
  func controls(rarity: [Float]) -> [(kind: TextHighlight.Control.Kind, map: HighlightMap)] {
    let count = read.words.count
    let random = key.folding("control").permutation(of: count).map { Float($0 + 1) }
    let beginning = (0..<count).map { Float(count - $0) }
    return [
      (.random, read.map(random)), (.beginning, read.map(beginning)), (.rare, read.map(rarity)),
    ]
  }

  /// Scores of a map and of the controls.
  ///
  /// - Parameter noisy: the method's maps of noisy copies of the text.
  func scores(
    of map: HighlightMap, _ controls: [(kind: TextHighlight.Control.Kind, map: HighlightMap)],
    _ shown: InputPicture, target: Int, noisy: [[Float]], in network: ExplainedNetwork
  ) throws -> Found {
    let plane = Plane(width: map.width, height: 1, values: map.values)
    let shifts = MapControls(
      count: settings.shiftCount, width: map.width, height: 1, key: key.folding("shifts")
    ).shifts
    let shifted = shifts.map { plane.shifted(rows: $0.rows, columns: $0.columns) }
    let centred = MapControls.centred(width: map.width, height: 1)
    let areas = try DeletionInsertion(
      shown, target: target, steps: settings.curveSteps, units: read.words.tokens
    ).areas(
      of: ([plane] + shifted + [centred]).map(\.values) + controls.map(\.map.values), in: network)
    func controlled(
      _ area: KeyPath<DeletionInsertion.Areas, Double>, isLowerBetter: Bool
    ) -> ControlledScore {
      let values = areas.map { $0[keyPath: area] }
      return ControlledScore(
        value: values[0], shifted: Array(values[1...shifted.count]),
        centred: values[1 + shifted.count], isLowerBetter: isLowerBetter)
    }
    let correlations = noisy.map { rankCorrelation(map.values, $0.map { max($0, 0) }) }
    let coverage = truth.map(coverage)
    let marked = marked(map)
    let first = 2 + shifted.count
    return Found(
      scores: HighlightScores(
        deletion: controlled(\.deletion, isLowerBetter: true),
        insertion: controlled(\.insertion, isLowerBetter: false),
        stability: correlations.reduce(0, +) / Double(max(correlations.count, 1)),
        truth: coverage.flatMap { TruthScore(map, coverage: $0, shifts: shifts) }),
      characterF1: characterF1(marked),
      controls: controls.enumerated().map { index, control in
        TextHighlight.Control(
          kind: control.kind, deletion: areas[first + index].deletion,
          insertion: areas[first + index].insertion,
          pointsInside: coverage.flatMap {
            TruthScore(control.map, coverage: $0, shifts: shifts)?.pointsInside
          },
          characterF1: characterF1(Set(strongest(marked.count, of: control.map))))
      })
  }

  // MARK: Characters

  /// Words with at least half of the largest value; none where the map is the same everywhere.
  private func marked(_ map: HighlightMap) -> Set<Int> {
    map.isConstant && map.width > 1
      ? [] : Set(map.values.indices.filter { map.values[$0] >= 0.5 })
  }

  private func strongest(_ count: Int, of map: HighlightMap) -> [Int] {
    Array(
      map.values.indices.sorted { (-map.values[$0], $0) < (-map.values[$1], $1) }.prefix(count))
  }

  /// The characters of the marked words, neighbours with what lies between them.
  func spans(of map: HighlightMap) -> [Range<Int>] { spans(marked(map)) }

  private func spans(_ marked: Set<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var last = -2
    for word in marked.sorted() {
      let range = read.words.ranges[word]
      if word == last + 1, let open = result.popLast() {
        result.append(open.lowerBound..<range.upperBound)
      } else {
        result.append(range)
      }
      last = word
    }
    return result
  }

  /// The harmonic mean of the share of marked characters that are true and of true characters that
  /// are marked, as in SemEval 2021, task 5; `nil` where no truth is known.
  private func characterF1(_ marked: Set<Int>) -> Double? {
    guard let truth else { return nil }
    let expected = Set(truth.flatMap { $0 })
    let found = Set(spans(marked).flatMap { $0 })
    let both = Double(expected.intersection(found).count)
    return 2 * both / Double(max(expected.count + found.count, 1))
  }

  /// The share of each word's characters that is marked.
  private func coverage(_ truth: [Range<Int>]) -> [Float] {
    read.words.ranges.map { word in
      let hits = word.count { place in truth.contains { $0.contains(place) } }
      return Float(hits) / Float(max(word.count, 1))
    }
  }
}
