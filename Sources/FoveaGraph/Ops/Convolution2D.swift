package import FoveaKernels

/// y[b, o, i, j] = bias[o] + Σ x[b, c, i·s + u·d − p, j·s + v·d − p] w[o, c, u, v]: the
/// cross-correlation that the field calls convolution.
///
/// Grouped weights are `[groups, outputs, channels, height, width]`.
package struct Convolution2D: Op {
  package static let name = "convolution2D"
  package var geometry: WindowGeometry
  package var hasBias: Bool
  package var isTraining: Bool
  package var algorithm = ConvolutionAlgorithm.direct
  /// Added by `FuseEpilogues`.
  package var activation: PostOperation?

  package init(
    geometry: WindowGeometry, hasBias: Bool, isTraining: Bool,
    algorithm: ConvolutionAlgorithm = ConvolutionAlgorithm.direct, activation: PostOperation? = nil
  ) {
    self.geometry = geometry
    self.hasBias = hasBias
    self.isTraining = isTraining
    self.algorithm = algorithm
    self.activation = activation
  }

  package var settings: String {
    geometry.settings + (algorithm == .direct ? "" : ", \(algorithm)")
      + (activation.map { ", \($0)" } ?? "")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    for input in inputs { try input.requireFloat(Self.name) }
    try inputs[0].requireRank(4, Self.name, "[batch, channels, height, width]")
    let source = inputs[0].shape
    let weights = inputs[1].shape
    guard weights.rank == 4 || weights.rank == 5 else {
      throw ShapeError(
        Self.name, "needs weights [outputs, channels, height, width], not shape \(weights)")
    }
    let groups = weights.rank == 5 ? weights[0] : 1
    guard source[1] == groups * weights[-3] else {
      throw ShapeError(
        Self.name,
        "the input has \(source[1]) channels, the weights \(weights) are for \(groups * weights[-3])"
      )
    }
    let outputs = groups * weights[-4]
    if hasBias, inputs[2].shape != [outputs] {
      throw ShapeError(Self.name, "needs a bias of shape [\(outputs)], not \(inputs[2].shape)")
    }
    let height = geometry.outputSize(source[2], window: weights[-2], axis: 0)
    let width = geometry.outputSize(source[3], window: weights[-1], axis: 1)
    guard height > 0, width > 0 else {
      throw ShapeError(
        Self.name,
        "a window of \(weights[-2])×\(weights[-1]) does not fit into \(source[2])×\(source[3])")
    }
    return [ArrayType([source[0], outputs, height, width])]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let dy = request.upstream[0] else { return request.inputs.map { _ in nil } }
    let x = request.inputs[0]
    let weights = request.inputs[1]
    let dx = dy.graph.apply(
      Convolution2DInputGradient(geometry: geometry, source: x.shape), [dy, weights])
    let dw = dy.graph.apply(
      Convolution2DWeightGradient(geometry: geometry, weights: weights.shape, hasBias: hasBias),
      [x, dy])
    return dx + dw
  }

  private func description(
    _ inputs: [Layout], _ result: Layout
  ) -> ConvolutionDescription {
    ConvolutionDescription(
      geometry: geometry, source: inputs[0], weights: inputs[1],
      result: result, hasBias: hasBias)
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    guard !runsOnPlanes else { return .rowMajor(inputs, results) }
    let open = inputs.prefix(2).map { Layout.any($0.type) }
    let kernel = try description(open, .any(results[0]))
      .forward(training: isTraining, activation.map { [$0] } ?? [])
    return LayoutChoice(kernel, results: 1)
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let description = description(inputs, results[0])
    if runsOnPlanes { return .kernel(description.planesForward(threads: threads)) }
    return .kernel(
      try description.kernel(for: inputs + results) { description throws(KernelError) in
        try description.forward(training: isTraining, activation.map { [$0] } ?? [])
      })
  }

  /// The kernel over planes knows no activation.
  private var runsOnPlanes: Bool { algorithm == .planes && activation == nil }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    2 * results[0].shape.elementCount * inputs[1].shape.sizes.suffix(3).reduce(1, *)
  }
}

