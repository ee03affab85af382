public import FoundationEssentials

/// A file of named arrays in the safetensors format: eight bytes with the header's length, a
/// JSON header, then the arrays' bytes, little-endian and without gaps.
///
/// Reading maps the file and checks the whole header first; an array is copied only when asked
/// for. Format: the documentation of the `safetensors` package, version 0.4.
public struct Safetensors: Sendable {
  /// One array of the file.
  public struct Entry: Hashable, Sendable {
    /// The array's name.
    public let name: String
    /// The format's name for the element type: `F32`, `BF16`, `I64` …
    public let dataType: String
    /// The sizes, outermost first.
    public let shape: Shape
    /// Where the array's bytes lie, counted from the end of the header.
    public let bytes: Range<Int>
  }

  /// Free text pairs that the writer stored.
  public let metadata: [String: String]
  /// The arrays in the order of their bytes.
  public let entries: [Entry]

  private let path: String
  private let data: Data
  private let dataStart: Int
  private let positions: [String: Int]

  /// Bytes an element takes, by the format's name for its type.
  private static let byteCounts: [String: Int] = [
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "U16": 2, "I8": 1, "U8": 1, "BOOL": 1,
  ]

  /// What Git LFS leaves in a file's place begins so.
  private static let pointerStart = Data("version https://git-lfs.github.com/spec/".utf8)

  /// Opens a file and checks its header.
  ///
  /// - Throws: `InputError` with the reason when the file cannot be read or is malformed.
  public init(contentsOf url: URL) throws {
    _ = try url.checkedFilePath
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw InputError("cannot be read", at: url.path, advice: "Check the path and permissions")
    }
    try self.init(data, path: url.path)
  }

  /// Reads a file that is already in memory; `path` names it in errors.
  ///
  /// - Throws: `InputError` with the reason when the bytes are malformed.
  public init(_ data: Data, path: String) throws {
    func malformed(_ reason: String) -> InputError {
      InputError("not a safetensors file: \(reason)", at: path)
    }
    guard !data.starts(with: Self.pointerStart) else {
      throw InputError(
        "is a pointer of Git LFS, not the file that it stands for", at: path,
        advice: "Fetch the file itself: git lfs pull")
    }
    guard data.count >= 8 else { throw malformed("\(data.count) bytes hold no header length") }
    let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= 100_000_000 else {
      throw malformed("a header of \(length) bytes is over the format's limit of 100,000,000")
    }
    guard data.count - 8 >= Int(length) else {
      throw malformed("the header should take \(length) bytes, \(data.count - 8) are there")
    }
    let header = data[(data.startIndex + 8)..<(data.startIndex + 8 + Int(length))]
    guard header.first == UInt8(ascii: "{") else {
      throw malformed("the header does not begin with {")
    }
    let content: HeaderContent
    do {
      content = try JSONDecoder().decode(HeaderContent.self, from: header)
    } catch let error as HeaderError {
      throw malformed(error.reason)
    } catch {
      throw malformed("the header is not valid JSON")
    }
    if let twice = HeaderNames.firstDuplicate(in: header) {
      throw malformed("the header says \(twice) twice")
    }
    metadata = content.metadata
    entries = try Self.checked(content.entries, dataCount: data.count - 8 - Int(length)) {
      malformed($0)
    }
    positions = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { ($0.element.name, $0.offset) })
    self.path = path
    self.data = data
    dataStart = data.startIndex + 8 + Int(length)
  }

  private static func checked(
    _ entries: [Entry], dataCount: Int, _ malformed: (String) -> InputError
  ) throws -> [Entry] {
    let entries = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    var end = 0
    for entry in entries {
      guard let byteCount = byteCounts[entry.dataType] else {
        throw malformed("array \(entry.name) has the unknown type \(entry.dataType)")
      }
      let expected = SizeArithmetic.product([byteCount] + entry.shape.sizes)
      guard expected < .max else { throw malformed("array \(entry.name) is too large") }
      guard entry.bytes.count == expected else {
        throw malformed(
          "array \(entry.name) of \(entry.dataType)\(entry.shape) takes \(expected) bytes, "
            + "its offsets span \(entry.bytes.count)")
      }
      guard entry.bytes.lowerBound == end else {
        throw malformed(
          entry.bytes.lowerBound < end
            ? "array \(entry.name) overlaps the one before it"
            : "bytes \(end) to \(entry.bytes.lowerBound) belong to no array")
      }
      end = entry.bytes.upperBound
    }
    guard end <= dataCount else {
      throw malformed("the arrays take \(end) bytes, \(dataCount) are there: the file is cut short")
    }
    guard end == dataCount else {
      throw malformed("\(dataCount - end) bytes at the end belong to no array")
    }
    return entries
  }

  /// The entry called `name`, or `nil`.
  public func entry(_ name: String) -> Entry? { positions[name].map { entries[$0] } }
}

