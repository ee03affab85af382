package import FoundationEssentials
import Glibc

/// Recordings that tests make: WAV files, byte by byte.
package enum MadeWAV {
  /// A file of 16-bit samples.
  ///
  /// - Parameters:
  ///   - channels: the samples of each channel, in −1…1, all as many.
  ///   - claimedRate: what the header says instead.
  package static func file(
    _ channels: [[Float]], sampleRate: Int = 8000, claimedRate: UInt32? = nil
  ) -> Data {
    func little<Number: FixedWidthInteger>(_ value: Number) -> Data {
      withUnsafeBytes(of: value.littleEndian) { unsafe Data($0) }
    }
    let count = channels.count
    var samples = Data()
    for index in channels[0].indices {
      for channel in channels {
        samples += little(Int16((max(-1, min(1, channel[index])) * 32_767).rounded()))
      }
    }
    let rate = claimedRate ?? UInt32(sampleRate)
    var file = Data("RIFF".utf8) + little(UInt32(36 + samples.count)) + Data("WAVEfmt ".utf8)
    file += little(UInt32(16)) + little(UInt16(1)) + little(UInt16(count)) + little(rate)
    file += little(UInt32(truncatingIfNeeded: UInt64(rate) * UInt64(2 * count)))
    file += little(UInt16(2 * count)) + little(UInt16(16))
    return file + Data("data".utf8) + little(UInt32(samples.count)) + samples
  }

  /// A tone.
  package static func tone(
    _ hertz: Double, seconds: Double, sampleRate: Int = 8000, level: Double = 0.5
  ) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map {
      Float(level * sin(2 * .pi * hertz * Double($0) / Double(sampleRate)))
    }
  }

  /// Silence with a tone in it, and so what is heard lies at a known time.
  package static func tone(
    _ hertz: Double, from start: Double, to end: Double, of seconds: Double, sampleRate: Int = 8000
  ) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map {
      let time = Double($0) / Double(sampleRate)
      return time >= start && time < end ? Float(0.5 * sin(2 * .pi * hertz * time)) : 0
    }
  }
}
