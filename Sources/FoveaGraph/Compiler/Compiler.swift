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
  /// The processor for which kernels are chosen, where that is not the one at hand: in tests.
  package var level = ProcessorLevel.current
  /// Variables that the plan reads as `QuantizeProducts` names them.
  package var quantizedVariables: Set<String> = []

  /// All processors, every pass.
  public init() {}
}

extension Graph {
  /// Compiles `outputs` and all updates into a plan.
  ///
  /// An output of another graph is a programmer's mistake and traps.
  ///
  /// - Throws: `InputError` for a number of threads that cannot be, and when the environment variable
  ///   `FOVEA_CPU` names what this machine does not have; `KernelError` when an op has no kernel here.
  public func compile(
    outputs: [String: Tensor], options: CompileOptions = CompileOptions(),
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Plan {
    try ProcessorLevel.check()
    try ThreadCount.check(options.threads)
    let threads = min(options.threads ?? KernelTeam.defaultThreads, KernelTeam.mostThreads)
    KernelTeam.use(threads: threads)
    let program = try optimized(outputs: outputs, options: options, file: file, line: line)
    var builder = try PlanBuilder(program, threads: threads)
    var plan = try builder.build()
    plan.knownVariables = variableNames
    return plan
  }

  /// The program that a plan is made of: after every pass, layouts chosen.
  package func optimized(
    outputs: [String: Tensor], options: CompileOptions = CompileOptions(),
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Program {
    for (name, output) in outputs {
      require(
        output.graph === self, "compile: output \(name) is of another graph", file: file, line: line
      )
    }
    var program = Program(nodes: nodes, outputs: outputs.mapValues(\.value), mode: mode)
    let quantization = QuantizeProducts(options.quantizedVariables)
    let passes: [any Pass] =
      options.optimizes
      ? [
        RemoveUnused(), RemoveDuplicates(), FoldConstants(), CommutePooling(), RemoveUnused(),
        FuseEpilogues(), quantization, ChooseKernels(level: options.level),
        FuseElementwise(), RemoveUnused(),
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
