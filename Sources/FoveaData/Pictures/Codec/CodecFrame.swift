import CMedia
import FoveaArray

/// A decoded frame: the one owner of libavcodec's buffers.
///
/// All pointers of decoding are in this file. Every plane is handed out as a span whose length
/// has been checked against the buffer that holds it.
@safe struct CodecFrame: ~Copyable {
  private let frame: UnsafeMutablePointer<AVFrame>
  let width: Int
  let height: Int
  let layout: PixelLayout

  deinit {
    var frame: UnsafeMutablePointer<AVFrame>? = unsafe frame
    unsafe av_frame_free(&frame)
  }

  /// Decodes `packet`, the bytes of one picture of `format`, on this thread.
  ///
  /// A decoder lives for one picture. One that is reused remembers the tables of the picture
  /// before, and would use them for a file that lacks its own; opening one takes 10 µs.
  init(
    packet: [ArraySlice<UInt8>], format: PictureFormat, facts: PictureFacts
  ) throws(PictureProblem) {
    MediaLog.silence()
    var context = unsafe avcodec_alloc_context3(avcodec_find_decoder(format.codec))
    var input = unsafe av_packet_alloc()
    var output = unsafe av_frame_alloc()
    defer {
      unsafe avcodec_free_context(&context)
      unsafe av_packet_free(&input)
      unsafe av_frame_free(&output)
    }
    let count = packet.reduce(0) { $0 + $1.count }
    guard let context = unsafe context, let input = unsafe input, let frame = unsafe output,
      unsafe av_new_packet(input, Int32(count)) == 0, let start = unsafe input.pointee.data
    else { throw PictureProblem("takes more memory than there is") }
    // The decoders read a little past the end: av_new_packet has added zeros there.
    let bytes = unsafe UnsafeMutableBufferPointer(start: start, count: count)
    var position = 0
    for piece in packet { position = unsafe bytes[position...].update(fromContentsOf: piece) }
    unsafe context.pointee.thread_count = 1
    unsafe context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    // Fail at the first defect, and where a single row is missing.
    unsafe context.pointee.err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK
    unsafe context.pointee.discard_damaged_percentage = 0
    // The size has been checked; another, hidden further on, must not take more memory. libavcodec
    // counts rows and columns that it adds to align them.
    unsafe context.pointee.max_pixels = Int64((facts.width + 64) * (facts.height + 64))
    var status = unsafe avcodec_open2(context, nil, nil)
    if status >= 0 { status = unsafe avcodec_send_packet(context, input) }
    if status >= 0 { status = unsafe avcodec_receive_frame(context, frame) }
    if status == fovea_error_unsupported {
      throw .unsupported("a \(format.rawValue) of a rare variety")
    }
    let defects = unsafe frame.pointee.decode_error_flags
    let flags = unsafe frame.pointee.flags
    guard status >= 0, defects == 0, flags & AV_FRAME_FLAG_CORRUPT == 0 else {
      throw .broken(format)
    }
    guard let layout = unsafe PixelLayout(AVPixelFormat(frame.pointee.format)) else {
      throw .unsupported("a \(format.rawValue) of a rare variety")
    }
    unsafe self.frame = frame
    width = unsafe Int(frame.pointee.width)
    height = unsafe Int(frame.pointee.height)
    self.layout = layout
    unsafe output = nil
  }

  /// Whether all planes lie in memory as the sizes say; a damaged file can leave others.
  var isSound: Bool {
    layout.components.allSatisfy { unsafe rows(ofPlane: $0.plane) != nil }
  }

  /// Bytes from a row of `plane` to the next.
  func stride(ofPlane plane: Int) -> Int {
    unsafe withUnsafeBytes(of: frame.pointee.linesize) {
      unsafe Int($0.bindMemory(to: Int32.self)[plane])
    }
  }

  /// Gives `body` the rows of `plane`, `stride(ofPlane:)` bytes each but the last, which may end
  /// with its last sample.
  func withPlane<Result>(_ plane: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    guard let rows = unsafe rows(ofPlane: plane) else {
      fatalError("frame: plane \(plane) lies outside its buffer")
    }
    return unsafe body(rows.span)
  }

