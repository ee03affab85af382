extension Tensor {
  /// The mean over items of −Σ_c w_c t_c log softmax(x)_c, where t is 1 − ε + ε/classes at the
  /// label and ε/classes elsewhere, divided by the mean of the labels' weights.
  ///
  /// Without class weights this is the mean cross-entropy; with them, the weighted mean of
  /// PyTorch's `CrossEntropyLoss`. Differentiable in the logits. A label outside the classes fails
  /// the run.
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
    require(
      (1...Int(Int32.max)).contains(classes) && (0...1).contains(labelSmoothing)
        && classWeights.map { $0.shape == [classes] && $0.elementType == .float32 } ?? true,
      "crossEntropy: needs 1 class or more, a smoothing of 0 to 1 and float32 weights [classes], not "
        + "\(type), \(labelSmoothing) and \(classWeights.map { "\($0.type)" } ?? "none")",
      file: file, line: line)
    let indices = graph.constant(HostArray((0..<Int32(classes)).map { $0 }))
    // Without the gather, which changes no label, one that is out of range would be of no class and
    // count as a loss of 0.
    let inRange = labels.graph.apply(
      Gather(axis: 0, of: "crossEntropy: a label"), [indices, labels], file: file, line: line)[0]
    let isLabel = inRange.reshaped([shape[0], 1]).equal(to: indices)  // [items, classes]
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
