import COneDNN
package import FoveaArray

/// What a pooling window gives.
package enum PoolingFunction: String, Hashable, Sendable, CaseIterable {
  /// The largest value.
  case maximum
  /// The mean over the window's values, padding left out.
  case average
  /// The mean over the whole window, padding counted as zeros.
  case averageWithPadding
}

/// The pooling primitives over `[batch, channels, height, width]`.
package struct PoolingDescription: Hashable, Sendable {
  package var function: PoolingFunction
  package var window: [Int]
  package var geometry: WindowGeometry

  package init(function: PoolingFunction, window: [Int], geometry: WindowGeometry) {
    self.function = function
    self.window = window
    self.geometry = geometry
  }

  /// The element type in which oneDNN notes where each maximum was found.
  package var workspaceElementType: ElementType {
    window.reduce(1, *) <= Int(UInt8.max) ? .uint8 : .int32
  }

  private var kind: dnnl_alg_kind_t {
    switch function {
    case .maximum: dnnl_pooling_max
    case .average: dnnl_pooling_avg_exclude_padding
    case .averageWithPadding: dnnl_pooling_avg_include_padding
    }
  }

  private func forwardPrimitive(
    source: Layout, result: ArrayType, training: Bool
  ) throws(KernelError) -> Primitive {
    var descriptor = dnnl_pooling_desc_t()
    var strides = geometry.strides.map { Int64($0) }
    var kernel = window.map { Int64($0) }
    var before = geometry.paddingBefore.map { Int64($0) }
    var after = geometry.paddingAfter.map { Int64($0) }
    let status = source.withPointer { source in
      Layout.any(result).withPointer { result in
        dnnl_pooling_forward_desc_init(
          &descriptor, training ? dnnl_forward_training : dnnl_forward_inference, kind, source,
          result, &strides, &kernel, &before, &after)
      }
    }
    try DNNL.check(status, "pooling forward")
    return try Primitive("pooling forward", descriptor)
  }

  /// Operands: source, result, workspace when `training` a maximum.
  package func forward(
    source: Layout, result: ArrayType, training: Bool
  ) throws(KernelError) -> PrimitiveKernel {
    let primitive = try forwardPrimitive(source: source, result: result, training: training)
    let resultLayout = primitive.layout(dnnl_query_dst_md) ?? .rowMajor(result)
    var operands: [(Int32, Layout)] = [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, resultLayout)]
    if training, function == .maximum {
      let type = ArrayType(result.shape, workspaceElementType)
      guard let workspace = primitive.layout(dnnl_query_workspace_md, type: type) else {
        throw KernelError("pooling forward: no workspace")
      }
      operands.append((DNNL_ARG_WORKSPACE, workspace))
    }
    return PrimitiveKernel(primitive, operands)
  }

  /// Operands: gradient of the result, workspace (maximum only), gradient of the source.
  ///
  /// `resultLayout` is the layout that the forward primitive gave its result.
  package func backward(
    source: ArrayType, resultLayout: Layout
  ) throws(KernelError) -> PrimitiveKernel {
    let sourceLayout = resultLayout.like(source)
    let hint = try forwardPrimitive(source: sourceLayout, result: resultLayout.type, training: true)
    var descriptor = dnnl_pooling_desc_t()
    var strides = geometry.strides.map { Int64($0) }
    var kernel = window.map { Int64($0) }
    var before = geometry.paddingBefore.map { Int64($0) }
    var after = geometry.paddingAfter.map { Int64($0) }
    let status = sourceLayout.withPointer { source in
      resultLayout.withPointer { result in
        dnnl_pooling_backward_desc_init(
          &descriptor, kind, source, result, &strides, &kernel, &before, &after)
      }
    }
    try DNNL.check(status, "pooling backward")
    let primitive = try Primitive("pooling backward", descriptor, hint: hint)
    var operands: [(Int32, Layout)] = [(DNNL_ARG_DIFF_DST, resultLayout)]
    if function == .maximum {
      let type = ArrayType(resultLayout.type.shape, workspaceElementType)
      guard let workspace = hint.layout(dnnl_query_workspace_md, type: type) else {
        throw KernelError("pooling backward: no workspace")
      }
      operands.append((DNNL_ARG_WORKSPACE, workspace))
    }
    operands.append((DNNL_ARG_DIFF_SRC, sourceLayout))
    return PrimitiveKernel(primitive, operands)
  }
}
