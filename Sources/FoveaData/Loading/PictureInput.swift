import FoundationEssentials
import FoveaArray

/// What a network takes: the one shape that every picture is brought to.
///
/// It is stored with a trained model, so that a prediction prepares its pictures as training did.
public struct PictureInput: Hashable, Sendable, Codable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Grey or colour.
  public let channels: PictureChannels
  /// What happens to a picture whose sides have another ratio.
  public let mode: PictureResizer.Mode

  /// An input of this shape.
  ///
  /// - Throws: `InputError` unless both sides are from 1 to 2048.
  public init(
    width: Int, height: Int, channels: PictureChannels = .rgb, mode: PictureResizer.Mode = .exact
  ) throws {
    let sides = 1...PictureSize.largestSide
    guard sides.contains(width), sides.contains(height) else {
      throw InputError(
        "a picture size of \(width)×\(height) is not possible",
        advice: "Both sides must be from 1 to \(PictureSize.largestSide)")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.mode = mode
  }

  private enum Key: String, CodingKey { case width, height, channels, mode }

  /// Reads an input of a shape that can be.
  ///
  /// - Throws: `InputError` unless both sides are from 1 to 2048.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init(
      width: container.decode(Int.self, forKey: .width),
      height: container.decode(Int.self, forKey: .height),
      channels: container.decode(PictureChannels.self, forKey: .channels),
      mode: container.decode(PictureResizer.Mode.self, forKey: .mode))
  }

  /// Bytes that a prepared picture takes.
  public var byteCount: Int { width * height * channels.rawValue }

  /// The picture in the input's size and channels.
  ///
  /// - Throws: `InputError` when it has no pixels.
  public func prepared(_ picture: Picture) throws -> Picture {
    guard !picture.pixels.isEmpty else { throw InputError("the picture has no pixels") }
    return try PictureResizer(width: width, height: height, mode: mode)(
      picture.converted(to: channels))
  }

  /// The picture of an example in the input's size and channels.
  ///
  /// - Throws: `InputError` that names the example when its file cannot be read or decoded.
  public func prepared(
    _ example: LabelledExample, limits: PictureLimits = PictureLimits()
  ) throws -> Picture {
    try prepared(example, limits: limits) { _ in }
  }

  /// The same; `reading` is given the file's bytes, or the pixels of a picture that is there already.
  func prepared(
    _ example: LabelledExample, limits: PictureLimits, reading: ([UInt8]) -> Void
  ) throws -> Picture {
    try example.named {
      switch example.content {
      case .picture(let picture):
        reading(picture.pixels)
        return try prepared(picture)
      case .sound, .text: throw example.content.refused(as: .picture)
      case .file(let url):
        let bytes = try FileBytes.read(url.path, limits: limits)
        reading(bytes)
        let decoder = PictureDecoder(limits: limits, channels: channels)
        return try prepared(decoder.decode(bytes, name: url.path))
      }
    }
  }
}

extension LabelledExample {
  /// What `body` returns; its errors name this example as its person knows it, not as a path.
  func named<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as InputError {
      throw InputError(error.problem, at: name, row: row, advice: error.advice)
    }
  }
}

extension Picture {
  /// The picture in grey (the luma of Rec. 601) or with three channels.
  func converted(to channels: PictureChannels) -> Picture {
    guard self.channels != channels.rawValue else { return self }
    let pixels: [UInt8]
    switch channels {
    case .grey:
      pixels = (0..<(width * height)).map { pixel in
        YCbCr.luma(
          red: self.pixels[3 * pixel], green: self.pixels[3 * pixel + 1],
          blue: self.pixels[3 * pixel + 2])
      }
    case .rgb:
      pixels = self.pixels.flatMap { [$0, $0, $0] }
    }
    return Picture(width: width, height: height, channels: channels.rawValue, made: pixels)
  }
}
