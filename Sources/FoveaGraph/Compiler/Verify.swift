/// Checks that every node comes after its inputs and has the types that its shape rule gives.
package struct Verify: Pass {
  package init() {}

  package func run(_ program: Program) throws(ShapeError) -> Program {
    for (index, node) in program.nodes.enumerated() {
      for input in node.inputs {
        guard input.node < index, input.result < program.nodes[input.node].types.count else {
          throw ShapeError("verify", "node \(index) uses \(input), which does not come before it")
        }
      }
      let types = try node.op.resultTypes(node.inputs.map { program.type(of: $0) })
      guard types == node.types else {
        throw ShapeError(
          "verify",
          "node \(index), \(type(of: node.op).name), has \(node.types) instead of \(types)")
      }
    }
    for (name, value) in program.outputs where value.node >= program.nodes.count {
      throw ShapeError("verify", "output \(name) is \(value), which does not exist")
    }
    return program
  }
}
