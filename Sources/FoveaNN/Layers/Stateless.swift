/// Drops elements while training (Srivastava et al. 2014).
public struct Dropout: Layer {
  /// The share that is dropped.
  public let rate: Float

  /// Drops each element with probability `rate`, in 0..<1.
  public init(rate: Float) { self.rate = rate }

  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor) -> Tensor { x.dropout(rate: rate) }
}

/// The largest value of each window.
public struct MaxPool2D: Layer {
  private let window: Size2D
  private let stride: Size2D?
  private let padding: Padding2D

  /// Windows at steps of `stride`, or side by side.
  public init(window: Size2D, stride: Size2D? = nil, padding: Padding2D = 0) {
    self.window = window
    self.stride = stride
    self.padding = padding
  }

  /// - Parameter x: `[batch, channels, height, width]`
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.maxPool2D(window: window, stride: stride, padding: padding)
  }
}

/// The mean of each window.
public struct AveragePool2D: Layer {
  private let window: Size2D
  private let stride: Size2D?
  private let padding: Padding2D

  /// Windows at steps of `stride`, or side by side; padding counts as zeros.
  public init(window: Size2D, stride: Size2D? = nil, padding: Padding2D = 0) {
    self.window = window
    self.stride = stride
    self.padding = padding
  }

  /// - Parameter x: `[batch, channels, height, width]`
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.averagePool2D(window: window, stride: stride, padding: padding)
  }
}

/// The mean over height and width.
public struct GlobalAveragePool2D: Layer {
  /// A layer without settings.
  public init() {}

  /// - Parameter x: `[batch, channels, height, width]`
  /// - Returns: `[batch, channels]`
  public func callAsFunction(_ x: Tensor) -> Tensor { x.globalAveragePool2D() }
}

/// All axes but the batch in one.
public struct Flatten: Layer {
  /// A layer without settings.
  public init() {}

  /// - Parameter x: `[batch, …]`
  /// - Returns: `[batch, elements]`
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.reshaped([x.shape[0], x.shape.sizes.dropFirst().reduce(1, *)])
  }
}

/// A function of each element, as a layer.
public enum Activation: String, Layer, Hashable, Codable {
  /// max(x, 0)
  case relu
  /// x Φ(x)
  case gelu
  /// x Φ(x), approximated by the hyperbolic tangent as in GPT-2
  case geluTanh
  /// The hyperbolic tangent
  case tanh
  /// 1 / (1 + e⁻ˣ)
  case sigmoid

  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: x.relu()
    case .gelu: x.gelu()
    case .geluTanh: x.gelu(approximation: .tanh)
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    }
  }
}