/// The gradient of a convolution's input.
package struct Convolution2DInputGradient: Op {
  package static let name = "convolution2DInputGradient"
  package var geometry: WindowGeometry
  package var source: Shape
  package var algorithm = ConvolutionAlgorithm.direct

  package init(
    geometry: WindowGeometry, source: Shape,
    algorithm: ConvolutionAlgorithm = ConvolutionAlgorithm.direct
  ) {
    self.geometry = geometry
    self.source = source
    self.algorithm = algorithm
  }

  package var settings: String {
    geometry.settings + (algorithm == .direct ? "" : ", \(algorithm)")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    [ArrayType(source)]
  }

  // Linear in both inputs, hence made of the two other convolution ops.
  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    guard let upstream = request.upstream[0] else { return [nil, nil] }
    let (dy, weights) = (request.inputs[0], request.inputs[1])
    let forward = Convolution2D(geometry: geometry, hasBias: false, isTraining: true)
    let weightGradient = Convolution2DWeightGradient(
      geometry: geometry, weights: weights.shape, hasBias: false)
    return dy.graph.apply(forward, [upstream, weights])
      + dy.graph.apply(weightGradient, [upstream, dy])
  }

  private func description(_ inputs: [Layout], _ result: Layout) -> ConvolutionDescription {
    ConvolutionDescription(
      geometry: geometry, source: result, weights: inputs[1],
      result: inputs[0], hasBias: false)
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    guard algorithm != .planes else { return .rowMajor(inputs, results) }
    let kernel = try description(inputs.map { .any($0.type) }, .any(results[0])).backwardData()
    return LayoutChoice(kernel, results: 1)
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let description = description(inputs, results[0])
    return .kernel(
      algorithm == .planes
        ? description.planesBackwardData(threads: threads)
        : try description.kernel(for: inputs + results) { description throws(KernelError) in
          try description.backwardData()
        })
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    2 * inputs[0].shape.elementCount * inputs[1].shape.sizes.suffix(3).reduce(1, *)
  }
}

/// The gradients of a convolution's weights and bias.
package struct Convolution2DWeightGradient: Op {
  package static let name = "convolution2DWeightGradient"
  package var geometry: WindowGeometry
  package var weights: Shape
  package var hasBias: Bool
  package var algorithm = ConvolutionAlgorithm.direct

  package init(
    geometry: WindowGeometry, weights: Shape, hasBias: Bool,
    algorithm: ConvolutionAlgorithm = ConvolutionAlgorithm.direct
  ) {
    self.geometry = geometry
    self.weights = weights
    self.hasBias = hasBias
    self.algorithm = algorithm
  }

  package var settings: String {
    geometry.settings + (algorithm == .direct ? "" : ", \(algorithm)")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    hasBias
      ? [ArrayType(weights), ArrayType([inputs[1].shape[1]])] : [ArrayType(weights)]
  }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    let (x, dy) = (request.inputs[0], request.inputs[1])
    let forward = Convolution2D(geometry: geometry, hasBias: false, isTraining: true)
    let inputGradient = Convolution2DInputGradient(geometry: geometry, source: x.shape)
    var gradients: [Tensor?] = [nil, nil]
    if let upstream = request.upstream[0] {
      gradients = [
        x.graph.apply(inputGradient, [dy, upstream])[0],
        x.graph.apply(forward, [x, upstream])[0],
      ]
    }
    if hasBias, let upstream = request.upstream[1] {
      let spread = upstream.reshaped([1, upstream.shape[0], 1, 1]).broadcast(to: dy.shape)
      gradients[1] = gradients[1].map { $0 + spread } ?? spread
    }
    return gradients
  }

  private func description(_ inputs: [Layout], _ weights: Layout) -> ConvolutionDescription {
    ConvolutionDescription(
      geometry: geometry, source: inputs[0], weights: weights,
      result: inputs[1], hasBias: hasBias)
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    switch algorithm {
    case .planes: return .rowMajor(inputs, results)
    case .winograd:
      return LayoutChoice(
        inputs: inputs.map(\.inChannelBlocks), results: results.map { .rowMajor($0) })
    case .direct:
      let kernel = try description(inputs.map { .any($0.type) }, .any(results[0]))
        .backwardWeights()
      return LayoutChoice(kernel, results: results.count)
    }
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let description = description(inputs, results[0])
    switch algorithm {
    case .planes: return .kernel(description.planesBackwardWeights(threads: threads))
    case .winograd:
      let winograd = WinogradDescription(
        source: inputs[0], result: inputs[1], paddingBefore: geometry.paddingBefore)
      return .kernel(winograd.backwardWeights(hasBias: hasBias, threads: threads))
    case .direct:
      return .kernel(
        try description.kernel(for: inputs + results) { description throws(KernelError) in
          try description.backwardWeights()
        })
    }
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    2 * inputs[1].shape.elementCount * weights.sizes.suffix(3).reduce(1, *)
  }
}

