import FoveaKernels

/// Lets a convolution or a matrix product finish its own result: bias, then ReLU or GELU, before
/// it is stored; in inference also the scale and shift of batch normalisation.
///
/// An activation is fused only where nobody else reads what comes before it; the gradient of ReLU
/// is written in terms of its result, so training profits too.
package struct FuseEpilogues: Pass {
  package init() {}

  package func run(_ program: Program) throws(ShapeError) -> Program {
    let uses = program.useCounts()
    var rewriter = Rewriter(program)
    for (index, node) in program.nodes.enumerated() {
      let inputs = node.inputs.map { rewriter.replacement(of: $0) }
      /// The node that made an old input, if nobody else uses it, as it is in the new program.
      func onlyUse(_ input: Int) -> Node? {
        uses[node.inputs[input]] == 1 ? rewriter.result.nodes[inputs[input].node] : nil
      }
      var fused: [Value]?
      if let op = node.op as? Elementwise {
        if let activation = op.function.postOperation, let source = onlyUse(0),
          let product = source.op.adding(activation)
        {
          fused = try rewriter.add(product, source.inputs)
        } else if op.function == .add {
          for (product, bias) in [(0, 1), (1, 0)] where fused == nil {
            guard let source = onlyUse(product), var op = source.op as? MatMul, !op.hasBias,
              op.activation == nil,
              rewriter.result.type(of: inputs[product]) == node.types[0],
              rewriter.result.type(of: inputs[bias]).shape == [node.types[0].shape[-1]]
            else { continue }
            op.hasBias = true
            fused = try rewriter.add(op, source.inputs + [inputs[bias]])
          }
        }
      } else if let op = node.op as? BatchNormInference, let source = onlyUse(0) {
        fused = try fold(op, inputs, into: source, &rewriter)
      }
      if let fused {
        rewriter.replace(Value(index), by: fused[0])
      } else {
        try rewriter.keep(index)
      }
    }
    return try RemoveUnused().run(rewriter.finished())
  }

  /// conv(x, w) · s + t = conv(x, w · s) + (b · s + t): the weights take the scale, once, before
  /// the plan runs.
  private func fold(
    _ op: BatchNormInference, _ inputs: [Value], into source: Node, _ rewriter: inout Rewriter
  ) throws(ShapeError) -> [Value]? {
    guard var convolution = source.op as? Convolution2D, convolution.activation == nil,
      rewriter.result.type(of: source.inputs[1]).shape.rank == 4
    else { return nil }
    let channels = rewriter.result.type(of: inputs[1]).shape[0]
    let (scale, shift, mean, variance) = (inputs[1], inputs[2], inputs[3], inputs[4])
    let epsilon = try rewriter.add(Constant(array: HostArray(op.epsilon)), [])[0]
    let sum = try rewriter.add(Elementwise(.add), [variance, epsilon])[0]
    let root = try rewriter.add(Elementwise(.squareRoot), [sum])[0]
    let factor = try rewriter.add(Elementwise(.divide), [scale, root])[0]
    let spread = try rewriter.add(Reshape(shape: [channels, 1, 1, 1]), [factor])[0]
    let weights = try rewriter.add(Elementwise(.multiply), [source.inputs[1], spread])[0]
    var centre = mean
    if convolution.hasBias {
      centre = try rewriter.add(Elementwise(.subtract), [mean, source.inputs[2]])[0]
    }
    let product = try rewriter.add(Elementwise(.multiply), [centre, factor])[0]
    let bias = try rewriter.add(Elementwise(.subtract), [shift, product])[0]
    convolution.hasBias = true
    return try rewriter.add(convolution, [source.inputs[0], weights, bias])
  }
}

extension ElementwiseFunction {
  fileprivate var postOperation: PostOperation? {
    switch self {
    case .relu: .relu
    case .gelu: .gelu
    case .geluTanh: .geluTanh
    default: nil
    }
  }
}

extension Op {
  /// The op with an activation at its end, if it can take one.
  fileprivate func adding(_ activation: PostOperation) -> (any Op)? {
    switch self {
    case var op as MatMul where op.activation == nil:
      op.activation = activation
      return op
    case var op as Convolution2D where op.activation == nil && activation == .relu:
      op.activation = activation
      return op
    default: return nil
    }
  }
}
