extension Graph {
  /// Bytes of the arrays that are alive at once while the graph runs as it is written, without variables:
  /// close to what a plan's arena takes, and known before anything is compiled.
  ///
  /// An array lives from the node that makes it to the last that reads it. Passes join ops and save some
  /// of it; kernels ask for working memory beside it.
  package func bytesAlive(outputs: [String: Tensor]) -> Int {
    var last = [Int](repeating: 0, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      last[index] = index
      for input in node.inputs { last[input.node] = index }
    }
    for output in outputs.values { last[output.value.node] = nodes.count }
    var ending = [[Int]](repeating: [], count: nodes.count + 1)
    for index in nodes.indices { ending[last[index]].append(index) }
    func bytes(_ index: Int) -> Int {
      if nodes[index].op is Variable { return 0 }
      return SizeArithmetic.sum(
        nodes[index].types.map {
          SizeArithmetic.product($0.shape.sizes + [$0.elementType.byteCount])
        })
    }
    var (alive, most) = (0, 0)
    for index in nodes.indices {
      alive = SizeArithmetic.sum([alive, bytes(index)])
      if alive == .max { return .max }
      most = max(most, alive)
      for ended in ending[index] { alive -= bytes(ended) }
    }
    return most
  }
}
