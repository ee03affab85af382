import COneDNN
package import FoveaArray

/// Layer normalisation over the innermost axis, with scale and shift.
package enum LayerNormKernel {
  private static let flags =
    dnnl_use_scale.rawValue | dnnl_use_shift.rawValue

  private static func forwardPrimitive(
    _ type: ArrayType, epsilon: Float
  ) throws(KernelError) -> Primitive {
    var descriptor = dnnl_layer_normalization_desc_t()
    let status = Layout.rowMajor(type).withPointer { input in
      statistics(type).withPointer { statistics in
        dnnl_layer_normalization_forward_desc_init(
          &descriptor, dnnl_forward_training, input, statistics, epsilon, flags)
      }
    }
    try DNNL.check(status, "layerNorm")
    return try Primitive("layerNorm", descriptor)
  }

  private static func statistics(_ type: ArrayType) -> Layout {
    .rowMajor(ArrayType(Shape(type.shape.sizes.dropLast())))
  }

  private static func parameters(_ type: ArrayType) -> Layout {
    .rowMajor(ArrayType([type.shape[-1]]))
  }

  /// Operands: input, scale, shift, result, mean, variance; all row-major, rank at least 2.
  package static func forward(
    _ type: ArrayType, epsilon: Float
  ) throws(KernelError)
    -> PrimitiveKernel
  {
    let layout = Layout.rowMajor(type)
    return PrimitiveKernel(
      try forwardPrimitive(type, epsilon: epsilon),
      [
        (DNNL_ARG_SRC, layout), (DNNL_ARG_SCALE, parameters(type)),
        (DNNL_ARG_SHIFT, parameters(type)), (DNNL_ARG_DST, layout),
        (DNNL_ARG_MEAN, statistics(type)), (DNNL_ARG_VARIANCE, statistics(type)),
      ])
  }

  /// Operands: gradient of the result, input, scale, mean, variance; gradients of input, scale
  /// and shift.
  package static func backward(
    _ type: ArrayType, epsilon: Float
  ) throws(KernelError)
    -> PrimitiveKernel
  {
    let layout = Layout.rowMajor(type)
    var descriptor = dnnl_layer_normalization_desc_t()
    let status = layout.withPointer { layout in
      statistics(type).withPointer { statistics in
        dnnl_layer_normalization_backward_desc_init(
          &descriptor, dnnl_backward, layout, layout, statistics, epsilon, flags)
      }
    }
    try DNNL.check(status, "layerNorm backward")
    let primitive = try Primitive(
      "layerNorm backward", descriptor, hint: forwardPrimitive(type, epsilon: epsilon))
    return PrimitiveKernel(
      primitive,
      [
        (DNNL_ARG_DIFF_DST, layout), (DNNL_ARG_SRC, layout), (DNNL_ARG_SCALE, parameters(type)),
        (DNNL_ARG_MEAN, statistics(type)), (DNNL_ARG_VARIANCE, statistics(type)),
        (DNNL_ARG_DIFF_SRC, layout), (DNNL_ARG_DIFF_SCALE, parameters(type)),
        (DNNL_ARG_DIFF_SHIFT, parameters(type)),
      ], ignored: [(DNNL_ARG_SHIFT, 2)])
  }
}
