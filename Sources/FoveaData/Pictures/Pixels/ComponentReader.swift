/// Reads one channel of a frame as bytes, whatever its depth and place in memory.
struct ComponentReader {
  let component: PixelLayout.Component
  private let isBigEndian: Bool
  private let isBitStream: Bool
  /// For each value of fewer than 16 bits, its byte.
  private let levels: [UInt8]

  init(_ component: PixelLayout.Component, of layout: PixelLayout) {
    self.component = component
    isBigEndian = layout.isBigEndian
    isBitStream = layout.isBitStream
    let count = component.depth < 16 && component.depth != 8 ? 1 << component.depth : 0
    levels = (0..<count).map { UInt8(($0 * 255 + (count - 1) / 2) / (count - 1)) }
  }

  /// Writes the samples of a row to every `spacing`-th byte of `row`, beginning at `first`.
  ///
  /// Samples of another depth are scaled, v ↦ round(v · 255 / (2ᵈ − 1)), so that black and white
  /// stay black and white. No window is chosen: twelve bits stored in sixteen stay dark.
  func read(
    _ plane: Span<UInt8>, from start: Int, width: Int, into row: inout [UInt8], first: Int,
    spacing: Int
  ) {
    let step = component.step
    let start = start + (isBitStream ? 0 : component.offset)
    var output = row.mutableSpan
    if isBitStream {
      for x in 0..<width {
        let bit = component.offset + x * step
        let sample = plane[start + bit / 8] >> UInt8(7 - bit % 8) & 1
        output[first + x * spacing] = sample * 255
      }
    } else if component.depth == 8, component.shift == 0, step == 1, spacing == 1 {
      let samples = plane.extracting(start..<(start + width))
      precondition(output.count >= first + width)
      for x in 0..<width { output[first + x] = samples[x] }
    } else if component.depth == 8, component.shift == 0 {
      for x in 0..<width { output[first + x * spacing] = plane[start + x * step] }
    } else if component.depth + component.shift <= 8 {
      // libavutil's rule: the offset of a sample within one byte of a big-endian word is one less.
      let start = start + (isBigEndian ? 1 : 0)
      for x in 0..<width {
        let word = Int(plane[start + x * step]) >> component.shift
        output[first + x * spacing] = levels[word & (levels.count - 1)]
      }
    } else {
      let low = isBigEndian ? 1 : 0
      for x in 0..<width {
        let position = start + x * step
        let word = Int(plane[position + low]) | Int(plane[position + 1 - low]) << 8
        output[first + x * spacing] =
          component.depth == 16
          ? Self.byte(word) : levels[word >> component.shift & (levels.count - 1)]
      }
    }
  }

  /// round(v · 255 / 65535) without a division; exact for all 16-bit values.
  static func byte(_ word: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (word * 255 + 32_895) >> 16)
  }
}
