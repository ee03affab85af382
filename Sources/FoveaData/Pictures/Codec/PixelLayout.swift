/// How a frame's samples lie in memory.
struct PixelLayout {
  /// One channel: where its samples are.
  struct Component {
    /// Which of the frame's planes.
    let plane: Int
    /// Bytes (in bit streams: bits) from a sample to the next.
    let step: Int
    /// Bytes (in bit streams: bits) before the first sample.
    let offset: Int
    /// Bits below the sample in its word.
    let shift: Int
    /// Bits of the sample.
    let depth: Int
  }

  enum Kind { case grey, rgb, yCbCr, palette }

  let kind: Kind
  /// Luma or grey, or red, green, blue, or luma and two chromas; then the opacity if there is one.
  let components: [Component]
  let hasAlpha: Bool
  let isBigEndian: Bool
  /// Samples are single bits, the highest bit of a byte first.
  let isBitStream: Bool
  /// Binary logarithms of luma samples for a chroma sample, across and down.
  let chromaShift: (x: Int, y: Int)

  /// Rows of `plane` in a frame of `height` rows.
  func rows(ofPlane plane: Int, height: Int) -> Int {
    let isChroma = kind == .yCbCr && (plane == 1 || plane == 2)
    return isChroma ? (height + 1 << chromaShift.y - 1) >> chromaShift.y : height
  }
}
