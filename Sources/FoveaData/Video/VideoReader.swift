import CMedia
package import FoundationEssentials
import FoveaArray

/// Reads the frames of a video file, one after the other.
///
/// MP4, MOV, Matroska, WebM, AVI and animated GIF are read, with the video codecs in common use, and
/// nothing else, whatever the file claims: no playlist, no picture sequence, no network address
/// inside a file is followed. Only ordinary local files are opened. Frames are upright; pixels
/// that are not square are shown as if they were.
///
/// All pointers of reading are here and in `FrameConverter`.
@safe package final class VideoReader: FrameSource {
  package let facts: VideoFacts
  private let limits: VideoLimits
  private let container: UnsafeMutablePointer<AVFormatContext>
  private let decoder: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let frame: UnsafeMutablePointer<AVFrame>
  private let streamIndex: Int32
  private let tick: Double
  private let orientation: PictureOrientation
  private var converter = FrameConverter()
  private var firstTime: Double?
  private var lastSeconds = -1.0
  private var frameCount = 0
  private var isDrained = false

  /// Names of libavformat's readers for the formats above.
  private static let containers = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif"
  private static let codecs =
    "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,libdav1d,av1,mpeg1video,mpeg2video,mpeg4,msmpeg4v3,mjpeg,"
    + "gif,rawvideo,png,ffv1,prores,theora"
  static let expectation = "Fovea reads MP4, MOV, Matroska, WebM, AVI and GIF videos"

  /// Opens the video at `url`.
  ///
  /// - Throws: `InputError` where it is no video that Fovea reads, has no pictures, is larger or
  ///   longer than the limits, or is damaged.
  package init(contentsOf url: URL, limits: VideoLimits = VideoLimits()) throws {
    let name = url.relativePath
    let status = try FileStatus.of(name).get()
    guard status.kind == .file else {
      throw InputError(
        status.kind == .folder ? "is a folder, not a video file" : "is not an ordinary file",
        at: name)
    }
    guard status.byteCount > 0 else {
      throw InputError("is empty", at: name, advice: "Copy or download the file again")
    }
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
    guard let opened = unsafe container else { throw Self.notVideo(name) }
    let (index, stream) = try unsafe Self.pictureStream(of: opened, name)
    guard let parameters = unsafe stream.pointee.codecpar else { throw Self.notVideo(name) }
    try unsafe limits.check(
      width: Int(parameters.pointee.width), height: Int(parameters.pointee.height), at: name)
    guard let codec = unsafe avcodec_find_decoder(parameters.pointee.codec_id),
      let context = unsafe avcodec_alloc_context3(codec), let madePacket = unsafe packet,
      let madeFrame = unsafe frame
    else { throw Self.unreadCodec(name) }
    unsafe decoder = context
    unsafe avcodec_parameters_to_context(context, parameters)
    unsafe av_opt_set(context, "codec_whitelist", Self.codecs, 0)
    unsafe context.pointee.thread_count = 1
    unsafe context.pointee.err_recognition = AV_EF_EXPLODE
    unsafe context.pointee.max_pixels = Int64(limits.pixels + 1_000_000)
    unsafe context.pointee.pkt_timebase = stream.pointee.time_base
    guard unsafe avcodec_open2(context, codec, nil) == 0 else { throw Self.unreadCodec(name) }
    let orientation = unsafe Self.orientation(of: stream)
    let rate = unsafe av_guess_frame_rate(opened, stream, nil)
    let ticks = unsafe stream.pointee.time_base
    let seconds = unsafe Self.duration(of: opened, stream)
    if let seconds { try limits.check(seconds: seconds, at: name) }
    let (width, height) = unsafe (Int(parameters.pointee.width), Int(parameters.pointee.height))
    facts = VideoFacts(
      name: name, width: orientation.swapsAxes ? height : width,
      height: orientation.swapsAxes ? width : height,
      frameRate: rate.num > 0 && rate.den > 0 ? Double(rate.num) / Double(rate.den) : 25,
      duration: seconds)
    self.limits = limits
    self.orientation = orientation
    streamIndex = index
    tick = Double(ticks.num) / Double(max(ticks.den, 1))
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

  // MARK: Frames

  package func next() throws -> VideoFrame? {
    while true {
      let status = unsafe avcodec_receive_frame(decoder, frame)
      if status == fovea_error_end {
        try checkEnd()
        return nil
      }
      if status == fovea_error_again {
        try feed()
        continue
      }
      guard status >= 0, unsafe frame.pointee.decode_error_flags == 0,
        unsafe frame.pointee.flags & AV_FRAME_FLAG_CORRUPT == 0
      else { throw broken() }
      return try converted()
    }
  }

  /// Gives the decoder the next packet of the pictures, or the sign that there is none.
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
      guard status >= 0 else { throw cutShort() }
      defer { unsafe av_packet_unref(packet) }
      guard unsafe packet.pointee.stream_index == streamIndex else { continue }
      guard unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0 else { throw cutShort() }
      guard unsafe avcodec_send_packet(decoder, packet) >= 0 else { throw broken() }
      return
    }
  }

  private func converted() throws -> VideoFrame {
    defer { unsafe av_frame_unref(frame) }
    let stamp = unsafe frame.pointee.best_effort_timestamp
    let time =
      stamp == fovea_no_time
      ? (firstTime ?? 0) + Double(frameCount) / facts.frameRate : Double(stamp) * tick
    let first = firstTime ?? time
    firstTime = first
    // Times that stand still or run back come from damaged or careless writers.
    let seconds = max(time - first, lastSeconds.nextUp, 0)
    frameCount += 1
    try limits.check(seconds: seconds, frames: frameCount, at: facts.name)
    guard let picture = unsafe converter.picture(of: frame)?.upright(from: orientation) else {
      throw Self.unreadCodec(facts.name)
    }
    guard picture.width == facts.width, picture.height == facts.height else {
      throw InputError(
        "its frames change their size at \(place(seconds))", at: facts.name,
        advice: "Cut it where the size changes")
    }
    lastSeconds = seconds
    return VideoFrame(picture: picture, seconds: seconds)
  }

  // MARK: Problems

  private func place(_ seconds: Double) -> String {
    "\(NumberText.fixed(max(seconds, 0), decimals: 1)) seconds"
  }

  private func broken() -> InputError {
    InputError(
      "is broken after \(place(lastSeconds))", at: facts.name,
      advice: "Copy or download the file again")
  }

  private func cutShort() -> InputError {
    InputError(
      "is cut short: its frames end after \(place(lastSeconds))", at: facts.name,
      advice: "Copy or download the file again")
  }

  /// A video that ends without frames, or long before its own length, is not whole.
  private func checkEnd() throws {
    guard frameCount > 0 || facts.duration != nil else {
      throw InputError("holds no frames", at: facts.name)
    }
    let end = frameCount > 0 ? lastSeconds + 1 / facts.frameRate : 0
    if let duration = facts.duration, frameCount == 0 || end < duration - max(1, duration / 20) {
      throw cutShort()
    }
  }

  private static func notVideo(_ name: String) -> InputError {
    InputError("is not a video that Fovea reads", at: name, advice: expectation)
  }

  private static func unreadCodec(_ name: String) -> InputError {
    InputError(
      "holds a kind of video that this machine cannot decode", at: name,
      advice: "Convert it to MP4 with H.264")
  }

  // MARK: Opening

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
    else {
      throw looksLikeVideo(name)
        ? InputError(
          "is cut short or broken: it begins like a video, but has no whole list of frames",
          at: name, advice: "Copy or download the file again") : notVideo(name)
    }
    unsafe avformat_find_stream_info(opened, nil)
    return unsafe opened
  }

  /// Whether the file at `path` begins like a video; a GIF and photos in the containers of videos
  /// count as pictures.
  package static func recognises(_ path: String) -> Bool {
    guard case .success(let status) = FileStatus.of(path), status.kind == .file else {
      return false
    }
    let bytes = ByteReader(FileBytes.start(of: path, count: 16))
    if bytes.spells("ftyp", at: 4) {
      let photos = ["heic", "heix", "heim", "heis", "mif1", "msf1", "avif", "crx "]
      return !photos.contains { bytes.spells(Array($0.utf8), at: 8) }
    }
    return bytes.spells([0x1A, 0x45, 0xDF, 0xA3], at: 0) || bytes.spells("AVI ", at: 8)
  }

  /// Whether the first bytes are those of a container above.
  private static func looksLikeVideo(_ name: String) -> Bool {
    let bytes = ByteReader(FileBytes.start(of: name, count: 16))
    return bytes.spells("ftyp", at: 4) || bytes.spells([0x1A, 0x45, 0xDF, 0xA3], at: 0)
      || bytes.spells("AVI ", at: 8) || bytes.spells("GIF8", at: 0)
  }

  private static func pictureStream(
    of container: UnsafeMutablePointer<AVFormatContext>, _ name: String
  ) throws -> (Int32, UnsafeMutablePointer<AVStream>) {
    let index = unsafe av_find_best_stream(container, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
    guard index >= 0, let stream = unsafe container.pointee.streams[Int(index)],
      // The cover of a piece of music is no video.
      unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    else {
      let count = unsafe Int(container.pointee.nb_streams)
      let hasSound = (0..<count).contains { stream in
        unsafe container.pointee.streams[stream]?.pointee.codecpar.pointee.codec_type
          == AVMEDIA_TYPE_AUDIO
      }
      throw InputError(
        hasSound ? "holds only sound, no pictures" : "holds no frames", at: name,
        advice: expectation)
    }
    return unsafe (index, stream)
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

  /// How frames are to be turned, as telephones write it.
  private static func orientation(of stream: UnsafeMutablePointer<AVStream>) -> PictureOrientation {
    guard
      let matrix = unsafe av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, nil)
    else { return .topLeft }
    let angle = unsafe UnsafeMutableRawPointer(matrix).withMemoryRebound(
      to: Int32.self, capacity: 9
    ) { unsafe av_display_rotation_get($0) }
    guard angle.isFinite else { return .topLeft }
    // Degrees anticlockwise.
    switch Int((angle / 90).rounded()) {
    case -1, 3: return .rightTop
    case 1, -3: return .leftBottom
    case 2, -2: return .bottomRight
    default: return .topLeft
    }
  }
}
