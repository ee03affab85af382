package import FoveaKernels

/// How results change with an op's inputs.
package enum Differentiability: Hashable, Sendable {
  /// `gradients` gives the rule.
  case differentiable
  /// Flat almost everywhere, or of integers: no gradient flows.
  case constant
  /// There is a gradient but no rule for it; asking for it is a programmer's mistake.
  case undefined
}

/// What a gradient rule may use.
package struct GradientRequest {
  /// The loss's gradient for each result; `nil` where the loss does not depend on it.
  package let upstream: [Tensor?]
  package let inputs: [Tensor]
  package let results: [Tensor]
}

/// The layouts that an op takes its inputs in and gives its results in.
package struct LayoutChoice {
  package var inputs: [Layout]
  package var results: [Layout]

  static func rowMajor(_ inputs: [Layout], _ results: [ArrayType]) -> LayoutChoice {
    LayoutChoice(
      inputs: inputs.map { .rowMajor($0.type) }, results: results.map { .rowMajor($0) })
  }
}

/// What becomes of an op in a plan.
package enum Lowering {
  /// A kernel over the op's inputs and results.
  case kernel(any Kernel)
  /// The result is the first input's memory, seen differently.
  case view
  /// The memory exists before the plan runs.
  case source
}

/// One kind of computation in the graph.
///
/// An op's shape rule, gradient rule, layouts, lowering and public method stand in one file.
package protocol Op: Hashable, Sendable {
  /// The field's name for it, as printed in graphs, plans and errors: `softmax`.
  static var name: String { get }
  /// How results change with inputs.
  static var differentiability: Differentiability { get }
  /// Whether the result is the first input's memory, seen differently.
  static var isView: Bool { get }
  /// The op's settings as printed behind its name: `axis: 1`; empty for none.
  var settings: String { get }
  /// Inputs that are variables and change when the op runs.
  var updatedInputs: [Int] { get }

  /// Shape rule.
  func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType]
  /// Gradient rule, in graph terms: for each input the gradient in the shape that broadcasting
  /// gave it, or `nil` where none flows.
  func gradients(_ request: GradientRequest) -> [Tensor?]
  /// Which layouts the op wants, given those in which its inputs are.
  func chooseLayouts(_ inputs: [Layout], _ results: [ArrayType]) throws(KernelError) -> LayoutChoice
  /// Lowering: the kernel that will run, for the layouts chosen.
  func lower(_ inputs: [Layout], _ results: [Layout], threads: Int) throws(KernelError) -> Lowering
  /// Additions and multiplications, for reports.
  func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int
  /// Whether the result may take the place of this input in memory.
  func runsInPlace(of input: Int) -> Bool
  /// The op without the results that nobody uses; results keep their numbers.
  func keeping(results used: [Bool]) -> any Op
}

extension Op {
  package static var differentiability: Differentiability { .differentiable }
  package static var isView: Bool { false }
  package var settings: String { "" }
  package var updatedInputs: [Int] { [] }

  package func gradients(_ request: GradientRequest) -> [Tensor?] {
    request.inputs.map { _ in nil }
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice { .rowMajor(inputs, results) }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int { 0 }
  package func runsInPlace(of input: Int) -> Bool { false }
  package func keeping(results used: [Bool]) -> any Op { self }
}

extension ArrayType {
  /// Fails unless elements are `float32`.
  func requireFloat(_ operation: String) throws(ShapeError) {
    guard elementType == .float32 else {
      throw ShapeError(operation, "needs float32, not \(self)")
    }
  }

  /// Fails unless there are `rank` axes, called `axes` in the message.
  func requireRank(_ rank: Int, _ operation: String, _ axes: String) throws(ShapeError) {
    guard shape.rank == rank else {
      throw ShapeError(operation, "needs \(axes), not shape \(shape)")
    }
  }
}
