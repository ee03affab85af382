import FoveaKernels

/// Turns a program with layouts into a plan: kernels in order, memory placed.
struct PlanBuilder {
  private let program: Program
  private let order: [Int]
  private let threads: Int
  /// For each value, the value whose memory it shares.
  private var roots: [Value: Value] = [:]
  private var lastUse: [Value: Int] = [:]
  private var kernels: [Int: any Kernel] = [:]
  private var fixed: Set<Int> = []

  init(_ program: Program, threads: Int) throws {
    self.program = program
    self.threads = threads
    order = try Schedule.order(program)
  }

  mutating func build() throws -> Plan {
    let updates = program.nodes.contains { !$0.op.updatedInputs.isEmpty }
    try lower(updates)
    findLastUses()
    shareMemory()
    let (offsets, arenaBytes) = place()
    let scratchBytes = kernels.values.map(\.scratchBytes).max() ?? 0
    var variables: [PlannedVariable] = []
    var variableNumbers: [Int: Int] = [:]
    for node in order {
      guard let variable = program.nodes[node].op as? Variable else { continue }
      variableNumbers[node] = variables.count
      variables.append(
        PlannedVariable(name: variable.name, layout: program.nodes[node].layouts[0]))
    }
    func slot(_ value: Value) -> Slot {
      let root = roots[value] ?? value
      let layout = program.nodes[value.node].layouts[value.result]
      if let number = variableNumbers[root.node] {
        return Slot(storage: .variable(number), layout: layout)
      }
      return Slot(storage: .arena(offsets[root] ?? 0), layout: layout)
    }
    var steps: [Step] = []
    var preparation: [Step] = []
    var inputs: [String: Slot] = [:]
    var constants: [(Slot, HostArray)] = []
    for index in order {
      let node = program.nodes[index]
      let results = node.types.indices.map { Value(index, $0) }
      if let input = node.op as? Input { inputs[input.name] = slot(results[0]) }
      if let constant = node.op as? Constant {
        constants.append((slot(results[0]), constant.array))
      }
      guard let kernel = kernels[index] else { continue }
      let step = Step(
        kernel: kernel, operands: node.inputs.map(slot) + results.map(slot),
        inputCount: node.inputs.count, op: type(of: node.op).name, settings: node.op.settings,
        floatingPointOperations: node.op.floatingPointOperations(
          node.inputs.map { program.type(of: $0) }, node.types))
      if fixed.contains(index) { preparation.append(step) } else { steps.append(step) }
    }
    return Plan(
      steps: steps, preparation: preparation, inputs: inputs,
      outputs: program.outputs.mapValues(slot), variables: variables, constants: constants,
      arenaBytes: arenaBytes + PlanMemory.aligned(scratchBytes), scratchOffset: arenaBytes,
      threads: threads, updatesVariables: updates)
  }

  /// Makes kernels, and notes views and what never changes from run to run.
  private mutating func lower(_ updates: Bool) throws {
    for index in order {
      KernelThread.giveWay()
      let node = program.nodes[index]
      switch node.op {
      case is Constant: fixed.insert(index)
      case is Variable: if !updates { fixed.insert(index) }
      case is Input: break
      default:
        if node.op.updatedInputs.isEmpty,
          node.inputs.allSatisfy({ fixed.contains($0.node) })
        {
          fixed.insert(index)
        }
      }
      // Where there is nothing to compute there is no kernel; oneDNN would divide by a size of 0.
      let arrays = node.types.isEmpty ? [program.type(of: node.inputs[0])] : node.types
      let isEmpty = arrays.allSatisfy { $0.shape.elementCount == 0 }
      if isEmpty, !type(of: node.op).isView { continue }
      let inputs = node.inputs.map { program.nodes[$0.node].layouts[$0.result] }
      switch try node.op.lower(inputs, node.layouts, threads: threads) {
      case .kernel(let kernel): kernels[index] = kernel
      case .view: roots[Value(index)] = roots[node.inputs[0]] ?? node.inputs[0]
      case .source: break
      }
    }
  }

  private func root(_ value: Value) -> Value { roots[value] ?? value }

  private mutating func findLastUses() {
    for (step, index) in order.enumerated() {
      for input in program.nodes[index].inputs { lastUse[root(input)] = step }
      for result in program.nodes[index].types.indices {
        let value = root(Value(index, result))
        lastUse[value] = max(step, lastUse[value] ?? step)
      }
    }
    for value in program.outputs.values { lastUse[root(value)] = order.count }
  }

  /// Lets a result take the memory of an input that dies in the same step.
  private mutating func shareMemory() {
    for (step, index) in order.enumerated() where kernels[index] != nil {
      let node = program.nodes[index]
      guard node.types.count == 1, !fixed.contains(index) else { continue }
      let result = Value(index)
      for (position, input) in node.inputs.enumerated() where node.op.runsInPlace(of: position) {
        let source = root(input)
        guard lastUse[source] == step, !fixed.contains(source.node),
          !(program.nodes[source.node].op is Variable),
          !(program.nodes[source.node].op is Input),
          node.inputs.count(where: { root($0) == source }) == 1,
          program.nodes[input.node].layouts[input.result].hasSameElements(as: node.layouts[0])
        else { continue }
        lastUse[source] = lastUse[result] ?? step
        for (value, old) in roots where old == result { roots[value] = source }
        roots[result] = source
        break
      }
    }
  }

  private func place() -> (offsets: [Value: Int], bytes: Int) {
    var values: [Value] = []
    var blocks: [PlanMemory.Block] = []
    for (step, index) in order.enumerated() {
      let node = program.nodes[index]
      if node.op is Variable { continue }
      for result in node.types.indices {
        let value = Value(index, result)
        guard root(value) == value else { continue }
        // Constants, what is prepared once, and inputs, which may be set for several runs, stay.
        let stays = fixed.contains(index) || node.op is Input
        values.append(value)
        blocks.append(
          PlanMemory.Block(
            bytes: node.layouts[result].byteCount, firstStep: stays ? 0 : step,
            lastStep: stays ? order.count : lastUse[value] ?? step))
      }
    }
    let (offsets, bytes) = PlanMemory.place(blocks)
    return (Dictionary(uniqueKeysWithValues: zip(values, offsets)), bytes)
  }
}

extension Layout {
  /// Whether both arrays hold as many elements of the same width at the same places.
  fileprivate func hasSameElements(as other: Layout) -> Bool {
    type.shape == other.type.shape && type.elementType.byteCount == other.type.elementType.byteCount
      && like(other.type) == other
  }
}
