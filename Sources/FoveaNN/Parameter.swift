/// A description of an array that a network learns or keeps: its shape and how it starts.
///
/// Numbers live apart, in `Weights`, under the path by which the network holds the parameter.
/// Copies of one parameter stand for one array: a layer used twice shares its weights.
public struct Parameter: Sendable {
  /// The sizes, outermost first.
  public let shape: Shape
  /// What the array holds before training.
  public let initializer: Initializer
  /// Whether gradients train it; statistics are kept but not trained.
  public let isTrained: Bool
  /// What tells this parameter from others of the same shape.
  package let identity: any AnyObject & Sendable = Identity()

  private final class Identity: Sendable {}

  /// A parameter of `shape`.
  public init(_ shape: Shape, _ initializer: Initializer, isTrained: Bool = true) {
    self.shape = shape
    self.initializer = initializer
    self.isTrained = isTrained
  }

  /// The address of `identity`.
  package var id: ObjectIdentifier { ObjectIdentifier(identity) }
}

/// How a parameter starts.
public enum Initializer: Hashable, Sendable {
  /// The same number everywhere.
  case constant(Float)
  /// Uniform between −bound and bound.
  case uniform(bound: Float)
  /// Normal with mean 0.
  case normal(deviation: Float)

  /// Zeros.
  public static var zeros: Initializer { .constant(0) }
  /// Ones.
  public static var ones: Initializer { .constant(1) }

  /// Uniform within 1 / √inputs: PyTorch's default for dense and convolution layers, with which
  /// Fovea's results are compared. It is He et al. 2015, equation 12, with a slope of √5.
  public static func fanIn(_ inputs: Int) -> Initializer {
    .uniform(bound: 1 / Float(max(inputs, 1)).squareRoot())
  }

  /// Start values; they follow from the key alone.
  public func values(_ shape: Shape, key: RandomKey) -> HostArray {
    let count = shape.elementCount
    switch self {
    case .constant(let value): return HostArray(repeating: value, shape: shape)
    case .uniform(let bound):
      return HostArray(
        shape, (0..<count).map { (2 * key.uniform(at: UInt64($0)) - 1) * bound })
    case .normal(let deviation):
      return HostArray(shape, (0..<count).map { Float(key.normal(at: UInt64($0))) * deviation })
    }
  }
}
