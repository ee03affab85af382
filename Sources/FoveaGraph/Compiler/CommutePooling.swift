import FoveaKernels

/// Masks the gradient of ReLU after pooling instead of before.
///
/// max(relu(x)) = relu(max(x)), and where the largest value of a window is positive it is the same
/// one in x. So reluGradient(poolGradient(dy), relu(x)) = poolGradient(reluGradient(dy, pooled)):
/// the mask is formed on a quarter of the values or fewer, and relu(x) itself need not be kept for
/// the backward pass. Only for windows that do not overlap: a value that is the largest of two
/// windows would be masked twice, which changes nothing, but then sums, and both orders agree as
/// well; overlap is left out because nothing is gained by it.
package struct CommutePooling: Pass {
  package init() {}

  package func run(_ program: Program) throws(ShapeError) -> Program {
    // The maximum pooling of each value, to find its result and positions.
    var pools: [Value: Int] = [:]
    for (index, node) in program.nodes.enumerated() where node.op is Pool2D {
      pools[node.inputs[0]] = index
    }
    let uses = program.useCounts()
    var rewriter = Rewriter(program)
    for (index, node) in program.nodes.enumerated() {
      guard let op = node.op as? Elementwise, op.function == .reluGradient,
        let pool = pools[node.inputs[1]],
        let description = (program.nodes[pool].op as? Pool2D)?.description,
        description.function == .maximum, description.window == description.geometry.strides,
        (program.nodes[node.inputs[1].node].op as? Elementwise)?.function == .relu,
        let gradient = program.nodes[node.inputs[0].node].op as? Pool2DGradient,
        gradient.description == description, uses[node.inputs[0]] == 1,
        program.nodes[node.inputs[0].node].inputs[1] == Value(pool, 1)
      else {
        try rewriter.keep(index)
        continue
      }
      let pooledGradient = program.nodes[node.inputs[0].node].inputs[0]
      let masked = try rewriter.add(
        op,
        [rewriter.replacement(of: pooledGradient), rewriter.replacement(of: Value(pool, 0))])
      let positions = rewriter.replacement(of: Value(pool, 1))
      rewriter.replace(Value(index), by: try rewriter.add(gradient, masked + [positions])[0])
    }
    return rewriter.finished()
  }
}
