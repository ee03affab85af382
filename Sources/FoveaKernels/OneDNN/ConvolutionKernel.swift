import COneDNN
package import FoveaArray

/// How a two-dimensional convolution or pooling walks over its input; pairs are height, width.
package struct WindowGeometry: Hashable, Sendable {
  /// Steps between neighbouring windows.
  package var strides: [Int]
  /// Zeros added before the first row and column.
  package var paddingBefore: [Int]
  /// Zeros added after the last row and column.
  package var paddingAfter: [Int]
  /// Distance between neighbouring taps of a window; 1 is a dense window.
  package var dilations: [Int]

  package init(
    strides: [Int] = [1, 1], paddingBefore: [Int] = [0, 0], paddingAfter: [Int] = [0, 0],
    dilations: [Int] = [1, 1]
  ) {
    self.strides = strides
    self.paddingBefore = paddingBefore
    self.paddingAfter = paddingAfter
    self.dilations = dilations
  }

  /// Windows that fit along `axis` (0 height, 1 width), or a number below 1 when none fits.
  package func outputSize(_ input: Int, window: Int, axis: Int) -> Int {
    let extent = (window - 1) * dilations[axis] + 1
    let padded = input + paddingBefore[axis] + paddingAfter[axis]
    return padded < extent ? 0 : (padded - extent) / strides[axis] + 1
  }

  fileprivate var dnnlStrides: [Int64] { strides.map { Int64($0) } }
  fileprivate var dnnlBefore: [Int64] { paddingBefore.map { Int64($0) } }
  fileprivate var dnnlAfter: [Int64] { paddingAfter.map { Int64($0) } }
  /// oneDNN counts the gaps, not the distances.
  fileprivate var dnnlDilations: [Int64] { dilations.map { Int64($0 - 1) } }
}

/// How a convolution is computed.
package enum ConvolutionAlgorithm: String, Codable, Hashable, Sendable {
  /// Multiply and add, tap by tap: oneDNN's kernels.
  case direct
  /// Winograd's minimal filtering, for 3×3 windows: `WinogradDescription`.
  case winograd
  /// Tap by tap in a kernel of our own, for a window over a few planes.
  case planes
}

