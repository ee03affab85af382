import COneDNN
import FoveaArray

/// What a primitive does to each element of its result before it is stored.
package enum PostOperation: Hashable, Sendable {
  /// max(y, 0).
  case relu
  /// y Φ(y), with the error function.
  case gelu
  /// The approximation of GELU by tanh.
  case geluTanh
  /// What the result's memory held before is added.
  case sum
}

/// What oneDNN chose for an operation: implementation, layouts, scratch.
///
/// Immutable after `init`, hence safe to share. The code itself is compiled only where a primitive
/// is bound to memory: most descriptions only serve to ask for layouts, or as another's hint.
final class Primitive: @unchecked Sendable {
  private let name: String
  private let description: dnnl_primitive_desc_t

  /// Chooses how to compute what `operation` describes.
  ///
  /// - Throws: `KernelError` with `name` when oneDNN has no such kernel.
  init<Operation>(
    _ name: String, _ operation: Operation, _ postOperations: [PostOperation] = [],
    hint: Primitive? = nil
  ) throws(KernelError) {
    let attributes = try Primitive.attributes(postOperations)
    defer { dnnl_primitive_attr_destroy(attributes) }
    var description: dnnl_primitive_desc_t?
    let status = withUnsafePointer(to: operation) {
      dnnl_primitive_desc_create(&description, $0, attributes, DNNL.engine, hint?.description)
    }
    try DNNL.check(status, name)
    guard let description else { throw KernelError("\(name): no description") }
    self.name = name
    self.description = description
  }

  /// Chooses how to copy from one layout to another.
  init(reorderFrom source: Layout, to destination: Layout) throws(KernelError) {
    let attributes = try Primitive.attributes([])
    defer { dnnl_primitive_attr_destroy(attributes) }
    var description: dnnl_primitive_desc_t?
    let status = source.withPointer { source in
      destination.withPointer { destination in
        dnnl_reorder_primitive_desc_create(
          &description, source, DNNL.engine, destination, DNNL.engine, attributes)
      }
    }
    try DNNL.check(status, "reorder \(source) to \(destination)")
    guard let description else { throw KernelError("reorder: no description") }
    name = "reorder"
    self.description = description
  }

  deinit { dnnl_primitive_desc_destroy(description) }

  /// Compiles; the caller destroys what it is given. oneDNN keeps compiled code for the next that
  /// asks for the same.
  func compiled() throws(KernelError) -> dnnl_primitive_t {
    var handle: dnnl_primitive_t?
    try DNNL.check(dnnl_primitive_create(&handle, description), name)
    guard let handle else { throw KernelError("\(name): no primitive") }
    return handle
  }

  private static func attributes(
    _ postOperations: [PostOperation]
  ) throws(KernelError) -> dnnl_primitive_attr_t {
    var attributes: dnnl_primitive_attr_t?
    try DNNL.check(dnnl_primitive_attr_create(&attributes), "attributes")
    guard let attributes else { throw KernelError("attributes: none were made") }
    dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user)
    guard !postOperations.isEmpty else { return attributes }
    var list: dnnl_post_ops_t?
    dnnl_post_ops_create(&list)
    for operation in postOperations {
      switch operation {
      case .relu: dnnl_post_ops_append_eltwise(list, 1, dnnl_eltwise_relu, 0, 0)
      case .gelu: dnnl_post_ops_append_eltwise(list, 1, dnnl_eltwise_gelu_erf, 0, 0)
      case .geluTanh: dnnl_post_ops_append_eltwise(list, 1, dnnl_eltwise_gelu_tanh, 0, 0)
      case .sum: dnnl_post_ops_append_sum(list, 1)
      }
    }
    dnnl_primitive_attr_set_post_ops(attributes, list)
    dnnl_post_ops_destroy(list)
    return attributes
  }

  /// The implementation's name as oneDNN reports it: `jit:avx512_core`.
  var implementation: String {
    var text: UnsafePointer<CChar>?
    let status = dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &text)
    guard status == dnnl_success, let text else { return "unknown" }
    return String(cString: text)
  }

  /// Bytes of scratch that one execution needs.
  var scratchBytes: Int {
    dnnl_memory_desc_get_size(
      dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0))
  }

  /// The layout that an argument must have; `type` restores an element type that oneDNN lacks.
  func layout(_ query: dnnl_query_t, _ index: Int32 = 0, type: ArrayType? = nil) -> Layout? {
    guard let descriptor = dnnl_primitive_desc_query_md(description, query, index),
      descriptor.pointee.ndims > 0
    else { return nil }
    return Layout(descriptor.pointee, type: type)
  }
}
