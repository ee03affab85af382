/// Samples go in as they arrive, frames of features come out as soon as their windows are whole: the
/// frames that `Spectrogram` makes of all samples together.
///
/// Memory is that of one window. Belongs to the thread that made it.
package final class FrameStream {
  private let spectrogram: Spectrogram
  private let hop: Int
  private let width: Int
  /// The last samples, from sample number `first` on.
  private var samples: [Float] = []
  private var first = 0
  private var frame = 0
  private var features: [Float] = []

  /// A stream at its beginning.
  package init(_ input: SoundInput) {
    spectrogram = Spectrogram(input.spectrogram, sampleRate: input.sampleRate)
    hop = input.spectrogram.hopSize(input.sampleRate)
    width = input.featureCount
  }

  /// Takes samples, and gives the frames that are whole by now.
  package func add(_ new: [Float]) -> [[Float]] {
    samples += new
    while frame * hop + spectrogram.reach <= first + samples.count { take() }
    // What no frame to come reaches any more.
    let unused = min(max(frame * hop - spectrogram.reach - first, 0), samples.count)
    samples.removeFirst(unused)
    first += unused
    return whole()
  }

  /// The frames that are left at the end, with silence behind it.
  package func end() -> [[Float]] {
    while frame * hop <= first + samples.count { take() }
    spectrogram.complete(&features)
    return whole()
  }

  private func take() {
    spectrogram.append(frameAt: frame * hop - first, of: samples, to: &features)
    frame += 1
  }

  private func whole() -> [[Float]] {
    var frames: [[Float]] = []
    while features.count >= width {
      frames.append(Array(features.prefix(width)))
      features.removeFirst(width)
    }
    return frames
  }
}
