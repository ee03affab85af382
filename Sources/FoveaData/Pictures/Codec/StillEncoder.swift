import CMedia
import FoundationEssentials
import FoveaArray

/// Samples in the order in which an encoder wants them: all pointers of encoding are here.
struct StillEncoder {
  /// The kinds of samples that Fovea encodes.
  enum Samples {
    case grey, redGreenBlue, blueGreenRed
    /// Three planes of full size and range.
    case yCbCr
  }

  let format: PictureEncoder.Format
  let width: Int
  let height: Int
  let samples: Samples
  /// The rows of each plane without gaps.
  let planes: [[UInt8]]

  /// The bytes of the file.
  ///
  /// - Throws: `InputError` where memory is short or libavcodec lacks the encoder.
  func encode() throws -> Data {
    let codec = unsafe avcodec_find_encoder(format.codec)
    var context = unsafe avcodec_alloc_context3(codec)
    var frame = unsafe av_frame_alloc()
    var packet = unsafe av_packet_alloc()
    var options: OpaquePointer?
    defer {
      unsafe avcodec_free_context(&context)
      unsafe av_frame_free(&frame)
      unsafe av_packet_free(&packet)
      unsafe av_dict_free(&options)
    }
    let failure = InputError("a \(format.rawValue) picture cannot be written on this machine")
    guard unsafe codec != nil, let context = unsafe context, let frame = unsafe frame,
      let packet = unsafe packet
    else { throw failure }
    unsafe context.pointee.width = Int32(width)
    unsafe context.pointee.height = Int32(height)
    unsafe context.pointee.pix_fmt = pixelFormat
    unsafe context.pointee.time_base = AVRational(num: 1, den: 1)
    unsafe context.pointee.thread_count = 1
    unsafe context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    if format == .jpeg {
      unsafe context.pointee.flags |= AV_CODEC_FLAG_QSCALE
      // Quantiser 2 of 1 to 31, about quality 95 of other tools.
      unsafe context.pointee.global_quality = 2 * FF_QP2LAMBDA
    }
    if format == .png { unsafe av_dict_set(&options, "pred", "mixed", 0) }
    guard unsafe avcodec_open2(context, codec, &options) == 0 else { throw failure }
    unsafe frame.pointee.width = Int32(width)
    unsafe frame.pointee.height = Int32(height)
    unsafe frame.pointee.format = pixelFormat.rawValue
    unsafe frame.pointee.quality = context.pointee.global_quality
    guard unsafe av_frame_get_buffer(frame, 0) == 0 else { throw failure }
    unsafe fill(frame)
    guard unsafe avcodec_send_frame(context, frame) == 0,
      unsafe avcodec_send_frame(context, nil) == 0,
      unsafe avcodec_receive_packet(context, packet) == 0,
      let data = unsafe packet.pointee.data
    else { throw failure }
    return unsafe Data(bytes: data, count: Int(packet.pointee.size))
  }

  private func fill(_ frame: UnsafeMutablePointer<AVFrame>) {
    let starts = unsafe frame.pointee.data
    let strides = unsafe frame.pointee.linesize
    for (index, plane) in planes.enumerated() {
      let start = unsafe withUnsafeBytes(of: starts) {
        unsafe $0.bindMemory(to: UnsafeMutablePointer<UInt8>?.self)[index]
      }
      let stride = unsafe withUnsafeBytes(of: strides) {
        unsafe Int($0.bindMemory(to: Int32.self)[index])
      }
      let rowBytes = plane.count / height
      guard let start = unsafe start, rowBytes <= stride else {
        fatalError("encoder: plane \(index) does not fit the frame")
      }
      for y in 0..<height {
        let row = plane[(y * rowBytes)..<((y + 1) * rowBytes)]
        _ = unsafe UnsafeMutableBufferPointer(start: start + y * stride, count: rowBytes)
          .update(fromContentsOf: row)
      }
    }
  }

  private var pixelFormat: AVPixelFormat {
    switch samples {
    case .grey: AV_PIX_FMT_GRAY8
    case .redGreenBlue: AV_PIX_FMT_RGB24
    case .blueGreenRed: AV_PIX_FMT_BGR24
    case .yCbCr: AV_PIX_FMT_YUVJ444P
    }
  }
}

extension PictureEncoder.Format {
  fileprivate var codec: AVCodecID {
    switch self {
    case .png: AV_CODEC_ID_PNG
    case .bmp: AV_CODEC_ID_BMP
    case .tiff: AV_CODEC_ID_TIFF
    case .jpeg: AV_CODEC_ID_MJPEG
    }
  }
}
