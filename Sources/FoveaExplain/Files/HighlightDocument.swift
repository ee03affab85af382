import FoundationEssentials
package import FoveaArray
import FoveaData
import FoveaRuns

/// One picture's highlights as a file: `{"schemaVersion": 1, "picture": …, "highlights": […]}`.
package struct HighlightDocument: Encodable, Sendable {
  /// How the maps' numbers are written.
  package enum MapFormat: String, Sendable, CaseIterable {
    /// Inside the JSON: 32-bit floats, lowest byte first, in base64.
    case base64
    /// In a table beside it, a line a row of the map.
    case csv
  }

  /// A highlight as it is written.
  package struct Entry: Encodable, Sendable {
    let highlight: Highlight
    /// The table with the map's numbers, where they are not in the JSON.
    var mapFile: String?

    private enum Key: String, CodingKey {
      case prediction, explained, method, map, regions, scores, localContrast, verdict, cost
    }
    private enum MapKey: String, CodingKey { case width, height, frame, encoding, file, values }

    package func encode(to encoder: any Encoder) throws {
      guard let mapFile else { return try highlight.encode(to: encoder) }
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(highlight.prediction, forKey: .prediction)
      try container.encode(highlight.explained, forKey: .explained)
      try container.encode(highlight.method, forKey: .method)
      try container.encode(highlight.regions, forKey: .regions)
      try container.encode(highlight.scores, forKey: .scores)
      try container.encode(highlight.localContrast, forKey: .localContrast)
      try container.encode(highlight.verdict, forKey: .verdict)
      try container.encode(highlight.cost, forKey: .cost)
      var map = container.nestedContainer(keyedBy: MapKey.self, forKey: .map)
      try map.encode(highlight.map.width, forKey: .width)
      try map.encode(highlight.map.height, forKey: .height)
      try map.encode(highlight.map.frame, forKey: .frame)
      try map.encode("csv", forKey: .encoding)
      try map.encode(mapFile, forKey: .file)
    }

    init(_ highlight: Highlight) { self.highlight = highlight }
  }

  package let schemaVersion: Int
  /// The picture as it was named.
  package let picture: String
  package var highlights: [Entry]

  /// A document on a picture.
  package init(picture: String, highlights: [Highlight]) {
    schemaVersion = 1
    self.picture = picture
    self.highlights = highlights.map(Entry.init)
  }

  /// Writes `NAME.json`, and the maps beside it where they are tables.
  ///
  /// - Returns: the names of the files.
  /// - Throws: `InputError` when a file cannot be written.
  @discardableResult
  package func write(
    to folder: OwnedFolder, name: String, mapFormat: MapFormat = .base64
  ) throws -> [String] {
    var document = self
    var files: [String] = []
    if mapFormat == .csv {
      for index in highlights.indices {
        let highlight = highlights[index].highlight
        let file = "\(name).\(highlight.method.rawValue).csv"
        try folder.write(highlight.map.table, to: file)
        document.highlights[index].mapFile = file
        files.append(file)
      }
    }
    let file = "\(name).json"
    try folder.write(JSONText.encoded(document), to: file)
    return [file] + files
  }
}

extension HighlightMap {
  /// The numbers as text: a line a row, commas between, no names of columns.
  fileprivate var table: Data {
    var text = ""
    for row in 0..<height {
      text += (0..<width).map { "\(self[row, $0])" }.joined(separator: ",") + "\n"
    }
    return Data(text.utf8)
  }
}
