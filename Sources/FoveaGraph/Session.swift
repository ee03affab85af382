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
  private let inputNames: [String]
  /// Which inputs were set since the memory was last taken: no set of names, as it would take memory.
  private var isSet: [Bool]
  private var unsetCount: Int
  /// Whether outputs are there.
  private var hasRun = false

  private var arena: Memory { region.memory }

  /// Ties a plan to memory and to variables, which other sessions may share.
  ///
  /// - Parameter arena: memory that other sessions use too, in turn: who runs must set all inputs, and
  ///   outputs stay until another runs. Memory of its own where not given.
  /// - Throws: `KernelError` when variables are stored in layouts that the plan was not made for;
  ///   `InputError` where the machine has too little memory.
  package init(_ plan: Plan, variables: VariableStore, arena: Arena? = nil) throws {
    self.plan = plan
    self.variables = variables
    inputNames = plan.inputs.keys.sorted()
    isSet = [Bool](repeating: false, count: inputNames.count)
    unsetCount = inputNames.count
    region = try (arena ?? Arena()).region(byteCount: plan.arenaBytes)
    let known = variables.layouts
    try SessionMemory.require(
      SizeArithmetic.sum(
        plan.variables.filter { known[$0.name] == nil }.map(\.layout.byteCount)))
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
    for index in isSet.indices { isSet[index] = false }
    unsetCount = isSet.count
    hasRun = false
    for (slot, array) in plan.constants {
      if case .arena(let offset) = slot.storage {
        try arena.write(array, at: offset, in: slot.layout)
      }
    }
  }

  /// Ties a plan to memory of its own, with variables that start as given, or as zeros. Those of the
  /// graph that the plan does not need are passed over.
  ///
  /// - Throws: `InputError` when the graph has no variable of a name or it has another type;
  ///   `KernelError` when a kernel cannot be made.
  public convenience init(_ plan: Plan, variables: [String: HostArray] = [:]) throws {
    for (name, array) in variables {
      guard let variable = plan.variables.first(where: { $0.name == name }) else {
        if plan.knownVariables.contains(name) { continue }
        throw InputError(
          "the plan has no variable called \(name)",
          advice: Self.names("variables", plan.knownVariables))
      }
      guard variable.layout.type == array.type else {
        throw InputError("variable \(name) is \(variable.layout.type), not \(array.type)")
      }
    }
    try self.init(plan, variables: VariableStore(variables))
  }

  /// Sets an input for the runs to come.
  ///
  /// - Throws: `InputError` when the plan has no such input or it has another type.
  public func set(_ name: String, to array: HostArray) throws {
    guard let slot = plan.inputs[name], case .arena(let offset) = slot.storage else {
      throw InputError(
        "the plan has no input called \(name)", advice: Self.names("inputs", plan.inputs.keys))
    }
    guard slot.layout.type == array.type else {
      throw InputError("input \(name) is \(slot.layout.type), not \(array.type)")
    }
    try takeArena()
    try arena.write(array, at: offset, in: slot.layout)
    if let index = inputNames.firstIndex(of: name), !isSet[index] {
      isSet[index] = true
      unsetCount -= 1
    }
  }

  /// `Its inputs are: x, y`
  private static func names(_ noun: String, _ names: some Collection<String>) -> String {
    names.isEmpty
      ? "It has no \(noun)" : "Its \(noun) are: \(names.sorted().joined(separator: ", "))"
  }

  /// Runs the plan on the inputs that were set.
  ///
  /// - Throws: `InputError` when an input was not set; `KernelError` when a kernel fails, such as for
  ///   an index out of range.
  public func run() throws {
    KernelTeam.use(threads: plan.threads)
    KernelTeam.watch()
    try takeArena()
    if unsetCount > 0, let missing = isSet.firstIndex(of: false) {
      throw InputError(
        "the input \(inputNames[missing]) was not set",
        advice: "Set all inputs before a run, or give them to it")
    }
    hasRun = false
    if preparedVersion != variables.version {
      try preparation.run()
      preparedVersion = variables.version
    }
    try steps.run()
    hasRun = true
    if plan.updatesVariables { variables.noteChange() }
  }

  /// Sets inputs, runs, and gives all outputs.
  ///
  /// - Throws: as `set` and `run()` do.
  public func run(_ inputs: [String: HostArray]) throws -> [String: HostArray] {
    for (name, array) in inputs { try set(name, to: array) }
    try run()
    return try plan.outputs.mapValues { try value(of: $0) }
  }

  /// An output of the last run.
  ///
  /// - Throws: `InputError` when the plan has no such output, or no run came to its end.
  public func output(_ name: String) throws -> HostArray {
    guard let slot = plan.outputs[name] else {
      throw InputError(
        "the plan has no output called \(name)", advice: Self.names("outputs", plan.outputs.keys))
    }
    guard hasRun else {
      throw InputError("output \(name) is not there before a run", advice: "Call run() first")
    }
    return try value(of: slot)
  }

  private func value(of slot: Slot) throws -> HostArray {
    switch slot.storage {
    case .arena(let offset):
      require(
        region.holder === self,
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
  ///
  /// Arrays for inputs and variables that the graph has and this tensor does not need are passed over.
  ///
  /// - Throws: `InputError` for a name that the graph has not, an array of another type or an input
  ///   that is missing; `KernelError` when a kernel fails.
  public func value(
    inputs: [String: HostArray] = [:], variables: [String: HostArray] = [:],
    options: CompileOptions = CompileOptions()
  ) throws -> HostArray {
    let plan = try graph.compile(outputs: ["value": self], options: options)
    // A key for dropout may be given whether the network drops anything or not.
    let names = inputs.keys.sorted().filter { $0 != "randomKey" }
    if let name = names.first(where: { graph.sources[$0] == nil }) {
      throw InputError("the graph has no input called \(name)")
    }
    let session = try Session(plan, variables: variables)
    for (name, array) in inputs where plan.inputs[name] != nil { try session.set(name, to: array) }
    try session.run()
    return try session.output("value")
  }
}
