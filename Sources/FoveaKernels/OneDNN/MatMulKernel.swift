import COneDNN
package import FoveaArray

/// A (batched) matrix product as a oneDNN primitive.
package enum MatMulKernel {
  /// result `[…, rows, columns]` = left `[…, rows, inner]` · right `[…, inner, columns]`, plus a
  /// bias `[columns]`, then `postOperations`.
  ///
  /// Batch axes are equal. A transposed operand is a layout with its last two axes swapped.
  /// Operands: left, right (in a layout of oneDNN's choice where it is left open), bias if any,
  /// result.
  package static func make(
    left: Layout, right: Layout, hasBias: Bool, result: Layout,
    _ postOperations: [PostOperation] = []
  ) throws(KernelError) -> PrimitiveKernel {
    let shape = result.type.shape
    let bias = Layout.rowMajor(
      ArrayType(Shape([Int](repeating: 1, count: shape.rank - 1) + [shape[-1]])))
    var descriptor = dnnl_matmul_desc_t()
    let status = left.withPointer { left in
      right.withPointer { right in
        bias.withPointer { bias in
          result.withPointer { result in
            dnnl_matmul_desc_init(&descriptor, left, right, hasBias ? bias : nil, result)
          }
        }
      }
    }
    try DNNL.check(status, "matmul")
    let primitive = try Primitive("matmul", descriptor, postOperations)
    var operands: [(Int32, Layout)] = [
      (DNNL_ARG_SRC, left), (DNNL_ARG_WEIGHTS, primitive.layout(dnnl_query_weights_md) ?? right),
    ]
    if hasBias { operands.append((DNNL_ARG_BIAS, bias)) }
    operands.append((DNNL_ARG_DST, result))
    return PrimitiveKernel(primitive, operands)
  }
}
