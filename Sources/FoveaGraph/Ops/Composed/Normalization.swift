extension Tensor {
  /// x / √(mean x² + ε) · scale along the innermost axis. Same shape. Differentiable.
  /// Zhang and Sennrich 2019, equation 4.
  ///
  /// - Parameter scale: `[features]`
  public func rmsNorm(
    scale: Tensor, epsilon: Float = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      shape.rank >= 1 && scale.shape == [shape[-1]],
      "rmsNorm: needs [batch…, features] and a scale [features], not \(shape) and \(scale.shape)",
      file: file, line: line)
    let mean = sumOfSquares(axes: [-1], keepingAxes: true) * (1 / Float(shape[-1]))
    return self / (mean + epsilon).squareRoot() * scale
  }

  /// (x − mean) / √(variance + ε) · scale + shift, with mean and (biased) variance over each group of
  /// channels and all places of an item. Same shape. Differentiable. Wu and He 2018.
  ///
  /// - Parameters:
  ///   - groups: how many groups the channels, axis 1, are divided into.
  ///   - scale: `[channels]`
  ///   - shift: `[channels]`
  public func groupNorm(
    groups: Int, scale: Tensor, shift: Tensor, epsilon: Float = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      shape.rank >= 2 && groups > 0 && shape[1] % groups == 0 && scale.shape == [shape[1]]
        && shift.shape == [shape[1]],
      "groupNorm: needs [batch, channels, …] whose channels divide into \(groups) groups, and scale "
        + "and shift [channels], not \(shape), \(scale.shape) and \(shift.shape)", file: file,
      line: line)
    let grouped = reshaped([shape[0], groups, shape.sizes.dropFirst().reduce(1, *) / groups])
    let centred = grouped - grouped.mean(axes: [2], keepingAxes: true)
    let variance =
      centred.sumOfSquares(axes: [2], keepingAxes: true) * (1 / Float(grouped.shape[2]))
    let normal = (centred / (variance + epsilon).squareRoot()).reshaped(shape)
    let channels = Shape([shape[1]] + [Int](repeating: 1, count: shape.rank - 2))
    return normal * scale.reshaped(channels) + shift.reshaped(channels)
  }
}
