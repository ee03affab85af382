package import FoveaKernels

/// What a graph is built for; layers such as dropout and batch normalisation ask.
public enum GraphMode: String, Hashable, Sendable {
  /// Statistics come from the batch, dropout drops.
  case training
  /// Statistics are the stored ones, nothing is random.
  case inference
  /// Statistics come from the batch, to be averaged over many; nothing is random.
  case statistics
}

/// A network being written down, op by op. Nothing is computed until it is compiled.
///
/// Not `Sendable`: a graph is built by one task and then frozen into a `Plan`, which is.
public final class Graph {
  /// What the graph is built for.
  public let mode: GraphMode
  package private(set) var nodes: [Node] = []
  /// Nodes that change variables; they are kept although nobody reads their results.
  package private(set) var updates: [Int] = []
  /// The paths under which a network's parameters are kept, by the parameter's identity.
  package var parameterNames: [ObjectIdentifier: String] = [:]
  /// What those identities are of: kept alive, or another network's parameter could be given the
  /// identity of one that is gone.
  package var parameterIdentities: [AnyObject] = []
  /// The values that were given names, for `tensors(named:)`.
  package private(set) var marks: [String: [Value]] = [:]
  /// What a batch says of statistics that are stored, by their paths.
  package var observations: [String: Value] = [:]
  /// Whether marks are noted.
  var isMarking = true
  private(set) var sources: [String: Value] = [:]
  private var randomStreams: UInt32 = 0

  /// An empty graph.
  public init(mode: GraphMode = .inference) { self.mode = mode }

  /// An array that is given anew for every run.
  ///
  /// Asking twice for one name gives the same tensor; asking with another type traps.
  public func input(
    _ name: String, _ type: ArrayType, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { source(name, Input(name: name, type: type), file, line) }

  /// An array that stays from run to run: a parameter, a statistic, an optimiser's state.
  ///
  /// Asking twice for one name gives the same tensor; asking with another type traps.
  public func variable(
    _ name: String, _ type: ArrayType, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { source(name, Variable(name: name, type: type), file, line) }

  /// A fixed array.
  public func constant(
    _ array: HostArray, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { apply(Constant(array: array), [], file: file, line: line)[0] }

  /// A fixed number.
  public func constant(
    _ scalar: Float, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { constant(HostArray(scalar), file: file, line: line) }

  /// A key for random numbers, an input called `randomKey`, and a number that no other
  /// random op of this graph has.
  package func randomStream() -> (key: Tensor, stream: UInt32) {
    randomStreams += 1
    return (input("randomKey", ArrayType([2], .int32)), randomStreams)
  }

  /// What a variable may be called: those there are, and the parameters of the network that the graph
  /// was made for, which need not all be in use.
  var variableNames: Set<String> {
    Set(sources.keys.filter { nodes[sources[$0]?.node ?? 0].op is Variable })
      .union(parameterNames.values)
  }

  func mark(_ value: Value, _ name: String) {
    if isMarking { marks[name, default: []].append(value) }
  }

  private func source(
    _ name: String, _ op: some Op, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let value = sources[name] {
      require(
        AnyHashable(nodes[value.node].op) == AnyHashable(op),
        "graph: \(name) is used as \(nodes[value.node].types[0]) and as another kind or type",
        file: file, line: line)
      return tensor(value)
    }
    let tensor = apply(op, [], file: file, line: line)[0]
    sources[name] = tensor.value
    return tensor
  }
}

// MARK: - Nodes

/// One result of one node.
package struct Value: Hashable, Sendable {
  package let node: Int
  package let result: Int

  package init(_ node: Int, _ result: Int = 0) {
    self.node = node
    self.result = result
  }
}

/// An op applied to earlier values.
package struct Node: Sendable {
  package var op: any Op
  package var inputs: [Value]
  package var types: [ArrayType]
  /// How each result lies in memory; chosen late, by `ChooseLayouts`.
  package var layouts: [Layout] = []
  /// The line that asked for it, where it is known.
  var origin: (file: StaticString, line: UInt)?
}

extension Graph {
  /// Applies an op; a violated shape rule is a programmer's mistake and traps with the rule's
  /// text and the caller's line.
  @discardableResult
  package func apply(
    _ op: some Op, _ inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
    ofOperands: Bool = false
  ) -> [Tensor] {
    var operands: String {
      guard ofOperands else { return "" }
      let made = inputs.map { "\($0.type) made at \($0.origin.file):\($0.origin.line)" }
      return " (an operator between \(made.joined(separator: " and ")))"
    }
    for input in inputs {
      require(
        input.graph === self,
        "\(Swift.type(of: op).name): operands come from two graphs\(operands)", file: file,
        line: line)
    }
    do {
      let types = try op.resultTypes(inputs.map(\.type))
      let node = append(
        Node(op: op, inputs: inputs.map(\.value), types: types, origin: (file, line)))
      return types.indices.map { tensor(Value(node, $0)) }
    } catch {
      fatalError("\(error)\(operands)", file: file, line: line)
    }
  }

  /// Applies an op for an operator, which is not told its caller's line: a trap names the lines that
  /// made the operands instead, and what comes out counts as made where the first was.
  func applyOperator(_ op: some Op, _ inputs: [Tensor]) -> Tensor {
    let first = inputs[0].origin
    return apply(op, inputs, file: first.file, line: first.line, ofOperands: true)[0]
  }

  @discardableResult
  package func append(_ node: Node) -> Int {
    nodes.append(node)
    if !node.op.updatedInputs.isEmpty { updates.append(nodes.count - 1) }
    return nodes.count - 1
  }

  package func tensor(_ value: Value) -> Tensor {
    Tensor(graph: self, value: value, type: nodes[value.node].types[value.result])
  }

  package func type(of value: Value) -> ArrayType { nodes[value.node].types[value.result] }
}
