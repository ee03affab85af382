/// Drops elements while training (Srivastava et al. 2014).
public struct Dropout: PlacedLayer {
  /// The share that is dropped.
  public let rate: Float

  /// Drops each element with probability `rate`, in 0..<1; another is a programmer's mistake and
  /// traps.
  public init(rate: Float, file: StaticString = #fileID, line: UInt = #line) {
    require(
      rate >= 0 && rate < 1, "Dropout: a rate of \(rate) does not lie in 0..<1", file: file,
      line: line)
    self.rate = rate
  }

  /// - Returns: the same shape
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { x.dropout(rate: rate, file: file, line: line) }
}

/// The largest value of each window.
public struct MaxPool2D: PlacedLayer {
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
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    x.maxPool2D(window: window, stride: stride, padding: padding, file: file, line: line)
  }
}

/// The mean of each window.
public struct AveragePool2D: PlacedLayer {
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
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    x.averagePool2D(window: window, stride: stride, padding: padding, file: file, line: line)
  }
}

/// The mean over height and width.
public struct GlobalAveragePool2D: PlacedLayer {
  /// A layer without settings.
  public init() {}

  /// - Parameter x: `[batch, channels, height, width]`
  /// - Returns: `[batch, channels]`
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { x.globalAveragePool2D(file: file, line: line) }
}

/// All axes but the batch in one.
public struct Flatten: PlacedLayer {
  /// A layer without settings.
  public init() {}

  /// - Parameter x: `[batch, …]`
  /// - Returns: `[batch, elements]`
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    x.reshaped(
      [x.shape[0, file, line], x.shape.sizes.dropFirst().reduce(1, *)], file: file, line: line)
  }
}

/// A function of each element, as a layer.
public enum Activation: String, PlacedLayer, Hashable, Codable {
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
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    switch self {
    case .relu: x.relu(file: file, line: line)
    case .gelu: x.gelu(file: file, line: line)
    case .geluTanh: x.gelu(approximation: .tanh, file: file, line: line)
    case .tanh: x.tanh(file: file, line: line)
    case .sigmoid: x.sigmoid(file: file, line: line)
    }
  }
}
