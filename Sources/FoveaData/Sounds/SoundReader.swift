import CMedia
package import FoundationEssentials
import FoveaArray

/// What a file of sound says of itself.
package struct SoundFacts: Hashable, Sendable {
  /// The file as its person knows it.
  package let name: String
  /// Samples a second in the file.
  package let sampleRate: Int
  /// Channels in the file.
  package let channels: Int
  /// How long it is, if it says so itself.
  package let seconds: Double?
}

/// What was found in a recording by reading it.
package struct SoundFindings: Hashable, Sendable {
  /// Samples that were no numbers, or infinite; they count as 0.
  package var nonFiniteCount = 0
  /// Whether the channels cancelled each other out, so that one stands for all.
  package var cancelsOut = false
  /// Whether it ends without the sign of an end that others of its kind have.
  package var mayBeCut = false

  /// What a person should know, as ends of a sentence about the recording.
  package var sentences: [String] {
    var sentences: [String] = []
    if cancelsOut {
      sentences.append(
        "its channels cancel out when they are mixed (right = −left), so that one is used alone")
    }
    if nonFiniteCount > 0 {
      sentences.append(
        "\(NumberText.count(nonFiniteCount, "sample")) \(nonFiniteCount == 1 ? "is" : "are") no number or "
          + "infinite and \(nonFiniteCount == 1 ? "counts" : "count") as 0")
    }
    if mayBeCut { sentences.append("it ends without an end mark and may have been cut") }
    return sentences
  }
}

