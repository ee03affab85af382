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
  /// How long it is, if it says so.
  package let seconds: Double?
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
  /// Whether each channel has been heard so far.
  package private(set) var isAlive: [Bool]
  private let source: MediaStream
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
      throw InputError(
        status.kind == .folder ? "is a folder, not a recording" : "is not an ordinary file",
        at: name)
    }
    try SoundFormat.check(name)
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
      name: name, sampleRate: rate, channels: channels, seconds: source.seconds)
    self.sampleRate = sampleRate ?? rate
    isAlive = [Bool](repeating: false, count: channels)
  }

  // MARK: Samples

  /// The next piece, of one channel: the mean of all channels that are heard. `nil` at the end.
  ///
  /// A channel is dead as long as nothing has come from it: the mean is over the others, so that a
  /// microphone that was not plugged in does not halve the sound.
  ///
  /// - Throws: `InputError` where the file is damaged.
  package func next() throws -> [Float]? {
    while !isFinished {
      switch source.next() {
      case .end:
        isFinished = true
        guard let rest = try resampler?.finish(), rest.contains(where: { !$0.isEmpty }) else {
          guard sampleCount > 0 else { throw InputError("holds no samples", at: facts.name) }
          return nil
        }
        return mixed(rest)
      case .broken, .cutShort: throw broken()
      case .frame:
        let frame = unsafe source.frame
        defer { unsafe av_frame_unref(frame) }
        let resampler = try unsafe resampler(for: frame)
        let piece = try unsafe resampler.convert(frame)
        if !piece[0].isEmpty { return mixed(piece) }
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
    isAlive = [Bool](repeating: false, count: made.channels)
    resampler = made
    return made
  }

  /// Softer than 100 dB below full scale is nothing.
  private static let audible: Float = 1e-5

  private func mixed(_ channels: [[Float]]) -> [Float] {
    for (index, channel) in channels.enumerated() where !isAlive[index] {
      isAlive[index] = channel.contains { abs($0) > Self.audible }
    }
    let alive = max(isAlive.count { $0 }, 1)
    var sum = channels[0]
    for channel in channels.dropFirst() {
      for index in sum.indices { sum[index] += channel[index] }
    }
    for index in sum.indices {
      let value = sum[index] / Float(alive)
      // Damaged floating-point files hold what is no number.
      sum[index] = value.isFinite ? value : 0
    }
    sampleCount += sum.count
    return sum
  }

  private var place: String {
    "\(decimal(Double(sampleCount) / Double(sampleRate), digits: 1)) seconds"
  }

  private func broken() -> InputError {
    InputError(
      "is broken after \(place)", at: facts.name, advice: "Copy or download the file again")
  }
}
