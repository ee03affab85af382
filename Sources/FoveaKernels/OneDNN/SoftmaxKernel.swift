import COneDNN
package import FoveaArray

/// Softmax and its logarithm along the innermost axis.
package enum SoftmaxKernel {
  /// Operands: input, result; both row-major.
  package static func make(
    _ type: ArrayType, logarithm: Bool
  ) throws(KernelError)
    -> PrimitiveKernel
  {
    let layout = Layout.rowMajor(type)
    let axis = Int32(max(type.shape.rank, 1) - 1)
    let name = logarithm ? "logSoftmax" : "softmax"
    let primitive: Primitive
    if logarithm {
      var descriptor = dnnl_logsoftmax_desc_t()
      let status = layout.withPointer {
        dnnl_logsoftmax_forward_desc_init(&descriptor, dnnl_forward_inference, $0, axis)
      }
      try DNNL.check(status, name)
      primitive = try Primitive(name, descriptor)
    } else {
      var descriptor = dnnl_softmax_desc_t()
      let status = layout.withPointer {
        dnnl_softmax_forward_desc_init(&descriptor, dnnl_forward_inference, $0, axis)
      }
      try DNNL.check(status, name)
      primitive = try Primitive(name, descriptor)
    }
    return PrimitiveKernel(primitive, [(DNNL_ARG_SRC, layout), (DNNL_ARG_DST, layout)])
  }
}
