package import FoveaGraph
import FoveaKernels

/// A plan in words and numbers.
package struct PlanInspection: Codable, Sendable {
  /// One kernel of the plan.
  package struct Step: Codable, Sendable {
    package let op: String
    package let settings: String
    /// The implementation's name: oneDNN's own, or `native:` and Fovea's.
    package let kernel: String
    /// Shapes and layouts: `[64, 32, 16, 16]:aBcd16b`.
    package let inputs: [String]
    package let results: [String]
    package let floatingPointOperations: Int
  }

  /// The steps of every run, in order.
  package let steps: [Step]
  /// What runs once before, and again when weights have changed from outside.
  package let preparation: [Step]
  package let threads: Int
  /// Copies of an array into another layout, of those that every run makes.
  package let reorders: Int
  /// Memory beside variables, which every run uses again; of it, working memory of single kernels.
  package let arenaBytes: Int
  package let scratchBytes: Int
  /// Memory of weights, statistics and the optimiser's state.
  package let variableBytes: Int
  package let floatingPointOperations: Int

  /// Describes a plan.
  package init(_ plan: Plan) {
    steps = plan.steps.map(Step.init)
    preparation = plan.preparation.map(Step.init)
    threads = plan.threads
    reorders = plan.steps.count(where: \.isReorder)
    arenaBytes = plan.arenaBytes
    scratchBytes = plan.arenaBytes - plan.scratchOffset
    variableBytes = plan.variables.map(\.layout.byteCount).reduce(0, +)
    floatingPointOperations = plan.floatingPointOperations
  }
}

extension PlanInspection.Step {
  fileprivate init(_ step: FoveaGraph.Step) {
    let operands = step.operands.map { "\($0.layout.type.shape):\($0.layout)" }
    op = step.op
    settings = step.settings
    kernel = step.kernel.implementation
    inputs = Array(operands.prefix(step.inputCount))
    results = Array(operands.dropFirst(step.inputCount))
    floatingPointOperations = step.floatingPointOperations
  }
}