/// The three convolution primitives, all direct.
///
/// Source `[batch, channels, height, width]`; weights `[outputs, channels, height, width]`, or
/// `[groups, outputs, channels, height, width]` when grouped; bias `[outputs]`.
package struct ConvolutionDescription: Hashable, Sendable {
  package var geometry: WindowGeometry
  package var source: Layout
  package var weights: Layout
  package var result: Layout
  package var hasBias: Bool

  package init(
    geometry: WindowGeometry, source: Layout, weights: Layout, result: Layout, hasBias: Bool
  ) {
    self.geometry = geometry
    self.source = source
    self.weights = weights
    self.result = result
    self.hasBias = hasBias
  }

  /// The same with every layout left for oneDNN to choose.
  package var open: ConvolutionDescription {
    var open = self
    open.source = .any(source.type)
    open.weights = .any(weights.type)
    open.result = .any(result.type)
    return open
  }

  private var bias: Layout {
    .rowMajor(ArrayType([result.type.shape[1]]))
  }

  private func forwardPrimitive(
    training: Bool, _ postOperations: [PostOperation]
  ) throws(KernelError) -> Primitive {
    var descriptor = dnnl_convolution_desc_t()
    var strides = geometry.dnnlStrides
    var dilations = geometry.dnnlDilations
    var before = geometry.dnnlBefore
    var after = geometry.dnnlAfter
    let status = source.withPointer { source in
      weights.withPointer { weights in
        bias.withPointer { bias in
          result.withPointer { result in
            dnnl_dilated_convolution_forward_desc_init(
              &descriptor, training ? dnnl_forward_training : dnnl_forward_inference,
              dnnl_convolution_direct, source,
              weights, hasBias ? bias : nil, result, &strides, &dilations, &before, &after)
          }
        }
      }
    }
    try DNNL.check(status, "convolution forward")
    return try Primitive("convolution forward", descriptor, postOperations)
  }

  /// result = source ∗ weights + bias, then `postOperations`.
  ///
  /// Operands: source, weights, bias if any, result.
  package func forward(
    training: Bool, _ postOperations: [PostOperation] = []
  ) throws(KernelError) -> PrimitiveKernel {
    let primitive = try forwardPrimitive(training: training, postOperations)
    var operands: [(Int32, Layout)] = [
      (DNNL_ARG_SRC, primitive.layout(dnnl_query_src_md) ?? source),
      (DNNL_ARG_WEIGHTS, primitive.layout(dnnl_query_weights_md) ?? weights),
    ]
    if hasBias { operands.append((DNNL_ARG_BIAS, bias)) }
    operands.append((DNNL_ARG_DST, primitive.layout(dnnl_query_dst_md) ?? result))
    return PrimitiveKernel(primitive, operands)
  }

  /// The gradient of the source.
  ///
  /// Operands: gradient of the result, weights, gradient of the source.
  package func backwardData() throws(KernelError) -> PrimitiveKernel {
    let hint = try forwardHint()
    var descriptor = dnnl_convolution_desc_t()
    var strides = geometry.dnnlStrides
    var dilations = geometry.dnnlDilations
    var before = geometry.dnnlBefore
    var after = geometry.dnnlAfter
    let status = source.withPointer { source in
      weights.withPointer { weights in
        result.withPointer { result in
          dnnl_dilated_convolution_backward_data_desc_init(
            &descriptor, dnnl_convolution_direct, source, weights, result, &strides, &dilations,
            &before, &after)
        }
      }
    }
    try DNNL.check(status, "convolution backward data")
    let primitive = try Primitive("convolution backward data", descriptor, hint: hint)
    return PrimitiveKernel(
      primitive,
      [
        (DNNL_ARG_DIFF_DST, primitive.layout(dnnl_query_diff_dst_md) ?? result),
        (DNNL_ARG_WEIGHTS, primitive.layout(dnnl_query_weights_md) ?? weights),
        (DNNL_ARG_DIFF_SRC, primitive.layout(dnnl_query_diff_src_md) ?? source),
      ])
  }

  /// The gradients of weights and bias.
  ///
  /// Operands: source, gradient of the result, gradient of the weights, gradient of the bias.
  package func backwardWeights() throws(KernelError) -> PrimitiveKernel {
    let hint = try forwardHint()
    var descriptor = dnnl_convolution_desc_t()
    var strides = geometry.dnnlStrides
    var dilations = geometry.dnnlDilations
    var before = geometry.dnnlBefore
    var after = geometry.dnnlAfter
    let status = source.withPointer { source in
      weights.withPointer { weights in
        bias.withPointer { bias in
          result.withPointer { result in
            dnnl_dilated_convolution_backward_weights_desc_init(
              &descriptor, dnnl_convolution_direct, source, weights, hasBias ? bias : nil, result,
              &strides,
              &dilations, &before, &after)
          }
        }
      }
    }
    try DNNL.check(status, "convolution backward weights")
    let primitive = try Primitive("convolution backward weights", descriptor, hint: hint)
    var operands: [(Int32, Layout)] = [
      (DNNL_ARG_SRC, primitive.layout(dnnl_query_src_md) ?? source),
      (DNNL_ARG_DIFF_DST, primitive.layout(dnnl_query_diff_dst_md) ?? result),
      (DNNL_ARG_DIFF_WEIGHTS, primitive.layout(dnnl_query_diff_weights_md) ?? weights),
    ]
    if hasBias { operands.append((DNNL_ARG_DIFF_BIAS, bias)) }
    return PrimitiveKernel(primitive, operands)
  }

  /// The forward primitive whose choices a backward one builds on, with every layout left open.
  private func forwardHint() throws(KernelError) -> Primitive {
    try open.forwardPrimitive(training: true, [])
  }
}
