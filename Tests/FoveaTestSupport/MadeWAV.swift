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
    var samples = Data()
    for index in channels[0].indices {
      for channel in channels {
        samples += little(Int16((max(-1, min(1, channel[index])) * 32_767).rounded()))
      }
    }
    return file(
      samples, channels: channels.count, kind: 1, bits: 16,
      rate: claimedRate ?? UInt32(sampleRate))
  }

  /// A file of 32-bit floating-point samples, which may be anything.
  package static func floatFile(_ channels: [[Float]], sampleRate: Int = 8000) -> Data {
    var samples = Data()
    for index in channels[0].indices {
      for channel in channels { samples += little(channel[index].bitPattern) }
    }
    return file(
      samples, channels: channels.count, kind: 3, bits: 32, rate: UInt32(sampleRate))
  }

  private static func file(
    _ samples: Data, channels: Int, kind: UInt16, bits: UInt16, rate: UInt32
  ) -> Data {
    let frame = channels * Int(bits) / 8
    var file = Data("RIFF".utf8) + little(UInt32(36 + samples.count)) + Data("WAVEfmt ".utf8)
    file += little(UInt32(16)) + little(kind) + little(UInt16(channels)) + little(rate)
    file += little(UInt32(truncatingIfNeeded: UInt64(rate) * UInt64(frame)))
    file += little(UInt16(frame)) + little(bits)
    return file + Data("data".utf8) + little(UInt32(samples.count)) + samples
  }

  private static func little<Number: FixedWidthInteger>(_ value: Number) -> Data {
    withUnsafeBytes(of: value.littleEndian) { unsafe Data($0) }
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
