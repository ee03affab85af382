/// A step of compilation that turns a graph into an equal one.
package protocol Pass: Sendable {
  /// A verb phrase: `RemoveUnused`.
  static var name: String { get }
  /// An equal program.
  func run(_ program: Program) throws(ShapeError) -> Program
}

extension Pass {
  package static var name: String { "\(Self.self)" }
}

/// A graph on its way to a plan, with the results that are asked for.
package struct Program: Sendable {
  package var nodes: [Node]
  package var outputs: [String: Value]
  /// The graph's mode: whether statistics are the batch's.
  package var mode: GraphMode

  package init(nodes: [Node], outputs: [String: Value], mode: GraphMode) {
    self.nodes = nodes
    self.outputs = outputs
    self.mode = mode
  }

  package func type(of value: Value) -> ArrayType { nodes[value.node].types[value.result] }

  /// How often each value is used, being an output included.
  package func useCounts() -> [Value: Int] {
    var counts: [Value: Int] = [:]
    for node in nodes { for input in node.inputs { counts[input, default: 0] += 1 } }
    for value in outputs.values { counts[value, default: 0] += 1 }
    return counts
  }
}

/// Rebuilds a program node by node; values of the old program are looked up in the new one.
package struct Rewriter {
  package private(set) var result: Program
  private let old: Program
  private var replacements: [Value: Value] = [:]

  package init(_ program: Program) {
    old = program
    result = Program(nodes: [], outputs: [:], mode: program.mode)
  }

  /// What stands for an old value in the new program.
  package func replacement(of value: Value) -> Value {
    guard let replacement = replacements[value] else {
      fatalError("rewriting: \(value) is used before it is made")
    }
    return replacement
  }

  /// Says that an old value is now this one.
  package mutating func replace(_ value: Value, by replacement: Value) {
    replacements[value] = replacement
  }

  /// Adds a node of the new program.
  @discardableResult
  package mutating func add(
    _ op: any Op, _ inputs: [Value]
  ) throws(ShapeError) -> [Value] {
    let types = try op.resultTypes(inputs.map { result.type(of: $0) })
    result.nodes.append(Node(op: op, inputs: inputs, types: types))
    return types.indices.map { Value(result.nodes.count - 1, $0) }
  }

  /// Takes an old node over, with an op in its place if given.
  package mutating func keep(_ index: Int, as op: (any Op)? = nil) throws(ShapeError) {
    let node = old.nodes[index]
    let values = try add(op ?? node.op, node.inputs.map { replacement(of: $0) })
    for (result, value) in values.enumerated() { replacements[Value(index, result)] = value }
  }

  /// The new program, with the old outputs.
  package func finished() -> Program {
    var program = result
    program.outputs = old.outputs.mapValues { replacement(of: $0) }
    return program
  }
}
