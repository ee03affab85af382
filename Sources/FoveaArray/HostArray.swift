/// A dense, row-major array in ordinary memory: a value, safe to send between tasks.
///
/// Batches, weights at rest and results are host arrays; the engine copies them in and out.
public struct HostArray: Hashable, Sendable {
  /// The elements, one case a type, so that no access needs unsafe code.
  public enum Storage: Hashable, Sendable {
    /// Elements of type `float32`.
    case float32([Float])
    /// Elements of type `int32`.
    case int32([Int32])
    /// Elements of type `uint8`.
    case uint8([UInt8])
    /// Elements of type `bool`.
    case bool([Bool])
  }

  /// The sizes, outermost first.
  public let shape: Shape
  /// The elements in row-major order.
  public private(set) var storage: Storage

  /// An array of `shape` with these elements in row-major order.
  ///
  /// A count that disagrees with the shape is a programmer's mistake and traps.
  public init<Element: ArrayElement>(
    _ shape: Shape, _ elements: [Element], file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      shape.elementCount == elements.count,
      "array: shape \(shape) holds \(shape.elementCount) elements, \(elements.count) were given",
      file: file, line: line)
    self.shape = shape
    self.storage = Element.storage(of: elements)
  }

  /// A one-dimensional array.
  public init<Element: ArrayElement>(_ elements: [Element]) {
    self.init([elements.count], elements)
  }

  /// A scalar.
  public init<Element: ArrayElement>(_ scalar: Element) {
    self.init([], [scalar])
  }

  /// An array with the same element everywhere.
  public init<Element: ArrayElement>(repeating element: Element, shape: Shape) {
    self.init(shape, [Element](repeating: element, count: shape.elementCount))
  }

  /// An array of `type` filled with zeros (`false` for `bool`).
  public init(zeros type: ArrayType) {
    switch type.elementType {
    case .float32: self.init(repeating: Float(0), shape: type.shape)
    case .int32: self.init(repeating: Int32(0), shape: type.shape)
    case .uint8: self.init(repeating: UInt8(0), shape: type.shape)
    case .bool: self.init(repeating: false, shape: type.shape)
    }
  }

  /// The type of the elements.
  public var elementType: ElementType {
    switch storage {
    case .float32: .float32
    case .int32: .int32
    case .uint8: .uint8
    case .bool: .bool
    }
  }

  /// Shape and element type.
  public var type: ArrayType { ArrayType(shape, elementType) }

  /// The elements in row-major order.
  ///
  /// Asking for another type than the array's is a programmer's mistake and traps.
  public func elements<Element: ArrayElement>(
    of type: Element.Type = Element.self, file: StaticString = #fileID, line: UInt = #line
  ) -> [Element] {
    guard let elements = Element.elements(in: storage) else {
      fatalError(
        "array: \(self.type) holds \(elementType.rawValue), not \(Element.elementType.rawValue)",
        file: file, line: line)
    }
    return elements
  }

  /// The elements as `Float`; traps for other element types, without the caller's line, which
  /// `elements(of:)` names.
  public var floats: [Float] { elements(of: Float.self) }

  /// The only element of a `float32` array with one element.
  public var scalar: Float {
    require(shape.elementCount == 1, "array: \(type) is not a single number")
    return floats[0]
  }

  /// The first element of a `float32` array that is not a number or whose magnitude is larger; `nil`
  /// where all can be computed with, and for other types.
  package func firstNumber(beyond largest: Float) -> Float? {
    guard case .float32(let elements) = storage else { return nil }
    // Without its sign a number's pattern grows with its magnitude, and what is none comes last: one
    // maximum over integers, which takes a vector at a time.
    let magnitude: UInt32 = 0x7FFF_FFFF
    let most = elements.reduce(UInt32(0)) { max($0, $1.bitPattern & magnitude) }
    guard most > largest.bitPattern else { return nil }
    return elements.first { $0.bitPattern & magnitude > largest.bitPattern }
  }

  /// The same elements under another shape of as many elements.
  ///
  /// Another count is a programmer's mistake and traps.
  public func reshaped(
    _ shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> HostArray {
    require(
      shape.elementCount == self.shape.elementCount,
      "array: \(self.shape) cannot be reshaped to \(shape)", file: file, line: line)
    return HostArray(shape, storage: storage)
  }

  private init(_ shape: Shape, storage: Storage) {
    self.shape = shape
    self.storage = storage
  }
}

// MARK: - Bytes

extension HostArray {
  /// Gives `body` the elements as raw bytes, native order, row-major.
  public func withBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    switch storage {
    case .float32(let elements): try unsafe body(elements.span.bytes)
    case .int32(let elements): try unsafe body(elements.span.bytes)
    case .uint8(let elements): try unsafe body(elements.span.bytes)
    case .bool(let elements): try unsafe elements.withUnsafeBytes { try unsafe body($0.bytes) }
    }
  }

  /// An array of `type` with a copy of `bytes`: native order, row-major, nonzero for `true`.
  ///
  /// A byte count that disagrees with the type is a programmer's mistake and traps.
  public init(
    _ type: ArrayType, copying bytes: RawSpan, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      bytes.byteCount == type.byteCount,
      "array: \(type) takes \(type.byteCount) bytes, \(bytes.byteCount) were given", file: file,
      line: line)
    shape = type.shape
    let count = type.shape.elementCount
    switch type.elementType {
    case .float32: storage = .float32(Self.copy(bytes, count: count))
    case .int32: storage = .int32(Self.copy(bytes, count: count))
    case .uint8: storage = .uint8(Self.copy(bytes, count: count))
    case .bool: storage = .bool(Self.copy(bytes, count: count).map { (byte: UInt8) in byte != 0 })
    }
  }

  private static func copy<Element: BitwiseCopyable>(_ bytes: RawSpan, count: Int) -> [Element] {
    unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe bytes.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
      }
      initialized = count
    }
  }
}
