import FoveaArray

extension HighlightVerdict {
  /// The verdict on a map with these scores.
  ///
  /// - Parameters:
  ///   - weightCorrelation: the rank correlation of the method's maps with those of the same network
  ///     with random weights, if it is known.
  ///   - controls: what the strongest places of other maps are, which the map must beat, and their
  ///     areas.
  init(
    isConstant: Bool, scores: HighlightScores, weightCorrelation: Double? = nil,
    controls: [(strongest: String, areas: DeletionInsertion.Areas)] = []
  ) {
    var reasons: [String] = []
    if isConstant { reasons.append("the map is the same everywhere and points nowhere") }
    for (name, score) in [("deletion", scores.deletion), ("insertion", scores.insertion)] {
      if score.shiftedAsGood > 0 {
        reasons.append(
          "\(name): \(score.shiftedAsGood) of \(score.shifted.count) shifted copies of the map do "
            + "as well (\(NumberText.pValue(score.p)))")
      }
      if !score.isBetter(than: score.centred) {
        reasons.append("\(name): a spot in the middle does as well")
      }
    }
    if let weightCorrelation, weightCorrelation >= HighlightStudy.largestCorrelation {
      reasons.append(
        "the method's maps hardly change when the network's weights are made random (rank "
          + "correlation \(NumberText.fixed(weightCorrelation, decimals: 2)))")
    }
    for (strongest, areas) in controls {
      if !scores.deletion.isBetter(than: areas.deletion) {
        reasons.append("deletion: \(strongest) do as well")
      }
      if !scores.insertion.isBetter(than: areas.insertion) {
        reasons.append("insertion: \(strongest) do as well")
      }
    }
    self.init(reasons: reasons)
  }
}
