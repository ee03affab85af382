import FoveaArray
package import FoveaData
package import FoveaExplain

extension SoundHighlight {
  /// The waveform and the features with the map over them, the moments marked and numbered, and a
  /// legend with prediction, scores and verdict.
  ///
  /// - Parameters:
  ///   - sound: the part of the recording that was explained.
  ///   - features: what the network takes of it, `[frames, count]`.
  /// - Throws: `InputError` where memory is short.
  package func drawn(on sound: Sound, features: [Float], count: Int) throws -> Picture {
    try [self].drawn(on: sound, features: features, count: count)
  }

  fileprivate func figure(on picture: Picture, sound: Sound) -> HighlightFigure {
    let seconds = max(sound.seconds, 1e-6)
    func x(_ time: Double) -> Double { (time - start) / seconds * Double(picture.width) }
    let share = Double(SoundPicture.mapHeight) / Double(SoundPicture.height)
    let isOther = explained.label != prediction.label
    let verdict =
      verdict.isTrustworthy
      ? HighlightFigure.Verdict(
        isTrustworthy: true,
        reason: "Deletion and insertion beat every shifted copy of the map, a spot in the middle, "
          + "and the loudest moments.")
      : HighlightFigure.Verdict(self.verdict)
    return HighlightFigure(
      picture: picture,
      map: HeatMap(
        width: map.values.count, height: 1, values: map.values,
        coverage: Rectangle(
          x: (map.start - map.step / 2 - start) / seconds, y: 0,
          width: Double(map.values.count) * map.step / seconds, height: share)),
      regions: spans.map { span in
        HighlightFigure.Region(
          area: Rectangle(
            x: x(span.start), y: 0, width: x(span.end) - x(span.start),
            height: Double(SoundPicture.mapHeight)),
          text: "\(span.text): \(NumberText.percent(span.strength, decimals: 0)) of the map")
      }, prediction: prediction.text, explainedClass: isOther ? explained.text : nil,
      method: method.rawValue,
      scores: scores.rows + [
        HighlightFigure.Score(
          name: "deletion, loudest", value: NumberText.fixed(loudness.deletion, decimals: 3)),
        HighlightFigure.Score(
          name: "insertion, loudest", value: NumberText.fixed(loudness.insertion, decimals: 3)),
      ], verdict: verdict,
      notes: scores.truth.map {
        ["The truth covers \(NumberText.percent($0.truthShare, decimals: 0)) of what is heard."]
      } ?? [])
  }
}

extension SoundHighlight.Span {
  /// `1.20–1.55 s`
  package var text: String {
    "\(NumberText.fixed(start, decimals: 2))–\(NumberText.fixed(end, decimals: 2)) s"
  }
}

extension [SoundHighlight] {
  /// Several highlights of one recording as one picture.
  ///
  /// No highlight is a programmer's mistake and traps.
  ///
  /// - Throws: `InputError` where memory is short.
  package func drawn(on sound: Sound, features: [Float], count: Int) throws -> Picture {
    let picture = try SoundPicture.drawn(
      sound, features: features, count: count, from: self[0].start)
    let figures = map { $0.figure(on: picture, sound: sound) }
    return figures.count == 1
      ? try HighlightPlate(figures[0]).drawn() : try MethodSheet(figures).drawn()
  }
}
