package import FoundationEssentials
import FoveaArray
import FoveaData

/// What is known to matter in several pictures: a mask picture, a folder of masks by name, or a
/// table of boxes.
package struct TruthSet: Sendable {
  /// A picture that is to be explained.
  package struct Target: Sendable {
    /// The name that a person would know it by.
    package let name: String
    /// Its file.
    package let url: URL

    package init(name: String, url: URL) {
      self.name = name
      self.url = url
    }
  }

  enum Entry: Sendable {
    case mask(URL, name: String)
    /// Boxes with the rows of the table that name them; none for a picture with nothing in it.
    case boxes([(box: Truth.Box, row: Int)], table: String)
  }

  /// What there is for each picture, by the picture's position.
  private let entries: [Int: Entry]
  /// What a person should know.
  package let notes: [String]

  /// Reads the truth at `url` for these pictures; masks are opened when asked for.
  ///
  /// Pictures are found by their paths: from the table's folder, or by the end of the path, so
  /// that `monday/0015.png` is found as `photos/monday/0015.png`. Masks have the picture's path in
  /// their folder, or the end of it, with any extension.
  ///
  /// - Throws: `InputError` when nothing can be read there, a name fits several pictures, or
  ///   nothing fits.
  package init(contentsOf url: URL, for pictures: [Target]) throws {
    _ = try url.checkedFilePath
    var isFolder = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    guard exists else {
      throw InputError(
        "the truth does not exist", at: url.relativePath,
        advice: "Give a mask picture, a folder of masks, or a CSV file of boxes")
    }
    let found: [(name: String, key: PathKey, entry: Entry)]
    if isFolder {
      found = try MediaFolder(url).files.map { file in
        (
          file.name, PathKey(relative: file.name, ignoringExtension: true),
          .mask(file.url, name: "\(url.relativePath)/\(file.name)")
        )
      }
    } else if url.pathExtension.lowercased() == "csv" {
      found = try BoxTable(contentsOf: url).pictures.map { picture in
        (
          picture.name,
          PathKey(relative: picture.name, ignoringExtension: false, from: url),
          .boxes(picture.boxes, table: url.relativePath)
        )
      }
    } else {
      guard pictures.count == 1 else {
        throw InputError(
          "one mask cannot be the truth of \(NumberText.count(pictures.count, "picture"))",
          at: url.relativePath, advice: "Give a folder of masks with the pictures' names")
      }
      let mask = try PictureDecoder(channels: .grey).decode(contentsOf: url)
      guard !Truth.mask(mask).isEmpty else {
        throw mask.marksNothing(at: url.relativePath)
      }
      entries = [0: .mask(url, name: url.relativePath)]
      notes = []
      return
    }
    (entries, notes) = try Self.matched(found, pictures, at: url.relativePath)
  }

  private static func matched(
    _ found: [(name: String, key: PathKey, entry: Entry)], _ pictures: [Target], at place: String
  ) throws -> (entries: [Int: Entry], notes: [String]) {
    let index = PictureIndex(pictures)
    var entries: [Int: Entry] = [:]
    var strangers: [String] = []
    for (name, key, entry) in found {
      let fitting = index.pictures(fitting: key)
      guard fitting.count <= 1 else {
        throw InputError(
          "\(name) fits several pictures: "
            + fitting.prefix(3).map { pictures[$0].name }.joined(separator: ", "),
          at: place, advice: "Name the pictures with their folders")
      }
      guard let picture = fitting.first else {
        strangers.append(name)
        continue
      }
      guard entries.updateValue(entry, forKey: picture) == nil else {
        throw InputError("several entries fit \(pictures[picture].name)", at: place)
      }
    }
    guard !entries.isEmpty else {
      throw InputError(
        "no name fits a picture to be explained (such as \(strangers.first ?? "none") beside "
          + "\(pictures.first?.name ?? "none"))",
        at: place,
        advice: "Paths start from the table's folder, or are the end of a picture's path")
    }
    guard !strangers.isEmpty else { return (entries, []) }
    let more = strangers.count > 3 ? ", …" : ""
    return (
      entries,
      [
        "The truth also names \(NumberText.count(strangers.count, "picture")) that "
          + "\(strangers.count == 1 ? "is" : "are") not to be explained "
          + "(\(strangers.prefix(3).joined(separator: ", "))\(more)); left out."
      ]
    )
  }

  /// The truth of a picture by its position, with what a person should know; no truth where none
  /// is known or nothing is marked.
  ///
  /// - Throws: `InputError` for a mask that cannot be read or whose marks are too dark, and for a box outside
  ///   the picture.
  package func truth(of picture: Int, width: Int, height: Int) throws -> Found {
    switch entries[picture] {
    case nil: return Found(truth: nil, state: .unknown, notes: [])
    case .mask(let url, let name):
      let mask = try PictureDecoder(channels: .grey).decode(contentsOf: url)
      var notes: [String] = []
      if (mask.width, mask.height) != (width, height) {
        notes.append(
          "\(name) has \(mask.width)×\(mask.height) pixels, the picture \(width)×\(height); the "
            + "mask is scaled.")
      }
      let truth = Truth.mask(mask)
      guard !truth.isEmpty else {
        // Marked by 1 in place of 255, or by grey: that nothing matters is not what it says.
        guard mask.isBlack else { throw mask.marksNothing(at: name) }
        return Found(truth: nil, state: .blank, notes: ["\(name) is all black: nothing is marked."])
      }
      return Found(truth: truth, state: .known, notes: notes)
    case .boxes(let boxes, let table):
      var notes: [String] = []
      let whole = try boxes.map { box, row in
        guard box.x < Double(width), box.y < Double(height), box.x + box.width > 0,
          box.y + box.height > 0
        else {
          throw InputError(
            "the box lies outside the picture, which has \(width)×\(height) pixels", at: table,
            row: row, advice: "x and y are the box's upper left corner, counted from 0")
        }
        if box.x < 0 || box.y < 0 || box.x + box.width > Double(width)
          || box.y + box.height > Double(height)
        {
          notes.append("\(table), row \(row): the box reaches beyond the picture and is cut off.")
        }
        return box
      }
      return Found(
        truth: whole.isEmpty ? nil : .boxes(whole), state: whole.isEmpty ? .blank : .known,
        notes: notes)
    }
  }

  /// The truth of one picture.
  package struct Found: Sendable {
    /// How much is known of a picture.
    package enum State: Sendable {
      /// Something is marked.
      case known
      /// It is known that there is nothing.
      case blank
      /// Nothing is known.
      case unknown
    }

    package let truth: Truth?
    package let state: State
    package let notes: [String]
  }
}

extension Picture {
  /// Whether every pixel is 0.
  fileprivate var isBlack: Bool { pixels.allSatisfy { $0 == 0 } }

  /// Why a grey picture without a light pixel is no mask.
  fileprivate func marksNothing(at place: String) -> InputError {
    InputError(
      isBlack
        ? "the mask is all black: it marks nothing"
        : "the mask has no pixel of 128 or more: it marks nothing",
      at: place, advice: "What matters should be white (255)")
  }
}
