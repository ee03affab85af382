import Glibc

/// A Gabor patch: a sinusoidal grating under a round Gaussian envelope.
///
/// exp(−(x² + y²) / 2σ²) · (a cos(2πf (x sin θ + y cos θ) + φ) + p), from the patch's centre,
/// y down; θ is the direction of the bars, anticlockwise from horizontal.
struct Grating {
  /// σ: the deviation of the envelope, in pixels.
  static let deviation: Float = 3
  /// f: cycles a pixel.
  static let frequency: Float = 0.17
  /// Half a side of the box that a patch is said to fill: two deviations.
  static let halfSize: Float = 6

  /// The centre, in pixels from the picture's left and top edge.
  let x: Float
  let y: Float
  /// θ in radians.
  let angle: Float
  /// φ in radians.
  let phase: Float
  /// a: the grating's peak in red, green and blue.
  let amplitude: SIMD3<Float>
  /// p: a tint under the grating.
  var tint = SIMD3<Float>.zero

  /// Adds the patch to `values`, `[size, size, 3]`, where it is not negligible.
  func add(to values: inout [Float], size: Int) {
    // At 3.5 deviations the envelope is 0.002: half a grey level at full contrast.
    let reach = 3.5 * Self.deviation
    let columns = max(0, Int(x - reach))..<min(size, Int(x + reach) + 1)
    let rows = max(0, Int(y - reach))..<min(size, Int(y + reach) + 1)
    let envelope = { (distance: Float) in
      exp(-distance * distance / (2 * Self.deviation * Self.deviation))
    }
    let across = columns.map { envelope(Float($0) + 0.5 - x) }
    let wave = 2 * Float.pi * Self.frequency
    for row in rows {
      let dy = Float(row) + 0.5 - y
      let down = envelope(dy)
      let start = wave * dy * cos(angle) + phase
      let step = wave * sin(angle)
      for (index, column) in columns.enumerated() {
        let weight = down * across[index]
        let value = cos(start + step * (Float(column) + 0.5 - x))
        let position = (row * size + column) * 3
        values[position] += weight * (amplitude.x * value + tint.x)
        values[position + 1] += weight * (amplitude.y * value + tint.y)
        values[position + 2] += weight * (amplitude.z * value + tint.z)
      }
    }
  }
}
