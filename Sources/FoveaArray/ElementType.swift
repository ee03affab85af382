/// The type of an array's elements.
public enum ElementType: String, Hashable, Sendable, CaseIterable, Codable {
  /// IEEE 754 binary32: everything that is differentiated.
  case float32
  /// Signed 32-bit integers: labels and indices.
  case int32
  /// Unsigned bytes: pixels.
  case uint8
  /// Truth values, one byte each.
  case bool

  /// Bytes an element takes.
  public var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .uint8, .bool: 1
    }
  }
}

/// A Swift type that an array can hold.
public protocol ArrayElement: BitwiseCopyable, Hashable, Sendable {
  /// The element type that stands for it.
  static var elementType: ElementType { get }
  /// Wraps elements of this type.
  static func storage(of elements: [Self]) -> HostArray.Storage
  /// The elements, or `nil` when the storage holds another type.
  static func elements(in storage: HostArray.Storage) -> [Self]?
}

extension Float: ArrayElement {
  /// `float32`.
  public static var elementType: ElementType { .float32 }
  /// Wraps elements of this type.
  public static func storage(of elements: [Float]) -> HostArray.Storage { .float32(elements) }
  /// The elements, or `nil` when the storage holds another type.
  public static func elements(in storage: HostArray.Storage) -> [Float]? {
    if case .float32(let elements) = storage { elements } else { nil }
  }
}

extension Int32: ArrayElement {
  /// `int32`.
  public static var elementType: ElementType { .int32 }
  /// Wraps elements of this type.
  public static func storage(of elements: [Int32]) -> HostArray.Storage { .int32(elements) }
  /// The elements, or `nil` when the storage holds another type.
  public static func elements(in storage: HostArray.Storage) -> [Int32]? {
    if case .int32(let elements) = storage { elements } else { nil }
  }
}

extension UInt8: ArrayElement {
  /// `uint8`.
  public static var elementType: ElementType { .uint8 }
  /// Wraps elements of this type.
  public static func storage(of elements: [UInt8]) -> HostArray.Storage { .uint8(elements) }
  /// The elements, or `nil` when the storage holds another type.
  public static func elements(in storage: HostArray.Storage) -> [UInt8]? {
    if case .uint8(let elements) = storage { elements } else { nil }
  }
}

extension Bool: ArrayElement {
  /// `bool`.
  public static var elementType: ElementType { .bool }
  /// Wraps elements of this type.
  public static func storage(of elements: [Bool]) -> HostArray.Storage { .bool(elements) }
  /// The elements, or `nil` when the storage holds another type.
  public static func elements(in storage: HostArray.Storage) -> [Bool]? {
    if case .bool(let elements) = storage { elements } else { nil }
  }
}

/// Shape and element type together: all that the engine knows of an array before it has numbers.
public struct ArrayType: Hashable, Sendable, CustomStringConvertible {
  /// The sizes, outermost first.
  public let shape: Shape
  /// The type of the elements.
  public let elementType: ElementType

  /// The type of arrays of `shape`.
  public init(_ shape: Shape, _ elementType: ElementType = .float32) {
    self.shape = shape
    self.elementType = elementType
  }

  /// The type of arrays with these sizes; impossible ones trap at the caller's line.
  public init(
    _ sizes: [Int], _ elementType: ElementType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) { self.init(Shape(sizes, file: file, line: line), elementType) }

  /// Bytes that a dense array of this type takes.
  public var byteCount: Int { shape.elementCount * elementType.byteCount }

  /// `float32[64, 10]`.
  public var description: String { "\(elementType.rawValue)\(shape)" }
}
