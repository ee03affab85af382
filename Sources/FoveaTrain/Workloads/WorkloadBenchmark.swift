import FoveaKernels
package import FoveaNN

/// How fast a workload runs.
package struct WorkloadBenchmark: Codable, Sendable {
  /// What is timed.
  package enum Mode: String, Codable, Sendable, CaseIterable {
    /// Forward pass, cross-entropy, backward pass, Adam update with learning rate 10⁻³.
    case train
    /// Forward pass to logits.
    case infer
  }

  package let workload: String
  package let mode: Mode
  package let batch: Int
  package let threads: Int
  package let medianMilliseconds: Double
  package let fastestMilliseconds: Double
  /// Additions and multiplications a second as the workload defines them, in 10⁹: Winograd's
  /// convolution counts as much as the direct one.
  package let gigaflopsPerSecond: Double
  /// `gigaflopsPerSecond` as a share of what a large matrix product reaches.
  package let shareOfRoof: Double
  /// Bytes of operands that all steps together read and write, in 10⁹ a second.
  package let gigabytesPerSecond: Double
  package let arenaBytes: Int
  /// The most memory that the process took up to the last step.
  package let peakBytes: Int
  /// Copies from one layout into another in one step.
  package let reorders: Int
  /// Trace, gradients, passes and layouts: from the network's description to the plan.
  package let compileMilliseconds: Double
  /// Primitives, memory, start values and inputs: from the plan to the first step being ready.
  package let prepareMilliseconds: Double
  /// How long the first step took, which touches all memory for the first time.
  package let firstStepMilliseconds: Double

  /// Times a workload; `warmUp` steps are not counted.
  package static func run(
    _ workload: Workload, mode: Mode, batch: Int, iterations: Int, warmUp: Int = 5,
    threads: Int? = nil
  ) throws -> WorkloadBenchmark {
    guard batch > 0, iterations > 0 else {
      throw InputError("a batch of \(batch) and \(iterations) iterations cannot be timed")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let plan = try plan(for: workload, mode: mode, batch: batch, threads: threads)
    let compiled = clock.now
    let session = try session(plan, for: workload, batch: batch)
    let ready = clock.now
    let times = try Self.times(session, iterations: iterations, warmUp: warmUp)
    let median = times.sorted[times.sorted.count / 2]
    let gigaflops = 1e-9 * Double(plan.floatingPointOperations) / median
    // The roof's own arrays do not count.
    let peak = ProcessMemory.peakBytes
    let roof = try MachineRoof.measure(threads: threads)
    return WorkloadBenchmark(
      workload: workload.name, mode: mode, batch: batch, threads: plan.threads,
      medianMilliseconds: 1e3 * median, fastestMilliseconds: 1e3 * times.sorted[0],
      gigaflopsPerSecond: gigaflops, shareOfRoof: gigaflops / roof.gigaflopsPerSecond,
      gigabytesPerSecond: 1e-9 * Double(plan.steps.map(\.operandBytes).reduce(0, +)) / median,
      arenaBytes: plan.arenaBytes, peakBytes: peak,
      reorders: plan.steps.count(where: \.isReorder),
      compileMilliseconds: 1e3 * (compiled - start).seconds,
      prepareMilliseconds: 1e3 * (ready - compiled).seconds,
      firstStepMilliseconds: 1e3 * times.first)
  }

  /// Seconds of the first step, and in ascending order of those after `warmUp` steps.
  static func times(
    _ session: Session, iterations: Int, warmUp: Int
  ) throws -> (first: Double, sorted: [Double]) {
    var times: [Double] = []
    for step in 1...(warmUp + iterations) {
      if session.plan.updatesVariables { try session.set("step", to: HostArray(Float(step))) }
      times.append(try Stopwatch.seconds { try session.run() })
    }
    return (times[0], times.dropFirst(warmUp).sorted())
  }

  /// A session that is ready to run, with random inputs and labels.
  package static func session(
    for workload: Workload, mode: Mode, batch: Int, threads: Int?
  ) throws -> Session {
    let plan = try plan(for: workload, mode: mode, batch: batch, threads: threads)
    return try self.session(plan, for: workload, batch: batch)
  }

  /// What is timed, compiled.
  package static func plan(
    for workload: Workload, mode: Mode, batch: Int, threads: Int?
  ) throws -> Plan {
    var options = CompileOptions()
    options.threads = threads
    let graph = Graph(for: workload.network, mode: mode == .train ? .training : .inference)
    switch mode {
    case .train:
      let loss = workload.loss(in: graph, batch: batch)
      try TrainingMemory.checkFarBeyond(workload.network, graph, ["loss": loss])
      loss.minimize(workload.network, StepSettings(optimizer: .adam()))
      return try graph.compile(outputs: ["loss": loss], options: options)
    case .infer:
      let logits = workload.logits(in: graph, batch: batch)
      try TrainingMemory.checkFarBeyond(workload.network, graph, ["logits": logits])
      return try graph.compile(outputs: ["logits": logits], options: options)
    }
  }

  private static func session(
    _ plan: Plan, for workload: Workload, batch: Int
  ) throws -> Session {
    let key = RandomKey(seed: 0)
    let session = try Session(
      plan, variables: workload.network.initialWeights(key: key).arrays)
    for (name, array) in workload.arrays(batch: batch, key: key)
    where plan.inputs[name] != nil { try session.set(name, to: array) }
    if let type = plan.inputTypes["randomKey"] {
      try session.set("randomKey", to: HostArray(zeros: type))
    }
    if plan.updatesVariables {
      try session.set("learningRate", to: HostArray(Float(1e-3)))
      try session.set("step", to: HostArray(Float(1)))
    }
    return session
  }
}
