import Glibc

/// Triangles over frequencies, equally far apart in mels.
///
///     weight[b, k] = max(0, min((f_k − l_b) / (m_b − l_b), (r_b − f_k) / (r_b − m_b)))
///
/// f_k is the frequency of bin k; l, m and r are three of bands + 2 points that are equally far
/// apart in mels, from the lowest to the highest frequency.
struct MelFilters {
  /// A triangle: its weights from one bin on.
  struct Band {
    let first: Int
    let weights: [Float]
  }

  let bands: [Band]

  init(_ settings: SpectrogramSettings, sampleRate: Int) {
    let scale = settings.scale
    let low = Self.mels(settings.lowestHertz, scale)
    let high = Self.mels(settings.top(sampleRate), scale)
    let points = (0..<(settings.bands + 2)).map { point in
      Self.hertz(low + (high - low) * Double(point) / Double(settings.bands + 1), scale)
    }
    let size = settings.transformSize(sampleRate)
    let bins = (0...(size / 2)).map { Double($0) * Double(sampleRate) / Double(size) }
    bands = (0..<settings.bands).map { band in
      let (left, middle, right) = (points[band], points[band + 1], points[band + 2])
      let area = settings.normalizesArea ? 2 / (right - left) : 1
      let weights = bins.map { bin in
        Float(max(0, min((bin - left) / (middle - left), (right - bin) / (right - middle))) * area)
      }
      let first = weights.firstIndex { $0 > 0 } ?? 0
      let last = weights.lastIndex { $0 > 0 } ?? -1
      return Band(first: first, weights: last < first ? [] : Array(weights[first...last]))
    }
  }

  /// Slaney: 200 / 3 hertz are a mel up to 1,000 Hz, then 27 mels are a factor of 6.4.
  private static let linearHertz = 200.0 / 3
  private static let corner = 1000.0
  private static let step = log(6.4) / 27

  static func mels(_ hertz: Double, _ scale: SpectrogramSettings.Scale) -> Double {
    switch scale {
    case .htk: 2595 * log10(1 + hertz / 700)
    case .slaney:
      hertz < corner ? hertz / linearHertz : corner / linearHertz + log(hertz / corner) / step
    }
  }

  static func hertz(_ mels: Double, _ scale: SpectrogramSettings.Scale) -> Double {
    switch scale {
    case .htk: 700 * (pow(10, mels / 2595) - 1)
    case .slaney:
      mels < corner / linearHertz
        ? mels * linearHertz : corner * exp(step * (mels - corner / linearHertz))
    }
  }
}
