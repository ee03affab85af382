import FoveaArray
import Glibc

/// Strings of words, joined from recordings of single ones, whose words and times are known: what a
/// recogniser of words can be trained and measured on.
///
/// Each string is said by one speaker: from 1 to 7 words, drawn evenly from those the speaker has
/// recordings of, each by one of the recordings drawn evenly; pauses around and between; and normal
/// noise over all of it. What a string holds follows from the seed and its number alone.
package struct WordStrings: Sendable {
  /// How strings are made.
  package struct Options: Sendable {
    /// How many strings there are to train on.
    package var count = 1000
    /// How many more there are to test on.
    package var testCount = 0
    /// Who says the strings of the test part, and none of the others; anybody says any where not given.
    package var testSpeaker: String?
    /// Words in a string.
    package var words = 1...7
    /// Seconds of each pause.
    package var pause = 0.05...0.3
    /// Decibels between the mean power of what is said and that of the noise.
    package var signalToNoiseRatio = 20.0
    package var seed: UInt64 = 1

    package init() {}
  }

  /// A string with what is said in it.
  package struct Item: Sendable {
    package let sound: Sound
    package let words: [(word: String, start: Double, end: Double)]
    package let speaker: String
  }

  private let options: Options
  private let sampleRate: Int
  /// The recordings of each word, by speaker.
  private let recordings: [String: [(word: String, sounds: [Sound])]]
  private let speakers: [String]

  /// How many strings there are; those to test on come last.
  package var count: Int { options.count + options.testCount }

  /// Reads the recordings of single words, whose groups are their speakers.
  ///
  /// - Throws: `InputError` for options that cannot be, an unknown speaker, and recordings that cannot
  ///   be read or have none.
  package init(_ datasets: [LabelledDataset], options: Options) throws {
    func require(_ condition: Bool, _ problem: String, _ advice: Advice) throws {
      if !condition { throw InputError(problem, advice: advice) }
    }
    try require(
      options.count >= 1 && options.testCount >= 0, "there must be a string at least",
      "Give \(.count) 1 or more")
    try require(
      (-20...100).contains(options.signalToNoiseRatio),
      "a signal-to-noise ratio of \(options.signalToNoiseRatio) dB cannot be",
      "Give a number from -20 to 100")
    let examples = datasets.flatMap { dataset in
      dataset.examples.map { (example: $0, word: dataset.classes[$0.label]) }
    }
    let place = datasets.first?.name ?? ""
    guard let first = examples.first else { throw InputError("there are no recordings", at: place) }
    let rate = try first.example.soundFacts().sampleRate
    let sounds = try Parallel.map(examples.count) { index in
      Result { try examples[index].example.sound(sampleRate: rate) }
    }
    var bySpeaker: [String: [String: [Sound]]] = [:]
    for ((example, word), sound) in zip(examples, sounds) {
      guard let speaker = example.group else {
        throw InputError(
          "has no speaker", at: example.name, advice: "Name the column of speakers: \(.groupColumn)"
        )
      }
      bySpeaker[speaker, default: [:]][word, default: []].append(try sound.get())
    }
    if let name = options.testSpeaker, bySpeaker[name] == nil || bySpeaker.count < 2 {
      throw InputError(
        bySpeaker[name] == nil ? "there is no speaker \(name)" : "nobody but \(name) speaks",
        at: place, advice: "The speakers are \(bySpeaker.keys.sorted().joined(separator: ", "))")
    }
    self.options = options
    sampleRate = rate
    speakers = bySpeaker.keys.sorted()
    recordings = bySpeaker.mapValues { words in
      words.sorted { $0.key < $1.key }.map { (word: $0.key, sounds: $0.value) }
    }
  }

  /// Whether a string is one to test on.
  package func isTest(_ index: Int) -> Bool { index >= options.count }

  /// The string of a number.
  package func item(_ index: Int) -> Item {
    require((0..<count).contains(index), "strings: there is no number \(index)")
    let key = RandomKey(seed: options.seed).folding("string").folding(index)
    func draw(_ name: String, _ place: Int, below bound: Int) -> Int {
      key.folding(name).integer(below: bound, at: UInt64(place))
    }
    let others = speakers.filter { options.testSpeaker == nil || $0 != options.testSpeaker }
    let speaker =
      isTest(index)
      ? options.testSpeaker ?? speakers[draw("speaker", 0, below: speakers.count)]
      : others[draw("speaker", 0, below: others.count)]
    let vocabulary = recordings[speaker] ?? []
    let length = options.words.lowerBound + draw("length", 0, below: options.words.count)
    var samples: [Float] = []
    var words: [(word: String, start: Double, end: Double)] = []
    var energy = 0.0
    var spoken = 0
    func pause(_ place: Int) {
      let share = Double(key.folding("pause").uniform(at: UInt64(place)))
      let seconds =
        options.pause.lowerBound + share * (options.pause.upperBound - options.pause.lowerBound)
      samples += [Float](repeating: 0, count: Int(seconds * Double(sampleRate)))
    }
    for place in 0..<length {
      pause(place)
      let (word, sounds) = vocabulary[draw("word", place, below: vocabulary.count)]
      let sound = sounds[draw("recording", place, below: sounds.count)]
      let start = Double(samples.count) / Double(sampleRate)
      samples += sound.samples
      energy += sound.samples.reduce(0) { $0 + Double($1 * $1) }
      spoken += sound.samples.count
      words.append((word, start, Double(samples.count) / Double(sampleRate)))
    }
    pause(length)
    let power = energy / Double(max(spoken, 1)) / pow(10, options.signalToNoiseRatio / 10)
    let noise = key.folding("noise")
    for sample in samples.indices {
      samples[sample] += Float(power.squareRoot() * noise.normal(at: UInt64(sample)))
    }
    return Item(
      sound: Sound(sampleRate: sampleRate, made: samples), words: words, speaker: speaker)
  }
}

extension LabelledExample {
  /// The whole recording at a sample rate.
  fileprivate func sound(sampleRate: Int) throws -> Sound {
    try named {
      switch content {
      case .file(let url): return try SoundDecoder(sampleRate: sampleRate).decode(contentsOf: url)
      case .sound(let sound): return try sound.resampled(to: sampleRate)
      case .picture, .text: throw content.refused(as: .sound)
      }
    }
  }
}
