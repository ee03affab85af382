public import FoundationEssentials
import FoveaArray

/// How many channels a decoded picture has.
public enum PictureChannels: Int, Hashable, Sendable, CaseIterable, Codable {
  /// One: the file's own grey, or the luma of Rec. 601.
  case grey = 1
  /// Three: red, green, blue.
  case rgb = 3
}

/// Decodes pictures: JPEG, PNG, WebP, TIFF, BMP and the first frame of a GIF.
///
/// The picture is upright (its EXIF orientation is applied), eight bits a channel, and what is
/// transparent lies over white. Sixteen bits are scaled so that white stays white; no window is
/// chosen, so twelve bits of a scan stored in sixteen come out dark. Colour profiles are not applied, as in the tools with which the
/// public data sets were made. A file that is cut short or damaged is an error, never half a
/// picture.
///
/// A decoder is a value without state: several threads may use one at once. Each picture has
/// libavcodec's decoder for its format to itself, on the calling thread, so the result depends on
/// the bytes of the file alone.
public struct PictureDecoder: Sendable {
  /// How large a picture may be.
  public let limits: PictureLimits
  /// Grey or colour.
  public let channels: PictureChannels

  /// A decoder of pictures with these channels.
  public init(limits: PictureLimits = PictureLimits(), channels: PictureChannels = .rgb) {
    self.limits = limits
    self.channels = channels
  }

  /// The picture that the bytes of a file hold.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - name: what errors call the file.
  /// - Returns: `[height, width, channels]`
  /// - Throws: `InputError` where the file is no picture that Fovea reads, is larger than the
  ///   limits, is cut short, or is damaged.
  public func decode(_ data: Data, name: String) throws -> Picture {
    try limits.check(byteCount: data.count, name)
    return try decode([UInt8](data), name: name)
  }

  /// The picture in the file at `url`.
  ///
  /// - Throws: `InputError` as for bytes, and where the file cannot be read.
  public func decode(contentsOf url: URL) throws -> Picture {
    try decode(FileBytes.read(url.checkedFilePath, limits: limits), name: url.path)
  }

  func decode(_ bytes: [UInt8], name: String) throws -> Picture {
    do throws(PictureProblem) {
      return try decode(ByteReader(bytes))
    } catch {
      throw error.named(name)
    }
  }

  private func decode(_ bytes: ByteReader) throws(PictureProblem) -> Picture {
    let (format, file) = try PictureHeader.open(bytes)
    let facts = file.facts
    try limits.check(facts)
    let frame = try CodecFrame(packet: file.packet(), format: format, facts: facts)
    // Damaged sizes could make the decoder and the header disagree.
    guard frame.width == facts.width, frame.height == facts.height, frame.isSound else {
      throw .broken(format)
    }
    return PixelConversion.picture(of: frame, facts: facts, channels: channels)
      .upright(from: facts.orientation)
  }
}
