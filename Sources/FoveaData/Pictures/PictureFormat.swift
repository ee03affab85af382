/// The kinds of picture file that Fovea reads, told apart by their first bytes.
///
/// The name of a file is never asked: photos called `.png` that are JPEG are common.
public enum PictureFormat: String, Hashable, Sendable, CaseIterable, Codable {
  /// Joint Photographic Experts Group, baseline and progressive.
  case jpeg = "JPEG"
  /// Portable Network Graphics.
  case png = "PNG"
  /// Google's format, lossy and lossless.
  case webP = "WebP"
  /// Tagged Image File Format, in strips.
  case tiff = "TIFF"
  /// Windows bitmap.
  case bmp = "BMP"
  /// Graphics Interchange Format, of which the first picture is read.
  case gif = "GIF"

  /// The format that `file` begins like, or `nil`.
  init?(_ file: ByteReader) {
    if file.spells([0xFF, 0xD8, 0xFF], at: 0) {
      self = .jpeg
    } else if file.spells([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0) {
      self = .png
    } else if file.spells("RIFF", at: 0), file.spells("WEBP", at: 8) {
      self = .webP
    } else if file.spells([0x49, 0x49, 42, 0], at: 0) || file.spells([0x4D, 0x4D, 0, 42], at: 0) {
      self = .tiff
    } else if file.spells("GIF87a", at: 0) || file.spells("GIF89a", at: 0) {
      self = .gif
    } else if file.spells("BM", at: 0), BMPFile.headerSizes.contains(file.uint32(at: 14) ?? 0) {
      // Two letters alone would take many a text for a bitmap.
      self = .bmp
    } else {
      return nil
    }
  }
}
