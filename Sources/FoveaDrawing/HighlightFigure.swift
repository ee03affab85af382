package import FoveaData

/// A highlight as it is drawn: what a person must see beside the map.
///
/// Texts are ready to be read, so that the drawing shows the same numbers as every other output.
package struct HighlightFigure: Sendable {
  /// A place worth looking at.
  package struct Region: Hashable, Sendable {
    /// In pixels of the picture.
    package let area: Rectangle
    /// What is said of it, such as `31 % of the highlight`.
    package let text: String

    package init(area: Rectangle, text: String) {
      self.area = area
      self.text = text
    }
  }

  /// One number that tells how good the highlight is.
  package struct Score: Hashable, Sendable {
    /// `deletion ↓`: the arrow tells which direction is good.
    package let name: String
    package let value: String
    /// The mean of what the shifted maps reached; `nil` where there is no such control.
    package let shifted: String?
    /// What a spot in the middle reached.
    package let middle: String?
    /// Whether it beats its controls; `nil` where nothing is to be beaten, or a tick would be taken for a
    /// verdict on the whole.
    package let passes: Bool?

    package init(
      name: String, value: String, shifted: String? = nil, middle: String? = nil,
      passes: Bool? = nil
    ) {
      self.name = name
      self.value = value
      self.shifted = shifted
      self.middle = middle
      self.passes = passes
    }
  }

  /// Whether the network did use what is marked.
  package struct Verdict: Hashable, Sendable {
    /// `nil` where it was not judged.
    package let faithful: Bool?
    /// Why, as a sentence.
    package let reason: String

    package init(faithful: Bool?, reason: String) {
      self.faithful = faithful
      self.reason = reason
    }

    package var isFaithful: Bool { faithful == true }

    /// The words of the badge.
    package var words: String { faithful.map { $0 ? "faithful" : "not faithful" } ?? "not judged" }
  }

  /// The picture as the person gave it, not as the network saw it.
  package var picture: Picture
  package var map: HeatMap
  /// The strongest first; they are numbered in this order.
  package var regions: [Region]
  /// `cat, 87.3 %`: what the network says.
  package var prediction: String
  /// The class whose evidence is shown, where it is not the predicted one.
  package var explainedClass: String?
  package var method: String
  package var scores: [Score]
  package var verdict: Verdict
  /// What is known to matter in the picture.
  package var truth: TruthOutline?
  /// Sentences that belong to this highlight.
  package var notes: [String]

  package init(
    picture: Picture, map: HeatMap, regions: [Region] = [], prediction: String,
    explainedClass: String? = nil, method: String, scores: [Score] = [], verdict: Verdict,
    truth: TruthOutline? = nil, notes: [String] = []
  ) {
    self.picture = picture
    self.map = map
    self.regions = regions
    self.prediction = prediction
    self.explainedClass = explainedClass
    self.method = method
    self.scores = scores
    self.verdict = verdict
    self.truth = truth
    self.notes = notes
  }

  /// The colours that the verdict allows.
  package var colors: ColorMap { verdict.isFaithful ? .ember : .ash }
}
