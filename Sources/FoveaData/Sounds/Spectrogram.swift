import Glibc

/// Turns recordings into frames of features:
///
///     S[t, k] = |Σₙ w[n] x[t · hop + n − size / 2] exp(−2πikn / size)|²
///     logMel[t, b] = ln(Σₖ weight[b, k] S[t, k] + 10⁻⁶)
///     mfcc[t, c] = s_c Σ_b logMel[t, b] cos(π c (b + ½) / bands),  s_0 = √(1 / bands), s_c = √(2 / bands)
///
/// w is a Hann window, periodic, in the middle of the transform's `size` points; the middle of frame
/// t lies at t · hop, and zeros lie around the recording. These are torchaudio's `MelSpectrogram`
/// (power 2, `center`, `pad_mode="constant"`) with ln(x + 10⁻⁶), and its `MFCC` with `log_mels`.
///
/// Belongs to the thread that made it.
package final class Spectrogram {
  private let settings: SpectrogramSettings
  private let hop: Int
  private let transform: FourierTransform
  private let window: [Float]
  private let filters: MelFilters
  /// `[coefficients, bands]`, empty for log-mel.
  private let cosines: [Float]
  private var power: [Float]

  /// What keeps the logarithm of silence finite: torchaudio's `log_offset`.
  static let offset: Float = 1e-6

  /// What an empty band gives.
  static let silence = logf(offset)

  package init(_ settings: SpectrogramSettings, sampleRate: Int) {
    self.settings = settings
    hop = settings.hopSize(sampleRate)
    let size = settings.transformSize(sampleRate)
    let length = settings.windowSize(sampleRate)
    transform = FourierTransform(size: size)
    var window = [Float](repeating: 0, count: size)
    for index in 0..<length {
      window[(size - length) / 2 + index] = Float(
        0.5 - 0.5 * cos(2 * Double.pi * Double(index) / Double(length)))
    }
    self.window = window
    filters = MelFilters(settings, sampleRate: sampleRate)
    power = [Float](repeating: 0, count: size / 2 + 1)
    let (count, bands) = (settings.coefficients, settings.bands)
    cosines =
      settings.kind == .logMel
      ? []
      : (0..<(count * bands)).map { index in
        let (row, band) = index.quotientAndRemainder(dividingBy: bands)
        let scale = (Double(row == 0 ? 1 : 2) / Double(bands)).squareRoot()
        return Float(scale * cos(.pi * Double(row) * (Double(band) + 0.5) / Double(bands)))
      }
  }

  /// The features of samples, `[frames, features]`, with 1 + samples / hop frames. Where several
  /// stand side by side, the last is repeated until they do.
  package func features(of samples: [Float]) -> [Float] {
    let frames = 1 + samples.count / hop
    var result: [Float] = []
    result.reserveCapacity(frames * settings.featureCount)
    for frame in 0..<frames { append(frameAt: frame * hop, of: samples, to: &result) }
    complete(&result)
    return result
  }

  /// Repeats the last frame until as many stand side by side as should.
  func complete(_ features: inout [Float]) {
    let width = settings.bandCount
    while features.count % settings.featureCount != 0 { features += features.suffix(width) }
  }

  /// Half a transform: how far a frame reaches from its middle.
  var reach: Int { transform.size / 2 }

  /// Adds the features of the frame whose middle lies at a sample.
  func append(frameAt middle: Int, of samples: [Float], to result: inout [Float]) {
    transform.power(of: samples, from: middle - reach, window: window, into: &power)
    var bands = [Float](repeating: 0, count: settings.bands)
    for (index, band) in filters.bands.enumerated() {
      var sum: Float = 0
      for (offset, weight) in band.weights.enumerated() {
        sum += weight * power[band.first + offset]
      }
      bands[index] = logf(sum + Self.offset)
    }
    if cosines.isEmpty {
      result += bands
      return
    }
    for row in 0..<settings.coefficients {
      var sum: Float = 0
      for (index, value) in bands.enumerated() {
        sum += cosines[row * settings.bands + index] * value
      }
      result.append(sum)
    }
  }
}
