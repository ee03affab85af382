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
  package let arenaBytes: Int
  /// Copies from one layout into another in one step.
  package let reorders: Int
  /// From the network's description to the first step being ready to run.
  package let compileMilliseconds: Double

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
    let session = try session(for: workload, mode: mode, batch: batch, threads: threads)
    let compileSeconds = (clock.now - start).seconds
    var times: [Double] = []
    for step in 1...(warmUp + iterations) {
      if mode == .train { try session.set("step", to: HostArray(Float(step))) }
      let seconds = try Stopwatch.seconds { try session.run() }
      if step > warmUp { times.append(seconds) }
    }
    times.sort()
    let median = times[times.count / 2]
    let gigaflops = 1e-9 * Double(session.plan.floatingPointOperations) / median
    let roof = try MachineRoof.measure(threads: threads)
    return WorkloadBenchmark(
      workload: workload.name, mode: mode, batch: batch, threads: session.plan.threads,
      medianMilliseconds: 1e3 * median, fastestMilliseconds: 1e3 * times[0],
      gigaflopsPerSecond: gigaflops, shareOfRoof: gigaflops / roof.gigaflopsPerSecond,
      arenaBytes: session.plan.arenaBytes, reorders: session.plan.steps.count(where: \.isReorder),
      compileMilliseconds: 1e3 * compileSeconds)
  }

  /// A session that is ready to run, with random inputs and labels.
  package static func session(
    for workload: Workload, mode: Mode, batch: Int, threads: Int?
  ) throws -> Session {
    var options = CompileOptions()
    options.threads = threads
    let graph = Graph(for: workload.network, mode: mode == .train ? .training : .inference)
    let plan: Plan
    switch mode {
    case .train:
      let loss = workload.loss(in: graph, batch: batch)
      loss.minimize(workload.network, StepSettings(optimizer: .adam()))
      plan = try graph.compile(outputs: ["loss": loss], options: options)
    case .infer:
      let logits = workload.logits(in: graph, batch: batch)
      plan = try graph.compile(outputs: ["logits": logits], options: options)
    }
    let key = RandomKey(seed: 0)
    let session = try Session(
      plan, variables: workload.network.initialWeights(key: key).arrays)
    for (name, array) in workload.arrays(batch: batch, key: key)
    where plan.inputs[name] != nil { try session.set(name, to: array) }
    if mode == .train {
      try session.set("learningRate", to: HostArray(Float(1e-3)))
    }
    return session
  }

  /// The time of each step of a workload's plan, with the step as text.
  package static func profile(
    _ workload: Workload, mode: Mode, batch: Int, iterations: Int, threads: Int? = nil
  ) throws -> [(milliseconds: Double, step: String)] {
    let session = try session(for: workload, mode: mode, batch: batch, threads: threads)
    if mode == .train { try session.set("step", to: HostArray(Float(1))) }
    var times: [[Double]] = session.plan.steps.map { _ in [] }
    try session.run()
    for _ in 0..<iterations {
      for index in times.indices {
        times[index].append(try Stopwatch.seconds { try session.runStep(index) })
      }
    }
    return zip(times, session.plan.steps).map { times, step in
      (1e3 * times.sorted()[times.count / 2], GraphText.describe(step))
    }
  }
}
