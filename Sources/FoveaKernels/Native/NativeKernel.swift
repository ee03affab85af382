package import FoveaArray

/// A kernel of our own: a C loop, or Swift that drives several.
package struct NativeKernel: Kernel {
  package let implementation: String
  package let scratchBytes: Int
  private let body:
    @Sendable (_ operands: [UnsafeMutableRawPointer], _ scratch: UnsafeMutableRawPointer)
      throws(KernelError) -> BoundKernel

  /// A kernel called `native:name` whose `body` binds it.
  init(
    _ name: String, scratchBytes: Int = 0,
    body:
      @escaping @Sendable (
        _ operands: [UnsafeMutableRawPointer], _ scratch: UnsafeMutableRawPointer
      )
      throws(KernelError) -> BoundKernel
  ) {
    implementation = "native:\(name)"
    self.scratchBytes = scratchBytes
    self.body = body
  }

  package func bind(
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer
  ) throws(KernelError) -> BoundKernel { try body(operands, scratch) }
}

extension UnsafeMutableRawPointer {
  /// The memory as elements of `type`.
  func elements<Element>(_ type: Element.Type = Element.self) -> UnsafeMutablePointer<Element> {
    assumingMemoryBound(to: Element.self)
  }
}

/// Fills the first elements of an array that C declares with a fixed size.
func store<Tuple, Element>(_ elements: [Element], in tuple: inout Tuple) {
  withUnsafeMutableBytes(of: &tuple) { bytes in
    elements.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }
}
