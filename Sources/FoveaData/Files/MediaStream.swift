import CMedia
import FoveaArray

/// What a reader of media files opens, and what it says where it cannot.
struct MediaKind: Sendable {
  /// libavformat's names of the containers that are read.
  let containers: String
  /// libavcodec's names of the codecs that are read.
  let codecs: String
  /// Whether a packet or a frame that is marked as damaged ends the file, where it could be hidden.
  let isStrict: Bool
  /// Where the container cannot be opened.
  let unopened: @Sendable (_ name: String) -> InputError
  /// Where the codec is none of those above.
  let unreadCodec: @Sendable (_ name: String) -> InputError
}

/// One stream of a media file, decoded frame by frame by FFmpeg's libraries.
///
/// Containers and codecs of its kind are opened and nothing else, whatever the file claims: no
/// playlist, no address inside a file is followed, and only ordinary local files are read.
@safe final class MediaStream {
  let container: UnsafeMutablePointer<AVFormatContext>
  let stream: UnsafeMutablePointer<AVStream>
  /// The frame that `next` decoded; who takes it gives it back by `av_frame_unref`.
  let frame: UnsafeMutablePointer<AVFrame>
  private let kind: MediaKind
  private let decoder: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private var isDrained = false
  /// The packets of the stream so far.
  private(set) var packets = Packets()

  /// What is known of packets: their own times, whatever becomes of them.
  struct Packets {
    private var first: Int64?
    private var end: Int64 = 0
    /// The first bytes of the last one, and how many it has.
    private(set) var last = (start: [UInt8](), count: 0)
    /// Whether the file ended within the last one.
    private(set) var isLastCut = false
    private(set) var lastTicks: Int64 = 0

    /// From the beginning of the first to the end of the last.
    var ticks: Int64 { end - (first ?? end) }

    fileprivate mutating func add(_ packet: UnsafeMutablePointer<AVPacket>) {
      let time = unsafe packet.pointee.pts == fovea_no_time ? end : packet.pointee.pts
      lastTicks = unsafe max(packet.pointee.duration, 0)
      if first == nil { first = time }
      end = max(end, time.addingReportingOverflow(lastTicks).partialValue)
      isLastCut = unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
      let bytes = unsafe UnsafeBufferPointer(
        start: packet.pointee.data, count: Int(packet.pointee.size))
      last = unsafe (Array(bytes.prefix(4)), bytes.count)
    }
  }

  /// What comes next.
  enum Outcome {
    case frame
    case end
    /// What is there cannot be decoded.
    case broken
    /// The file ends, or is damaged, where packets should be.
    case cutShort
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - choose: which stream is decoded; fails where none suits, or what it says of itself cannot be.
  ///   - configure: what else the decoder is told.
  /// - Throws: `InputError` that names the file.
  init(
    _ name: String, _ kind: MediaKind,
    choose: (UnsafeMutablePointer<AVFormatContext>) throws -> UnsafeMutablePointer<AVStream>,
    configure: (UnsafeMutablePointer<AVCodecContext>) -> Void = { _ in }
  ) throws {
    MediaLog.silence()
    var container: UnsafeMutablePointer<AVFormatContext>? = try unsafe Self.open(name, kind)
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
    guard let opened = unsafe container else { throw kind.unopened(name) }
    let stream = try unsafe choose(opened)
    guard let parameters = unsafe stream.pointee.codecpar,
      let codec = unsafe avcodec_find_decoder(parameters.pointee.codec_id),
      let context = unsafe avcodec_alloc_context3(codec), let madePacket = unsafe packet,
      let madeFrame = unsafe frame
    else { throw kind.unreadCodec(name) }
    unsafe decoder = context
    unsafe avcodec_parameters_to_context(context, parameters)
    unsafe av_opt_set(context, "codec_whitelist", kind.codecs, 0)
    unsafe context.pointee.thread_count = 1
    unsafe context.pointee.pkt_timebase = stream.pointee.time_base
    unsafe configure(context)
    guard unsafe avcodec_open2(context, codec, nil) == 0 else { throw kind.unreadCodec(name) }
    self.kind = kind
    unsafe self.container = opened
    unsafe self.stream = stream
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

  private static func open(
    _ name: String, _ kind: MediaKind
  ) throws -> UnsafeMutablePointer<AVFormatContext> {
    var options: OpaquePointer?
    defer { unsafe av_dict_free(&options) }
    unsafe av_dict_set(&options, "format_whitelist", kind.containers, 0)
    unsafe av_dict_set(&options, "codec_whitelist", kind.codecs, 0)
    unsafe av_dict_set(&options, "protocol_whitelist", "file", 0)
    var container: UnsafeMutablePointer<AVFormatContext>?
    // The prefix keeps a name like `http://…` or `concat:…` a file's name.
    guard unsafe avformat_open_input(&container, "file:" + name, nil, &options) == 0,
      let opened = unsafe container
    else { throw kind.unopened(name) }
    unsafe avformat_find_stream_info(opened, nil)
    return unsafe opened
  }

  /// Decodes the next frame.
  func next() -> Outcome {
    while true {
      let status = unsafe avcodec_receive_frame(decoder, frame)
      if status == fovea_error_end { return .end }
      if status == fovea_error_again {
        if let problem = feed() { return problem }
        continue
      }
      let isDamaged =
        unsafe kind.isStrict
        && (frame.pointee.decode_error_flags != 0
          || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0)
      return status < 0 || isDamaged ? .broken : .frame
    }
  }

  /// Gives the decoder the next packet of the stream, or the sign that there is none.
  private func feed() -> Outcome? {
    while true {
      let status = unsafe av_read_frame(container, packet)
      if status == fovea_error_end {
        // A second sign of the end would be an error of ours.
        guard !isDrained else { return .broken }
        isDrained = true
        unsafe avcodec_send_packet(decoder, nil)
        return nil
      }
      guard status >= 0 else { return .cutShort }
      defer { unsafe av_packet_unref(packet) }
      guard unsafe packet.pointee.stream_index == stream.pointee.index else { continue }
      unsafe packets.add(packet)
      if kind.isStrict, unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { return .cutShort }
      return unsafe avcodec_send_packet(decoder, packet) >= 0 ? nil : .broken
    }
  }

  /// How long the stream is, if the file says so.
  var seconds: Double? {
    let own = unsafe stream.pointee.duration
    let tick = unsafe stream.pointee.time_base
    if own != fovea_no_time, own > 0 { return Double(own) * Double(tick.num) / Double(tick.den) }
    let whole = unsafe container.pointee.duration
    return whole != fovea_no_time && whole > 0 ? Double(whole) / Double(AV_TIME_BASE) : nil
  }

  /// How long the stream is where the file says so itself: not guessed from its size.
  var statedSeconds: Double? {
    unsafe container.pointee.duration_estimation_method == AVFMT_DURATION_FROM_STREAM
      ? seconds : nil
  }

  /// Ticks of the stream in seconds.
  func seconds(_ ticks: Int64) -> Double {
    let tick = unsafe stream.pointee.time_base
    return Double(ticks) * Double(tick.num) / Double(max(tick.den, 1))
  }
}
