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

  fileprivate func figure(
    on picture: Picture, sound: Sound, truth: [SoundEvent]?
  ) -> HighlightFigure {
    let seconds = max(sound.seconds, 1e-6)
    func x(_ time: Double) -> Double { (time - start) / seconds * Double(picture.width) }
    let share = Double(SoundPicture.mapHeight) / Double(SoundPicture.height)
    let isOther = explained.label != prediction.label
    func area(_ from: Double, _ to: Double) -> Rectangle {
      Rectangle(
        x: x(from), y: 0, width: x(to) - x(from), height: Double(SoundPicture.mapHeight))
    }
    // Half a line inside, so that none is cut off above and below.
    let marked = truth?.marking(explained.label).map {
      area(max($0.onset, start), min($0.offset, end)).inset(by: 1)
    }
    return HighlightFigure(
      picture: picture,
      map: HeatMap(
        width: map.values.count, height: 1, values: map.values,
        coverage: Rectangle(
          x: (map.start - map.step / 2 - start) / seconds, y: 0,
          width: Double(map.values.count) * map.step / seconds, height: share)),
      regions: spans.map { span in
        HighlightFigure.Region(
          area: area(span.start, span.end),
          text: "\(span.text): \(NumberText.percent(span.strength, decimals: 0)) of the map")
      }, prediction: prediction.text, explainedClass: isOther ? explained.text : nil,
      method: method.rawValue,
      scores: scores.rows(verdict) + loudness.rows("loudest"),
      verdict: HighlightFigure.Verdict(
        verdict, controls: "every shifted copy, a spot in the middle and the loudest moments"),
      truth: marked.map { TruthOutline($0.filter { $0.width > 0 }) },
      notes: scores.truthNotes(isDrawn: marked != nil, of: "heard") + [HighlightVerdict.meaning])
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
  /// - Parameter truth: what is known to be in the recording, in seconds from its beginning.
  /// - Throws: `InputError` where memory is short.
  package func drawn(
    on sound: Sound, features: [Float], count: Int, truth: [SoundEvent]? = nil
  ) throws -> Picture {
    let picture = try SoundPicture.drawn(
      sound, features: features, count: count, from: self[0].start)
    let figures = map { $0.figure(on: picture, sound: sound, truth: truth) }
    return figures.count == 1
      ? try HighlightPlate(figures[0]).drawn() : try MethodSheet(figures).drawn()
  }
}
