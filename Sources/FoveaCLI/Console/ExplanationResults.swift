import Fovea
import FoveaArray
import FoveaExplain

/// All highlights of a call, as they are shown and summed up.
struct ExplanationResults {
  let run: String
  let output: String
  let methods: [HighlightMethod]
  var notes: [String] = []
  var broken: [InputError] = []
  private(set) var pictures: [PictureResult] = []
  private var highlights: [HighlightMethod: [Highlight]] = [:]
  private(set) var truthCounts: TruthCounts?

  init(run: String, output: String, methods: [HighlightMethod]) {
    self.run = run
    self.output = output
    self.methods = methods
  }

  /// How many pictures' truth is known.
  struct TruthCounts: Encodable {
    /// Something is marked.
    var known = 0
    /// It is known that there is nothing.
    var blank = 0
    /// Nothing is known.
    var unknown = 0
    /// Marked where the network's input shows nothing of it.
    var outOfSight = 0
  }

  /// What is said of one picture; maps are in its file.
  struct PictureResult: Encodable {
    struct Entry: Encodable {
      let method: HighlightMethod
      let prediction: Highlight.Answer
      let explained: Highlight.Answer
      let regions: [HighlightRegion]
      let scores: HighlightScores
      let localContrast: HighlightControl
      let verdict: HighlightVerdict
      let cost: HighlightCost
    }

    let picture: String
    let file: String
    let highlights: [Entry]
  }

  mutating func add(
    _ found: [Highlight], of picture: String, file: String, truth: TruthSet.Found.State?
  ) {
    for highlight in found { highlights[highlight.method, default: []].append(highlight) }
    pictures.append(
      PictureResult(
        picture: picture, file: file,
        highlights: found.map {
          PictureResult.Entry(
            method: $0.method, prediction: $0.prediction, explained: $0.explained,
            regions: $0.regions, scores: $0.scores, localContrast: $0.localContrast,
            verdict: $0.verdict, cost: $0.cost)
        }))
    guard let truth else { return }
    var counts = truthCounts ?? TruthCounts()
    switch truth {
    case .known where found.allSatisfy { $0.scores.truth == nil }: counts.outOfSight += 1
    case .known: counts.known += 1
    case .blank: counts.blank += 1
    case .unknown: counts.unknown += 1
    }
    truthCounts = counts
  }

  /// A summary of each method.
  var summaries: [HighlightSummary] {
    methods.compactMap { HighlightSummary($0, highlights[$0] ?? []) }
  }

  /// What `--json` prints.
  struct Object: Encodable {
    let schemaVersion = 1
    let run: String
    let output: String
    let methods: [HighlightSummary]
    let truth: TruthCounts?
    let pictures: [PictureResult]
    let broken: [String]
    let notes: [String]
  }

  var object: Object {
    Object(
      run: run, output: output, methods: summaries, truth: truthCounts, pictures: pictures,
      broken: broken.map(\.description), notes: notes)
  }
}
