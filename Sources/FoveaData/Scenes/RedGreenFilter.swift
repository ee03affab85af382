import FoveaArray
import Glibc

/// An observer that needs no training: red minus green through Gabor filters of the target's own
/// shape, the strongest response anywhere wins.
///
/// A luminance grating has no red–green difference, so this observer does not see distractors.
/// Its score on `feature` scenes is close to what can be seen at all, and so a ceiling to hold
/// networks against. Each filter is a pair in quadrature (Adelson and Bergen 1985, "Spatiotemporal
/// energy models"), whose energy does not depend on the grating's phase.
public struct RedGreenFilter: Sendable {
  /// What the filter found in a scene.
  public struct Finding: Hashable, Sendable {
    /// The orientation with the strongest response, as a label of `feature` scenes.
    public let label: Int
    /// The column of the strongest response.
    public let x: Int
    /// The row of the strongest response.
    public let y: Int
  }

  /// exp(−t² / 2σ²) for t from −reach to reach.
  private let envelope: [Float]
  private let reach: Int

  /// The filter matched to the gratings of the scenes.
  public init() {
    reach = Int((3 * Grating.deviation).rounded())
    envelope = (-reach...reach).map { offset in
      exp(-Float(offset * offset) / (2 * Grating.deviation * Grating.deviation))
    }
  }

  /// The strongest response in `picture`, which must have three channels.
  public func strongestResponse(in picture: Picture) -> Finding {
    require(picture.channels == 3, "red–green filter: the picture has no colour")
    let difference = (0..<(picture.width * picture.height)).map { index in
      (Float(picture.pixels[3 * index]) - Float(picture.pixels[3 * index + 1])) / 255
    }
    var finding = Finding(label: 0, x: 0, y: 0)
    var strongest: Float = -1
    for label in 0..<4 {
      let energy = energy(
        of: difference, width: picture.width, height: picture.height,
        angle: Float(label) * Float.pi / 4)
      for (position, value) in energy.enumerated() where value > strongest {
        strongest = value
        finding = Finding(label: label, x: position % picture.width, y: position / picture.width)
      }
    }
    return finding
  }

  /// The squared modulus of the correlation with exp(−r²/2σ²) e^{i k·r} at every position.
  ///
  /// The filter is a product of one along x and one along y.
  private func energy(of map: [Float], width: Int, height: Int, angle: Float) -> [Float] {
    let wave = 2 * Float.pi * Grating.frequency
    let (acrossCosine, acrossSine) = taps(wave * sin(angle))
    let (downCosine, downSine) = taps(wave * cos(angle))
    var real = [Float](repeating: 0, count: map.count)
    var imaginary = real
    for row in 0..<height {
      for column in 0..<width {
        var sum = (real: Float(0), imaginary: Float(0))
        for source in max(0, column - reach)...min(width - 1, column + reach) {
          let value = map[row * width + source]
          sum.real += value * acrossCosine[source - column + reach]
          sum.imaginary += value * acrossSine[source - column + reach]
        }
        real[row * width + column] = sum.real
        imaginary[row * width + column] = sum.imaginary
      }
    }
    var energy = [Float](repeating: 0, count: map.count)
    for row in 0..<height {
      for column in 0..<width {
        var sum = (real: Float(0), imaginary: Float(0))
        for source in max(0, row - reach)...min(height - 1, row + reach) {
          let position = source * width + column
          let cosine = downCosine[source - row + reach]
          let sine = downSine[source - row + reach]
          sum.real += real[position] * cosine - imaginary[position] * sine
          sum.imaginary += real[position] * sine + imaginary[position] * cosine
        }
        energy[row * width + column] =
          sum.real * sum.real + sum.imaginary * sum.imaginary
      }
    }
    return energy
  }

  private func taps(_ wave: Float) -> (cosine: [Float], sine: [Float]) {
    let offsets = (-reach...reach).map { Float($0) }
    return (
      zip(offsets, envelope).map { cos(wave * $0) * $1 },
      zip(offsets, envelope).map { sin(wave * $0) * $1 }
    )
  }
}
