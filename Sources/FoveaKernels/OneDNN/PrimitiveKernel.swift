import COneDNN
package import FoveaArray

/// A oneDNN primitive with its arguments in the order of the op's operands.
package struct PrimitiveKernel: Kernel {
  let primitive: Primitive
  /// For each operand, oneDNN's number for the argument.
  let arguments: [Int32]
  /// For each operand, the layout that the primitive demands.
  package let layouts: [Layout]
  /// Arguments that oneDNN wants to see and never reads, with an operand that stands in.
  let ignored: [(argument: Int32, operand: Int)]

  init(
    _ primitive: Primitive, _ operands: [(argument: Int32, layout: Layout)],
    ignored: [(argument: Int32, operand: Int)] = []
  ) {
    self.primitive = primitive
    self.ignored = ignored
    arguments = operands.map(\.argument)
    layouts = operands.map(\.layout)
  }

  package var implementation: String { primitive.implementation }

  package var scratchBytes: Int { primitive.scratchBytes }

  package func bind(
    _ operands: [UnsafeMutableRawPointer], scratch: UnsafeMutableRawPointer
  ) throws(KernelError) -> BoundKernel {
    let bound = try BoundPrimitive(self, operands, scratch: scratch)
    return { () throws(KernelError) in try bound.run() }
  }
}

/// A primitive with memory objects for its arguments.
final class BoundPrimitive {
  private let primitive: Primitive
  private let handle: dnnl_primitive_t
  private let stream: Stream
  private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>

  init(
    _ kernel: PrimitiveKernel, _ operands: [UnsafeMutableRawPointer],
    scratch: UnsafeMutableRawPointer
  ) throws(KernelError) {
    primitive = kernel.primitive
    stream = try Stream()
    handle = try kernel.primitive.compiled()
    var arguments: [dnnl_exec_arg_t] = []
    for (index, pointer) in operands.enumerated() {
      arguments.append(
        dnnl_exec_arg_t(
          arg: kernel.arguments[index],
          memory: try BoundPrimitive.memory(kernel.layouts[index], pointer)))
    }
    for (argument, operand) in kernel.ignored {
      arguments.append(
        dnnl_exec_arg_t(
          arg: argument,
          memory: try BoundPrimitive.memory(kernel.layouts[operand], operands[operand])))
    }
    if let layout = kernel.primitive.layout(dnnl_query_scratchpad_md) {
      arguments.append(
        dnnl_exec_arg_t(
          arg: DNNL_ARG_SCRATCHPAD, memory: try BoundPrimitive.memory(layout, scratch)))
    }
    self.arguments = .allocate(capacity: arguments.count)
    _ = self.arguments.initialize(from: arguments)
  }

  deinit {
    for argument in arguments { dnnl_memory_destroy(argument.memory) }
    arguments.deallocate()
    dnnl_primitive_destroy(handle)
  }

  private static func memory(
    _ layout: Layout, _ pointer: UnsafeMutableRawPointer
  ) throws(KernelError) -> dnnl_memory_t? {
    var memory: dnnl_memory_t?
    let status = layout.withPointer { dnnl_memory_create(&memory, $0, DNNL.engine, pointer) }
    try DNNL.check(status, "memory \(layout)")
    return memory
  }

  /// Points operand `index` at other memory.
  func point(_ index: Int, at pointer: UnsafeMutableRawPointer) {
    dnnl_memory_set_data_handle(arguments[index].memory, pointer)
  }

  func run() throws(KernelError) {
    let status = dnnl_primitive_execute(
      handle, stream.handle, Int32(arguments.count), arguments.baseAddress)
    if status != dnnl_success {
      throw KernelError("\(primitive.implementation): \(DNNL.name(of: status))")
    }
  }
}
