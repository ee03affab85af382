extension Tensor {
  /// The mean over items of −Σ_c w_c t_c log softmax(x)_c, where t is 1 − ε + ε/classes at the
  /// label and ε/classes elsewhere, divided by the mean of the labels' weights.
  ///
  /// Without class weights this is the mean cross-entropy; with them, the weighted mean of
  /// PyTorch's `CrossEntropyLoss`. Differentiable in the logits.
  ///
  /// - Parameters:
  ///   - labels: `[items]` int32, each in 0..<classes.
  ///   - labelSmoothing: ε (Szegedy et al. 2016, section 7).
  ///   - classWeights: `[classes]`.
  /// - Returns: a scalar, for `self` `[items, classes]`.
  public func crossEntropy(
    labels: Tensor, labelSmoothing: Float = 0, classWeights: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      shape.rank == 2 && labels.shape == [shape[0]] && labels.elementType == .int32,
      "crossEntropy: needs logits [items, classes] and int32 labels [items], not \(type) and "
        + "\(labels.type)", file: file, line: line)
    let classes = shape[1]
    let indices = graph.constant(HostArray((0..<Int32(classes)).map { $0 }))
    let isLabel = labels.reshaped([shape[0], 1]).equal(to: indices)  // [items, classes]
    let rest = labelSmoothing / Float(classes)
    let target = isLabel.select(
      graph.constant(1 - labelSmoothing + rest), graph.constant(rest))
    let losses = target * logSoftmax(file: file, line: line)
    guard let classWeights else {
      return -losses.sum() * (1 / Float(shape[0]))
    }
    let weightOfLabels = isLabel.select(classWeights, 0).sum()
    return -(losses * classWeights).sum() / weightOfLabels
  }

  /// The mean of (x − target)². Differentiable.
  public func meanSquaredError(
    _ target: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      shape == target.shape, "meanSquaredError: shapes \(shape) and \(target.shape) differ",
      file: file, line: line)
    return (self - target).sumOfSquares() * (1 / Float(shape.elementCount))
  }
}
