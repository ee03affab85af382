public import FoundationEssentials
import FoveaArray

/// What a picture file says of itself in its first bytes; nothing is decoded.
public struct PictureHeader: Hashable, Sendable {
  /// The format, told from the bytes and never from the name.
  public let format: PictureFormat
  /// Pixels in a row of the upright picture, as the decoder gives it.
  public let width: Int
  /// Rows of the upright picture.
  public let height: Int
  /// How the stored rows are turned to be upright.
  public let orientation: PictureOrientation
  /// Whether the file holds more frames or pages, of which only the first is read.
  public let isFirstOfSeveral: Bool

  /// The header of the file with these bytes.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - name: what errors call the file.
  /// - Throws: `InputError` that names what the file is and what to do with it where it is no
  ///   picture that Fovea reads, or where it ends before it has told its size.
  public init(_ data: Data, name: String) throws {
    try self.init([UInt8](data), name: name)
  }

  init(_ bytes: [UInt8], name: String) throws {
    do throws(PictureProblem) {
      let (format, file) = try Self.open(ByteReader(bytes))
      self.init(format, file.facts)
    } catch {
      throw error.named(name)
    }
  }

  /// The header of the file at `url`.
  ///
  /// - Throws: `InputError` as for bytes, and where the file cannot be read.
  public init(contentsOf url: URL) throws {
    try self.init(FileBytes.read(url.checkedFilePath, limits: PictureLimits()), name: url.path)
  }

  init(_ format: PictureFormat, _ facts: PictureFacts) {
    self.format = format
    width = facts.orientation.swapsAxes ? facts.height : facts.width
    height = facts.orientation.swapsAxes ? facts.width : facts.height
    orientation = facts.orientation
    isFirstOfSeveral = facts.isFirstOfSeveral
  }

  /// Takes the file apart according to its format.
  static func open(
    _ file: ByteReader
  ) throws(PictureProblem) -> (PictureFormat, any PictureFile) {
    if let dicom = ForeignFormat.dicomProblem(with: file) { throw dicom }
    guard let format = PictureFormat(file) else { throw ForeignFormat.problem(with: file) }
    switch format {
    case .jpeg: return (format, try JPEGFile(file))
    case .png: return (format, try PNGFile(file))
    case .webP: return (format, try WebPFile(file))
    case .tiff: return (format, try TIFFFile(file))
    case .bmp: return (format, try BMPFile(file))
    case .gif: return (format, try GIFFile(file))
    }
  }
}
