import FoundationEssentials
import FoveaRuns
import Testing

/// The framing of TensorBoard's files, read by a second implementation that knows only the formats.
struct EventFileTests {
  private static let history: [EpochRecord] = (1...3).map { (epoch: Int) -> EpochRecord in
    let number = Double(epoch)
    var record = EpochRecord(
      epoch: epoch, step: 100 * epoch, trainingLoss: 1 / number, trainingAccuracy: 0.3 * number,
      learningRate: 0.001, seconds: 1, endedAt: 1_700_000_000 + number)
    if epoch != 2 {
      record.validationLoss = 0.5
      record.validationAccuracy = 0.25
    }
    return record
  }

  /// CRC-32C by a table, in the bit order of RFC 3720, section 12.1.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
  }

  private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  private static func masked(_ sum: UInt32) -> UInt32 {
    (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The payloads of a TFRecord file; nil where a length or a checksum is wrong.
  static func records(_ data: Data) -> [[UInt8]]? {
    let bytes = [UInt8](data)
    var records: [[UInt8]] = []
    var offset = 0
    while offset < bytes.count {
      guard offset + 12 <= bytes.count else { return nil }
      let length = bytes[offset..<(offset + 8)]
      let size = Int(number(length))
      guard number(bytes[(offset + 8)..<(offset + 12)]) == UInt64(masked(checksum(length))),
        offset + 16 + size <= bytes.count
      else { return nil }
      let payload = bytes[(offset + 12)..<(offset + 12 + size)]
      let end = offset + 12 + size
      guard number(bytes[end..<(end + 4)]) == UInt64(masked(checksum(payload))) else { return nil }
      records.append([UInt8](payload))
      offset = end + 4
    }
    return records
  }

  /// The fields of a protocol-buffer message: numbers, and the bytes they hold.
  private static func fields(_ bytes: [UInt8]) -> [(number: Int, bytes: [UInt8])] {
    var rest = bytes[...]
    var fields: [(Int, [UInt8])] = []
    func variableLength() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while let byte = rest.popFirst() {
        value |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte & 0x80 == 0 { break }
      }
      return value
    }
    while !rest.isEmpty {
      let key = variableLength()
      let content: [UInt8]
      switch key & 7 {
      case 0: content = withUnsafeBytes(of: variableLength().littleEndian) { [UInt8]($0) }
      case 1:
        content = [UInt8](rest.prefix(8))
        rest = rest.dropFirst(8)
      case 5:
        content = [UInt8](rest.prefix(4))
        rest = rest.dropFirst(4)
      case 2:
        let size = Int(variableLength())
        content = [UInt8](rest.prefix(size))
        rest = rest.dropFirst(size)
      default: return []
      }
      fields.append((Int(key >> 3), content))
    }
    return fields
  }

  @Test func theChecksumIsThePublishedOne() {
    // The check value of CRC-32C and two of RFC 3720, appendix B.4.
    #expect(Self.checksum("123456789".utf8) == 0xE306_9283)
    #expect(Self.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(Self.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    for bytes in [[], [1, 2, 3], Array("123456789".utf8)] as [[UInt8]] {
      #expect(EventFile.maskedChecksum(bytes) == Self.masked(Self.checksum(bytes)))
    }
  }

  @Test func everyRecordIsFramedAndHoldsOneScalar() throws {
    let data = EventFile.encoded(Self.history, startedAt: 1_700_000_000)
    let records = try #require(Self.records(data))
    // The version, five scalars of two epochs, three of the one without validation.
    #expect(records.count == 1 + 5 + 3 + 5)
    let version = Self.fields(records[0])
    #expect(version.map(\.number) == [1, 3])
    #expect(String(decoding: version[1].bytes, as: UTF8.self) == "brain.Event:2")

    var scalars: [String: [Int: Float]] = [:]
    for record in records.dropFirst() {
      let event = Self.fields(record)
      #expect(event.map(\.number) == [1, 2, 5])
      let step = Int(Self.number(event[1].bytes[...]))
      let time = Double(bitPattern: Self.number(event[0].bytes[...]))
      #expect(time == 1_700_000_000 + Double(step))
      let value = Self.fields(Self.fields(event[2].bytes)[0].bytes)
      #expect(value.map(\.number) == [1, 2])
      scalars[String(decoding: value[0].bytes, as: UTF8.self), default: [:]][step] =
        Float(bitPattern: UInt32(Self.number(value[1].bytes[...])))
    }
    #expect(scalars["loss/training"] == [1: 1, 2: 0.5, 3: Float(1.0 / 3)])
    #expect(scalars["loss/validation"] == [1: 0.5, 3: 0.5])
    #expect(scalars["accuracy/validation"] == [1: 0.25, 3: 0.25])
    #expect(scalars["accuracy/training"]?[3] == Float(0.3 * 3))
    #expect(scalars["learning rate"]?.count == 3)
  }

  @Test func aChangedByteIsSeen() {
    var data = EventFile.encoded(Self.history, startedAt: 0)
    data[data.count / 2] ^= 0x10
    #expect(Self.records(data) == nil)
    #expect(Self.records(EventFile.encoded([], startedAt: 0))?.count == 1)
  }

  @Test func theNameIsOneThatTensorBoardLooksFor() {
    #expect(EventFile.name(startedAt: 1_700_000_000.9) == "events.out.tfevents.1700000000.fovea")
  }
}
