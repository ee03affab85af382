import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaExplain
import FoveaMetrics
import FoveaText

extension Kind {
  /// Tables of every kind, texts, and pictures in one array.
  static let tables: [Kind] = [
    Kind("csv", changed: { TextMutation.changed($0, &$1) }, read: readTable),
    Kind("tsv", changed: { TextMutation.changed($0, &$1) }, read: readTable),
    Kind(
      "jsonl",
      changed: { bytes, dice in
        dice.one(in: 2)
          ? TextMutation.changed(bytes, &dice) : JSONMutation.changed(bytes, &dice)
      }, read: readTable),
    Kind("text", changed: { TextMutation.changed($0, &$1) }) { url in
      let text = SegmentedText(try TextFile.read(url))
      _ = text.sentences
    },
    Kind("results", changed: { TextMutation.changed($0, &$1) }) { url in
      let table = try CSVTable(contentsOf: url)
      let result = StudyResult(
        try PairedResults(
          columns: table.columns, rows: table.records.map(\.fields), place: "results"))
      try Fault.check(
        [result.plainAccuracy, result.augmentedAccuracy, result.againstPlain.meanDifference],
        "a result")
      _ = result.explanation
    },
    Kind("events", changed: { TextMutation.changed($0, &$1) }) { url in
      _ = try EventTable(contentsOf: url)
    },
    Kind(
      "idx", target: "train-images-idx3-ubyte", changed: { ByteMutation.changed($0, &$1) },
      read: readIdx),
    Kind(
      "idx-gz", target: "train-images-idx3-ubyte.gz",
      changed: { bytes, dice in
        guard !dice.one(in: 3) else { return ByteMutation.changed(bytes, &dice) }
        let content = ByteMutation.changed(Gzip.content(bytes), &dice)
        return Gzip.file(content, repeating: dice.one(in: 200) ? 1 << 31 : 0)
      }, read: readIdx),
  ]

  private static let readTable: @Sendable (URL) async throws -> Void = { url in
    // One that names files finds none of them; all is read before that shows.
    _ = try LabelledSource.read(url, options: LabelledSourceOptions(purpose: .evaluation))
  }

  private static let readIdx: @Sendable (URL) async throws -> Void = { folder in
    let data = try LabelledSource.read(folder, options: LabelledSourceOptions())
    for example in data.training.examples.prefix(3) {
      if case .picture(let picture) = example.content, picture.pixels.isEmpty {
        throw Fault(description: "a picture without pixels")
      }
    }
  }
}

/// gzip as it is made here: stored blocks, and zeros that take no room.
enum Gzip {
  private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

  /// A file that unpacks to some bytes and `count` zeros behind them.
  static func file(_ content: [UInt8], repeating count: Int = 0) -> [UInt8] {
    var result = header
    var rest = content[...]
    repeat {
      let part = rest.prefix(65_535)
      rest = rest.dropFirst(65_535)
      let isLast = rest.isEmpty && count == 0
      result += [isLast ? 1 : 0] + little(UInt32(part.count), 2)
      result += little(~UInt32(part.count), 2) + part
    } while !rest.isEmpty
    if count > 0 { result += zeros(count) }
    // The checksum of the zeros would take longer than to find it wrong at the end.
    return result + little(Checksum.crc32(content), 4)
      + little(UInt32(truncatingIfNeeded: content.count + count), 4)
  }

  /// What one of stored blocks holds.
  static func content(_ file: [UInt8]) -> [UInt8] {
    var place = header.count
    var result: [UInt8] = []
    while place + 5 <= file.count {
      let length = Int(file[place + 1]) | Int(file[place + 2]) << 8
      let end = min(place + 5 + length, file.count)
      result += file[(place + 5)..<end]
      if file[place] & 1 == 1 { break }
      place = end
    }
    return result
  }

  /// A block of fixed codes: a zero, then that zero again 258 times over and over.
  private static func zeros(_ count: Int) -> [UInt8] {
    var bits = Bits()
    bits.append(1, 1)
    bits.append(1, 2)
    bits.append(code: 0b0011_0000, 8)
    for _ in 0..<(count / 258) {
      bits.append(code: 0b1100_0101, 8)
      bits.append(code: 0, 5)
    }
    bits.append(code: 0, 7)
    return bits.bytes
  }

  private struct Bits {
    var bytes: [UInt8] = []
    private var used = 8

    mutating func append(_ value: Int, _ count: Int) {
      for bit in 0..<count {
        if used == 8 {
          bytes.append(0)
          used = 0
        }
        bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(used)
        used += 1
      }
    }

    /// Codes of Huffman's kind begin with their highest bit.
    mutating func append(code: Int, _ count: Int) {
      for bit in (0..<count).reversed() { append(code >> bit & 1, 1) }
    }
  }

  private static func little(_ value: UInt32, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }
}
