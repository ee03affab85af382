extension Tensor {
  private func count(over axes: [Int]?) -> Float {
    guard let axes else { return Float(shape.elementCount) }
    return Float(axes.map { shape[$0] }.reduce(1, *))
  }

  /// The mean over `axes`, or over all. Differentiable.
  public func mean(
    axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    sum(axes: axes, keepingAxes: keepingAxes, file: file, line: line) * (1 / count(over: axes))
  }

  /// The mean squared distance from the mean over `axes`, or over all (biased: divided by the
  /// count). Differentiable.
  public func variance(
    axes: [Int]? = nil, keepingAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let all = axes ?? Array(shape.sizes.indices)
    let centred = self - mean(axes: all, keepingAxes: true, file: file, line: line)
    return centred.sumOfSquares(axes: all, keepingAxes: keepingAxes) * (1 / count(over: all))
  }
}
