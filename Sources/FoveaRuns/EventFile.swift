public import FoundationEssentials

/// A history as TensorBoard reads it: records of the `Event` protocol buffer, each framed with its
/// length and masked CRC-32C checksums (the TFRecord format).
///
/// An event has five fields, all scalar, so they are written by hand: the protocol-buffer library
/// would be the largest dependency of the package.
public enum EventFile {
  /// The bytes of a file with one scalar a metric and epoch.
  public static func encoded(_ history: [EpochRecord], startedAt: Double) -> Data {
    var file = Data()
    // Event: 1 wall_time (double), 3 file_version (string)
    file.append(
      framed(field(1, startedAt) + field(3, Array("brain.Event:2".utf8))))
    for record in history {
      let scalars: [(String, Double?)] = [
        ("loss/training", record.trainingLoss), ("loss/validation", record.validationLoss),
        ("accuracy/training", record.trainingAccuracy),
        ("accuracy/validation", record.validationAccuracy),
        ("learning rate", record.learningRate),
      ]
      for (tag, value) in scalars {
        guard let value else { continue }
        // Summary.Value: 1 tag (string), 2 simple_value (float); Summary: 1 value
        let summary = field(1, field(1, Array(tag.utf8)) + field(2, Float(value)))
        // Event: 2 step (int64), 5 summary
        file.append(
          framed(field(1, record.endedAt) + field(2, record.epoch) + field(5, summary)))
      }
    }
    return file
  }

  /// The name of a run's event file.
  public static func name(startedAt: Double) -> String {
    "events.out.tfevents.\(Int(startedAt)).fovea"
  }

  // MARK: Protocol buffers

  private static func field(_ number: UInt8, _ value: Double) -> [UInt8] {
    [number << 3 | 1] + littleEndian(value.bitPattern, 8)
  }

  private static func field(_ number: UInt8, _ value: Float) -> [UInt8] {
    [number << 3 | 5] + littleEndian(UInt64(value.bitPattern), 4)
  }

  private static func field(_ number: UInt8, _ value: Int) -> [UInt8] {
    [number << 3] + variableLength(UInt64(value))
  }

  private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2] + variableLength(UInt64(bytes.count)) + bytes
  }

  private static func variableLength(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  // MARK: TFRecord

  private static func framed(_ event: [UInt8]) -> Data {
    let length = littleEndian(UInt64(event.count), 8)
    return Data(
      length + littleEndian(UInt64(maskedChecksum(length)), 4) + event
        + littleEndian(UInt64(maskedChecksum(event)), 4))
  }

  /// CRC-32C (Castagnoli), rotated and offset as the format demands.
  package static func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = ~0
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
    }
    sum = ~sum
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
