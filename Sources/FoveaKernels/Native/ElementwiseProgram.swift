import CKernels
package import FoveaArray

/// A chain of elementwise functions with several inputs and one result.
package struct ElementwiseProgram: Hashable, Sendable {
  /// Where a step's operand comes from.
  package enum Operand: Hashable, Sendable {
    /// Input number …
    case input(Int)
    /// Constant number …
    case constant(Int)
    /// The result of an earlier step.
    case step(Int)
  }

  /// One function of a chain.
  package struct Step: Hashable, Sendable {
    package var function: ElementwiseFunction
    package var operands: [Operand]

    package init(_ function: ElementwiseFunction, _ operands: [Operand]) {
      self.function = function
      self.operands = operands
    }
  }

  /// A number that is the same for every element.
  package enum Constant: Hashable, Sendable {
    case float(Float)
    case integer(Int32)
    case truth(Bool)

    package var elementType: ElementType {
      switch self {
      case .float: .float32
      case .integer: .int32
      case .truth: .bool
      }
    }

    fileprivate var bits: UInt32 {
      switch self {
      case .float(let value): value.bitPattern
      case .integer(let value): UInt32(bitPattern: value)
      case .truth(let value): value ? 1 : 0
      }
    }
  }

  /// The element types of the inputs.
  package var inputs: [ElementType]
  package var constants: [Constant]
  /// In order; the last one gives the result.
  package var steps: [Step]

  package init(inputs: [ElementType], constants: [Constant] = [], steps: [Step]) {
    self.inputs = inputs
    self.constants = constants
    self.steps = steps
  }

  /// The longest chain, the most inputs and the most constants that a kernel takes.
  package static let maximumSteps = 64
  package static let maximumOperands = Int(FOVEA_MAXIMUM_OPERANDS)

  /// The element types of the steps' results.
  ///
  /// - Throws: `ShapeError` when a step is not defined for its operands.
  package func stepTypes() throws(ShapeError) -> [ElementType] {
    var types: [ElementType] = []
    for step in steps {
      types.append(
        try step.function.resultType(step.operands.map { type(of: $0, steps: types) }))
    }
    return types
  }

  private func type(of operand: Operand, steps: [ElementType]) -> ElementType {
    switch operand {
    case .input(let index): inputs[index]
    case .constant(let index): constants[index].elementType
    case .step(let index): steps[index]
    }
  }

  /// Whether zeros in the inputs marked in `zeroInputs` are certain to give zeros, so that a
  /// block's padding survives.
  package func keepsZeros(_ zeroInputs: [Bool]) -> Bool {
    var zeros: [Bool] = []
    for step in steps {
      zeros.append(
        step.function.givesZero(
          step.operands.map { operand in
            switch operand {
            case .input(let index): zeroInputs[index]
            case .constant(let index): constants[index].bits == 0
            case .step(let index): zeros[index]
            }
          }))
    }
    return zeros.last ?? false
  }

  /// Arithmetic operations an element costs, counting each function as one.
  package var operationsPerElement: Int {
    steps.count { step in
      switch step.function {
      case .cast, .select, .not, .and, .or, .equal, .less, .lessOrEqual: false
      default: true
      }
    }
  }
}

// MARK: - Instructions

extension ElementwiseProgram {
  /// The chain's instructions, with registers reused once their value is dead.
  ///
  /// Leaves the iteration space open.
  func chain() throws(ShapeError) -> fovea_chain {
    require(
      steps.count <= Self.maximumSteps && inputs.count <= Self.maximumOperands
        && constants.count <= Self.maximumOperands, "elementwise: the chain is too long")
    let types = try stepTypes()
    // A cast that changes no bits is another name for its operand; a byte is cut when stored.
    var names = Array(steps.indices)
    var opcodes: [fovea_opcode?] = []
    for (index, step) in steps.enumerated() {
      opcodes.append(step.function.opcode(step.operands.map { type(of: $0, steps: types) }))
      if opcodes[index] == nil, case .step(let earlier) = step.operands[0] {
        names[index] = names[earlier]
      }
    }
    var lastUse: [Int: Int] = [names.last ?? 0: steps.count]
    for (index, step) in steps.enumerated() {
      for case .step(let operand) in step.operands {
        lastUse[names[operand]] = max(index, lastUse[names[operand]] ?? 0)
      }
    }
    var registers = [Int](repeating: 0, count: steps.count)
    var free: [Int] = []
    var count = inputs.count + constants.count
    var instructions: [fovea_instruction] = []
    for (index, step) in steps.enumerated() {
      let sources = step.operands.map { operand in
        switch operand {
        case .input(let input): input
        case .constant(let constant): inputs.count + constant
        case .step(let earlier): registers[earlier]
        }
      }
      guard let opcode = opcodes[index] else {
        registers[index] = sources[0]
        continue
      }
      let dying = Set(
        step.operands.compactMap { operand -> Int? in
          guard case .step(let earlier) = operand, lastUse[names[earlier]] == index else {
            return nil
          }
          return names[earlier]
        })
      // Tiles are read and written element by element, so a result may replace its operand.
      free += dying.sorted().map { registers[$0] }
      let destination = free.popLast() ?? count
      if destination == count { count += 1 }
      registers[index] = destination
      var instruction = fovea_instruction()
      instruction.opcode = UInt8(opcode.rawValue)
      instruction.destination = UInt8(destination)
      instruction.first = UInt8(sources[0])
      instruction.second = UInt8(sources.count > 1 ? sources[1] : sources[0])
      instruction.third = UInt8(sources.count > 2 ? sources[2] : sources[0])
      instructions.append(instruction)
    }
    var chain = fovea_chain()
    chain.inputs = Int32(inputs.count)
    chain.constants = Int32(constants.count)
    chain.instructions = Int32(instructions.count)
    chain.registers = Int32(count)
    chain.output_register = Int32(registers.last ?? 0)
    chain.output_type = (types.last ?? inputs[0]).chainType
    store(inputs.map(\.chainType), in: &chain.input_types)
    store(constants.map(\.bits), in: &chain.constant_bits)
    store(instructions, in: &chain.program)
    return chain
  }
}

extension ElementType {
  fileprivate var chainType: Int32 {
    switch self {
    case .float32: Int32(FOVEA_FLOAT32.rawValue)
    case .int32: Int32(FOVEA_INT32.rawValue)
    case .uint8, .bool: Int32(FOVEA_BYTE.rawValue)
    }
  }
}
