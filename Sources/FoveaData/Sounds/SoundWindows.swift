package import FoundationEssentials
import FoveaArray

/// The windows of a recording, one behind the other, as long as a network takes: a file of any
/// length is read in the memory of one.
@safe package struct SoundWindows {
  /// A part of a recording.
  package struct Window: Sendable {
    /// Where it begins, from the beginning of the recording.
    package let startSeconds: Double
    package let sound: Sound

    /// A part that begins so late.
    package init(startSeconds: Double, sound: Sound) {
      self.startSeconds = startSeconds
      self.sound = sound
    }

    /// Where it ends.
    package var endSeconds: Double { startSeconds + sound.seconds }
  }

  private let reader: SoundReader
  private let size: Int
  private var rest: [Float] = []
  private var taken = 0

  /// The windows of a file.
  ///
  /// - Throws: `InputError` where it is no recording that Fovea reads, or is damaged.
  package init(contentsOf url: URL, input: SoundInput) throws {
    reader = try SoundReader(contentsOf: url, sampleRate: input.sampleRate)
    size = input.mostSamples
  }

  /// What has been found so far, as ends of a sentence about the recording.
  package var notes: [String] {
    let dead = reader.isAlive.indices.filter { !reader.isAlive[$0] }
    var notes: [String] = []
    if dead.count == reader.isAlive.count {
      notes.append("it is silent")
    } else if !dead.isEmpty {
      let numbers = dead.map { "\($0 + 1)" }.joined(separator: ", ")
      notes.append(
        "nothing comes from channel \(numbers) of \(reader.isAlive.count); "
          + (reader.isAlive.count - dead.count == 1 ? "the other is used" : "the others are used"))
    }
    let seconds = Double(taken + rest.count) / Double(reader.sampleRate)
    if seconds < SoundStoreFacts.shortSeconds {
      notes.append(
        "it is \(NumberText.fixed(1000 * seconds, decimals: 0)) ms long, hardly more than a click")
    }
    return notes + reader.findings.sentences
  }

  /// The next window, or `nil` behind the last. A rest shorter than a quarter of a window that is not
  /// the only one is left out: it has too little to be judged by.
  ///
  /// - Throws: `InputError` where the file is damaged.
  package mutating func next() throws -> Window? {
    while rest.count < size, let piece = try reader.next() { rest += piece }
    let count = min(size, rest.count)
    guard count > 0, taken == 0 || 4 * count >= size else { return nil }
    let window = Window(
      startSeconds: Double(taken) / Double(reader.sampleRate),
      sound: Sound(sampleRate: reader.sampleRate, made: Array(rest.prefix(count))))
    rest.removeFirst(count)
    taken += count
    return window
  }
}

extension Sound {
  /// The windows of a recording in memory, as `SoundWindows` gives those of a file.
  package func windows(_ input: SoundInput) throws -> [SoundWindows.Window] {
    let sound = try resampled(to: input.sampleRate)
    let size = input.mostSamples
    return stride(from: 0, to: sound.samples.count, by: size).compactMap { start in
      let part = Array(sound.samples[start..<min(start + size, sound.samples.count)])
      guard start == 0 || 4 * part.count >= size else { return nil }
      return SoundWindows.Window(
        startSeconds: Double(start) / Double(input.sampleRate),
        sound: Sound(sampleRate: input.sampleRate, made: part))
    }
  }
}
