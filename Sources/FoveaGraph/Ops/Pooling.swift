package import FoveaKernels

/// Maximum or mean over windows of `[batch, channels, height, width]`.
///
/// A second result of maximum pooling notes where each maximum was, for the gradient.
package struct Pool2D: Op {
  package static let name = "pool2D"
  package var description: PoolingDescription
  package var keepsPositions: Bool

  package init(description: PoolingDescription, keepsPositions: Bool) {
    self.description = description
    self.keepsPositions = keepsPositions
  }

  package var settings: String {
    let geometry = description.geometry.settings
    return "\(description.function.rawValue), \(description.window[0])×\(description.window[1])"
      + (geometry.isEmpty ? "" : ", \(geometry)")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    try inputs[0].requireFloat(Self.name)
    try inputs[0].requireRank(4, Self.name, "[batch, channels, height, width]")
    let source = inputs[0].shape
    let geometry = description.geometry
    for axis in 0..<2 {
      let largest = max(geometry.paddingBefore[axis], geometry.paddingAfter[axis])
      guard largest < description.window[axis] else {
        throw ShapeError(
          Self.name,
          "a padding of \(largest) leaves windows of \(description.window[axis]) with padding alone"
        )
      }
    }
    let height = geometry.outputSize(source[2], window: description.window[0], axis: 0)
    let width = geometry.outputSize(source[3], window: description.window[1], axis: 1)
    guard height > 0, width > 0 else {
      throw ShapeError(
        Self.name,
        "a window of \(description.window[0])×\(description.window[1]) does not fit into "
          + "\(source[2])×\(source[3])")
    }
    let shape: Shape = [source[0], source[1], height, width]
    return keepsPositions
      ? [ArrayType(shape), ArrayType(shape, description.workspaceElementType)] : [ArrayType(shape)]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0] else { return [nil] }
    let op = Pool2DGradient(description: description, source: request.inputs[0].shape)
    return dy.graph.apply(op, [dy] + request.results.dropFirst())
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    let source = inputs[0]
    let kernel = try description.forward(
      source: source, result: results[0], training: keepsPositions)
    return LayoutChoice(kernel, results: results.count)
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(
      try description.forward(
        source: inputs[0], result: results[0].type, training: keepsPositions))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    results[0].shape.elementCount * description.window.reduce(1, *)
  }

  package func keeping(results used: [Bool]) -> any Op {
    keepsPositions && !used[1] ? Pool2D(description: description, keepsPositions: false) : self
  }
}

/// The gradient of pooling's input: each result's gradient goes to where its maximum was, or is
/// shared by the window.
package struct Pool2DGradient: Op {
  package static let name = "pool2DGradient"
  package static let differentiability = Differentiability.undefined
  package var description: PoolingDescription
  package var source: Shape

  package init(description: PoolingDescription, source: Shape) {
    self.description = description
    self.source = source
  }

  package var settings: String {
    Pool2D(description: description, keepsPositions: false).settings
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [ArrayType(source)]
  }

  /// The layout in which the positions were noted.
  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    var result = inputs[0]
    if inputs.count > 1 { result = inputs[1].like(inputs[0].type) }
    let kernel = try description.backward(source: results[0], resultLayout: result)
    return LayoutChoice(kernel, results: 1)
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try description.backward(source: results[0].type, resultLayout: inputs[0]))
  }
}

extension Tensor {
  private func pool(
    _ function: PoolingFunction, _ window: Size2D, _ stride: Size2D?, _ padding: Padding2D,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let geometry = trapping(file, line) { () throws(ShapeError) in
      try WindowGeometry(
        Pool2D.name, window: window, stride: stride ?? window, padding: padding, dilation: 1)
    }
    let description = PoolingDescription(
      function: function, window: [window.height, window.width], geometry: geometry)
    return applying(
      Pool2D(description: description, keepsPositions: function == .maximum), file: file,
      line: line)
  }

  /// The largest value of each window; the stride is the window where not given. Differentiable:
  /// the gradient goes to the first largest value.
  ///
  /// - Returns: `[batch, channels, height, width]` for `self` `[batch, channels, height, width]`.
  public func maxPool2D(
    window: Size2D, stride: Size2D? = nil, padding: Padding2D = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor { pool(.maximum, window, stride, padding, file, line) }

  /// The mean of each window; padding counts as zeros if `countsPadding`, else it is left out.
  /// Differentiable.
  ///
  /// - Returns: `[batch, channels, height, width]` for `self` `[batch, channels, height, width]`.
  public func averagePool2D(
    window: Size2D, stride: Size2D? = nil, padding: Padding2D = 0, countsPadding: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    pool(countsPadding ? .averageWithPadding : .average, window, stride, padding, file, line)
  }

  /// The mean over height and width: `[batch, channels]` for `[batch, channels, height, width]`.
  /// Differentiable.
  public func globalAveragePool2D(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    mean(axes: [2, 3], file: file, line: line)
  }

  /// The largest over height and width: `[batch, channels]` for `[batch, channels, height, width]`.
  /// Differentiable.
  public func globalMaxPool2D(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    max(axes: [2, 3], file: file, line: line)
  }
}
