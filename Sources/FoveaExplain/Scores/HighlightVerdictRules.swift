import FoveaArray

extension HighlightVerdict {
  /// The verdict on a map with these scores: faithful where it beats every control by a gain that counts, is
  /// alike under noise, and comes of a method that reads the weights.
  ///
  /// - Parameters:
  ///   - weightCorrelation: the rank correlation of the method's maps with those of the same network
  ///     with random weights, if it is known.
  ///   - controls: what marks the strongest places of other maps, which the map must beat, and their
  ///     areas.
  ///   - doubt: why nothing of the network is judged, where that is so.
  package init(
    isConstant: Bool, scores: HighlightScores, weightCorrelation: Double? = nil,
    controls: [(name: String, areas: DeletionInsertion.Areas)] = [], doubt: String? = nil
  ) {
    if let doubt {
      self.init(notJudged: doubt)
      return
    }
    var reasons: [String] = []
    if isConstant { reasons.append("the map is the same everywhere and points nowhere") }
    for (name, score, area) in [
      ("deletion", scores.deletion, \DeletionInsertion.Areas.deletion),
      ("insertion", scores.insertion, \.insertion),
    ] {
      if score.shiftedAsGood > 0 {
        reasons.append(
          "\(name): \(score.shiftedAsGood) of \(score.shifted.count) shifted copies of the map "
            + "\(score.shiftedAsGood == 1 ? "does" : "do") as well (\(NumberText.pValue(score.p)))")
      } else if let best = score.bestShifted, !score.beats(best) {
        reasons.append("\(name): \(score.shortfall(over: best, "the best shifted copy"))")
      } else if score.bestShifted != nil, !score.standsOut {
        let shortfall = score.tooLittle(
          over: score.shiftedMean, "the mean of the shifted copies", score.neededGainOverMean)
        reasons.append("\(name): \(shortfall)")
      }
      for (control, value) in [("a spot in the middle", score.middle)]
        + controls.map({ ($0.name, $0.areas[keyPath: area]) }) where !score.beats(value)
      {
        reasons.append("\(name): \(score.shortfall(over: value, control))")
      }
    }
    // Written so that what is no number counts against the map.
    if !(scores.stability > 0) {
      reasons.append(
        "stability: under a little noise the map is another (rank correlation "
          + "\(NumberText.fixed(scores.stability, decimals: 2)))")
    }
    if let weightCorrelation, weightCorrelation >= HighlightStudy.largestCorrelation {
      reasons.append(
        "the method's maps hardly change when the network's weights are made random (rank "
          + "correlation \(NumberText.fixed(weightCorrelation, decimals: 2)))")
    }
    self.init(reasons: reasons)
  }
}

extension ControlledScore {
  /// `no better than a spot in the middle`, or by how much too little.
  fileprivate func shortfall(over other: Double, _ control: String) -> String {
    gain(over: other) > 0
      ? tooLittle(over: other, control, neededGain(over: other)) : "no better than \(control)"
  }

  /// `0.001 better than a spot in the middle, where 0.020 counts as a gain`: with as many decimals, up to
  /// six, as it takes for the two to differ and neither to read as zero.
  fileprivate func tooLittle(over other: Double, _ control: String, _ needed: Double) -> String {
    let gain = gain(over: other)
    func number(_ value: Double, _ decimals: Int) -> String {
      NumberText.fixed(value, decimals: decimals)
    }
    func isZero(_ text: String) -> Bool { !text.contains { ("1"..."9").contains($0) } }
    let decimals =
      (3...5).first { decimals in
        let (own, least) = (number(gain, decimals), number(needed, decimals))
        return own != least && !isZero(own) && !isZero(least)
      } ?? 6
    return
      "\(number(gain, decimals)) better than \(control), where \(number(needed, decimals)) counts as a gain"
  }
}
