/// Batch normalisation over all axes but the channels, axis 1 (Ioffe and Szegedy 2015).
///
/// In training with the batch's statistics, which also move the stored ones; in inference with the
/// stored ones. In a graph of `GraphMode.statistics` with the batch's, which are given to whoever
/// averages them.
public struct BatchNorm: PlacedLayer {
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

  /// What the paths of stored means and variances end with.
  package static let (meanName, varianceName) = ("runningMean", "runningVariance")

  /// Normalisation of `channels` channels; each batch moves the stored statistics by `momentum`.
  ///
  /// No channels, an ε below 0 or a momentum outside 0…1 are a programmer's mistake and trap.
  public init(
    channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      channels >= 1 && epsilon >= 0 && (0...1).contains(momentum),
      "BatchNorm: \(channels) channels, epsilon \(epsilon), momentum \(momentum)", file: file,
      line: line)
    weight = Parameter([channels], .ones)
    bias = Parameter([channels], .zeros)
    runningMean = Parameter([channels], .zeros, isTrained: false)
    runningVariance = Parameter([channels], .ones, isTrained: false)
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// - Parameter x: `[batch, channels, …]`
  /// - Returns: the same shape
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let graph = x.graph
    guard graph.mode != .inference else {
      return x.batchNorm(
        scale: graph[weight, file, line], shift: graph[bias, file, line],
        mean: graph[runningMean, file, line],
        variance: graph[runningVariance, file, line], epsilon: epsilon, file: file, line: line)
    }
    let (result, mean, variance) = x.batchNorm(
      scale: graph[weight, file, line], shift: graph[bias, file, line], epsilon: epsilon,
      file: file, line: line)
    // The stored variance is an estimate of the population's, hence n / (n − 1).
    let count = Float(x.shape.elementCount / max(x.shape[1], 1))
    let factor = count / max(count - 1, 1)
    if graph.mode == .statistics {
      graph.observe(mean, of: runningMean, file: file, line: line)
      graph.observe(variance * factor, of: runningVariance, file: file, line: line)
    } else {
      graph[runningMean, file, line].moveAverage(towards: mean, momentum: 1 - momentum)
      graph[runningVariance, file, line].moveAverage(
        towards: variance, momentum: 1 - momentum, factor: factor)
    }
    return result
  }
}

/// Layer normalisation over the innermost axis (Ba et al. 2016).
public struct LayerNorm: PlacedLayer {
  /// `[features]`
  public let weight: Parameter
  /// `[features]`
  public let bias: Parameter
  private let epsilon: Float

  /// Normalisation of `features` features.
  ///
  /// No features or an ε below 0 are a programmer's mistake and trap.
  public init(
    features: Int, epsilon: Float = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      features >= 1 && epsilon >= 0, "LayerNorm: \(features) features, epsilon \(epsilon)",
      file: file,
      line: line)
    weight = Parameter([features], .ones)
    bias = Parameter([features], .zeros)
    self.epsilon = epsilon
  }

  /// - Parameter x: `[batch…, features]`
  /// - Returns: the same shape
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    x.layerNorm(
      scale: x.graph[weight, file, line], shift: x.graph[bias, file, line], epsilon: epsilon,
      file: file, line: line)
  }
}

/// Normalisation by the root of the mean square over the innermost axis (Zhang and Sennrich 2019).
public struct RMSNorm: PlacedLayer {
  /// `[features]`
  public let weight: Parameter
  private let epsilon: Float

  /// Normalisation of `features` features.
  ///
  /// No features or an ε below 0 are a programmer's mistake and trap.
  public init(
    features: Int, epsilon: Float = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      features >= 1 && epsilon >= 0, "RMSNorm: \(features) features, epsilon \(epsilon)",
      file: file,
      line: line)
    weight = Parameter([features], .ones)
    self.epsilon = epsilon
  }

  /// - Parameter x: `[batch…, features]`
  /// - Returns: the same shape
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    x.rmsNorm(scale: x.graph[weight, file, line], epsilon: epsilon, file: file, line: line)
  }
}

/// Normalisation over groups of channels and all places of an item, the same in training and
/// inference (Wu and He 2018).
public struct GroupNorm: PlacedLayer {
  /// `[channels]`
  public let weight: Parameter
  /// `[channels]`
  public let bias: Parameter
  private let groups: Int
  private let epsilon: Float

  /// Normalisation of `channels` channels in `groups` groups of equal size.
  ///
  /// Channels that do not divide into the groups, or an ε below 0, are a programmer's mistake and
  /// trap.
  public init(
    groups: Int, channels: Int, epsilon: Float = 1e-5, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      groups >= 1 && channels >= 1 && channels % groups == 0 && epsilon >= 0,
      "GroupNorm: \(channels) channels in \(groups) groups, epsilon \(epsilon)", file: file,
      line: line)
    weight = Parameter([channels], .ones)
    bias = Parameter([channels], .zeros)
    self.groups = groups
    self.epsilon = epsilon
  }

  /// - Parameter x: `[batch, channels, …]`
  /// - Returns: the same shape
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    x.groupNorm(
      groups: groups, scale: x.graph[weight, file, line], shift: x.graph[bias, file, line],
      epsilon: epsilon, file: file, line: line)
  }
}
