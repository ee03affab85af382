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

/// A compiled oneDNN primitive.
///
/// Immutable after `init`; oneDNN runs one primitive on several threads at once as long as each
/// caller brings its own scratchpad, which all of ours do. Hence safe to share.
final class Primitive: @unchecked Sendable {
  private let description: dnnl_primitive_desc_t
  private let handle: dnnl_primitive_t

  /// Compiles what `operation` describes.
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
    self.description = description
    do {
      handle = try Primitive.compiled(name, description)
    } catch {
      dnnl_primitive_desc_destroy(description)
      throw error
    }
  }

  /// Compiles a copy from one layout to another.
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
    self.description = description
    do {
      handle = try Primitive.compiled("reorder", description)
    } catch {
      dnnl_primitive_desc_destroy(description)
      throw error
    }
  }

  deinit {
    dnnl_primitive_destroy(handle)
    dnnl_primitive_desc_destroy(description)
  }

  private static func compiled(
    _ name: String, _ description: dnnl_primitive_desc_t
  ) throws(KernelError) -> dnnl_primitive_t {
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

  /// Runs the primitive on memory of the right layouts.
  func execute(
    _ stream: Stream, _ arguments: UnsafeBufferPointer<dnnl_exec_arg_t>
  )
    throws(KernelError)
  {
    let status = dnnl_primitive_execute(
      handle, stream.handle, Int32(arguments.count), arguments.baseAddress)
    if status != dnnl_success {
      throw KernelError("\(implementation): \(DNNL.name(of: status))")
    }
  }
}
