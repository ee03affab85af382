extension Tensor {
  /// The gradients of this scalar with respect to `tensors`, as graph code: they can be computed
  /// with, fused and differentiated again like everything else.
  ///
  /// Reverse mode: one walk from the loss back to the tensors. A tensor on which the loss does not
  /// depend has zeros for a gradient.
  ///
  /// - Returns: one tensor for each of `tensors`, of its shape.
  public func gradients(
    withRespectTo tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    require(
      shape.elementCount == 1 && elementType == .float32,
      "gradients: needs a single float32 number, not \(type)", file: file, line: line)
    for tensor in tensors {
      require(
        tensor.graph === graph, "gradients: a tensor of another graph", file: file, line: line)
      require(
        tensor.elementType == .float32,
        "gradients: there are none with respect to \(tensor.type), only to float32", file: file,
        line: line)
    }
    let seed = graph.constant(1).broadcast(to: shape)
    return gradients(withRespectTo: tensors, seed: seed, file: file, line: line)
  }

  /// The gradients of Σ seed ⊙ self with respect to `tensors`.
  package func gradients(
    withRespectTo tensors: [Tensor], seed: Tensor, file: StaticString = #fileID,
    line: UInt = #line
  ) -> [Tensor] {
    let graph = graph
    // Nodes between the tensors and the loss; nothing else needs a gradient.
    var depends = Set(tensors.map(\.value.node))
    for node in (0...value.node)
    where graph.nodes[node].inputs.contains(where: { depends.contains($0.node) }) {
      depends.insert(node)
    }
    var gradients: [Value: Tensor] = [value: seed]
    for index in stride(from: value.node, through: 0, by: -1) where depends.contains(index) {
      let node = graph.nodes[index]
      let results = node.types.indices.map { Value(index, $0) }
      let upstream = results.map { gradients[$0] }
      guard upstream.contains(where: { $0 != nil }), !node.inputs.isEmpty,
        node.inputs.contains(where: { depends.contains($0.node) })
      else { continue }
      let opType = Swift.type(of: node.op)
      if opType.differentiability == .constant { continue }
      require(
        opType.differentiability == .differentiable, "gradients: \(opType.name) has no gradient",
        file: file, line: line)
      let request = GradientRequest(
        upstream: upstream, inputs: node.inputs.map { graph.tensor($0) },
        results: results.map { graph.tensor($0) })
      for (input, gradient) in zip(node.inputs, node.op.gradients(request)) {
        guard let gradient, depends.contains(input.node) else { continue }
        let fitted = gradient.summed(to: graph.type(of: input).shape)
        gradients[input] = gradients[input].map { $0 + fitted } ?? fitted
      }
    }
    return tensors.map { gradients[$0.value] ?? graph.constant(HostArray(zeros: $0.type)) }
  }

  /// Sums over the axes along which an array of `shape` was repeated: the gradient of
  /// broadcasting, here and nowhere else.
  private func summed(to shape: Shape) -> Tensor {
    guard self.shape != shape else { return self }
    return sum(axes: shape.axesBroadcast(to: self.shape), keepingAxes: true).reshaped(shape)
  }
}
