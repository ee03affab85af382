import FoveaArray

extension LabelledDataset {
  /// How long the longest recording is that can be read, up to `most`; 1 where none can.
  ///
  /// What a file says is not enough: a network's size follows from it, and files that are skipped
  /// later, or do not say how long they are, must not make it larger. So those that do not say are
  /// decoded, and of the others the longest, until one is what it says.
  ///
  /// - Parameters:
  ///   - indices: the examples that count.
  ///   - stated: what the file of every example says, in seconds.
  /// - Throws: `CancellationError`.
  func longestSeconds(
    among indices: [Int], _ stated: [Double?], most: Double
  ) throws -> Double {
    let unknown = indices.filter { stated[$0] == nil }
    var longest = try Parallel.map(unknown.count) { index in
      examples[unknown[index]].decodedSeconds(most: most)
    }.compactMap { $0 }.max()
    let known = indices.compactMap { index in stated[index].map { (index, $0) } }
    for (index, seconds) in known.sorted(by: { $0.1 > $1.1 }) {
      if let longest, longest >= min(seconds, most) { break }
      if let read = examples[index].decodedSeconds(most: most) {
        longest = max(longest ?? 0, read)
      }
    }
    return min(longest ?? 1, most)
  }
}

extension LabelledExample {
  /// How long the recording is, up to `most` seconds; `nil` where it cannot be read.
  fileprivate func decodedSeconds(most: Double) -> Double? {
    switch content {
    case .file(let url):
      try? SoundDecoder(limits: SoundLimits(seconds: most)).decode(contentsOf: url).seconds
    case .sound(let sound): sound.seconds > 0 ? sound.seconds : nil
    case .picture, .text: nil
    }
  }
}
