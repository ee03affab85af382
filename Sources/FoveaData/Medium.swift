/// What the files of a data set are, from which the task follows.
public enum Medium: String, Hashable, Sendable, Codable, CaseIterable {
  /// Pictures to tell apart.
  case picture
  /// Recordings to tell apart.
  case sound
  /// Texts to tell apart.
  case text

  /// What people call one example.
  public var noun: String {
    switch self {
    case .picture: "picture"
    case .sound: "recording"
    case .text: "text"
    }
  }

  /// What people call several.
  public var nouns: String { noun + "s" }

  /// How training examples are changed where nobody chose it: what did well on most of ten small sets,
  /// and does no harm where left and right, or words, mean something.
  package var usualAugmentation: String {
    switch self {
    case .picture: "shift,brightness"
    case .sound, .text: "none"
    }
  }

  /// The folders that such files lie in beside a table that names them.
  var folders: [String] {
    switch self {
    case .picture: ["images"]
    case .sound: ["clips", "audio"]
    case .text: ["texts"]
    }
  }

  /// Extensions of files that are meant to be of this medium, in lower case; some of them are
  /// refused when decoded, with advice.
  var fileExtensions: Set<String> {
    switch self {
    case .picture:
      [
        "jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "tif", "tiff", "bmp", "dib", "gif",
        "heic", "heif", "avif", "jxl", "jp2", "dcm", "dicom", "nii", "psd", "svg", "pdf", "raw",
        "dng", "cr2", "nef", "arw", "ico", "tga", "ppm", "pgm", "pbm", "exr", "hdr",
      ]
    case .sound:
      [
        "wav", "wave", "flac", "mp3", "ogg", "oga", "opus", "m4a", "aac", "aif", "aiff", "aifc",
        "wma", "amr", "au", "snd", "caf", "mid", "midi", "ra",
      ]
    case .text: ["txt", "text"]
    }
  }

  /// Whether a file of this name is meant to be of this medium; a name without an extension may be
  /// of any.
  func includes(_ name: String) -> Bool {
    guard let end = MediaFolder.fileExtension(name) else { return true }
    return fileExtensions.contains(end)
  }

  /// What a file of this name is meant to be, if its extension says it.
  static func of(_ name: String) -> Medium? {
    guard let end = MediaFolder.fileExtension(name) else { return nil }
    return allCases.first { $0.fileExtensions.contains(end) }
  }

  /// The medium that most of these files are of; pictures where no name says anything.
  static func prevailing(among names: some Sequence<String>) -> Medium {
    var counts: [Medium: Int] = [:]
    for name in names {
      if let medium = of(name) { counts[medium, default: 0] += 1 }
    }
    return allCases.reduce(.picture) { (counts[$1] ?? 0) > (counts[$0] ?? 0) ? $1 : $0 }
  }
}
