import FoundationEssentials
import FoveaArray

/// Evidence over the places of a network's input.
public struct HighlightMap: Hashable, Sendable {
  /// Places in a row: the width of the network's input.
  public let width: Int
  /// Rows: the height of the network's input.
  public let height: Int
  /// `[height, width]`, row-major, not negative, the largest 1; all 0 where the map says nothing.
  public let values: [Float]
  /// Where the places lie in the original picture.
  public let frame: PictureFrame

  /// A map with these values, divided by the largest; what is negative or not a number becomes 0.
  ///
  /// No places, or a count that disagrees with the sizes, is a programmer's mistake and traps.
  public init(
    width: Int, height: Int, values: [Float], frame: PictureFrame, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      width >= 1 && height >= 1 && values.count == Self.places(width, height),
      "map: \(values.count) values for \(width)×\(height) places", file: file, line: line)
    self.width = width
    self.height = height
    let positive = values.map { $0.isFinite && $0 > 0 ? $0 : 0 }
    let largest = positive.max() ?? 0
    self.values = largest > 0 ? positive.map { $0 / largest } : positive
    self.frame = frame
  }

  /// The value of a place; one outside the map is a programmer's mistake and traps.
  public subscript(
    row: Int, column: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Float {
    require(
      (0..<height).contains(row) && (0..<width).contains(column),
      "map: row \(row), column \(column) lies outside \(height) rows of \(width)", file: file,
      line: line)
    return values[row * width + column]
  }

  /// How many places there are; `nil` for more than can be numbered.
  private static func places(_ width: Int, _ height: Int) -> Int? {
    let (count, exceeds) = width.multipliedReportingOverflow(by: height)
    return exceeds ? nil : count
  }

  /// Whether all places have the same value, so that the map points nowhere.
  public var isConstant: Bool { values.allSatisfy { $0 == values[0] } }

  /// The place with the largest value; the first in reading order where several have it.
  public var peak: (row: Int, column: Int) {
    let index = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    return (index / width, index % width)
  }
}

extension HighlightMap: Codable {
  private enum Key: String, CodingKey { case width, height, encoding, values, frame }

  /// How values are written: the bytes of 32-bit floats, lowest byte first, in base64.
  private static let encoding = "base64-float32-little-endian"

  /// Reads what `encode(to:)` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let width = try container.decode(Int.self, forKey: .width)
    let height = try container.decode(Int.self, forKey: .height)
    let text = try container.decode(String.self, forKey: .values)
    guard try container.decode(String.self, forKey: .encoding) == Self.encoding,
      let bytes = Data(base64Encoded: text), width > 0, height > 0,
      let count = Self.places(width, height), bytes.count / 4 == count, bytes.count % 4 == 0
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container,
        debugDescription: "needs \(Self.encoding) of \(width)×\(height) numbers")
    }
    let words = Array(bytes)
    let values = (0..<count).map { index in
      let pattern = (0..<4).reduce(UInt32(0)) { $0 | UInt32(words[4 * index + $1]) << (8 * $1) }
      return Float(bitPattern: pattern)
    }
    self.init(
      width: width, height: height, values: values,
      frame: try container.decode(PictureFrame.self, forKey: .frame))
  }

  /// Writes sizes, frame and the values in base64.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(width, forKey: .width)
    try container.encode(height, forKey: .height)
    try container.encode(frame, forKey: .frame)
    try container.encode(Self.encoding, forKey: .encoding)
    let bytes = values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    try container.encode(Data(bytes).base64EncodedString(), forKey: .values)
  }
}
