package import FoveaKernels

/// The weights of a 3×3 convolution as `WinogradConvolution2D` reads them: U = G g Gᵀ for each pair
/// of channels (Lavin and Gray 2016, section 4.3), `[36, outputs / 16, channels, 16]`.
///
/// A step of its own, so that inference computes it once, before the plan runs.
package struct WinogradWeights: Op {
  package static let name = "winogradWeights"
  package static let differentiability = Differentiability.undefined
  /// Whether the input is the weights of the convolution whose source's gradient is wanted: outputs
  /// and channels change places, and so do the first and the last tap.
  package let isTurned: Bool

  package init(isTurned: Bool) { self.isTurned = isTurned }

  package var settings: String { isTurned ? "turned" : "" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let (outputs, channels) = sides(inputs[0].shape)
    guard inputs[0].shape.rank == 4, inputs[0].shape[2] == 3, inputs[0].shape[3] == 3,
      outputs % WinogradDescription.block == 0, channels % WinogradDescription.block == 0
    else {
      throw ShapeError(
        Self.name, "needs 3×3 weights of multiples of 16 channels, not shape \(inputs[0].shape)")
    }
    return [ArrayType(WinogradDescription.transformedShape(outputs: outputs, channels: channels))]
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let (outputs, channels) = sides(inputs[0].type.shape)
    return .kernel(
      WinogradDescription.transform(outputs: outputs, channels: channels, isTurned: isTurned))
  }

  private func sides(_ weights: Shape) -> (outputs: Int, channels: Int) {
    isTurned ? (weights[1], weights[0]) : (weights[0], weights[1])
  }
}

/// A convolution with 3×3 windows and stride 1, or the gradient of its source, by Winograd's
/// F(4×4, 3×3) and from transformed weights. Made by `ChooseKernels`.
package struct WinogradConvolution2D: Op {
  package static let name = "winogradConvolution2D"
  package static let differentiability = Differentiability.undefined
  /// Stride 1, no dilation.
  package let geometry: WindowGeometry
  package let hasBias: Bool
  /// Whether ReLU follows.
  package let isRectified: Bool

  package init(geometry: WindowGeometry, hasBias: Bool, isRectified: Bool) {
    self.geometry = geometry
    self.hasBias = hasBias
    self.isRectified = isRectified
  }

  package var settings: String {
    [geometry.settings, isRectified ? "relu" : ""].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    let (source, weights) = (inputs[0].shape, inputs[1].shape)
    let outputs = weights[1] * WinogradDescription.block
    guard
      weights == WinogradDescription.transformedShape(outputs: outputs, channels: source[1])
    else {
      throw ShapeError(
        Self.name, "the input has \(source[1]) channels, the transformed weights are \(weights)")
    }
    return [
      ArrayType([
        source[0], outputs, geometry.outputSize(source[2], window: 3, axis: 0),
        geometry.outputSize(source[3], window: 3, axis: 1),
      ])
    ]
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    let source = inputs[0].inChannelBlocks
    return LayoutChoice(
      inputs: [source] + inputs.dropFirst().map { .rowMajor($0.type) },
      results: [source.like(results[0])])
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    let description = WinogradDescription(
      source: inputs[0], result: results[0], paddingBefore: geometry.paddingBefore)
    return .kernel(
      description.forward(hasBias: hasBias, relu: isRectified, threads: threads))
  }

  /// Those of the convolution as it is defined, tap by tap.
  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    2 * results[0].shape.elementCount * inputs[0].shape[1] * 9
  }
}

extension Layout {
  /// The layout itself where Winograd's kernel reads it, else blocks of channels.
  var inChannelBlocks: Layout {
    WinogradDescription.isAccepted(self)
      ? self : .channelBlocks(of: type, block: WinogradDescription.block)
  }
}
