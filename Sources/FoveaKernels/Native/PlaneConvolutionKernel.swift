import CKernels
package import FoveaArray

extension ConvolutionDescription {
  /// Whether there is a kernel of our own, over a few planes: stride 1, no groups, every tap.
  package static func hasPlanes(_ geometry: WindowGeometry, weights: Shape) -> Bool {
    guard weights.rank == 4, geometry.strides == [1, 1], geometry.dilations == [1, 1] else {
      return false
    }
    let windows = weights.sizes.suffix(2)
    return zip(windows, zip(geometry.paddingBefore, geometry.paddingAfter))
      .allSatisfy { $1.0 < $0 && $1.1 < $0 }
  }

  /// result = source ∗ weights + bias. Operands: source, weights, bias if any, result; row-major.
  package func planesForward(threads: Int) -> NativeKernel {
    var planes = self.planes
    let hasBias = self.hasBias
    let scratchFloats = Int(fovea_planes_scratch(&planes))
    return NativeKernel("planes", scratchBytes: 4 * threads * scratchFloats) {
      [planes] operands, scratch in
      {
        var planes = planes
        fovea_planes_forward(
          &planes, operands[0].elements(), operands[1].elements(),
          hasBias ? operands[2].elements() : nil, operands[hasBias ? 3 : 2].elements(),
          scratch.elements(), Int32(threads))
      }
    }
  }

  /// The gradient of the source. Operands: gradient of the result, weights, gradient of the source;
  /// row-major.
  package func planesBackwardData(threads: Int) -> NativeKernel {
    var planes = self.planes
    (planes.channels, planes.outputs) = (planes.outputs, planes.channels)
    (planes.height, planes.result_height) = (planes.result_height, planes.height)
    (planes.width, planes.result_width) = (planes.result_width, planes.width)
    planes.padding_top = planes.window_height - 1 - planes.padding_top
    planes.padding_left = planes.window_width - 1 - planes.padding_left
    planes.turned = true
    let scratchFloats = Int(fovea_planes_scratch(&planes))
    return NativeKernel("planes", scratchBytes: 4 * threads * scratchFloats) {
      [planes] operands, scratch in
      {
        var planes = planes
        fovea_planes_forward(
          &planes, operands[0].elements(), operands[1].elements(), nil, operands[2].elements(),
          scratch.elements(), Int32(threads))
      }
    }
  }

  /// The gradients of weights and bias. Operands: source, gradient of the result, gradient of the
  /// weights, gradient of the bias if any; row-major.
  package func planesBackwardWeights(threads: Int) -> NativeKernel {
    var planes = self.planes
    let hasBias = self.hasBias
    let scratchFloats = Int(fovea_planes_scratch(&planes))
    return NativeKernel("planes", scratchBytes: 4 * threads * scratchFloats) {
      [planes] operands, scratch in
      {
        var planes = planes
        fovea_planes_weights(
          &planes, operands[0].elements(), operands[1].elements(), operands[2].elements(),
          hasBias ? operands[3].elements() : nil, scratch.elements(), Int32(threads))
      }
    }
  }

  private var planes: fovea_planes {
    let (source, weights, result) = (source.type.shape, weights.type.shape, result.type.shape)
    return fovea_planes(
      batch: Int64(source[0]), channels: Int64(source[1]), outputs: Int64(result[1]),
      height: Int64(source[2]), width: Int64(source[3]), result_height: Int64(result[2]),
      result_width: Int64(result[3]), window_height: Int64(weights[2]),
      window_width: Int64(weights[3]), padding_top: Int64(geometry.paddingBefore[0]),
      padding_left: Int64(geometry.paddingBefore[1]), turned: false)
  }
}
