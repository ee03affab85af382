import FoveaArray
public import FoveaData
public import FoveaExplain

extension Highlight {
  /// The picture with the map over it, the strongest regions outlined and numbered, and a legend
  /// with prediction, scores and verdict.
  ///
  /// Small pictures are enlarged; one that cannot be relied on has hardly any colour, broken
  /// outlines and a striped border.
  ///
  /// - Parameter picture: the picture that was explained, in its own size.
  /// - Throws: `InputError` where it has another size, or memory is short.
  public func drawn(on picture: Picture) throws -> Picture {
    try HighlightPlate(figure(on: picture)).drawn()
  }

  /// A small picture without words, for lists.
  ///
  /// - Parameters:
  ///   - picture: the picture that was explained, in its own size.
  ///   - side: the longer side of the result.
  /// - Throws: `InputError` where the picture has another size.
  public func thumbnail(on picture: Picture, side: Int = 192) throws -> Picture {
    try figure(on: picture).thumbnail(side: side)
  }

  private func figure(on picture: Picture) throws -> HighlightFigure {
    guard map.frame.pictureWidth == picture.width, map.frame.pictureHeight == picture.height else {
      throw InputError(
        "the highlight is of a picture of \(map.frame.pictureWidth)×\(map.frame.pictureHeight), "
          + "this one has \(picture.width)×\(picture.height)")
    }
    return HighlightFigure(self, of: picture)
  }
}

extension [Highlight] {
  /// Several highlights of one picture as one picture: a plate for one, a sheet for more.
  ///
  /// No highlight, or a picture of another size, is a programmer's mistake and traps.
  ///
  /// - Parameter truth: what is known to matter, which is outlined.
  /// - Throws: `InputError` where the picture has no pixels, or memory is short.
  package func drawn(on picture: Picture, truth: Truth? = nil) throws -> Picture {
    let figures = map { HighlightFigure($0, of: picture, truth: truth) }
    return count == 1
      ? try HighlightPlate(figures[0]).drawn() : try MethodSheet(figures).drawn()
  }
}
