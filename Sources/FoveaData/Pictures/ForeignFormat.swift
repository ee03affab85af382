/// Files that people take for pictures and that Fovea does not read, each with what to do.
///
/// Only asked once no picture format fits, but for DICOM, whose first 128 bytes are free and may
/// look like a TIFF.
enum ForeignFormat {
  static let cameraRaw = PictureProblem(
    "is a camera's raw file, which Fovea does not read", advice: "Develop it to JPEG or PNG")

  private static let dicom = PictureProblem(
    "is a DICOM scan, which Fovea does not read",
    advice: "Export its frames as PNG with the window that a reader would use")

  /// Why `file` is not a picture.
  static func problem(with file: ByteReader) -> PictureProblem {
    if file.count == 0 {
      return PictureProblem("is empty", advice: "Copy or download the file again")
    }
    return dicomProblem(with: file) ?? containerProblem(with: file) ?? signatureProblem(with: file)
      ?? textProblem(with: file)
      ?? PictureProblem(
        file.bytes.allSatisfy { $0 == 0 }
          ? "holds nothing but zeros" : "is not a picture in a format that Fovea knows",
        advice: "Fovea reads \(PictureFormat.allCases.map(\.rawValue).joined(separator: ", "))")
  }

  /// The refusal of a DICOM file; `nil` for others.
  static func dicomProblem(with file: ByteReader) -> PictureProblem? {
    file.spells("DICM", at: 128) ? dicom : nil
  }

  private static func unread(_ what: String, _ advice: String) -> PictureProblem {
    PictureProblem("is \(what), which Fovea does not read", advice: advice)
  }

  // MARK: - Containers

  /// ISO base media files, told apart by their brand, and RIFF files.
  private static func containerProblem(with file: ByteReader) -> PictureProblem? {
    if file.spells("ftyp", at: 4) {
      let brand = String(decoding: file.bytes.dropFirst(8).prefix(4), as: UTF8.self)
      switch brand {
      case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1":
        return unread("a HEIC photo", "Export it as JPEG or PNG")
      case "avif", "avis": return unread("an AVIF picture", "Export it as JPEG or PNG")
      case "crx ": return cameraRaw
      default: return unread("a video (MP4 or MOV)", "Extract its frames as JPEG or PNG")
      }
    }
    if file.spells("RIFF", at: 0) {
      if file.spells("WAVE", at: 8) { return unread("a sound (WAV)", "Give a picture") }
      if file.spells("AVI ", at: 8) {
        return unread("a video (AVI)", "Extract its frames as JPEG or PNG")
      }
    }
    if file.uint32(at: 0) == 348, file.spells("n+1", at: 344) || file.spells("ni1", at: 344) {
      return unread("a NIfTI scan", "Export its slices as PNG")
    }
    return nil
  }

  // MARK: - Signatures

  private static let save = "Export it as JPEG or PNG"
  private static let frames = "Extract its frames as JPEG or PNG"
  private static let unpack = "Unpack it first"

  /// First bytes, what begins so, and what to do; longer ones before those they begin with.
  private static let signatures: [(bytes: [UInt8], what: String, advice: String)] = [
    ([0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, 13, 10, 0x87, 10], "a JPEG XL picture", save),
    ([0xFF, 0x0A], "a JPEG XL picture", save),
    ([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 13, 10, 0x87, 10], "a JPEG 2000 picture", save),
    ([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000 picture", save),
    (Array("8BPS".utf8), "a Photoshop document", save),
    (Array("gimp xcf".utf8), "a GIMP document", save),
    (Array("%PDF-".utf8), "a PDF document", "Export its pages as PNG"),
    (Array("%!PS".utf8), "a PostScript document", "Export its pages as PNG"),
    ([0x76, 0x2F, 0x31, 0x01], "an OpenEXR picture", save),
    (Array("#?RADIANCE".utf8), "a Radiance HDR picture", save),
    (Array("qoif".utf8), "a QOI picture", save),
    (Array("DDS ".utf8), "a DDS texture", save),
    ([0, 0, 1, 0], "a Windows icon", save),
    ([0x49, 0x49, 43, 0], "a BigTIFF picture", "Save it as an ordinary TIFF or PNG"),
    ([0x4D, 0x4D, 0, 43], "a BigTIFF picture", "Save it as an ordinary TIFF or PNG"),
    (Array("SIMPLE  =".utf8), "a FITS image", "Export it as PNG"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "Export its pictures as PNG"),
    (Array("MATLAB 5.0".utf8), "a MATLAB file", "Export its pictures as PNG"),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array", "Export its pictures as PNG"),
    ([0x1A, 0x45, 0xDF, 0xA3], "a video (Matroska or WebM)", frames),
    ([0, 0, 1, 0xBA], "a video (MPEG)", frames),
    (Array("FLV".utf8), "a video (Flash)", frames),
    (Array("OggS".utf8), "a sound or video (Ogg)", frames),
    ([0x50, 0x4B, 3, 4], "a ZIP archive", unpack),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", unpack),
    (Array("Rar!".utf8), "a RAR archive", unpack),
    ([0x1F, 0x8B], "a file compressed with gzip", unpack),
    (
      [0, 5, 0x16, 7], "macOS's description of another file", "Delete it: the picture is elsewhere"
    ),
  ]

  private static let rawSignatures: [[UInt8]] = [
    Array("FUJIFILMCCD-RAW".utf8), Array("IIRO".utf8), Array("IIRS".utf8), Array("MMOR".utf8),
    [0x49, 0x49, 0x55, 0], Array("FOVb".utf8), [0, 0x4D, 0x52, 0x4D],
  ]

  private static func signatureProblem(with file: ByteReader) -> PictureProblem? {
    if rawSignatures.contains(where: { file.spells($0, at: 0) }) || file.spells("HEAPCCDR", at: 6) {
      return cameraRaw
    }
    if let match = signatures.first(where: { file.spells($0.bytes, at: 0) }) {
      return unread(match.what, match.advice)
    }
    // Portable bitmap, greymap, pixmap: P1 to P6 and white space.
    if file.spells("P", at: 0), let kind = file.byte(at: 1), (0x31...0x36).contains(kind),
      let space = file.byte(at: 2), [0x20, 0x0A, 0x0D, 0x09].contains(space)
    {
      return unread("a Netpbm picture (PBM, PGM or PPM)", save)
    }
    return nil
  }

  // MARK: - Text

  private static func textProblem(with file: ByteReader) -> PictureProblem? {
    var start = Array(file.bytes.prefix(4096))
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      return PictureProblem("is a text file, not a picture")
    }
    // The cut must not fall into a character.
    if file.count > start.count { while let last = start.last, last >= 0x80 { start.removeLast() } }
    let isText = start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x08...0x0D).contains($0) }
    guard isText, let text = String(validating: start, as: UTF8.self) else { return nil }
    let lowercased = text.lowercased()
    if lowercased.contains("<svg") {
      return unread("an SVG drawing", "Export it as PNG")
    }
    if lowercased.contains("<html") || lowercased.contains("<!doctype html") {
      return PictureProblem(
        "is a web page, not a picture",
        advice: "The download probably failed: open the address in a browser")
    }
    if text.hasPrefix("version https://git-lfs") {
      return PictureProblem(
        "is a pointer of Git LFS, not the picture itself", advice: "Run `git lfs pull`")
    }
    return PictureProblem("is a text file, not a picture")
  }
}