  /// The bytes of `plane`, or `nil` where they are not all inside the buffer that holds them.
  private func rows(ofPlane plane: Int) -> UnsafeBufferPointer<UInt8>? {
    let start = unsafe withUnsafeBytes(of: frame.pointee.data) {
      unsafe $0.bindMemory(to: UnsafeMutablePointer<UInt8>?.self)[plane]
    }
    let rowBytes = unsafe Int(
      av_image_get_linesize(AVPixelFormat(frame.pointee.format), frame.pointee.width, Int32(plane)))
    let rows = layout.rows(ofPlane: plane, height: height)
    let count = stride(ofPlane: plane) * (rows - 1) + rowBytes
    let buffer = unsafe av_frame_get_plane_buffer(frame, Int32(plane))
    guard let start = unsafe start, let buffer = unsafe buffer,
      unsafe start >= buffer.pointee.data, rowBytes > 0, stride(ofPlane: plane) >= rowBytes,
      unsafe count <= buffer.pointee.data + Int(buffer.pointee.size) - start
    else { return nil }
    return unsafe UnsafeBufferPointer(start: start, count: count)
  }

  /// The colours of a palette as red, green, blue, opacity; 256 of each.
  func palette() -> [SIMD4<UInt8>] {
    // Plane 1 holds 256 words 0xAARRGGBB in the machine's own order.
    let start = unsafe withUnsafeBytes(of: frame.pointee.data) {
      unsafe $0.bindMemory(to: UnsafeMutableRawPointer?.self)[1]
    }
    guard let start = unsafe start else { fatalError("frame: it has no palette") }
    return (0..<256).map { index in
      let word = unsafe start.load(fromByteOffset: 4 * index, as: UInt32.self)
      return SIMD4(
        UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 8),
        UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 24))
    }
  }
}

/// libavcodec's own messages.
enum MediaLog {
  /// Keeps them off stderr: what is wrong with a file is said by the error.
  static func silence() { _ = isSilent }

  private static let isSilent: Void = av_log_set_level(AV_LOG_QUIET)
}

extension PictureFormat {
  /// The one decoder that may see a file of this format.
  fileprivate var codec: AVCodecID {
    switch self {
    case .jpeg: AV_CODEC_ID_MJPEG
    case .png: AV_CODEC_ID_PNG
    case .webP: AV_CODEC_ID_WEBP
    case .tiff: AV_CODEC_ID_TIFF
    case .bmp: AV_CODEC_ID_BMP
    case .gif: AV_CODEC_ID_GIF
    }
  }
}

extension PixelLayout {
  /// The layout that libavutil describes; `nil` for kinds that no still picture uses.
  fileprivate init?(_ format: AVPixelFormat) {
    guard let description = unsafe av_pix_fmt_desc_get(format)?.pointee else { return nil }
    let flags = unsafe Int(description.flags)
    func has(_ flag: Int32) -> Bool { flags & Int(flag) != 0 }
    if has(AV_PIX_FMT_FLAG_FLOAT) || has(AV_PIX_FMT_FLAG_HWACCEL) || has(AV_PIX_FMT_FLAG_BAYER) {
      return nil
    }
    let count = unsafe Int(description.nb_components)
    components = unsafe withUnsafeBytes(of: description.comp) { bytes in
      (0..<count).map { index in
        let component = unsafe bytes.bindMemory(to: AVComponentDescriptor.self)[index]
        return Component(
          plane: Int(component.plane), step: Int(component.step), offset: Int(component.offset),
          shift: Int(component.shift), depth: Int(component.depth))
      }
    }
    hasAlpha = has(AV_PIX_FMT_FLAG_ALPHA)
    isBigEndian = has(AV_PIX_FMT_FLAG_BE)
    isBitStream = has(AV_PIX_FMT_FLAG_BITSTREAM)
    chromaShift = unsafe (Int(description.log2_chroma_w), Int(description.log2_chroma_h))
    // Planes are one, or one for each channel.
    guard [1, 3, 4].contains(Set(components.map(\.plane)).count) else { return nil }
    let colors = count - (hasAlpha ? 1 : 0)
    switch colors {
    case _ where has(AV_PIX_FMT_FLAG_PAL): kind = .palette
    case 1: kind = .grey
    case 3 where has(AV_PIX_FMT_FLAG_RGB): kind = .rgb
    // Deeper samples come from lossless JPEG alone, which is refused before.
    case 3 where components.allSatisfy({ $0.depth == 8 && $0.step == 1 }): kind = .yCbCr
    default: return nil
    }
  }
}
