import FoveaKernels

/// A plan with memory: an arena, its own or one that it shares, and the variables it works on.
///
/// Made once and run often; a run allocates nothing. Not `Sendable`: a session belongs to one
/// thread, in the package the kernel thread.
public final class Session {
  /// The plan that the session runs.
  public let plan: Plan
  package let variables: VariableStore
  private let region: Arena.Region
  private let steps: BoundKernels
  private let preparation: BoundKernels
  private var preparedVersion: Int?

  private var arena: Memory { region.memory }

  /// Ties a plan to memory and to variables, which other sessions may share.
  ///
  /// - Parameter arena: memory that other sessions use too, in turn: who runs must set all inputs, and
  ///   outputs stay until another runs. Memory of its own where not given.
  /// - Throws: `KernelError` when variables are stored in layouts that the plan was not made for.
  package init(_ plan: Plan, variables: VariableStore, arena: Arena? = nil) throws {
    self.plan = plan
    self.variables = variables
    region = (arena ?? Arena()).region(byteCount: plan.arenaBytes)
    let memories = try variables.memories(for: plan)
    KernelTeam.use(threads: plan.threads)
    steps = try BoundKernels(
      plan.steps.map { ($0.kernel, $0.operands) }, arena: region.memory,
      scratchOffset: plan.scratchOffset, variables: memories)
    preparation = try BoundKernels(
      plan.preparation.map { ($0.kernel, $0.operands) }, arena: region.memory,
      scratchOffset: plan.scratchOffset, variables: memories)
  }

  /// Puts into the arena what runs do not write, unless it is there since the last run.
  private func takeArena() throws(KernelError) {
    guard region.holder !== self else { return }
    region.holder = self
    preparedVersion = nil
    for (slot, array) in plan.constants {
      if case .arena(let offset) = slot.storage {
        try arena.write(array, at: offset, in: slot.layout)
      }
    }
  }

  /// Ties a plan to memory of its own, with variables that start as given, or as zeros.
  public convenience init(_ plan: Plan, variables: [String: HostArray] = [:]) throws {
    try self.init(plan, variables: VariableStore(variables))
  }

  /// Sets an input for the runs to come.
  ///
  /// - Throws: `InputError` when the plan has no such input or it has another type.
  public func set(_ name: String, to array: HostArray) throws {
    guard let slot = plan.inputs[name], case .arena(let offset) = slot.storage else {
      throw InputError("the plan has no input called \(name)")
    }
    guard slot.layout.type == array.type else {
      throw InputError("input \(name) is \(slot.layout.type), not \(array.type)")
    }
    try takeArena()
    try arena.write(array, at: offset, in: slot.layout)
  }

  /// Runs the plan on the inputs that were set.
  ///
  /// - Throws: `KernelError` when a kernel fails, such as for an index out of range.
  public func run() throws {
    KernelTeam.use(threads: plan.threads)
    KernelTeam.watch()
    try takeArena()
    if preparedVersion != variables.version {
      try preparation.run()
      preparedVersion = variables.version
    }
    try steps.run()
    if plan.updatesVariables { variables.noteChange() }
  }

  /// Sets inputs, runs, and gives all outputs.
  public func run(_ inputs: [String: HostArray]) throws -> [String: HostArray] {
    for (name, array) in inputs { try set(name, to: array) }
    try run()
    return try plan.outputs.mapValues { try value(of: $0) }
  }

  /// An output of the last run.
  public func output(_ name: String) throws -> HostArray {
    guard let slot = plan.outputs[name] else {
      throw InputError("the plan has no output called \(name)")
    }
    return try value(of: slot)
  }

  private func value(of slot: Slot) throws -> HostArray {
    switch slot.storage {
    case .arena(let offset):
      precondition(
        region.holder == nil || region.holder === self,
        "session: another one ran in the same memory, and the outputs are gone")
      return try arena.read(at: offset, in: slot.layout)
    case .variable(let number):
      return try variables.value(plan.variables[number].name) ?? HostArray(zeros: slot.layout.type)
    }
  }

  /// Runs one step alone, for measurements.
  package func runStep(_ index: Int) throws { try steps.run(index) }
}

extension Tensor {
  /// Compiles and runs what this tensor needs: for tests and debugging, not for speed.
  public func value(
    inputs: [String: HostArray] = [:], variables: [String: HostArray] = [:],
    options: CompileOptions = CompileOptions()
  ) throws -> HostArray {
    let plan = try graph.compile(outputs: ["value": self], options: options)
    let session = try Session(plan, variables: variables)
    for (name, array) in inputs where plan.inputs[name] != nil { try session.set(name, to: array) }
    try session.run()
    return try session.output("value")
  }
}
