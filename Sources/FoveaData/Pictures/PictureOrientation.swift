/// How the stored rows and columns must be turned to show a picture upright: EXIF tag 274.
///
/// The names say where the first stored row and the first stored column belong, as the EXIF
/// standard (CIPA DC-008) does.
public enum PictureOrientation: Int, Hashable, Sendable, CaseIterable, Codable {
  /// As stored.
  case topLeft = 1
  /// Mirrored left to right.
  case topRight = 2
  /// Turned by 180°.
  case bottomRight = 3
  /// Mirrored top to bottom.
  case bottomLeft = 4
  /// Mirrored along the main diagonal.
  case leftTop = 5
  /// To be turned clockwise by 90°: a telephone held upright.
  case rightTop = 6
  /// Mirrored along the other diagonal.
  case rightBottom = 7
  /// To be turned anticlockwise by 90°.
  case leftBottom = 8

  /// Whether width and height change places.
  public var swapsAxes: Bool { rawValue >= 5 }

  /// The orientation that EXIF data tells; `.topLeft` where it tells none or nonsense, as
  /// viewers do.
  init(exif bytes: ArraySlice<UInt8>) {
    var bytes = bytes
    // The prefix belongs to JPEG, but some writers put it into WebP and PNG too.
    let prefix: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]
    if bytes.starts(with: prefix) { bytes = bytes.dropFirst(prefix.count) }
    self = TIFFDirectory(firstIn: bytes)?.orientation ?? .topLeft
  }
}

extension Picture {
  /// This picture, turned upright from the way in which `orientation` says it was stored.
  ///
  /// - Returns: `[height, width, channels]`, or `[width, height, channels]` where the axes swap.
  public func upright(from orientation: PictureOrientation) -> Picture {
    if orientation == .topLeft || pixels.isEmpty { return self }
    let source = pixels.span
    let outputWidth = orientation.swapsAxes ? height : width
    let outputHeight = orientation.swapsAxes ? width : height
    let row = width * channels
    // The stored pixel shown at (0, 0), and the steps to its neighbours on the right and below.
    let last = (x: (width - 1) * channels, y: (height - 1) * row)
    let (start, right, below) =
      switch orientation {
      case .topLeft: (0, channels, row)
      case .topRight: (last.x, -channels, row)
      case .bottomRight: (last.x + last.y, -channels, -row)
      case .bottomLeft: (last.y, channels, -row)
      case .leftTop: (0, row, channels)
      case .rightTop: (last.y, -row, channels)
      case .rightBottom: (last.x + last.y, -row, -channels)
      case .leftBottom: (last.x, row, -channels)
      }
    let channels = channels
    let turned = [UInt8](capacity: pixels.count) { output in
      for y in 0..<outputHeight {
        var position = start + y * below
        for _ in 0..<outputWidth {
          for channel in 0..<channels { output.append(source[position + channel]) }
          position += right
        }
      }
    }
    return Picture(width: outputWidth, height: outputHeight, channels: channels, made: turned)
  }
}
