import FoveaArray
package import FoveaData

/// A recording as a picture: its waveform, below it its features, and seconds.
package struct SoundPicture {
  /// Pixels.
  package static let width = 960
  private static let waveHeight = 110
  private static let featureHeight = 170
  private static let axisHeight = 26
  /// Rows of the picture above the seconds, which a map may cover.
  static let mapHeight = waveHeight + featureHeight
  package static let height = mapHeight + axisHeight

  /// The picture.
  ///
  /// - Parameters:
  ///   - sound: the samples.
  ///   - features: what the network takes of them, `[frames, count]`; like samples, what is no number
  ///     or infinite is drawn as 0.
  ///   - start: seconds before the first sample, for the axis.
  /// - Throws: `InputError` where memory is short.
  package static func drawn(
    _ sound: Sound, features: [Float], count: Int, from start: Double = 0
  ) throws -> Picture {
    let canvas = try Canvas(width: width, height: height)
    drawWave(sound.samples.map { $0.isFinite ? $0 : 0 }, on: canvas)
    canvas.place(spectrogram(features, count: count), x: 0, y: waveHeight)
    drawAxis(from: start, seconds: sound.seconds, on: canvas)
    return canvas.picture()
  }

  private static func drawWave(_ samples: [Float], on canvas: borrowing Canvas) {
    let middle = Double(waveHeight) / 2
    let largest = max(samples.reduce(Float(0)) { max($0, abs($1)) }, 1e-4)
    canvas.fill(
      Rectangle(x: 0, y: middle - 0.5, width: Double(width), height: 1), with: .rule)
    for column in 0..<width {
      let start = column * samples.count / width
      let range = start..<max((column + 1) * samples.count / width, start + 1)
      guard range.upperBound <= samples.count else { continue }
      let low = Double(samples[range].min() ?? 0) / Double(largest)
      let high = Double(samples[range].max() ?? 0) / Double(largest)
      let room = middle - 6
      canvas.fill(
        Rectangle(
          x: Double(column), y: middle - room * high, width: 1,
          height: max(room * (high - low), 1)), with: .faintInk)
    }
  }

  /// Loud is dark, as phoneticians draw it; the lowest feature is below.
  private static func spectrogram(_ features: [Float], count: Int) -> Picture {
    let features = features.map { $0.isFinite ? $0 : 0 }
    let frames = max(features.count / count, 1)
    let sorted = features.sorted()
    // The softest tenth is the paper, so that noise does not grey the picture.
    let low = sorted.isEmpty ? 0 : sorted[sorted.count / 10]
    let range = max((sorted.last ?? 0) - low, 1e-6)
    var pixels = [UInt8](repeating: 255, count: width * featureHeight)
    for y in 0..<featureHeight {
      let feature = (featureHeight - 1 - y) * count / featureHeight
      for x in 0..<width {
        let index = x * frames / width * count + feature
        guard index < features.count else { continue }
        let value = (features[index] - low) / range
        guard value.isFinite else { continue }
        pixels[y * width + x] = UInt8(255 - 215 * min(max(value, 0), 1))
      }
    }
    return Picture(width: width, height: featureHeight, channels: 1, made: pixels)
  }

  private static func drawAxis(
    from start: Double, seconds: Double, on canvas: borrowing Canvas
  ) {
    guard seconds > 0 else { return }
    let steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60]
    let step = steps.first { seconds / $0 <= 12 } ?? 120
    var tick = (start / step).rounded(.up) * step
    while tick <= start + seconds {
      let x = (tick - start) / seconds * Double(width)
      canvas.fill(
        Rectangle(x: min(x, Double(width) - 1), y: Double(mapHeight), width: 1, height: 5),
        with: .ink)
      let text = TextBlock(
        "\(NumberText.fixed(tick, decimals: step < 0.1 ? 2 : step < 1 ? 1 : 0)) s",
        TextStyle(size: 11, color: .faintInk))
      canvas.draw(
        text, x: min(max(x - text.width / 2, 0), Double(width) - text.width),
        y: Double(mapHeight) + 7)
      tick += step
    }
  }
}
