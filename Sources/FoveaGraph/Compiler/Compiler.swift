package import FoveaKernels

/// How a graph is compiled.
public struct CompileOptions: Sendable {
  /// How many threads kernels can run on.
  public static let threadNumbers = 1...1024

  /// Threads that kernels run on, one of `threadNumbers`; all processors where not given.
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
  /// An output of another graph is a programmer's mistake and traps.
  ///
  /// - Throws: `KernelError` when an op has no kernel on this machine; `InputError` for a number of
  ///   threads that cannot be.
  public func compile(
    outputs: [String: Tensor], options: CompileOptions = CompileOptions(),
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Plan {
    let threads = options.threads ?? KernelTeam.defaultThreads
    guard CompileOptions.threadNumbers.contains(threads) else {
      throw InputError(
        "\(threads) threads cannot be",
        advice: "Give 1 to \(CompileOptions.threadNumbers.upperBound)")
    }
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
        FuseEpilogues(), quantization, ChooseKernels(), FuseElementwise(), RemoveUnused(),
      ] : [quantization, RemoveUnused()]
    for pass in passes {
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