// MARK: - Values

extension Safetensors {
  /// The array called `name`.
  ///
  /// `F16`, `BF16` and `F64` become `float32` (the last one rounded), integers of other widths
  /// `int32`.
  ///
  /// - Throws: `InputError` when there is no such array, or an integer does not fit `int32`.
  public func array(_ name: String) throws -> HostArray {
    let entry = try required(name)
    func copy(_ type: ElementType) -> HostArray {
      unsafe bytes(of: entry).withUnsafeBytes { bytes in
        unsafe HostArray(ArrayType(entry.shape, type), copying: bytes.bytes)
      }
    }
    switch entry.dataType {
    case "F32": return copy(.float32)
    case "I32": return copy(.int32)
    case "U8": return copy(.uint8)
    case "BOOL": return copy(.bool)
    case "F16", "BF16", "F64":
      return HostArray(entry.shape, try doubles(name).map { Float($0) })
    default:
      return HostArray(
        entry.shape,
        try integers(entry).map { value in
          guard let narrow = Int32(exactly: value) else {
            throw InputError("array \(name) holds \(value), which does not fit int32", at: path)
          }
          return narrow
        })
    }
  }

  /// The array called `name`, of a network's weights or of what an optimiser keeps.
  ///
  /// - Parameter largest: the largest magnitude with which can be computed.
  /// - Throws: `InputError` that names the array where an element is not a number, or larger.
  package func numbers(_ name: String, upTo largest: Float) throws -> HostArray {
    let array = try array(name)
    if let value = array.firstNumber(beyond: largest) {
      throw InputError(
        value.isFinite
          ? "\(name) holds \(value), too large to compute with"
          : "\(name) holds \(value), which is no number",
        at: path, advice: "The file is broken, or the training that wrote it ran away")
    }
    return array
  }

  /// The elements of the floating-point array called `name` in double precision.
  ///
  /// - Throws: `InputError` when there is no such array or it holds no floating-point numbers.
  public func doubles(_ name: String) throws -> [Double] {
    let entry = try required(name)
    let bytes = bytes(of: entry)
    switch entry.dataType {
    case "F64": return bytes.loadAll(UInt64.self).map(Double.init(bitPattern:))
    case "F32": return bytes.loadAll(UInt32.self).map { Double(Float(bitPattern: $0)) }
    case "F16": return bytes.loadAll(UInt16.self).map { Double(Float16(bitPattern: $0)) }
    case "BF16":
      return bytes.loadAll(UInt16.self).map { Double(Float(bitPattern: UInt32($0) << 16)) }
    default:
      throw InputError("array \(name) holds \(entry.dataType), not floating point", at: path)
    }
  }

  private func integers(_ entry: Entry) throws -> [Int64] {
    let bytes = bytes(of: entry)
    switch entry.dataType {
    case "I64": return bytes.loadAll(UInt64.self).map { Int64(bitPattern: $0) }
    case "I16": return bytes.loadAll(UInt16.self).map { Int64(Int16(bitPattern: $0)) }
    case "I8": return bytes.map { Int64(Int8(bitPattern: $0)) }
    case "U32": return bytes.loadAll(UInt32.self).map { Int64($0) }
    case "U16": return bytes.loadAll(UInt16.self).map { Int64($0) }
    default:
      return try bytes.loadAll(UInt64.self).map { value in
        guard let signed = Int64(exactly: value) else {
          throw InputError("array \(entry.name) holds \(value), too large an integer", at: path)
        }
        return signed
      }
    }
  }

  private func required(_ name: String) throws -> Entry {
    guard let entry = entry(name) else {
      throw InputError("holds no array called \(name)", at: path)
    }
    return entry
  }

  private func bytes(of entry: Entry) -> Data {
    data[(dataStart + entry.bytes.lowerBound)..<(dataStart + entry.bytes.upperBound)]
  }
}

