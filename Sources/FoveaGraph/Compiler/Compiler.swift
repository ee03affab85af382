package import FoveaKernels

/// How a graph is compiled.
public struct CompileOptions: Sendable {
  /// Threads that kernels run on, from 1 to 1,024; all processors where not given. More than four for
  /// each processor, or 64, are not started.
  public var threads: Int?
  /// Whether passes improve the graph; without them it is computed as written, row-major, for
  /// comparison.
  public var optimizes = true
  /// The layouts in which variables are already stored, which the plan then keeps.
  package var storedVariables: [String: Layout] = [:]
  /// Variables that the plan reads as `QuantizeProducts` names them.
  package var quantizedVariables: Set<String> = []

  /// All processors, every pass.
  public init() {}
}

extension Graph {
  /// Compiles `outputs` and all updates into a plan.
  ///
  /// - Throws: `InputError` for a number of threads that cannot be; `KernelError` when an op has no
  ///   kernel on this machine.
  public func compile(
    outputs: [String: Tensor], options: CompileOptions = CompileOptions()
  ) throws -> Plan {
    try ThreadCount.check(options.threads)
    let threads = min(options.threads ?? KernelTeam.defaultThreads, KernelTeam.mostThreads)
    KernelTeam.use(threads: threads)
    let program = try optimized(outputs: outputs, options: options)
    var builder = try PlanBuilder(program, threads: threads)
    return try builder.build()
  }

  /// The program that a plan is made of: after every pass, layouts chosen.
  package func optimized(
    outputs: [String: Tensor], options: CompileOptions = CompileOptions()
  ) throws -> Program {
    for (name, output) in outputs {
      precondition(output.graph === self, "compile: output \(name) is of another graph")
    }
    var program = Program(nodes: nodes, outputs: outputs.mapValues(\.value), mode: mode)
    let quantization = QuantizeProducts(options.quantizedVariables)
    let passes: [any Pass] =
      options.optimizes
      ? [
        RemoveUnused(), RemoveDuplicates(), FoldConstants(), CommutePooling(), RemoveUnused(),
        FuseEpilogues(), quantization, ChooseKernels(), FuseElementwise(), RemoveUnused(),
      ] : [quantization, RemoveUnused()]
    for pass in passes {
      KernelThread.giveWay()
      program = try pass.run(program)
      #if DEBUG
      program = try Verify().run(program)
      #endif
    }
    program = try Verify().run(program)
    var layouts = ChooseLayouts(
      storedVariables: options.storedVariables, isPlain: !options.optimizes)
    return try layouts.run(program)
  }
}