/// Reads a file of sound piece by piece, mixed to one channel and brought to a sample rate.
///
/// WAV, FLAC, MP3, Ogg Vorbis and Opus, AAC and M4A are read, and nothing else, whatever the file
/// claims: no playlist, no address inside a file is followed, and only ordinary local files are
/// opened. Memory does not grow with the length of the file.
///
/// All pointers of reading are here, in `MediaStream` and in `Resampler`.
@safe package final class SoundReader {
  package let facts: SoundFacts
  /// Samples a second that it gives.
  package let sampleRate: Int
  private let format: SoundFormat
  private let source: MediaStream
  private var mixer: ChannelMixer
  private var mayBeCut = false
  private var resampler: Resampler?
  private var isFinished = false
  private var sampleCount = 0

  private static let kind = MediaKind(
    containers: "wav,flac,mp3,ogg,mov,mp4,m4a,3gp,3g2,mj2,aac",
    codecs: "pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,"
      + "adpcm_ima_wav,flac,mp3float,mp3,vorbis,libvorbis,opus,libopus,aac,alac",
    isStrict: false,
    unopened: {
      InputError(
        "is broken: it begins like a recording, but its header makes no sense", at: $0,
        advice: "Copy or download the file again")
    },
    unreadCodec: {
      InputError(
        "holds a kind of sound that this machine cannot decode", at: $0,
        advice: "Convert it to WAV or FLAC")
    })

  /// Opens the recording at `url`.
  ///
  /// - Parameter sampleRate: what it is brought to; the file's own where not given.
  /// - Throws: `InputError` where it is no recording that Fovea reads, or is damaged.
  package init(contentsOf url: URL, sampleRate: Int? = nil) throws {
    let name = try url.checkedFilePath
    let status = try FileStatus.of(name).get()
    guard status.kind == .file else {
      throw status.kind == .folder
        ? InputError("is a folder, not a recording", at: name) : InputFile.special(name)
    }
    format = try SoundFormat.of(name)
    var (rate, channels) = (0, 0)
    source = try unsafe MediaStream(name, Self.kind) { container in
      let index = unsafe av_find_best_stream(container, AVMEDIA_TYPE_AUDIO, -1, -1, nil, 0)
      guard index >= 0, let stream = unsafe container.pointee.streams[Int(index)],
        let parameters = unsafe stream.pointee.codecpar
      else { throw InputError("holds no sound", at: name, advice: SoundFormat.expectation) }
      rate = unsafe Int(parameters.pointee.sample_rate)
      channels = unsafe Int(parameters.pointee.ch_layout.nb_channels)
      try SoundFormat.check(sampleRate: rate, channels: channels, name)
      return unsafe stream
    }
    facts = SoundFacts(
      name: name, sampleRate: rate, channels: channels, seconds: source.statedSeconds)
    self.sampleRate = sampleRate ?? rate
    mixer = ChannelMixer(channels: channels)
  }

  /// Whether each channel has been heard so far.
  package var isAlive: [Bool] { mixer.isAlive }

  /// What has been found so far.
  package var findings: SoundFindings {
    SoundFindings(
      nonFiniteCount: mixer.nonFiniteCount, cancelsOut: mixer.cancelsOut, mayBeCut: mayBeCut)
  }

  // MARK: Samples

  /// The next piece, of one channel: the mean of all channels that are heard. `nil` at the end.
  ///
  /// - Throws: `InputError` where the file is damaged, ends before it says, or holds samples that
  ///   are none.
  package func next() throws -> [Float]? {
    while !isFinished {
      switch source.next() {
      case .end:
        isFinished = true
        try checkEnd()
        guard let rest = try resampler?.finish(), rest.contains(where: { !$0.isEmpty }) else {
          guard sampleCount > 0 else { throw InputError("holds no samples", at: facts.name) }
          return nil
        }
        return try mixed(rest)
      case .broken, .cutShort: throw broken()
      case .frame:
        let frame = unsafe source.frame
        defer { unsafe av_frame_unref(frame) }
        let resampler = try unsafe resampler(for: frame)
        let piece = try unsafe resampler.convert(frame)
        if !piece[0].isEmpty { return try mixed(piece) }
      }
    }
    return nil
  }

  private func resampler(for frame: UnsafeMutablePointer<AVFrame>) throws -> Resampler {
    if let resampler {
      guard unsafe resampler.fits(frame) else {
        throw InputError(
          "changes its sample rate or channels after \(place)", at: facts.name,
          advice: "Save it as one recording of one kind")
      }
      return resampler
    }
    guard let made = unsafe Resampler(from: frame, to: sampleRate) else {
      throw Self.kind.unreadCodec(facts.name)
    }
    mixer = ChannelMixer(channels: made.channels)
    resampler = made
    return made
  }

  private func mixed(_ channels: [[Float]]) throws -> [Float] {
    do {
      let mix = try mixer.mixed(channels)
      sampleCount += mix.count
      return mix
    } catch let error as InputError {
      throw InputError(error.problem, at: facts.name, advice: error.advice)
    }
  }

  /// A recording that ends before it says is not whole; one that says nothing may be.
  private func checkEnd() throws {
    let packets = source.packets
    switch format {
    case .wav, .aac: break
    case .ogg: mayBeCut = try !SoundEnds.checkOgg(facts.name)
    case .flac, .mp3, .m4a:
      // Some writers of MP3 and M4A count a frame too many, and what is played is shorter.
      let slack = format == .flac ? 0 : packets.lastTicks
      let end = source.seconds(packets.ticks + slack)
      if let stated = facts.seconds, end < stated - 0.5 / Double(facts.sampleRate) {
        throw InputError(
          "is cut short: it says that it is \(NumberText.fixed(stated, decimals: 2)) seconds long, and ends "
            + "after \(NumberText.fixed(source.seconds(packets.ticks), decimals: 2))",
          at: facts.name,
          advice: SoundEnds.again)
      }
      let size = format == .mp3 ? SoundEnds.frameSize(mp3: packets.last.start) : nil
      mayBeCut = packets.isLastCut || packets.last.count < size ?? 0
    }
  }

  private var place: String {
    "\(NumberText.fixed(Double(sampleCount) / Double(sampleRate), decimals: 1)) seconds"
  }

  private func broken() -> InputError {
    InputError(
      "is broken after \(place)", at: facts.name, advice: "Copy or download the file again")
  }
}
