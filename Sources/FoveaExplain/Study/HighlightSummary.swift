package import FoveaMetrics

/// What highlights of all media have in common.
package protocol ScoredHighlight {
  var scores: HighlightScores { get }
  var verdict: HighlightVerdict { get }
  var cost: HighlightCost { get }
}

extension Highlight: ScoredHighlight {}
extension SoundHighlight: ScoredHighlight {}

/// How a method's highlights did over several pictures.
///
/// Means come with Student's interval over pictures, shares with Wilson's.
package struct HighlightSummary: Encodable, Sendable {
  /// A number of pictures among others, with Wilson's 95 % interval.
  package struct Share: Encodable, Sendable {
    package let count: Int
    package let total: Int
    package let share: Double
    package let interval: ConfidenceInterval

    package init?(_ count: Int, of total: Int) {
      guard total > 0 else { return nil }
      self.count = count
      self.total = total
      share = Double(count) / Double(total)
      interval = .wilson(successes: count, trials: total)
    }
  }

  /// The pointing game and the share inside, over the pictures whose truth is known.
  package struct Truth: Encodable, Sendable {
    package let pointing: Share
    /// The mean over pictures of the share of shifted copies that point inside.
    package let shiftedPointing: Double
    package let middlePointing: Share
    package let shareInside: MeanInterval
    /// The mean share of the picture that the truth covers.
    package let truthShare: Double
  }

  package let method: HighlightMethod
  package let pictureCount: Int
  /// Those whose network did use the marked places, of those that were judged; `nil` where none was.
  package let faithful: Share?
  package let notJudgedCount: Int
  package let deletion: MeanInterval
  /// How much lower than the mean of the shifted copies, picture by picture.
  package let deletionGain: MeanInterval
  package let insertion: MeanInterval
  /// How much higher than the mean of the shifted copies, picture by picture.
  package let insertionGain: MeanInterval
  package let stability: MeanInterval
  package let truth: Truth?
  package let forwardPasses: Double
  package let seconds: Double

  /// A summary of highlights made by one method; `nil` for none.
  package init?(_ method: HighlightMethod, _ highlights: [some ScoredHighlight]) {
    func mean(_ value: (any ScoredHighlight) -> Double) -> MeanInterval? {
      MeanInterval(highlights.map(value))
    }
    guard
      let deletion = mean({ $0.scores.deletion.value }),
      let deletionGain = mean({ $0.scores.deletion.shiftedMean - $0.scores.deletion.value }),
      let insertion = mean({ $0.scores.insertion.value }),
      let insertionGain = mean({ $0.scores.insertion.value - $0.scores.insertion.shiftedMean }),
      let stability = mean({ $0.scores.stability }),
      let passes = mean({ $0.cost.forwardPasses }), let seconds = mean({ $0.cost.seconds })
    else { return nil }
    self.method = method
    pictureCount = highlights.count
    let judged = highlights.compactMap(\.verdict.faithful)
    faithful = Share(judged.count { $0 }, of: judged.count)
    notJudgedCount = highlights.count - judged.count
    self.deletion = deletion
    self.deletionGain = deletionGain
    self.insertion = insertion
    self.insertionGain = insertionGain
    self.stability = stability
    truth = Truth(highlights.compactMap(\.scores.truth))
    forwardPasses = passes.mean
    self.seconds = seconds.mean
  }
}

extension HighlightSummary.Truth {
  fileprivate init?(_ scores: [TruthScore]) {
    guard
      let pointing = HighlightSummary.Share(scores.count { $0.pointsInside }, of: scores.count),
      let middle = HighlightSummary.Share(
        scores.count { $0.middlePointsInside }, of: scores.count),
      let shifted = MeanInterval(scores.map(\.shiftedPointsInside)),
      let inside = MeanInterval(scores.map(\.shareInside)),
      let covered = MeanInterval(scores.map(\.truthShare))
    else { return nil }
    self.pointing = pointing
    shiftedPointing = shifted.mean
    middlePointing = middle
    shareInside = inside
    truthShare = covered.mean
  }
}
