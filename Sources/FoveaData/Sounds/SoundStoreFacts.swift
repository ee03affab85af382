import FoveaArray

/// What was found while decoding a recording, of which a person should know.
struct SoundStoreFacts: Sendable {
  var sampleRate: Int
  var deadChannels: [Int] = []
  var isCut = false
  var isSilent = false
  var seconds: Double
  var findings = SoundFindings()

  /// Shorter recordings hold hardly more than a click.
  static let shortSeconds = 0.05

  /// What is said of a dataset's recordings, with the names of the first few.
  ///
  /// - Parameter isFormGiven: whether the length that is looked at cannot be chosen any more.
  static func notes(
    _ found: [(name: String, facts: SoundStoreFacts)], _ input: SoundInput, at place: String,
    isFormGiven: Bool
  ) -> [String] {
    var notes: [String] = []
    func names(_ chosen: [(name: String, facts: SoundStoreFacts)]) -> String {
      chosen.prefix(3).map(\.name).joined(separator: ", ") + (chosen.count > 3 ? ", …" : "")
    }
    let others = found.filter { $0.facts.sampleRate != input.sampleRate }
    if !others.isEmpty {
      let rates = Set(others.map(\.facts.sampleRate)).sorted().map { NumberText.count($0) }
      notes.append(
        "\(place): \(NumberText.count(others.count, "recording")) with \(rates.joined(separator: ", ")) "
          + "samples a second \(others.count == 1 ? "is" : "are") resampled to "
          + "\(NumberText.count(input.sampleRate)).")
    }
    let cut = found.filter(\.facts.isCut)
    if !cut.isEmpty {
      let seconds = NumberText.fixed(Double(input.mostFrames) * input.hopSeconds, decimals: 1)
      notes.append(
        "\(place): of \(NumberText.count(cut.count, "recording")) only the first \(seconds) s are looked at "
          + "(\(names(cut)))\(isFormGiven ? "" : "; another clip length changes that").")
    }
    let silent = found.filter(\.facts.isSilent)
    if !silent.isEmpty {
      notes.append(
        "\(place): \(NumberText.count(silent.count, "recording")) \(silent.count == 1 ? "is" : "are") silent "
          + "(\(names(silent))).")
    }
    let short = found.filter { $0.facts.seconds < shortSeconds }
    if !short.isEmpty {
      notes.append(
        "\(place): \(NumberText.count(short.count, "recording")) \(short.count == 1 ? "is" : "are") shorter "
          + "than \(NumberText.fixed(shortSeconds * 1000, decimals: 0)) ms (\(names(short))).")
    }
    let dead = found.filter { !$0.facts.deadChannels.isEmpty }
    if !dead.isEmpty {
      notes.append(
        "\(place): \(NumberText.count(dead.count, "recording")) \(dead.count == 1 ? "has" : "have") a channel "
          + "from which nothing comes; the others are used (\(names(dead))).")
    }
    let cancelling = found.filter(\.facts.findings.cancelsOut)
    if !cancelling.isEmpty {
      notes.append(
        "\(place): of \(NumberText.count(cancelling.count, "recording")) the channels cancel out when they "
          + "are mixed (right = −left); one is used alone (\(names(cancelling))).")
    }
    let damaged = found.filter { $0.facts.findings.nonFiniteCount > 0 }
    if !damaged.isEmpty {
      let samples = damaged.reduce(0) { $0 + $1.facts.findings.nonFiniteCount }
      notes.append(
        "\(place): \(NumberText.count(damaged.count, "recording")) \(damaged.count == 1 ? "holds" : "hold") "
          + "\(NumberText.count(samples, "sample")) that \(samples == 1 ? "is" : "are") no number or "
          + "infinite and \(samples == 1 ? "counts" : "count") as 0 (\(names(damaged))).")
    }
    let endless = found.filter(\.facts.findings.mayBeCut)
    if !endless.isEmpty {
      notes.append(
        "\(place): \(NumberText.count(endless.count, "recording")) \(endless.count == 1 ? "ends" : "end") "
          + "without an end mark and may have been cut (\(names(endless))).")
    }
    return notes
  }
}

/// Sums over the frames of a recording from which means and deviations of any set follow.
struct FeatureSums: Sendable {
  let frames: Int
  let values: [Double]
  let squares: [Double]

