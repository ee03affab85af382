import FoveaArray

/// What is said in recordings, as batches hold it.
enum Transcripts {
  /// `targets` `[batch, words]`, filled up with zeros to a power of two so that few plans serve all
  /// batches, and `targetLengths` `[batch]`.
  static func arrays(_ transcripts: [[Int]]) -> [String: HostArray] {
    let longest = transcripts.map(\.count).max() ?? 0
    var width = 8
    while width < longest { width *= 2 }
    let targets = transcripts.flatMap { words in
      words.map { Int32($0) } + [Int32](repeating: 0, count: width - words.count)
    }
    return [
      "targets": HostArray([transcripts.count, width], targets),
      "targetLengths": HostArray(transcripts.map { Int32($0.count) }),
    ]
  }
}

extension LabelledExample {
  /// Fails where the words of a transcript cannot all be heard in its frames: each takes one, and two
  /// equal ones need one more between.
  ///
  /// - Parameter isFormGiven: whether lengths and frames cannot be chosen any more, so that only the recording
  ///   can be changed.
  /// - Throws: `InputError` that names it.
  func checkRoom(frames: Int, isCut: Bool, isFormGiven: Bool) throws {
    guard let words else { return }
    try named {
      if isCut {
        throw InputError(
          "is longer than what is heard at once, so its last words would be missed",
          advice: isFormGiven
            ? "Cut it into shorter recordings"
            : "Give a longer \(.clipSeconds), or cut it into shorter recordings")
      }
      let needed = words.count + zip(words, words.dropFirst()).count { $0 == $1 }
      guard needed <= frames else {
        throw InputError(
          "has \(NumberText.count(words.count, "word")), which need \(NumberText.count(needed, "frame")), and only "
            + "\(NumberText.count(frames, "frame"))",
          advice: isFormGiven
            ? "Correct its transcript"
            : """
            Correct its transcript, or give a shorter \(.hopMilliseconds) or \(.framesTogether)
            """)
      }
    }
  }
}
