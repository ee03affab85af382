/// Batch normalisation over all axes but the channels, axis 1 (Ioffe and Szegedy 2015).
///
/// In training with the batch's statistics, which also move the stored ones; in inference with the
/// stored ones.
public struct BatchNorm: Layer {
  /// `[channels]`
  public let weight: Parameter
  /// `[channels]`
  public let bias: Parameter
  /// The mean seen in training, `[channels]`.
  public let runningMean: Parameter
  /// The variance seen in training, unbiased, `[channels]`.
  public let runningVariance: Parameter
  private let epsilon: Float
  private let momentum: Float

  /// Normalisation of `channels` channels; each batch moves the stored statistics by `momentum`.
  public init(channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1) {
    weight = Parameter([channels], .ones)
    bias = Parameter([channels], .zeros)
    runningMean = Parameter([channels], .zeros, isTrained: false)
    runningVariance = Parameter([channels], .ones, isTrained: false)
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// - Parameter x: `[batch, channels, …]`
  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let graph = x.graph
    guard graph.mode == .training else {
      return x.batchNorm(
        scale: graph[weight], shift: graph[bias], mean: graph[runningMean],
        variance: graph[runningVariance], epsilon: epsilon)
    }
    let (result, mean, variance) = x.batchNorm(
      scale: graph[weight], shift: graph[bias], epsilon: epsilon)
    let count = Float(x.shape.elementCount / x.shape[1])
    graph[runningMean].moveAverage(towards: mean, momentum: 1 - momentum)
    // The stored variance is an estimate of the population's, hence n / (n − 1).
    graph[runningVariance].moveAverage(
      towards: variance, momentum: 1 - momentum, factor: count / max(count - 1, 1))
    return result
  }
}

/// Layer normalisation over the innermost axis (Ba et al. 2016).
public struct LayerNorm: Layer {
  /// `[features]`
  public let weight: Parameter
  /// `[features]`
  public let bias: Parameter
  private let epsilon: Float

  /// Normalisation of `features` features.
  public init(features: Int, epsilon: Float = 1e-5) {
    weight = Parameter([features], .ones)
    bias = Parameter([features], .zeros)
    self.epsilon = epsilon
  }

  /// - Parameter x: `[batch…, features]`
  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNorm(scale: x.graph[weight], shift: x.graph[bias], epsilon: epsilon)
  }
}

/// Normalisation by the root of the mean square over the innermost axis (Zhang and Sennrich 2019).
public struct RMSNorm: Layer {
  /// `[features]`
  public let weight: Parameter
  private let epsilon: Float

  /// Normalisation of `features` features.
  public init(features: Int, epsilon: Float = 1e-5) {
    weight = Parameter([features], .ones)
    self.epsilon = epsilon
  }

  /// - Parameter x: `[batch…, features]`
  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.rmsNorm(scale: x.graph[weight], epsilon: epsilon)
  }
}

/// Normalisation over groups of channels and all places of an item, the same in training and
/// inference (Wu and He 2018).
public struct GroupNorm: Layer {
  /// `[channels]`
  public let weight: Parameter
  /// `[channels]`
  public let bias: Parameter
  private let groups: Int
  private let epsilon: Float

  /// Normalisation of `channels` channels in `groups` groups of equal size.
  public init(groups: Int, channels: Int, epsilon: Float = 1e-5) {
    weight = Parameter([channels], .ones)
    bias = Parameter([channels], .zeros)
    self.groups = groups
    self.epsilon = epsilon
  }

  /// - Parameter x: `[batch, channels, …]`
  /// - Returns: the same shape
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.groupNorm(
      groups: groups, scale: x.graph[weight], shift: x.graph[bias], epsilon: epsilon)
  }
}