  /// - Parameter features: `[frames, count]`
  init(_ features: [Float], count: Int) {
    var values = [Double](repeating: 0, count: count)
    var squares = values
    var column = 0
    for feature in features {
      values[column] += Double(feature)
      squares[column] += Double(feature) * Double(feature)
      column = column + 1 == count ? 0 : column + 1
    }
    frames = features.count / max(count, 1)
    self.values = values
    self.squares = squares
  }

  /// Added in the order given; a deviation is at least 10⁻³, so that a band that is always empty
  /// can be divided by it.
  static func statistics(_ sums: [FeatureSums], count: Int) -> ChannelStatistics {
    let frames = Double(max(1, sums.reduce(0) { $0 + $1.frames }))
    var mean: [Float] = []
    var deviation: [Float] = []
    for column in 0..<count {
      let average = sums.reduce(0) { $0 + $1.values[column] } / frames
      let square = sums.reduce(0) { $0 + $1.squares[column] } / frames
      mean.append(Float(average))
      deviation.append(Float(max(1e-3, max(0, square - average * average).squareRoot())))
    }
    return ChannelStatistics(mean: mean, deviation: deviation)
  }
}

extension SoundInput {
  /// The features of a recording in the input's sample rate, `[frames, features]`; of a longer one
  /// than fits its beginning counts.
  package func features(of sound: Sound) -> [Float] {
    require(sound.sampleRate == sampleRate, "sound: made for another sample rate")
    let samples =
      sound.samples.count > mostSamples
      ? Array(sound.samples.prefix(mostSamples)) : sound.samples
    return Spectrogram(spectrogram, sampleRate: sampleRate).features(of: samples)
  }

  /// Features `[frames, features]` in grey: time from left to right, the first feature below, the
  /// largest number white.
  package func picture(of features: [Float]) -> Picture {
    let featureCount = spectrogram.bandCount
    let frames = features.count / featureCount
    let lowest = features.min() ?? 0
    let range = max((features.max() ?? 0) - lowest, 1e-6)
    var pixels = [UInt8](repeating: 0, count: features.count)
    for frame in 0..<frames {
      for band in 0..<featureCount {
        let share = (features[frame * featureCount + band] - lowest) / range
        pixels[(featureCount - 1 - band) * frames + frame] =
          share.isFinite ? UInt8(255 * min(max(share, 0), 1)) : 0
      }
    }
    return Picture(width: frames, height: featureCount, channels: 1, made: pixels)
  }

  /// The recording of an example, in the input's sample rate, no longer than fits.
  func recording(of example: LabelledExample) throws -> (Sound, SoundStoreFacts) {
    try example.named {
      let limit = Double(mostSamples) / Double(sampleRate)
      switch example.content {
      case .file(let url):
        let decoded = try SoundDecoder(
          sampleRate: sampleRate, limits: SoundLimits(seconds: limit)
        ).decoded(url)
        return (
          decoded.sound,
          SoundStoreFacts(
            sampleRate: decoded.facts.sampleRate, deadChannels: decoded.deadChannels,
            isCut: decoded.isCut, isSilent: decoded.isSilent, seconds: decoded.sound.seconds,
            findings: decoded.findings)
        )
      case .sound(let sound):
        guard !sound.samples.isEmpty else { throw InputError("the recording has no samples") }
        let same = try sound.resampled(to: sampleRate)
        let isCut = same.samples.count > mostSamples
        return (
          Sound(sampleRate: sampleRate, made: Array(same.samples.prefix(mostSamples))),
          SoundStoreFacts(
            sampleRate: sound.sampleRate, isCut: isCut,
            isSilent: same.samples.allSatisfy { abs($0) <= ChannelMixer.audible },
            seconds: same.seconds)
        )
      case .picture, .text: throw example.content.refused(as: .sound)
      }
    }
  }
}

extension LabelledExample {
  /// Sample rate, channels and length, without decoding.
  func soundFacts() throws -> SoundFacts {
    try named {
      switch content {
      case .file(let url): return try SoundReader(contentsOf: url).facts
      case .sound(let sound):
        return SoundFacts(
          name: name, sampleRate: sound.sampleRate, channels: 1, seconds: sound.seconds)
      case .picture, .text: throw content.refused(as: .sound)
      }
    }
  }
}
