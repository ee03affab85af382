package import FoveaKernels

/// A compiled graph: a frozen list of kernels and the places in memory that they work on.
///
/// A plan holds no numbers of a run, so one plan serves any number of sessions.
public struct Plan: Sendable {
  /// Kernels in the order in which they run.
  package let steps: [Step]
  /// Kernels that depend on variables and constants alone; they run once, and again when variables
  /// have changed from outside.
  package let preparation: [Step]
  package let inputs: [String: Slot]
  package let outputs: [String: Slot]
  package let variables: [PlannedVariable]
  package let constants: [(slot: Slot, array: HostArray)]
  /// Bytes of memory that a session needs, beside variables.
  public let arenaBytes: Int
  package let scratchOffset: Int
  /// Threads that every kernel was compiled for.
  public let threads: Int
  /// Whether running changes variables.
  package let updatesVariables: Bool

  /// Variables and parameters of the graph, also those that this plan does not need.
  package internal(set) var knownVariables: Set<String> = []

  /// The names and types of the arrays to be given for a run.
  public var inputTypes: [String: ArrayType] { inputs.mapValues { $0.layout.type } }

  /// Additions and multiplications of one run.
  public var floatingPointOperations: Int {
    SizeArithmetic.sum(steps.map(\.floatingPointOperations))
  }
}

/// One kernel and what it works on.
package struct Step: Sendable {
  package let kernel: any Kernel
  /// Inputs, then results.
  package let operands: [Slot]
  package let inputCount: Int
  /// The op's name and settings.
  package let op: String
  package let settings: String
  package let floatingPointOperations: Int

  /// Whether the step only copies an array into another layout.
  package var isReorder: Bool { op == Reorder.name }
}

/// A variable as a plan wants it stored.
package struct PlannedVariable: Sendable, Hashable {
  package let name: String
  package let layout: Layout
}
