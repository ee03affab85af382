/// Computes once what the graph says twice: equal ops of equal inputs.
package struct RemoveDuplicates: Pass {
  private struct Key: Hashable {
    let op: AnyHashable
    let inputs: [Value]
  }

  package init() {}

  package func run(_ program: Program) throws(ShapeError) -> Program {
    var rewriter = Rewriter(program)
    var known: [Key: Int] = [:]
    for (index, node) in program.nodes.enumerated() {
      let key = Key(
        op: AnyHashable(node.op), inputs: node.inputs.map { rewriter.replacement(of: $0) })
      if node.op.updatedInputs.isEmpty, let earlier = known[key] {
        for result in node.types.indices {
          rewriter.replace(Value(index, result), by: Value(earlier, result))
        }
      } else {
        try rewriter.keep(index)
        known[key] = rewriter.result.nodes.count - 1
      }
    }
    return rewriter.finished()
  }
}
