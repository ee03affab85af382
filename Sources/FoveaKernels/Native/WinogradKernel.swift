import CKernels
package import FoveaArray

/// Convolution with 3×3 windows by Winograd's minimal filtering, F(4×4, 3×3): 36 products a pair of
/// channels for 16 results, where 144 are needed tap by tap.
///
/// The source's gradient is such a convolution too, of weights that are turned by half a circle.
/// Channels and outputs are multiples of 16. Lavin and Gray 2016, section 4.
package struct WinogradDescription: Hashable, Sendable {
  /// `[batch, channels, height, width]`, in a layout of `isAccepted(_:)`.
  package var source: Layout
  /// `[batch, outputs, height, width]`, in a layout of `isAccepted(_:)`.
  package var result: Layout
  /// Zeros before the first row and column.
  package var paddingBefore: [Int]

  package init(source: Layout, result: Layout, paddingBefore: [Int]) {
    self.source = source
    self.result = result
    self.paddingBefore = paddingBefore
    require(
      WinogradDescription.isAccepted(source) && WinogradDescription.isAccepted(result),
      "winograd: \(source) or \(result) does not hold channels in blocks")
  }

  /// Channels that are worked on together, one vector of AVX-512.
  package static let block = 16

  /// Whether a processor has the vectors for which the kernel was written.
  package static func isFast(on level: ProcessorLevel) -> Bool { level.vectorWidth == block }

  /// Whether the kernel reads and writes arrays in a layout as they are: blocks of 16 channels, or
  /// channels last.
  package static func isAccepted(_ layout: Layout) -> Bool { layout.channelBlocks != nil }

  /// The shape of transformed weights, `[36, outputs / 16, channels, 16]`: for each of the 36 points
  /// a matrix in the order in which its products read it.
  package static func transformedShape(outputs: Int, channels: Int) -> Shape {
    [36, outputs / block, channels, block]
  }

  /// Operands: weights `[outputs, channels, 3, 3]`, or `[channels, outputs, 3, 3]` where they are
  /// turned for the source's gradient; transformed weights. All row-major.
  package static func transform(outputs: Int, channels: Int, isTurned: Bool) -> NativeKernel {
    NativeKernel("winogradWeights") { operands, _ in
      {
        fovea_winograd_transform(
          Int64(outputs), Int64(channels), isTurned, operands[0].elements(),
          operands[1].elements())
      }
    }
  }

  /// result = source ∗ weights + bias, then ReLU if asked for. Operands: source, transformed
  /// weights, bias if any, result.
  package func forward(hasBias: Bool, relu: Bool, threads: Int) -> NativeKernel {
    var call = call
    call.relu = relu
    let floats = Int(fovea_winograd_scratch(&call, Int32(threads), false))
    return NativeKernel("winograd", scratchBytes: 4 * threads * floats) {
      [call] operands, scratch in
      {
        var call = call
        fovea_winograd_forward(
          &call, operands[0].elements(), operands[1].elements(),
          hasBias ? operands[2].elements() : nil, operands[hasBias ? 3 : 2].elements(),
          scratch.elements(), Int32(threads))
      }
    }
  }

  /// Operands: source, gradient of the result, gradient of the weights `[outputs, channels, 3, 3]`,
  /// gradient of the bias if any; the last two row-major.
  package func backwardWeights(hasBias: Bool, threads: Int) -> NativeKernel {
    var call = call
    let floats = Int(fovea_winograd_scratch(&call, Int32(threads), true))
    return NativeKernel("winograd", scratchBytes: 4 * threads * floats) {
      [call] operands, scratch in
      {
        var call = call
        fovea_winograd_weights(
          &call, operands[0].elements(), operands[1].elements(), operands[2].elements(),
          hasBias ? operands[3].elements() : nil, scratch.elements(), Int32(threads))
      }
    }
  }

  private var call: fovea_winograd {
    let (from, to) = (source.type.shape, result.type.shape)
    return fovea_winograd(
      batch: Int64(from[0]), channels: Int64(from[1]), outputs: Int64(to[1]),
      height: Int64(from[2]), width: Int64(from[3]), result_height: Int64(to[2]),
      result_width: Int64(to[3]), padding_top: Int64(paddingBefore[0]),
      padding_left: Int64(paddingBefore[1]), source: source.channelBlocks ?? fovea_blocks(),
      result: result.channelBlocks ?? fovea_blocks(), relu: false)
  }
}

extension Layout {
  /// Where blocks of 16 channels of `[batch, channels, height, width]` lie; `nil` where the
  /// channels of a block are not neighbours.
  fileprivate var channelBlocks: fovea_blocks? {
    let shape = type.shape
    guard shape.rank == 4, shape[1] % WinogradDescription.block == 0, type.elementType == .float32
    else {
      return nil
    }
    let (height, width) = (Int64(shape[2]), Int64(shape[3]))
    let block = Int64(WinogradDescription.block)
    if let strides = strides?.map(Int64.init) {
      guard strides[1] == 1 else { return nil }
      return fovea_blocks(image: strides[0], block: block, row: strides[2], column: strides[3])
    }
    guard channelBlock == WinogradDescription.block else { return nil }
    return fovea_blocks(
      image: Int64(shape[1]) * height * width, block: height * width * block,
      row: width * block, column: block)
  }
}
