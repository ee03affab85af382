package import FoveaArray
import Glibc

/// Random changes that leave the meaning of a recording as it is.
///
/// What happens to a recording depends on the key alone. Each kind draws from a key of its own:
/// adding a kind does not change what the others do.
public struct SoundAugmentation: Hashable, Sendable, CustomStringConvertible {
  /// One kind of change; they are applied in this order.
  public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
    /// A tenth slower, as it is, or a tenth faster, pitch included (Ko et al. 2015, section 2).
    case speed
    /// Louder or softer by up to 6 dB.
    case gain
    /// Earlier or later by up to a tenth of the length; silence fills what becomes free.
    case shift
    /// Normal noise, so many dB below the recording's own level: `noise:20`.
    case noise
    /// SpecAugment (Park et al. 2019, section 2 without warping): two stretches of bands, up to an
    /// eighth of them each, and two stretches of frames, up to a tenth, take the recording's mean.
    case mask
  }

  /// The kinds that are applied.
  public let kinds: Set<Kind>
  /// Decibels between the recording's level and that of added noise.
  public let signalToNoiseRatio: Double

  /// Nothing is changed.
  public static let none = SoundAugmentation([])

  /// An augmentation of these kinds.
  public init(_ kinds: Set<Kind>, signalToNoiseRatio: Double = 20) {
    self.kinds = kinds
    self.signalToNoiseRatio = signalToNoiseRatio
  }

  /// The augmentation that a person wrote: `none`, `mask`, `gain,shift,noise:15`.
  ///
  /// - Throws: `InputError` that names the choices where a word is none of them.
  public init(parsing text: String) throws {
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined(separator: " ")
    }
    let choices = (["none"] + Kind.allCases.map(\.rawValue)).joined(separator: ", ")
    if words == ["none"] {
      self = .none
      return
    }
    var kinds: Set<Kind> = []
    var ratio = 20.0
    for word in words {
      let parts = word.split(separator: ":", omittingEmptySubsequences: false)
      guard let kind = Kind(rawValue: String(parts[0])), parts.count == 1 || kind == .noise else {
        throw InputError(
          word == "none"
            ? "\"none\" stands among other augmentations"
            : "recordings have no augmentation \"\(word)\"",
          advice: "Choose from \(choices); separate several by commas, and give noise its ratio in "
            + "dB like noise:20")
      }
      if parts.count > 1 {
        guard parts.count == 2, let value = Double(String(parts[1])), (-20...100).contains(value)
        else {
          throw InputError(
            "a signal-to-noise ratio of \(parts[1]) dB cannot be",
            advice: "Give a number from -20 to 100, such as noise:20")
        }
        ratio = value
      }
      kinds.insert(kind)
    }
    self.init(kinds, signalToNoiseRatio: ratio)
  }

  /// As a person would write it.
  public var description: String {
    let names = Kind.allCases.filter(kinds.contains).map { kind in
      kind == .noise ? "noise:\(Self.written(signalToNoiseRatio))" : kind.rawValue
    }
    return names.isEmpty ? "none" : names.joined(separator: ",")
  }

  /// `20`, `17.5`.
  private static func written(_ ratio: Double) -> String {
    ratio == ratio.rounded() ? "\(Int(ratio))" : "\(ratio)"
  }

  /// Whether samples are changed, so that features have to be made anew.
  var changesSamples: Bool { !kinds.subtracting([.mask]).isEmpty }

  /// The same changes but for the speed.
  var withoutSpeed: SoundAugmentation {
    SoundAugmentation(kinds.subtracting([.speed]), signalToNoiseRatio: signalToNoiseRatio)
  }

  /// The samples as `key` changes them; as many as before, but for a change of speed.
  package func changed(_ samples: [Float], key: RandomKey) throws -> [Float] {
    var result = samples
    if kinds.contains(.speed) {
      let tenths = 9 + key.folding("speed").integer(below: 3, at: 0)
      result = try Sound(sampleRate: 1_000 * tenths, made: result).resampled(to: 10_000).samples
    }
    if kinds.contains(.gain) {
      let decibels = 12 * Double(key.folding("gain").uniform(at: 0)) - 6
      let factor = Float(pow(10, decibels / 20))
      for index in result.indices { result[index] *= factor }
    }
    if kinds.contains(.shift) {
      let most = result.count / 10
      let by = key.folding("shift").integer(below: 2 * most + 1, at: 0) - most
      let moved = result
      for index in result.indices {
        let source = index - by
        result[index] = moved.indices.contains(source) ? moved[source] : 0
      }
    }
    if kinds.contains(.noise) {
      let key = key.folding("noise")
      let power = result.reduce(0.0) { $0 + Double($1 * $1) } / Double(max(result.count, 1))
      let deviation = (power / pow(10, signalToNoiseRatio / 10)).squareRoot()
      for index in result.indices {
        result[index] += Float(deviation * key.normal(at: UInt64(index)))
      }
    }
    return result
  }

  /// Features as `key` changes them.
  ///
  /// - Parameter features: `[frames, count]`
  package func masked(_ features: [Float], count: Int, key: RandomKey) -> [Float] {
    guard kinds.contains(.mask), !features.isEmpty else { return features }
    let key = key.folding("mask")
    let frames = features.count / count
    var mean = [Float](repeating: 0, count: count)
    for (index, value) in features.enumerated() { mean[index % count] += value / Float(frames) }
    var result = features
    func stretch(of size: Int, most: Int, _ draw: Int) -> Range<Int> {
      let length = key.integer(below: most + 1, at: UInt64(2 * draw))
      let start = key.integer(below: size - length + 1, at: UInt64(2 * draw + 1))
      return start..<(start + length)
    }
    for draw in 0..<2 {
      for band in stretch(of: count, most: count / 8, draw) {
        for frame in 0..<frames { result[frame * count + band] = mean[band] }
      }
      for frame in stretch(of: frames, most: frames / 10, draw + 2) {
        result.replaceSubrange((frame * count)..<((frame + 1) * count), with: mean)
      }
    }
    return result
  }
}
