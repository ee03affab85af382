import FoveaKernels

/// Joins elementwise functions that feed each other into chains, which read their inputs and write
/// their result once.
///
/// A function joins the chain of the one that uses its result if nobody else does and both have
/// the same shape. Constant numbers become part of the chain.
package struct FuseElementwise: Pass {
  package init() {}

  package func run(_ program: Program) throws(ShapeError) -> Program {
    let uses = program.useCounts()
    // Nodes that disappear into the only node that uses them.
    var absorbed: Set<Int> = []
    for node in program.nodes where node.op is Elementwise {
      for input in Set(node.inputs) {
        let source = program.nodes[input.node]
        let inside = node.inputs.count { $0 == input }
        if source.op is Elementwise, uses[input] == inside,
          source.types[0].shape == node.types[0].shape
        {
          absorbed.insert(input.node)
        }
      }
    }
    var rewriter = Rewriter(program)
    var pending: [Int: Chain] = [:]
    for (index, node) in program.nodes.enumerated() {
      guard let op = node.op as? Elementwise else {
        try rewriter.keep(index)
        continue
      }
      var chain = Chain()
      var operands: [ElementwiseProgram.Operand] = []
      var joined: [Value: Int] = [:]
      for input in node.inputs {
        if let last = joined[input] {
          operands.append(.step(last))
          continue
        }
        if absorbed.contains(input.node), let inner = pending[input.node],
          let last = chain.append(inner)
        {
          operands.append(.step(last))
          joined[input] = last
          continue
        }
        // A chain that has become too long to join ends here.
        if let inner = pending.removeValue(forKey: input.node) {
          rewriter.replace(input, by: try inner.emit(&rewriter, program))
        }
        operands.append(chain.operand(input, program))
      }
      chain.program.steps.append(.init(op.function, operands))
      if absorbed.contains(index) {
        pending[index] = chain
      } else {
        rewriter.replace(Value(index), by: try chain.emit(&rewriter, program))
      }
    }
    return rewriter.finished()
  }

  /// A chain being collected; inputs are values of the old program.
  private struct Chain {
    var program = ElementwiseProgram(inputs: [], steps: [])
    var inputs: [Value] = []

    mutating func operand(_ value: Value, _ old: Program) -> ElementwiseProgram.Operand {
      if let constant = (old.nodes[value.node].op as? Constant)?.scalar {
        return .constant(self.constant(constant))
      }
      return .input(input(value, old.type(of: value).elementType))
    }

    private mutating func constant(_ constant: ElementwiseProgram.Constant) -> Int {
      if let known = program.constants.firstIndex(of: constant) { return known }
      program.constants.append(constant)
      return program.constants.count - 1
    }

    private mutating func input(_ value: Value, _ type: ElementType) -> Int {
      if let known = inputs.firstIndex(of: value) { return known }
      inputs.append(value)
      program.inputs.append(type)
      return inputs.count - 1
    }

    /// Adds another chain's steps and gives the number of its last one; `nil` if both together are
    /// too long, with room left for the operands of one more step.
    mutating func append(_ other: Chain) -> Int? {
      let spare = 3
      guard program.steps.count + other.program.steps.count < ElementwiseProgram.maximumSteps,
        Set(inputs).union(other.inputs).count + spare <= ElementwiseProgram.maximumOperands,
        program.constants.count + other.program.constants.count + spare
          <= ElementwiseProgram.maximumOperands
      else { return nil }
      let offset = program.steps.count
      for step in other.program.steps {
        let operands = step.operands.map { operand -> ElementwiseProgram.Operand in
          switch operand {
          case .input(let index): .input(input(other.inputs[index], other.program.inputs[index]))
          case .constant(let index): .constant(constant(other.program.constants[index]))
          case .step(let index): .step(offset + index)
          }
        }
        program.steps.append(.init(step.function, operands))
      }
      return program.steps.count - 1
    }

    /// Adds the chain to the new program.
    func emit(_ rewriter: inout Rewriter, _ old: Program) throws(ShapeError) -> Value {
      try rewriter.add(
        ElementwiseChain(program: program), inputs.map { rewriter.replacement(of: $0) })[0]
    }
  }
}
