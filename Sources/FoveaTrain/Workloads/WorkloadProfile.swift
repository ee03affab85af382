import FoveaKernels
import FoveaNN

/// What the steps of a workload's plan take, and what the machine allows them at least.
package struct WorkloadProfile: Codable, Sendable {
  /// One step of the plan.
  package struct StepTime: Codable, Sendable {
    package let op: String
    package let implementation: String
    /// The step as `fovea inspect` writes it.
    package let text: String
    package let milliseconds: Double
    package let floatingPointOperations: Int
    /// Bytes of all operands: what the step reads and writes at least.
    package let bytes: Int
  }

  /// All steps of one kind of op.
  package struct OpTime: Codable, Sendable {
    package let op: String
    package let calls: Int
    package let milliseconds: Double
    /// The share of all steps' time.
    package let share: Double
    package let gigaflopsPerSecond: Double
    package let gigabytesPerSecond: Double
    /// Σ max(FLOPs / product ceiling, bytes / copy ceiling): the time at the roof.
    package let roofMilliseconds: Double
  }

  package let workload: String
  package let mode: WorkloadBenchmark.Mode
  package let batch: Int
  package let roof: MachineRoof
  package let steps: [StepTime]
  /// By op, the slowest first.
  package let ops: [OpTime]

  package var milliseconds: Double { steps.map(\.milliseconds).reduce(0, +) }
  package var floatingPointOperations: Int { steps.map(\.floatingPointOperations).reduce(0, +) }
  package var bytes: Int { steps.map(\.bytes).reduce(0, +) }
  /// The time that the machine's ceilings allow at least, step by step.
  package var roofMilliseconds: Double { ops.map(\.roofMilliseconds).reduce(0, +) }

  /// Times each step of a workload's plan by itself; medians count.
  package static func measure(
    _ workload: Workload, mode: WorkloadBenchmark.Mode, batch: Int, iterations: Int,
    threads: Int? = nil
  ) throws -> WorkloadProfile {
    let session = try WorkloadBenchmark.session(
      for: workload, mode: mode, batch: batch, threads: threads)
    return try measure(
      session, workload: workload.name, mode: mode, batch: batch, iterations: iterations)
  }

  /// Times each step of a session that is ready to run.
  static func measure(
    _ session: Session, workload: String, mode: WorkloadBenchmark.Mode, batch: Int, iterations: Int
  ) throws -> WorkloadProfile {
    var times: [[Double]] = session.plan.steps.map { _ in [] }
    try session.run()
    for _ in 0..<iterations {
      for index in times.indices {
        times[index].append(try Stopwatch.seconds { try session.runStep(index) })
      }
    }
    let steps = zip(times, session.plan.steps).map { times, step in
      StepTime(
        op: step.op, implementation: step.kernel.implementation, text: GraphText.describe(step),
        milliseconds: 1e3 * times.sorted()[times.count / 2],
        floatingPointOperations: step.floatingPointOperations, bytes: step.operandBytes)
    }
    return WorkloadProfile(
      workload: workload, mode: mode, batch: batch, steps: steps,
      roof: try MachineRoof.measure(threads: session.plan.threads))
  }

  /// A profile of steps that were timed.
  package init(
    workload: String, mode: WorkloadBenchmark.Mode, batch: Int, steps: [StepTime],
    roof: MachineRoof
  ) {
    self.workload = workload
    self.mode = mode
    self.batch = batch
    self.steps = steps
    self.roof = roof
    let total = steps.map(\.milliseconds).reduce(0, +)
    ops = Dictionary(grouping: steps, by: \.op).map { op, steps in
      let milliseconds = steps.map(\.milliseconds).reduce(0, +)
      func rate(_ amounts: [Int]) -> Double {
        milliseconds > 0 ? 1e-6 * Double(amounts.reduce(0, +)) / milliseconds : 0
      }
      return OpTime(
        op: op, calls: steps.count, milliseconds: milliseconds,
        share: total > 0 ? milliseconds / total : 0,
        gigaflopsPerSecond: rate(steps.map(\.floatingPointOperations)),
        gigabytesPerSecond: rate(steps.map(\.bytes)),
        roofMilliseconds: steps.map(roof.milliseconds).reduce(0, +))
    }.sorted { ($1.milliseconds, $0.op) < ($0.milliseconds, $1.op) }
  }
}

extension MachineRoof {
  /// The least time that the ceilings allow a step: whichever of its sums and its bytes takes
  /// longer.
  package func milliseconds(_ step: WorkloadProfile.StepTime) -> Double {
    max(
      1e-6 * Double(step.floatingPointOperations) / gigaflopsPerSecond,
      1e-6 * Double(step.bytes) / gigabytesPerSecond)
  }
}

extension Step {
  /// Bytes of all operands.
  var operandBytes: Int { operands.map(\.layout.byteCount).reduce(0, +) }
}
