import FoveaArray
package import FoveaData
package import FoveaExplain

extension HighlightFigure {
  /// The figure of a highlight, over the picture that it explains.
  ///
  /// A picture of another size than the highlight's is a programmer's mistake and traps.
  package init(_ highlight: Highlight, of picture: Picture, truth: Truth? = nil) {
    let frame = highlight.map.frame
    require(
      frame.pictureWidth == picture.width && frame.pictureHeight == picture.height,
      "highlight: of a picture of \(frame.pictureWidth)×\(frame.pictureHeight), not "
        + "\(picture.width)×\(picture.height)")
    let isOther = highlight.explained.label != highlight.prediction.label
    self.init(
      picture: picture, map: HeatMap(highlight.map),
      regions: highlight.regions.map(Region.init), prediction: highlight.prediction.text,
      explainedClass: isOther ? highlight.explained.text : nil,
      method: highlight.method.rawValue,
      scores: highlight.scores.rows(highlight.verdict)
        + highlight.localContrast.rows("local contrast"),
      verdict: Verdict(
        highlight.verdict, controls: "every shifted copy, a spot in the middle and local contrast"),
      truth: truth.map { TruthOutline($0, width: picture.width, height: picture.height) },
      notes: highlight.scores.truthNotes(isDrawn: truth != nil, of: "seen")
        + [HighlightVerdict.meaning])
  }
}

extension Highlight.Answer {
  /// `cat, 87.3 %`
  package var text: String { "\(label), \(NumberText.percent(probability))" }
}

extension HighlightFigure.Region {
  package init(_ region: HighlightRegion) {
    self.init(
      area: Rectangle(
        x: Double(region.x), y: Double(region.y), width: Double(region.width),
        height: Double(region.height)),
      text: "\(region.place): \(NumberText.percent(region.strength, decimals: 0)) of the map")
  }
}

extension HighlightFigure.Verdict {
  /// - Parameter controls: all that a faithful one beats.
  package init(_ verdict: HighlightVerdict, controls: String = "every control") {
    let reasons = verdict.reasons.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    self.init(
      faithful: verdict.faithful,
      reason: verdict.isFaithful
        ? "The network did use these places: deletion and insertion beat \(controls)."
        : reasons.joined(separator: " "))
  }
}

extension HeatMap {
  /// The map as it is drawn: over the part of the picture that the network saw.
  ///
  /// - Parameter largest: the value that has the strongest colour; by default the largest.
  package init(_ map: HighlightMap, largest: Float? = nil) {
    let frame = map.frame
    let (width, height) = (Double(frame.pictureWidth), Double(frame.pictureHeight))
    self.init(
      width: map.width, height: map.height, values: map.values,
      coverage: Rectangle(
        x: frame.x / width, y: frame.y / height, width: frame.width / width,
        height: frame.height / height), largest: largest)
  }
}

extension HighlightScores {
  /// The scores with their controls, as a legend's rows. Of a refused map only what speaks against it is
  /// marked.
  func rows(_ verdict: HighlightVerdict) -> [HighlightFigure.Score] {
    [Self.row("deletion ↓", deletion, verdict), Self.row("insertion ↑", insertion, verdict)]
      + [.init(name: "stability ↑", value: NumberText.fixed(stability, decimals: 2))]
      + (truth.map(Self.rows) ?? [])
  }

  /// How much of the picture the truth is, without which its scores say little.
  func truthNotes(isDrawn: Bool, of sense: String) -> [String] {
    let drawn = isDrawn ? ", outlined in light blue," : ""
    return truth.map {
      [
        "The truth\(drawn) covers \(NumberText.percent($0.truthShare, decimals: 0)) of what is \(sense)."
      ]
    } ?? (isDrawn ? ["The truth is outlined in light blue."] : [])
  }

  private static func row(
    _ name: String, _ score: ControlledScore, _ verdict: HighlightVerdict
  ) -> HighlightFigure.Score {
    func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 3) }
    return .init(
      name: name, value: number(score.value), shifted: number(score.shiftedMean),
      middle: number(score.middle),
      passes: verdict.isFaithful ? true : verdict.faithful == false && !score.beatsAll ? false : nil
    )
  }

  private static func rows(_ truth: TruthScore) -> [HighlightFigure.Score] {
    func word(_ isInside: Bool) -> String { isInside ? "inside" : "outside" }
    return [
      .init(
        name: "peak in truth", value: word(truth.pointsInside),
        shifted: NumberText.percent(truth.shiftedPointsInside, decimals: 0),
        middle: word(truth.middlePointsInside)),
      .init(name: "share in truth ↑", value: NumberText.percent(truth.shareInside, decimals: 0)),
    ]
  }
}

extension HighlightControl {
  /// What a control reaches, as a legend's rows, with the arrows of deletion and insertion: whole names would
  /// not fit beside the numbers.
  func rows(_ name: String) -> [HighlightFigure.Score] {
    [("↓", deletion), ("↑", insertion)].map { arrow, value in
      .init(name: "\(name) \(arrow)", value: NumberText.fixed(value, decimals: 3))
    }
  }
}
