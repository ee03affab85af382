import Foundation
import Fovea

private let map: @Sendable () -> HighlightMap = {
  HighlightMap(
    width: 2, height: 2, values: [0, 1, 2, 3],
    frame: PictureFrame(pictureWidth: 2, pictureHeight: 2, x: 0, y: 0, width: 2, height: 2))
}

/// Numbers about results, and maps.
let measureProbes: [Probe] = [
  .trapping("HighlightMap: a place outside") { _ in _ = map()[1000, 0] },
  .trapping("HighlightMap: a negative place") { _ in _ = map()[0, -1] },
  .trapping("HighlightMap: a wrong count") { _ in
    _ = HighlightMap(width: 3, height: 3, values: [1], frame: map().frame)
  },
  .trapping("HighlightMap: sizes beyond numbers") { _ in
    _ = HighlightMap(width: .max, height: .max, values: [1], frame: map().frame)
  },
  .trapping("Confusion: lists of different lengths") { _ in
    _ = Confusion(truth: [0], predicted: [], classCount: 2)
  },
  .trapping("Confusion: a label out of range") { _ in
    _ = Confusion(truth: [0], predicted: [2], classCount: 2)
  },
  .trapping("Confusion: a class that there is not") { _ in
    _ = Confusion(truth: [0], predicted: [1], classCount: 2).recall(of: 5)
  },
  .throwing("Confusion: not square") { _ in _ = try Confusion(counts: [[1, 2]]) },
  .trapping("Calibration: no bins") { _ in
    _ = Calibration.expectedError(confidences: [0.5], correct: [true], bins: 0)
  },
  .trapping("Calibration: a probability of 2") { _ in
    _ = Calibration.expectedError(confidences: [2], correct: [true])
  },
  .trapping("ConfidenceInterval: 3 of 2") { _ in
    _ = ConfidenceInterval.wilson(successes: 3, trials: 2)
  },
  .trapping("McNemarTest: a negative count") { _ in _ = McNemarTest(onlyFirst: -1, onlySecond: 0) },
  .trapping("SignFlipTest: no seeds") { _ in _ = SignFlipTest(differences: []) },
  .trapping("WordErrorReport: groups of other utterances") { _ in
    _ = WordErrorReport(vocabulary: ["a"], said: [[0]], heard: [[0]], groups: ["x", "y"])
  },
  .trapping("WordErrorReport: a word that there is not") { _ in
    _ = WordErrorReport(vocabulary: ["a"], said: [[0]], heard: [[3]])
  },
  .throwing("AreaUnderCurve: no positives") { _ in
    _ = try AreaUnderCurve(positives: [], negatives: [1])
  },
  .throwing("PairedResults: no records") { _ in _ = try PairedResults(records: []) },
  .throwing("Comparison: no seeds") { runs in
    _ = try await Comparison(seeds: 0).run(
      on: .labeledDirectories(at: runs.classFolders), output: runs.free)
  },
  .throwing("Comparison: into https") { runs in
    _ = try await Comparison(seeds: 1).run(
      on: .labeledDirectories(at: runs.classFolders), output: Runs.address)
  },
]
