import COneDNN
package import FoveaArray

/// A copy from one layout of an array to another.
package enum ReorderKernel {
  /// Operands: input, result.
  package static func make(
    from source: Layout, to destination: Layout
  ) throws(KernelError)
    -> PrimitiveKernel
  {
    PrimitiveKernel(
      try Primitive(reorderFrom: source, to: destination),
      [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, destination)])
  }
}
