/// A picture file taken apart without decoding: one type for each format.
///
/// Reading the structure is lenient, so that a file that is cut short still tells its size.
/// Making the packet is strict: it fails where the format's own end is missing, which the
/// decoders of libavcodec forgive, and it keeps only what the pixels need. Comments, colour
/// profiles, thumbnails and compressed texts never reach a decoder, so a defect in them does no
/// harm and a compressed text of gigabytes is not unfolded.
protocol PictureFile {
  init(_ file: ByteReader) throws(PictureProblem)

  var facts: PictureFacts { get }

  /// The bytes for the decoder, in order.
  func packet() throws(PictureProblem) -> [ArraySlice<UInt8>]
}

/// What a file's structure tells of its picture.
struct PictureFacts {
  /// What the fourth channel stands for.
  enum Alpha {
    /// The colours are as if the pixel were opaque.
    case straight
    /// The colours are multiplied by the opacity already.
    case premultiplied
    /// Nothing that is shown.
    case ignored
  }

  /// Pixels in a stored row, before the picture is turned upright.
  let width: Int
  /// Stored rows.
  let height: Int
  var orientation = PictureOrientation.topLeft
  var alpha = Alpha.straight
  /// Whether luma spans 16–235, as in video, not 0–255.
  var hasLimitedRange = false
  /// Whether there are more frames or pages than the first.
  var isFirstOfSeveral = false
  /// Whether the three components are red, green, blue where a decoder takes them for luma and
  /// two chromas.
  var hasPlainColors = false
  /// Memory that the decoder takes for a pixel.
  var bytesPerPixel = 4
}
