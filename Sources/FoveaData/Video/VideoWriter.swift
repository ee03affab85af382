import CMedia
package import FoundationEssentials
import FoveaArray
import Glibc

/// Writes frames as an MP4 video or an animated GIF.
///
/// The file appears under its name when it is whole; until `finish()` it has a temporary name, and
/// it disappears where the writer does before. MP4 is H.264 where libavcodec has libx264, else
/// MPEG-4 Part 2; both have chroma at half resolution, so the last row and column of odd sides are
/// left out. A GIF has up to 256 colours a frame, chosen for it.
///
/// All pointers of writing are here and in `FrameConverter`.
@safe package final class VideoWriter {
  package enum Format: String, Hashable, Sendable, CaseIterable {
    case mp4, gif

    /// Ticks a second: both formats and all codecs can tell these.
    fileprivate var ticks: Int32 { self == .gif ? 100 : 1000 }
  }

  /// The encoder's name, as libavcodec knows it.
  package let codecName: String
  private let url: URL
  private let temporary: String
  private let format: Format
  private let width: Int
  private let height: Int
  private let container: UnsafeMutablePointer<AVFormatContext>
  private let encoder: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let frame: UnsafeMutablePointer<AVFrame>
  private var converter = FrameConverter()
  private var lastTick = Int64(-1)
  private var isFinished = false

  /// Begins a video.
  ///
  /// - Parameters:
  ///   - width: pixels of every frame; at least 2.
  ///   - frameRate: frames a second, from which encoders plan; each frame has its own time.
  ///   - codec: the encoder to use; by default the best there is.
  /// - Throws: `InputError` where the sizes cannot be, the file cannot be written or this
  ///   machine's libavcodec has no encoder.
  package init(
    to url: URL, format: Format, width: Int, height: Int, frameRate: Double, codec: String? = nil
  ) throws {
    let name = try url.checkedFilePath
    guard (2...16_384).contains(width), (2...16_384).contains(height) else {
      throw InputError(
        "a video of \(width)×\(height) cannot be written",
        advice: "Its sides must be from 2 to 16384")
    }
    MediaLog.silence()
    let temporary = AtomicFile.temporaryPath(for: url)
    var container: UnsafeMutablePointer<AVFormatContext>?
    var encoder: UnsafeMutablePointer<AVCodecContext>?
    var packet = unsafe av_packet_alloc()
    var frame = unsafe av_frame_alloc()
    var isWhole = false
    defer {
      if !isWhole {
        if let opened = unsafe container { unsafe avio_closep(&opened.pointee.pb) }
        unsafe avformat_free_context(container)
        unsafe avcodec_free_context(&encoder)
        unsafe av_packet_free(&packet)
        unsafe av_frame_free(&frame)
        unsafe unlink(temporary)
      }
    }
    let names = codec.map { [$0] } ?? (format == .gif ? ["gif"] : ["libx264", "mpeg4"])
    let failure = InputError(
      "\(format.rawValue.uppercased()) videos cannot be written on this machine", at: name,
      advice: format == .mp4 ? "Write a GIF" : nil)
    guard
      let found = unsafe names.lazy.compactMap({ unsafe avcodec_find_encoder_by_name($0) }).first,
      unsafe avformat_alloc_output_context2(
        &container, nil, format.rawValue, "file:" + temporary) >= 0,
      let opened = unsafe container, let stream = unsafe avformat_new_stream(opened, nil),
      let context = unsafe avcodec_alloc_context3(found), let madePacket = unsafe packet,
      let picture = unsafe frame
    else { throw failure }
    unsafe encoder = context
    codecName = unsafe String(cString: found.pointee.name)
    let isGIF = format == .gif
    self.width = isGIF ? width : width & ~1
    self.height = isGIF ? height : height & ~1
    unsafe context.pointee.width = Int32(self.width)
    unsafe context.pointee.height = Int32(self.height)
    unsafe context.pointee.pix_fmt = isGIF ? AV_PIX_FMT_PAL8 : AV_PIX_FMT_YUV420P
    unsafe context.pointee.time_base = AVRational(num: 1, den: format.ticks)
    unsafe context.pointee.framerate = AVRational(
      num: Int32(min(max(frameRate, 0.01), 1000) * 1000), den: 1000)
    // One thread and no version texts: equal frames give equal files.
    unsafe context.pointee.thread_count = 1
    unsafe context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    unsafe opened.pointee.flags |= AVFMT_FLAG_BITEXACT
    if unsafe opened.pointee.oformat.pointee.flags & AVFMT_GLOBALHEADER != 0 {
      unsafe context.pointee.flags |= Int32(AV_CODEC_FLAG_GLOBAL_HEADER)
    }
    if !isGIF {
      unsafe context.pointee.colorspace = AVCOL_SPC_BT709
      unsafe context.pointee.color_primaries = AVCOL_PRI_BT709
      unsafe context.pointee.color_trc = AVCOL_TRC_BT709
      unsafe context.pointee.color_range = AVCOL_RANGE_MPEG
    }
    if codecName == "libx264" {
      unsafe av_opt_set(context.pointee.priv_data, "crf", "20", 0)
      unsafe av_opt_set(context.pointee.priv_data, "preset", "medium", 0)
    } else if codecName == "mpeg4" {
      // Quantiser 3 of 1 to 31.
      unsafe context.pointee.flags |= AV_CODEC_FLAG_QSCALE
      unsafe context.pointee.global_quality = 3 * FF_QP2LAMBDA
    }
    guard unsafe avcodec_open2(context, found, nil) == 0 else { throw failure }
    unsafe avcodec_parameters_from_context(stream.pointee.codecpar, context)
    unsafe stream.pointee.time_base = context.pointee.time_base
    unsafe stream.pointee.avg_frame_rate = context.pointee.framerate
    unsafe picture.pointee.width = Int32(self.width)
    unsafe picture.pointee.height = Int32(self.height)
    unsafe picture.pointee.format = context.pointee.pix_fmt.rawValue
    unsafe picture.pointee.quality = context.pointee.global_quality
    guard unsafe av_frame_get_buffer(picture, 0) == 0 else { throw failure }
    guard unsafe avio_open(&opened.pointee.pb, "file:" + temporary, AVIO_FLAG_WRITE) >= 0 else {
      throw InputError(
        "cannot be written", at: name, advice: "Check the folder and its permissions")
    }
    var options: OpaquePointer?
    // The list of frames comes first, so that a page can play the file while it loads.
    if !isGIF { unsafe av_dict_set(&options, "movflags", "+faststart", 0) }
    let status = unsafe avformat_write_header(opened, &options)
    unsafe av_dict_free(&options)
    guard status >= 0 else { throw failure }
    self.url = url
    self.temporary = temporary
    self.format = format
    unsafe self.container = opened
    unsafe self.encoder = context
    unsafe self.packet = madePacket
    unsafe self.frame = picture
    isWhole = true
  }

  deinit {
    var encoder: UnsafeMutablePointer<AVCodecContext>? = unsafe encoder
    var packet: UnsafeMutablePointer<AVPacket>? = unsafe packet
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe frame
    unsafe avio_closep(&container.pointee.pb)
    unsafe avformat_free_context(container)
    unsafe avcodec_free_context(&encoder)
    unsafe av_packet_free(&packet)
    unsafe av_frame_free(&frame)
    if !isFinished { unsafe unlink(temporary) }
  }

  /// Adds a frame that is shown from `seconds` on.
  ///
  /// A picture of another size, or a frame after the end, is a programmer's mistake and traps.
  ///
  /// - Throws: `InputError` where the file cannot be written.
  package func append(_ picture: Picture, at seconds: Double) throws {
    require(!isFinished, "video writer: the video is finished")
    require(
      picture.width >= width && picture.width <= width + 1 && picture.height >= height
        && picture.height <= height + 1,
      "video writer: a frame is \(picture.width)×\(picture.height), the video \(width)×\(height)")
    // The encoder may still look at the frame before.
    guard unsafe av_frame_make_writable(frame) == 0 else { throw failure }
    if format == .gif {
      fillPalette(picture.converted(to: .rgb))
    } else {
      guard unsafe converter.fill(frame, with: picture) else { throw failure }
    }
    let tick = max(Int64((seconds * Double(format.ticks)).rounded()), lastTick + 1)
    lastTick = tick
    unsafe frame.pointee.pts = tick
    guard unsafe avcodec_send_frame(encoder, frame) == 0 else { throw failure }
    try drain()
  }

  /// Ends the video: the file is whole and has its name.
  ///
  /// - Throws: `InputError` where the file cannot be written; then there is none.
  package func finish() throws {
    require(!isFinished, "video writer: the video is finished")
    unsafe avcodec_send_frame(encoder, nil)
    try drain()
    guard unsafe av_write_trailer(container) == 0,
      unsafe avio_closep(&container.pointee.pb) == 0
    else { throw failure }
    let file = unsafe open(temporary, O_RDONLY | O_CLOEXEC)
    if file >= 0 {
      fsync(file)
      close(file)
    }
    guard unsafe rename(temporary, url.path) == 0 else { throw failure }
    isFinished = true
  }

  private var failure: InputError {
    InputError(
      "the video cannot be written", at: url.relativePath,
      advice: "Check the disk's free space and the folder's permissions")
  }

  /// Writes what the encoder has finished.
  private func drain() throws {
    while true {
      let status = unsafe avcodec_receive_packet(encoder, packet)
      if status == fovea_error_again || status == fovea_error_end { return }
      guard status == 0, let stream = unsafe container.pointee.streams[0] else { throw failure }
      unsafe packet.pointee.stream_index = 0
      unsafe av_packet_rescale_ts(
        packet, encoder.pointee.time_base, stream.pointee.time_base)
      guard unsafe av_interleaved_write_frame(container, packet) >= 0 else { throw failure }
    }
  }

  /// Writes a picture's indices and its own palette into the frame.
  private func fillPalette(_ picture: Picture) {
    let palette = GIFPalette(picture)
    let (planes, strides) = unsafe (frame.pointee.data, frame.pointee.linesize)
    guard let rows = unsafe planes.0, let words = unsafe planes.1 else {
      fatalError("video writer: the frame has no palette")
    }
    let stride = Int(strides.0)
    let target = unsafe UnsafeMutableBufferPointer(start: rows, count: stride * height)
    for y in 0..<height {
      for x in 0..<width {
        let start = 3 * (y * width + x)
        unsafe target[y * stride + x] = palette.index(
          picture.pixels[start], picture.pixels[start + 1], picture.pixels[start + 2])
      }
    }
    for index in 0..<256 {
      let color = index < palette.colors.count ? palette.colors[index] : .zero
      let word =
        0xFF00_0000 | UInt32(color.x) << 16 | UInt32(color.y) << 8 | UInt32(color.z)
      unsafe UnsafeMutableRawPointer(words).storeBytes(
        of: word, toByteOffset: 4 * index, as: UInt32.self)
    }
  }
}
