import FoveaKernels

/// Graphs and plans as text, for people and for tests.
package enum GraphText {
  /// One line a node: `%3 = matmul(%1, %2) {rightᵀ} : float32[8, 10]`.
  package static func describe(_ program: Program) -> String {
    var lines: [String] = []
    for (index, node) in program.nodes.enumerated() {
      let operands = node.inputs.map { name($0, program) }.joined(separator: ", ")
      let settings = node.op.settings.isEmpty ? "" : " {\(node.op.settings)}"
      let types = node.types.indices.map { result in
        let layout =
          node.layouts.isEmpty || node.layouts[result].isRowMajor ? "" : " \(node.layouts[result])"
        return "\(node.types[result])\(layout)"
      }
      let result = types.isEmpty ? "" : "%\(index) = "
      lines.append(
        "\(result)\(type(of: node.op).name)(\(operands))\(settings)"
          + (types.isEmpty ? "" : " : \(types.joined(separator: ", "))"))
    }
    for (name, value) in program.outputs.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name): \(self.name(value, program))")
    }
    return lines.joined(separator: "\n")
  }

  private static func name(_ value: Value, _ program: Program) -> String {
    program.nodes[value.node].types.count > 1 ? "%\(value.node).\(value.result)" : "%\(value.node)"
  }

  /// One line a step of a plan: op, implementation, layouts, FLOPs.
  package static func describe(_ step: Step) -> String {
    let settings = step.settings.isEmpty ? "" : " {\(step.settings)}"
    let operands = step.operands.map { "\($0.layout.type.shape):\($0.layout)" }
    let inputs = operands.prefix(step.inputCount).joined(separator: " ")
    let results = operands.dropFirst(step.inputCount).joined(separator: " ")
    return "\(step.op)\(settings) — \(step.kernel.implementation) — \(inputs) → \(results)"
  }
}
