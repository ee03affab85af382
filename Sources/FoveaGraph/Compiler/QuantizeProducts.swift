import FoveaKernels

/// Lets dense layers read their weights as signed bytes: x Wᵀ of a named variable W becomes
/// `QuantizedMatMul` of the variables that `arrays(of:)` names.
package struct QuantizeProducts: Pass {
  private let variables: Set<String>

  /// For weights `[columns, depth]` of these names, each of which is used by dense layers alone.
  package init(_ variables: Set<String>) { self.variables = variables }

  package func run(_ program: Program) throws(ShapeError) -> Program {
    if variables.isEmpty { return program }
    var rewriter = Rewriter(program)
    var known: [String: [Value]] = [:]
    for (index, node) in program.nodes.enumerated() {
      if let op = node.op as? MatMul, !op.transposesLeft, op.transposesRight,
        node.types[0].shape.rank == 2,
        let weight = program.nodes[node.inputs[1].node].op as? Variable,
        variables.contains(weight.name)
      {
        if known[weight.name] == nil { known[weight.name] = try Self.parts(of: weight, &rewriter) }
        var inputs = [rewriter.replacement(of: node.inputs[0])] + (known[weight.name] ?? [])
        inputs += node.inputs.dropFirst(2).map { rewriter.replacement(of: $0) }
        let product = QuantizedMatMul(hasBias: op.hasBias, activation: op.activation)
        rewriter.replace(Value(index), by: try rewriter.add(product, inputs)[0])
      } else {
        try rewriter.keep(index)
      }
    }
    let result = try RemoveUnused().run(rewriter.finished())
    for case let variable as Variable in result.nodes.map(\.op) {
      require(
        !variables.contains(variable.name),
        "quantizing: \(variable.name) is used otherwise than as a dense layer's weights")
    }
    return result
  }

  private static func parts(
    of weight: Variable, _ rewriter: inout Rewriter
  ) throws(ShapeError) -> [Value] {
    let (columns, depth) = (weight.type.shape[0], weight.type.shape[1])
    let bytes = QuantizedWeights.byteCount(columns: columns, depth: depth)
    var parts: [Value] = []
    for (part, type) in [
      (Part.bytes, ArrayType([bytes], .uint8)), (.scales, ArrayType([columns])),
      (.sums, ArrayType([columns])),
    ] {
      parts += try rewriter.add(Variable(name: part.name(weight.name), type: type), [])
    }
    return parts
  }

  private enum Part: String {
    case bytes, scales, sums

    func name(_ variable: String) -> String { "\(variable).\(rawValue)" }
  }

  /// What stands for some weights, by the names of variables: those in `variables` as bytes, all
  /// others as they are.
  package static func arrays(
    of weights: [String: HostArray], quantizing variables: Set<String>
  ) -> [String: HostArray] {
    var arrays: [String: HostArray] = [:]
    for (name, array) in weights {
      if variables.contains(name) {
        let quantized = QuantizedWeights(array)
        arrays[Part.bytes.name(name)] = quantized.bytes
        arrays[Part.scales.name(name)] = quantized.scales
        arrays[Part.sums.name(name)] = quantized.sums
      } else {
        arrays[name] = array
      }
    }
    return arrays
  }
}
