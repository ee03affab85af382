import FoveaKernels

/// Computes with constants while compiling, and leaves out what changes nothing: + 0, · 1, a
/// reshape of a reshape, a permutation back, a broadcast that the next op repeats.
package struct FoldConstants: Pass {
  package init() {}

  package func run(_ program: Program) throws(ShapeError) -> Program {
    var rewriter = Rewriter(program)
    for (index, node) in program.nodes.enumerated() {
      let inputs = node.inputs.map { rewriter.replacement(of: $0) }
      if let same = unchanged(node, inputs, rewriter.result) {
        rewriter.replace(Value(index), by: same)
      } else if let constant = folded(node, inputs, rewriter.result) {
        rewriter.replace(Value(index), by: try rewriter.add(constant, [])[0])
      } else if let (op, inputs) = shortened(node, inputs, rewriter.result) {
        rewriter.replace(Value(index), by: try rewriter.add(op, inputs)[0])
      } else {
        try rewriter.keep(index)
      }
    }
    return rewriter.finished()
  }

  /// The input that a node gives unchanged, if it does.
  private func unchanged(_ node: Node, _ inputs: [Value], _ program: Program) -> Value? {
    func isNumber(_ value: Value, _ number: Float) -> Bool {
      scalar(value, program) == .float(number)
    }
    func keepsType(_ value: Value) -> Bool { program.type(of: value) == node.types[0] }
    switch node.op {
    case let op as Elementwise:
      switch op.function {
      case .add where isNumber(inputs[1], 0), .subtract where isNumber(inputs[1], 0),
        .multiply where isNumber(inputs[1], 1), .divide where isNumber(inputs[1], 1):
        return keepsType(inputs[0]) ? inputs[0] : nil
      case .add where isNumber(inputs[0], 0), .multiply where isNumber(inputs[0], 1):
        return keepsType(inputs[1]) ? inputs[1] : nil
      default: return nil
      }
    case let op as Permute where op.axes == op.axes.sorted(): return inputs[0]
    case is Reshape where keepsType(inputs[0]): return inputs[0]
    case is Reshape:
      let inner = program.nodes[inputs[0].node]
      return inner.op is Reshape && keepsType(inner.inputs[0]) ? inner.inputs[0] : nil
    case is Broadcast where keepsType(inputs[0]): return inputs[0]
    case let op as Permute:
      guard let inner = program.nodes[inputs[0].node].op as? Permute else { return nil }
      let source = program.nodes[inputs[0].node].inputs[0]
      return op.axes.map { inner.axes[$0] } == Array(op.axes.indices) ? source : nil
    default: return nil
    }
  }

  /// The constant that a function of constant numbers gives.
  private func folded(_ node: Node, _ inputs: [Value], _ program: Program) -> Constant? {
    guard let op = node.op as? Elementwise, node.types[0] == ArrayType([]) else { return nil }
    let numbers = inputs.compactMap { value -> Float? in
      if case .float(let number) = scalar(value, program) { number } else { nil }
    }
    guard numbers.count == inputs.count else { return nil }
    let result: Float
    switch op.function {
    case .add: result = numbers[0] + numbers[1]
    case .subtract: result = numbers[0] - numbers[1]
    case .multiply: result = numbers[0] * numbers[1]
    case .divide: result = numbers[0] / numbers[1]
    case .negate: result = -numbers[0]
    case .squareRoot: result = numbers[0].squareRoot()
    default: return nil
    }
    return Constant(array: HostArray(result))
  }

  /// The node with an earlier one skipped.
  private func shortened(
    _ node: Node, _ inputs: [Value], _ program: Program
  ) -> (any Op, [Value])? {
    switch node.op {
    case is Reshape:
      let source = program.nodes[inputs[0].node]
      return source.op is Reshape ? (node.op, source.inputs) : nil
    case let op as Elementwise:
      // Elementwise ops broadcast by themselves, as long as another input has the full shape.
      let plain = inputs.map { value in
        let source = program.nodes[value.node]
        return source.op is Broadcast ? source.inputs[0] : value
      }
      guard plain != inputs,
        let types = try? op.resultTypes(plain.map { program.type(of: $0) }), types == node.types
      else { return nil }
      return (op, plain)
    default: return nil
    }
  }

  private func scalar(_ value: Value, _ program: Program) -> ElementwiseProgram.Constant? {
    (program.nodes[value.node].op as? Constant)?.scalar
  }
}
