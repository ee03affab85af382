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
/// All pointers of reading are here and in `Resampler`.
@safe package final class SoundReader {
  package let facts: SoundFacts
  /// Samples a second that it gives.
  package let sampleRate: Int
  /// Whether each channel has been heard so far.
  package private(set) var isAlive: [Bool]
  private let container: UnsafeMutablePointer<AVFormatContext>
  private let decoder: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let frame: UnsafeMutablePointer<AVFrame>
  private let streamIndex: Int32
  private var resampler: Resampler?
  private var isDrained = false
  private var isFinished = false
  private var sampleCount = 0

  private static let containers = "wav,flac,mp3,ogg,mov,mp4,m4a,3gp,3g2,mj2,aac"
  private static let codecs =
    "pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,"
    + "adpcm_ima_wav,flac,mp3float,mp3,vorbis,libvorbis,opus,libopus,aac,alac"

  /// Opens the recording at `url`.
  ///
  /// - Parameter sampleRate: what it is brought to; the file's own where not given.
  /// - Throws: `InputError` where it is no recording that Fovea reads, or is damaged.
  package init(contentsOf url: URL, sampleRate: Int? = nil) throws {
    let name = url.relativePath
    let status = try FileStatus.of(name).get()
    guard status.kind == .file else {
      throw InputError(
        status.kind == .folder ? "is a folder, not a recording" : "is not an ordinary file",
        at: name)
    }
    try SoundFormat.check(name)
    MediaLog.silence()
    var container: UnsafeMutablePointer<AVFormatContext>? = try unsafe Self.open(name)
    var decoder: UnsafeMutablePointer<AVCodecContext>?
    var packet = unsafe av_packet_alloc()
    var frame = unsafe av_frame_alloc()
    var isWhole = false
    defer {
      if !isWhole {
        unsafe avformat_close_input(&container)
        unsafe avcodec_free_context(&decoder)
        unsafe av_packet_free(&packet)
        unsafe av_frame_free(&frame)
      }
    }
    guard let opened = unsafe container else { throw Self.broken(name) }
    let index = unsafe av_find_best_stream(opened, AVMEDIA_TYPE_AUDIO, -1, -1, nil, 0)
    guard index >= 0, let stream = unsafe opened.pointee.streams[Int(index)],
      let parameters = unsafe stream.pointee.codecpar
    else { throw InputError("holds no sound", at: name, advice: SoundFormat.expectation) }
    let rate = unsafe Int(parameters.pointee.sample_rate)
    let channels = unsafe Int(parameters.pointee.ch_layout.nb_channels)
    try SoundFormat.check(sampleRate: rate, channels: channels, name)
    guard let codec = unsafe avcodec_find_decoder(parameters.pointee.codec_id),
      let context = unsafe avcodec_alloc_context3(codec), let madePacket = unsafe packet,
      let madeFrame = unsafe frame
    else { throw Self.unreadCodec(name) }
    unsafe decoder = context
    unsafe avcodec_parameters_to_context(context, parameters)
    unsafe av_opt_set(context, "codec_whitelist", Self.codecs, 0)
    unsafe context.pointee.thread_count = 1
    unsafe context.pointee.pkt_timebase = stream.pointee.time_base
    guard unsafe avcodec_open2(context, codec, nil) == 0 else { throw Self.unreadCodec(name) }
    facts = SoundFacts(
      name: name, sampleRate: rate, channels: channels,
      seconds: unsafe Self.duration(of: opened, stream))
    self.sampleRate = sampleRate ?? rate
    isAlive = [Bool](repeating: false, count: channels)
    streamIndex = index
    unsafe self.container = opened
    unsafe self.decoder = context
    unsafe self.packet = madePacket
    unsafe self.frame = madeFrame
    isWhole = true
  }

  deinit {
    var container: UnsafeMutablePointer<AVFormatContext>? = unsafe container
    var decoder: UnsafeMutablePointer<AVCodecContext>? = unsafe decoder
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe packet
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe frame
    unsafe avformat_close_input(&container)
    unsafe avcodec_free_context(&decoder)
    unsafe av_packet_free(&packet)
    unsafe av_frame_free(&frame)
  }

  // MARK: Samples

  /// The next piece, of one channel: the mean of all channels that are heard. `nil` at the end.
  ///
  /// A channel is dead as long as nothing has come from it: the mean is over the others, so that a
  /// microphone that was not plugged in does not halve the sound.
  ///
  /// - Throws: `InputError` where the file is damaged.
  package func next() throws -> [Float]? {
    while true {
      if isFinished { return nil }
      let status = unsafe avcodec_receive_frame(decoder, frame)
      if status == fovea_error_end {
        isFinished = true
        guard let rest = try resampler?.finish(), rest.contains(where: { !$0.isEmpty }) else {
          guard sampleCount > 0 else { throw InputError("holds no samples", at: facts.name) }
          return nil
        }
        return mixed(rest)
      }
      if status == fovea_error_again {
        try feed()
        continue
      }
      guard status >= 0 else { throw broken() }
      defer { unsafe av_frame_unref(frame) }
      let resampler = try unsafe resampler(for: frame)
      let piece = try unsafe resampler.convert(frame)
      if piece[0].isEmpty { continue }
      return mixed(piece)
    }
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
      throw Self.unreadCodec(facts.name)
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

  /// Gives the decoder the next packet of the sound, or the sign that there is none.
  private func feed() throws {
    while true {
      let status = unsafe av_read_frame(container, packet)
      if status == fovea_error_end {
        // A second sign of the end would be an error of ours.
        guard !isDrained else { throw broken() }
        isDrained = true
        unsafe avcodec_send_packet(decoder, nil)
        return
      }
      guard status >= 0 else { throw broken() }
      defer { unsafe av_packet_unref(packet) }
      guard unsafe packet.pointee.stream_index == streamIndex else { continue }
      guard unsafe avcodec_send_packet(decoder, packet) >= 0 else { throw broken() }
      return
    }
  }

  private var place: String {
    "\(decimal(Double(sampleCount) / Double(sampleRate), digits: 1)) seconds"
  }

  private func broken() -> InputError {
    InputError(
      "is broken after \(place)", at: facts.name, advice: "Copy or download the file again")
  }

  // MARK: Opening

  private static func broken(_ name: String) -> InputError {
    InputError(
      "is broken: it begins like a recording, but its header makes no sense", at: name,
      advice: "Copy or download the file again")
  }

  private static func unreadCodec(_ name: String) -> InputError {
    InputError(
      "holds a kind of sound that this machine cannot decode", at: name,
      advice: "Convert it to WAV or FLAC")
  }

  private static func open(_ name: String) throws -> UnsafeMutablePointer<AVFormatContext> {
    var options: OpaquePointer?
    defer { unsafe av_dict_free(&options) }
    unsafe av_dict_set(&options, "format_whitelist", containers, 0)
    unsafe av_dict_set(&options, "codec_whitelist", codecs, 0)
    unsafe av_dict_set(&options, "protocol_whitelist", "file", 0)
    var container: UnsafeMutablePointer<AVFormatContext>?
    // The prefix keeps a name like `http://…` or `concat:…` a file's name.
    guard unsafe avformat_open_input(&container, "file:" + name, nil, &options) == 0,
      let opened = unsafe container
    else { throw broken(name) }
    unsafe avformat_find_stream_info(opened, nil)
    return unsafe opened
  }

  private static func duration(
    of container: UnsafeMutablePointer<AVFormatContext>, _ stream: UnsafeMutablePointer<AVStream>
  ) -> Double? {
    let own = unsafe stream.pointee.duration
    let tick = unsafe stream.pointee.time_base
    if own != fovea_no_time, own > 0 { return Double(own) * Double(tick.num) / Double(tick.den) }
    let whole = unsafe container.pointee.duration
    return whole != fovea_no_time && whole > 0 ? Double(whole) / Double(AV_TIME_BASE) : nil
  }
}
