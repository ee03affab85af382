package import FoundationEssentials

/// Recordings as WAV files: one channel of 16 bits.
package enum WAVFile {
  /// The file's bytes; what is beyond −1…1 is cut.
  package static func encoded(_ sound: Sound) -> Data {
    func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
      (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let size = UInt32(clamping: 2 * sound.samples.count)
    var bytes = Array("RIFF".utf8) + little(size &+ 36) + Array("WAVEfmt ".utf8)
    bytes += little(UInt32(16)) + little(UInt16(1)) + little(UInt16(1))
    bytes += little(UInt32(sound.sampleRate)) + little(UInt32(2 * sound.sampleRate))
    bytes += little(UInt16(2)) + little(UInt16(16)) + Array("data".utf8) + little(size)
    bytes.reserveCapacity(44 + 2 * sound.samples.count)
    for sample in sound.samples {
      bytes += little(Int16((max(-1, min(1, sample)) * 32_767).rounded()))
    }
    return Data(bytes)
  }
}

extension Sound {
  /// Only some stretches of the recording, in seconds, with a pause between two; each fades in and
  /// out over 5 ms, so that no edge clicks.
  package func shortened(to stretches: [ClosedRange<Double>], pause: Double = 0.25) -> Sound {
    let fade = max(sampleRate / 200, 1)
    var result: [Float] = []
    for stretch in stretches {
      let start = min(max(Int(stretch.lowerBound * Double(sampleRate)), 0), samples.count)
      let end = min(max(Int(stretch.upperBound * Double(sampleRate)), start), samples.count)
      guard start < end else { continue }
      if !result.isEmpty {
        result += [Float](repeating: 0, count: Int(pause * Double(sampleRate)))
      }
      for index in start..<end {
        let edge = min(index - start, end - 1 - index)
        result.append(samples[index] * min(Float(edge) / Float(fade), 1))
      }
    }
    return Sound(sampleRate: sampleRate, made: result)
  }
}