// MARK: - Writing

extension Safetensors {
  /// The bytes of a file that holds `arrays`.
  ///
  /// Arrays are ordered by element size, then name, and the header is padded, so that every
  /// array is aligned to its elements; equal arrays give equal bytes.
  public static func encoded(
    _ arrays: [String: HostArray], metadata: [String: String] = [:]
  ) throws -> Data {
    let ordered = arrays.sorted {
      (-$0.value.elementType.byteCount, $0.key) < (-$1.value.elementType.byteCount, $1.key)
    }
    var header = HeaderContent(metadata: metadata, entries: [])
    var end = 0
    for (name, array) in ordered {
      let bytes = end..<(end + array.type.byteCount)
      let dataType =
        switch array.elementType {
        case .float32: "F32"
        case .int32: "I32"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
      header.entries.append(
        Entry(name: name, dataType: dataType, shape: array.shape, bytes: bytes))
      end = bytes.upperBound
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(header)
    json.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var data = Data(capacity: 8 + json.count + end)
    for shift in 0..<8 { data.append(UInt8(truncatingIfNeeded: json.count >> (8 * shift))) }
    data.append(json)
    for (_, array) in ordered {
      array.withBytes { bytes in
        unsafe bytes.withUnsafeBytes { unsafe data.append(contentsOf: $0) }
      }
    }
    return data
  }

  /// Writes `arrays` to `url` so that the file is whole at every moment.
  ///
  /// - Throws: `InputError` when the file cannot be written.
  public static func write(
    _ arrays: [String: HostArray], metadata: [String: String] = [:], to url: URL
  ) throws {
    try AtomicFile.write(encoded(arrays, metadata: metadata), to: url)
  }
}

// MARK: - Header

private struct HeaderError: Error {
  let reason: String
}

private struct HeaderContent: Codable {
  var metadata: [String: String]
  var entries: [Safetensors.Entry]

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
    static let metadata = Name(stringValue: "__metadata__")
  }

  private struct Body: Codable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  init(metadata: [String: String], entries: [Safetensors.Entry]) {
    self.metadata = metadata
    self.entries = entries
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    metadata = [:]
    entries = []
    for name in container.allKeys {
      if name.stringValue == Name.metadata.stringValue {
        do {
          metadata = try container.decode([String: String].self, forKey: name)
        } catch {
          throw HeaderError(reason: "__metadata__ must hold text only")
        }
        continue
      }
      guard let body = try? container.decode(Body.self, forKey: name) else {
        throw HeaderError(
          reason: "array \(name.stringValue) needs dtype, shape and data_offsets")
      }
      guard body.shape.allSatisfy({ $0 >= 0 }) else {
        throw HeaderError(reason: "array \(name.stringValue) has a negative size \(body.shape)")
      }
      guard let shape = try? Shape(checking: body.shape) else {
        throw HeaderError(reason: "array \(name.stringValue) is too large")
      }
      guard body.offsets.count == 2, body.offsets[0] >= 0,
        body.offsets[0] <= body.offsets[1]
      else {
        throw HeaderError(
          reason: "array \(name.stringValue) has impossible offsets \(body.offsets)")
      }
      entries.append(
        Safetensors.Entry(
          name: name.stringValue, dataType: body.dtype, shape: shape,
          bytes: body.offsets[0]..<body.offsets[1]))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    if !metadata.isEmpty { try container.encode(metadata, forKey: .metadata) }
    for entry in entries {
      try container.encode(
        Body(
          dtype: entry.dataType, shape: entry.shape.sizes,
          offsets: [entry.bytes.lowerBound, entry.bytes.upperBound]),
        forKey: Name(stringValue: entry.name))
    }
  }
}

// MARK: - Little-endian numbers

extension Data {
  /// All bytes read as little-endian integers.
  fileprivate func loadAll<Integer: FixedWidthInteger & UnsignedInteger>(
    _ type: Integer.Type
  ) -> [Integer] {
    let width = MemoryLayout<Integer>.size
    return unsafe withUnsafeBytes { bytes in
      (0..<(bytes.count / width)).map { index in
        unsafe Integer(
          littleEndian: bytes.loadUnaligned(fromByteOffset: index * width, as: Integer.self))
      }
    }
  }
}
