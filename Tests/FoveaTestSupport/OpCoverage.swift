package import FoveaGraph
import FoveaKernels

/// Which ops a test case computes and differentiates, by names that tell functions and kinds of one
/// op apart: `elementwise exp`, `reduce max`.
package struct OpCoverage: Sendable {
  package var values: Set<String>
  package var gradients: Set<String>

  package init(values: Set<String> = [], gradients: Set<String> = []) {
    self.values = values
    self.gradients = gradients
  }

  package mutating func formUnion(_ other: OpCoverage) {
    values.formUnion(other.values)
    gradients.formUnion(other.gradients)
  }

  /// What the cases of a list cover together.
  package init(_ cases: [OpCase]) throws {
    self.init()
    for opCase in cases { formUnion(try opCase.coverage()) }
  }

  /// The name of an op.
  package static func name(_ op: any Op) -> String {
    let name = type(of: op).name
    return switch op {
    case let op as Elementwise: "\(name) \(op.function.name)"
    case let op as Recurrence: "\(name) \(op.cell)"
    case let op as RecurrenceGradient: "\(name) \(op.cell)"
    case let op as Reduce: "\(name) \(op.reduction.rawValue)"
    case let op as Pool2D: "\(name) \(op.description.function.rawValue)"
    case let op as Pool2DGradient: "\(name) \(op.description.function.rawValue)"
    case let op as Softmax: "\(name)\(op.isLogarithm ? " logarithm" : "")"
    default: name
    }
  }

  /// What of the inventory has no value, or no gradient although it has a rule for one.
  package func missing() -> (values: [String], gradients: [String]) {
    var values: Set<String> = []
    var gradients: Set<String> = []
    func need(_ name: String, gradient: Bool) {
      values.insert(name)
      if gradient { gradients.insert(name) }
    }
    for op in OpInventory.all {
      let isDifferentiable = op.differentiability == .differentiable
      switch op {
      case is Elementwise.Type:
        for function in ElementwiseFunction.all {
          need("\(op.name) \(function.name)", gradient: function.hasGradient)
        }
      case is Recurrence.Type, is RecurrenceGradient.Type:
        for cell in RecurrentCell.allCases {
          need("\(op.name) \(cell)", gradient: isDifferentiable)
        }
      case is Reduce.Type:
        for kind in Reduction.allCases { need("\(op.name) \(kind.rawValue)", gradient: true) }
      case is Pool2D.Type, is Pool2DGradient.Type:
        for kind in PoolingFunction.allCases {
          need("\(op.name) \(kind.rawValue)", gradient: isDifferentiable)
        }
      case is Softmax.Type:
        for kind in ["", " logarithm"] { need("\(op.name)\(kind)", gradient: true) }
      default: need(op.name, gradient: isDifferentiable)
      }
    }
    return (
      values.subtracting(self.values).sorted(), gradients.subtracting(self.gradients).sorted()
    )
  }
}

extension OpCase {
  /// What the case computes: the op and its gradient, as written and as compiled.
  package func coverage() throws -> OpCoverage {
    let (tensors, result) = graph()
    let graph = result.graph
    var coverage = OpCoverage()
    var outputs = ["value": result]
    if !differentiable.isEmpty {
      var depends = Set(differentiable.map { tensors[$0].value.node })
      for (index, node) in graph.nodes.enumerated()
      where node.inputs.contains(where: { depends.contains($0.node) }) {
        depends.insert(index)
        if type(of: node.op).differentiability == .differentiable {
          coverage.gradients.insert(OpCoverage.name(node.op))
        }
      }
      let gradients = result.gradients(
        withRespectTo: differentiable.map { tensors[$0] }, seed: graph.input("seed", result.type))
      for (index, gradient) in gradients.enumerated() { outputs["gradient\(index)"] = gradient }
    }
    let plain = Program(
      nodes: graph.nodes, outputs: outputs.mapValues(\.value), mode: graph.mode)
    var options = CompileOptions()
    options.level = .avx512
    let optimized = try graph.optimized(outputs: outputs, options: options)
    for program in [try RemoveUnused().run(plain), optimized] {
      coverage.values.formUnion(program.nodes.map { OpCoverage.name($0.op) })
    }
    return coverage
  }
}
