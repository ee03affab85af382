package import FoveaKernels

/// The same array in another layout; made by `ChooseLayouts` where two choices meet.
package struct Reorder: Op {
  package static let name = "reorder"
  package static let differentiability = Differentiability.undefined
  package let layout: Layout

  package init(layout: Layout) {
    self.layout = layout
  }

  package var settings: String { "\(layout)" }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] { inputs }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(try ReorderKernel.make(from: inputs[0], to: layout))
  }
}
