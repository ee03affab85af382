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
/// All pointers of reading are here, in `MediaStream` and in `FrameConverter`.
@safe package final class VideoReader: FrameSource {
  package let facts: VideoFacts
  private let limits: VideoLimits
  private let source: MediaStream
  private let tick: Double
  private let orientation: PictureOrientation
  private var converter = FrameConverter()
  private var firstTime: Double?
  private var lastSeconds = -1.0
  private var frameCount = 0

  static let expectation = "Fovea reads MP4, MOV, Matroska, WebM, AVI and GIF videos"

  private static let kind = MediaKind(
    containers: "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif",
    codecs: "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,libdav1d,av1,mpeg1video,mpeg2video,mpeg4,"
      + "msmpeg4v3,mjpeg,gif,rawvideo,png,ffv1,prores,theora",
    isStrict: true,
    unopened: { name in
      looksLikeVideo(name)
        ? InputError(
          "is cut short or broken: it begins like a video, but has no whole list of frames",
          at: name, advice: "Copy or download the file again")
        : InputError("is not a video that Fovea reads", at: name, advice: expectation)
    },
    unreadCodec: {
      InputError(
        "holds a kind of video that this machine cannot decode", at: $0,
        advice: "Convert it to MP4 with H.264")
    })

  /// Opens the video at `url`.
  ///
  /// - Throws: `InputError` where it is no video that Fovea reads, has no pictures, is larger or
  ///   longer than the limits, or is damaged.
  package init(contentsOf url: URL, limits: VideoLimits = VideoLimits()) throws {
    let name = try url.checkedFilePath
    let status = try FileStatus.of(name).get()
    guard status.kind == .file else {
      throw status.kind == .folder
        ? InputError("is a folder, not a video file", at: name) : InputFile.special(name)
    }
    guard status.byteCount > 0 else {
      throw InputError("is empty", at: name, advice: "Copy or download the file again")
    }
    try Self.checkAnimation(name)
    var (width, height) = (0, 0)
    source = try unsafe MediaStream(name, Self.kind) { container in
      let stream = try unsafe Self.pictureStream(of: container, name)
      if let parameters = unsafe stream.pointee.codecpar {
        (width, height) = unsafe (Int(parameters.pointee.width), Int(parameters.pointee.height))
      }
      try limits.check(width: width, height: height, at: name)
      return unsafe stream
    } configure: { context in
      unsafe context.pointee.err_recognition = AV_EF_EXPLODE
      unsafe context.pointee.max_pixels = Int64(limits.pixels + 1_000_000)
    }
    let (container, stream) = unsafe (source.container, source.stream)
    orientation = unsafe Self.orientation(of: stream)
    let rate = unsafe av_guess_frame_rate(container, stream, nil)
    let ticks = unsafe stream.pointee.time_base
    let seconds = source.seconds
    if let seconds { try limits.check(seconds: seconds, at: name) }
    facts = VideoFacts(
      name: name, width: orientation.swapsAxes ? height : width,
      height: orientation.swapsAxes ? width : height,
      frameRate: rate.num > 0 && rate.den > 0 ? Double(rate.num) / Double(rate.den) : 25,
      duration: seconds)
    self.limits = limits
    tick = Double(ticks.num) / Double(max(ticks.den, 1))
  }

  // MARK: Frames

  package func next() throws -> VideoFrame? {
    switch source.next() {
    case .frame: return try converted()
    case .end:
      try checkEnd()
      return nil
    case .broken: throw broken()
    case .cutShort: throw cutShort()
    }
  }

  private func converted() throws -> VideoFrame {
    let frame = unsafe source.frame
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
      throw Self.kind.unreadCodec(facts.name)
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

  // MARK: Opening

  /// Fails for a GIF of which frames, or parts of them, are missing: its decoder takes these for
  /// transparent.
  private static func checkAnimation(_ name: String) throws {
    guard ByteReader(FileBytes.start(of: name, count: 4)).spells("GIF8", at: 0) else { return }
    do {
      try GIFFile(ByteReader(FileBytes.read(name))).checkAnimation()
    } catch let problem as PictureProblem {
      throw problem.named(name)
    }
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
  ) throws -> UnsafeMutablePointer<AVStream> {
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
    return unsafe stream
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
