import FoveaArray
package import FoveaData
package import FoveaExplain

extension HighlightFigure {
  /// The figure of a highlight, over the picture that it explains.
  ///
  /// A picture of another size than the highlight's is a programmer's mistake and traps.
  package init(_ highlight: Highlight, of picture: Picture, notes: [String] = []) {
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
      method: highlight.method.rawValue, scores: highlight.scores.rows,
      verdict: Verdict(highlight.verdict), notes: highlight.scores.truthNote + notes)
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
      text: "at \(region.x), \(region.y), \(region.width)×\(region.height): "
        + "\(NumberText.percent(region.strength, decimals: 0)) of the map")
  }
}

extension HighlightFigure.Verdict {
  package init(_ verdict: HighlightVerdict) {
    let reasons = verdict.reasons.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    self.init(
      isTrustworthy: verdict.isTrustworthy,
      reason: verdict.isTrustworthy
        ? "Deletion and insertion beat every shifted copy of the map and a spot in the middle."
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
  /// The scores with their controls, as a legend's rows.
  var rows: [HighlightFigure.Score] {
    [Self.row("deletion ↓", deletion), Self.row("insertion ↑", insertion)]
      + [.init(name: "stability ↑", value: NumberText.fixed(stability, decimals: 2))]
      + (truth.map(Self.rows) ?? [])
  }

  /// How much of the picture the truth is, without which its scores say little.
  var truthNote: [String] {
    truth.map {
      ["The truth covers \(NumberText.percent($0.truthShare, decimals: 0)) of what is seen."]
    } ?? []
  }

  private static func row(_ name: String, _ score: ControlledScore) -> HighlightFigure.Score {
    func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 3) }
    return .init(
      name: name, value: number(score.value), shifted: number(score.shiftedMean),
      centered: number(score.centred), passes: score.beatsAll)
  }

  private static func rows(_ truth: TruthScore) -> [HighlightFigure.Score] {
    func word(_ isInside: Bool) -> String { isInside ? "inside" : "outside" }
    return [
      .init(
        name: "peak in truth", value: word(truth.pointsInside),
        shifted: NumberText.percent(truth.shiftedPointsInside, decimals: 0),
        centered: word(truth.centredPointsInside)),
      .init(name: "share in truth ↑", value: NumberText.percent(truth.shareInside, decimals: 0)),
    ]
  }
}
