package import FoveaKernels

/// Decides how every value lies in memory: each op says what it wants, a reorder is put only where
/// two choices meet.
///
/// One walk forward, as layouts flow with the data: a convolution asks oneDNN, pooling and
/// elementwise ops follow their input, the rest is row-major. In a plan that updates variables,
/// those adopt the layout that their first user wants, and keep it, with the optimiser's state,
/// for the whole training; in other plans they stay row-major, and their reorders run once.
package struct ChooseLayouts {
  /// The layouts in which variables are already stored.
  let storedVariables: [String: Layout]
  /// Whether everything is row-major, for comparison.
  let isPlain: Bool

  private var nodes: [Node] = []
  private var replacements: [Value: Value] = [:]
  private var reorders: [Value: [(layout: Layout, value: Value)]] = [:]
  /// Variables whose layout nobody has used yet.
  private var undecided: Set<Int> = []

  package init(storedVariables: [String: Layout], isPlain: Bool) {
    self.storedVariables = storedVariables
    self.isPlain = isPlain
  }

  /// The program with a layout for every value.
  ///
  /// - Throws: `KernelError` when an op has no kernel for any layout.
  package mutating func run(_ program: Program) throws -> Program {
    let updates = program.nodes.contains { !$0.op.updatedInputs.isEmpty }
    for (index, node) in program.nodes.enumerated() {
      if let variable = node.op as? Variable {
        let stored = storedVariables[variable.name]
        add(index, node, layouts: [stored ?? .rowMajor(variable.type)])
        if updates, stored == nil, !isPlain { undecided.insert(nodes.count - 1) }
        continue
      }
      var node = node
      let inputs = node.inputs.map { replacements[$0] ?? $0 }
      let choice = try self.choice(node, inputs.map { nodes[$0.node].layouts[$0.result] })
      node.inputs = zip(inputs, choice.inputs).map { value($0, in: $1) }
      add(index, node, layouts: choice.results)
    }
    var result = program
    result.outputs = program.outputs.mapValues { old in
      let new = replacements[old] ?? old
      return value(new, in: .rowMajor(program.type(of: old)))
    }
    result.nodes = nodes
    return result
  }

  private mutating func add(_ index: Int, _ node: Node, layouts: [Layout]) {
    var node = node
    node.layouts = layouts
    nodes.append(node)
    for result in node.types.indices {
      replacements[Value(index, result)] = Value(nodes.count - 1, result)
    }
  }

  private func choice(_ node: Node, _ inputs: [Layout]) throws -> LayoutChoice {
    if isPlain, !(node.op is Permute) {
      let plain = inputs.map { Layout.rowMajor($0.type) }
      switch node.op {
      case is Convolution2D, is Convolution2DInputGradient, is Convolution2DWeightGradient:
        return .rowMajor(inputs, node.types)
      default: return try node.op.chooseLayouts(plain, node.types)
      }
    }
    let types = inputs.map(\.type) + node.types
    if types.contains(where: { $0.shape.elementCount == 0 }), !(node.op is Permute) {
      return .rowMajor(inputs, node.types)
    }
    return try node.op.chooseLayouts(inputs, node.types)
  }

  /// A value in a certain layout: itself, or a reorder of it, made once.
  private mutating func value(_ value: Value, in layout: Layout) -> Value {
    if nodes[value.node].layouts[value.result] == layout {
      undecided.remove(value.node)
      return value
    }
    if undecided.remove(value.node) != nil {
      nodes[value.node].layouts = [layout]
      return value
    }
    if let known = reorders[value]?.first(where: { $0.layout == layout }) { return known.value }
    nodes.append(
      Node(op: Reorder(layout: layout), inputs: [value], types: [layout.type], layouts: [layout]))
    let reordered = Value(nodes.count - 1)
    reorders[value, default: []].append((layout, reordered))
    return reordered
  }
}
