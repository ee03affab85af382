import COneDNN
package import FoveaArray

/// Batch normalisation over all axes but the channels, axis 1, with scale and shift.
package enum BatchNormKernel {
  private static func flags(fixedStatistics: Bool) -> UInt32 {
    dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
      | (fixedStatistics ? dnnl_use_global_stats.rawValue : 0)
  }

  private static func forwardPrimitive(
    _ layout: Layout, epsilon: Float, fixedStatistics: Bool
  ) throws(KernelError) -> Primitive {
    var descriptor = dnnl_batch_normalization_desc_t()
    let status = layout.withPointer {
      dnnl_batch_normalization_forward_desc_init(
        &descriptor, fixedStatistics ? dnnl_forward_inference : dnnl_forward_training, $0, epsilon,
        flags(fixedStatistics: fixedStatistics))
    }
    try DNNL.check(status, "batchNorm")
    return try Primitive("batchNorm", descriptor)
  }

  private static func channels(_ layout: Layout) -> Layout {
    .rowMajor(ArrayType([layout.type.shape[1]]))
  }

  /// With statistics of the batch: operands input, scale, shift, result, mean, variance.
  package static func training(
    _ layout: Layout, epsilon: Float
  ) throws(KernelError)
    -> PrimitiveKernel
  {
    let channels = channels(layout)
    return PrimitiveKernel(
      try forwardPrimitive(layout, epsilon: epsilon, fixedStatistics: false),
      [
        (DNNL_ARG_SRC, layout), (DNNL_ARG_SCALE, channels), (DNNL_ARG_SHIFT, channels),
        (DNNL_ARG_DST, layout), (DNNL_ARG_MEAN, channels), (DNNL_ARG_VARIANCE, channels),
      ])
  }

  /// With given statistics: operands input, scale, shift, mean, variance, result.
  package static func inference(
    _ layout: Layout, epsilon: Float
  ) throws(KernelError)
    -> PrimitiveKernel
  {
    let channels = channels(layout)
    return PrimitiveKernel(
      try forwardPrimitive(layout, epsilon: epsilon, fixedStatistics: true),
      [
        (DNNL_ARG_SRC, layout), (DNNL_ARG_SCALE, channels), (DNNL_ARG_SHIFT, channels),
        (DNNL_ARG_MEAN, channels), (DNNL_ARG_VARIANCE, channels), (DNNL_ARG_DST, layout),
      ])
  }

  /// Operands: gradient of the result, input, scale, mean, variance; gradients of input, scale
  /// and shift. Gradients flow through the batch's statistics.
  package static func backward(
    _ layout: Layout, epsilon: Float
  ) throws(KernelError)
    -> PrimitiveKernel
  {
    var descriptor = dnnl_batch_normalization_desc_t()
    let status = layout.withPointer {
      dnnl_batch_normalization_backward_desc_init(
        &descriptor, dnnl_backward, $0, $0, epsilon, flags(fixedStatistics: false))
    }
    try DNNL.check(status, "batchNorm backward")
    let hint = try forwardPrimitive(layout, epsilon: epsilon, fixedStatistics: false)
    let primitive = try Primitive("batchNorm backward", descriptor, hint: hint)
    let channels = channels(layout)
    return PrimitiveKernel(
      primitive,
      [
        (DNNL_ARG_DIFF_DST, layout), (DNNL_ARG_SRC, layout), (DNNL_ARG_SCALE, channels),
        (DNNL_ARG_MEAN, channels), (DNNL_ARG_VARIANCE, channels), (DNNL_ARG_DIFF_SRC, layout),
        (DNNL_ARG_DIFF_SCALE, channels), (DNNL_ARG_DIFF_SHIFT, channels),
      ], ignored: [(DNNL_ARG_SHIFT, 2)])
  }
}