extension ConvolutionDescription {
  /// The kernel that oneDNN made when it was asked for layouts, where they are these; else one for
  /// these.
  ///
  /// Where an axis has size 1, several descriptors mean the same bytes, and oneDNN has fast kernels
  /// for its own alone: told row-major instead of channels last, which one channel makes the same,
  /// it falls back to reference code.
  fileprivate func kernel(
    for layouts: [Layout],
    _ make: (ConvolutionDescription) throws(KernelError) -> PrimitiveKernel
  ) throws(KernelError) -> PrimitiveKernel {
    if let chosen = try? make(open), chosen.layouts == layouts { return chosen }
    return try make(self)
  }
}

extension LayoutChoice {
  /// The layouts that a primitive demands.
  init(_ kernel: PrimitiveKernel, results: Int) {
    self.init(
      inputs: Array(kernel.layouts.dropLast(results)), results: kernel.layouts.suffix(results))
  }
}

extension WindowGeometry {
  var settings: String {
    var parts: [String] = []
    if strides != [1, 1] { parts.append("stride: \(strides[0])×\(strides[1])") }
    if paddingBefore != [0, 0] || paddingAfter != [0, 0] {
      parts.append(
        "padding: \(paddingBefore[0])+\(paddingAfter[0])×\(paddingBefore[1])+\(paddingAfter[1])")
    }
    if dilations != [1, 1] { parts.append("dilation: \(dilations[0])×\(dilations[1])") }
    return parts.joined(separator: ", ")
  }
}

extension Tensor {
  /// A 2-D convolution (the field's word for cross-correlation). Differentiable.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, channels / groups, height, width]`
  ///   - bias: `[outputs]`
  ///   - groups: outputs of group g see the channels of group g alone.
  /// - Returns: `[batch, outputs, height, width]` for `self` `[batch, channels, height, width]`.
  public func convolution2D(
    weight: Tensor, bias: Tensor? = nil, stride: Size2D = 1, padding: Padding2D = 0,
    dilation: Size2D = 1, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      weight.shape.rank == 4 && groups >= 1 && weight.shape[0] % groups == 0,
      "convolution2D: weights \(weight.shape) do not divide into \(groups) groups", file: file,
      line: line)
    let window = Size2D(weight.shape[2], weight.shape[3])
    let geometry = trapping(file, line) { () throws(ShapeError) in
      try WindowGeometry(
        Convolution2D.name, window: window, stride: stride, padding: padding, dilation: dilation)
    }
    var kernel = weight
    if groups > 1 {
      kernel = weight.reshaped(
        [groups, weight.shape[0] / groups] + weight.shape.sizes.dropFirst())
    }
    let op = Convolution2D(
      geometry: geometry, hasBias: bias != nil, isTraining: graph.mode == .training)
    return graph.apply(op, [self, kernel] + (bias.map { [$0] } ?? []), file: file, line: line)[0]
  }
}
