/// Removes nodes whose results nobody asks for, and single results of the others.
package struct RemoveUnused: Pass {
  package init() {}

  package func run(_ program: Program) throws(ShapeError) -> Program {
    var used = Set(program.outputs.values)
    var needed: Set<Int> = []
    for (index, node) in program.nodes.enumerated().reversed() {
      let isAsked = node.types.indices.contains { used.contains(Value(index, $0)) }
      guard isAsked || !node.op.updatedInputs.isEmpty else { continue }
      needed.insert(index)
      used.formUnion(node.inputs)
    }
    var rewriter = Rewriter(program)
    for (index, node) in program.nodes.enumerated() where needed.contains(index) {
      let op = node.op.keeping(results: node.types.indices.map { used.contains(Value(index, $0)) })
      try rewriter.keep(index, as: op)
    }
    return rewriter.finished()
  }
}
