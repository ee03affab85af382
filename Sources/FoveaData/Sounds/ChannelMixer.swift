import FoveaArray

/// Mixes the channels of a recording to one, piece by piece, and keeps in mind what was found.
///
/// The mix is the mean of the channels that are heard, so that a microphone that was not plugged in
/// does not halve the sound. Channels that cancel each other out, as the two ends of a wire do that
/// was soldered the wrong way round (right = −left), would be silence: there the first that is heard
/// stands for all.
struct ChannelMixer {
  /// Whether each channel has been heard so far.
  private(set) var isAlive: [Bool]
  /// Samples that were no numbers, or infinite; they count as 0.
  private(set) var nonFiniteCount = 0
  /// Sums of squares: of the mean over channels, and of the mix.
  private var energy = (channels: 0.0, mix: 0.0)

  /// Softer than 100 dB below full scale is nothing.
  static let audible: Float = 1e-5

  init(channels: Int) { isAlive = [Bool](repeating: false, count: channels) }

  /// Whether the mix is 40 dB softer than what is mixed.
  var cancelsOut: Bool {
    isAlive.count { $0 } > 1 && energy.mix < 1e-4 * energy.channels
  }

  /// The next piece of the mix.
  ///
  /// - Parameter channels: the samples of each, all as many.
  /// - Throws: `InputError` without a place for a sample that is beyond `SoundLimits.largestSample`.
  mutating func mixed(_ channels: [[Float]]) throws -> [Float] {
    var channels = channels
    for index in channels.indices {
      let largest = try clean(&channels[index])
      if largest > Self.audible { isAlive[index] = true }
    }
    guard channels.count > 1 else { return channels[0] }
    let alive = Float(max(isAlive.count { $0 }, 1))
    var sum = channels[0]
    for channel in channels.dropFirst() {
      for index in sum.indices { sum[index] += channel[index] }
    }
    for index in sum.indices { sum[index] /= alive }
    energy.mix += Self.squares(sum)
    energy.channels += channels.reduce(0) { $0 + Self.squares($1) } / Double(alive)
    guard cancelsOut, let first = isAlive.firstIndex(of: true) else { return sum }
    return channels[first]
  }

  /// Puts 0 in the place of what is no number.
  ///
  /// - Returns: the largest magnitude.
  private mutating func clean(_ samples: inout [Float]) throws -> Float {
    var largest: Float = 0
    for index in samples.indices {
      let magnitude = abs(samples[index])
      if magnitude <= SoundLimits.largestSample {
        largest = max(largest, magnitude)
      } else {
        guard !magnitude.isFinite else {
          throw InputError(
            "holds a sample of \(samples[index]), where recordings lie within −1 and 1",
            advice: "It is damaged, or not of floating-point numbers: save it again")
        }
        samples[index] = 0
        nonFiniteCount += 1
      }
    }
    return largest
  }

  private static func squares(_ samples: [Float]) -> Double {
    // In single precision a piece's sum is exact enough for a ratio of 10,000.
    Double(samples.reduce(Float(0)) { $0 + $1 * $1 })
  }
}
