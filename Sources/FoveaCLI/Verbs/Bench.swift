import ArgumentParser
import FoundationEssentials
import Fovea

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures speed, and holds training against recorded runs.",
    discussion: """
      fovea bench cnn --batch 64 --mode train
      fovea bench roof
      fovea bench --golden cnn.safetensors

      Measure on an idle machine: a busy second core halves any figure taken on two.
      """)

  @Argument(help: "A workload (\(Workload.names.joined(separator: ", "))), or roof.")
  var workload: String?

  @Option(help: "Items in a batch.")
  var batch = 64

  @Option(help: "train or infer.")
  var mode = WorkloadBenchmark.Mode.train

  @Option(help: "Steps that are timed; the median counts.")
  var iterations = 20

  @Option(help: "Threads; all processors where not given.")
  var threads: Int?

  @Option(
    help: "A recorded run (safetensors) whose steps are trained again and compared.",
    completion: .file(extensions: ["safetensors"]))
  var golden: String?

  @Flag(help: "Print the time of each step of the plan.")
  var steps = false

  @Flag(name: .shortAndLong, help: "Print one JSON object and nothing else.")
  var json = false

  func validate() throws {
    guard (workload == nil) != (golden == nil) else {
      throw ValidationError("Give a workload, roof, or --golden FILE.")
    }
    guard batch > 0 else { throw ValidationError("--batch must be at least 1, not \(batch).") }
    guard iterations > 0 else {
      throw ValidationError("--iterations must be at least 1, not \(iterations).")
    }
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, not \(threads).")
    }
  }

  func run() throws {
    if let golden {
      try print(ReferenceRun(contentsOf: URL(filePath: golden)).run(threads: threads)) { outcome in
        """
        \(outcome.workload): largest relative deviation of the loss \
        \(outcome.largestRelativeLossDeviation), of the logits \(outcome.largestLogitDeviation)
        """
      }
    } else if workload == "roof" {
      try print(MachineRoof.measure(threads: threads)) { roof in
        """
        matrix product \(roof.gigaflopsPerSecond.rounded()) GFLOP/s, copy \
        \(roof.gigabytesPerSecond.rounded()) GB/s on \(roof.threads) threads
        """
      }
    } else if let workload {
      let workload = try Workload(named: workload)
      if steps {
        for step in try WorkloadBenchmark.profile(
          workload, mode: mode, batch: batch, iterations: iterations, threads: threads)
        {
          Swift.print("\(step.milliseconds)  \(step.step)")
        }
        return
      }
      let result = try WorkloadBenchmark.run(
        workload, mode: mode, batch: batch, iterations: iterations, threads: threads)
      try print(result) { result in
        """
        \(result.workload) \(result.mode.rawValue) batch \(result.batch): \
        \(result.medianMilliseconds) ms, \(result.gigaflopsPerSecond) GFLOP/s, \
        \(100 * result.shareOfRoof) % of the roof, arena \(result.arenaBytes) bytes, \
        \(result.reorders) reorders
        """
      }
    }
  }

  private func print<Result: Encodable>(_ result: Result, _ text: (Result) -> String) throws {
    guard json else {
      Swift.print(text(result))
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    Swift.print(String(decoding: try encoder.encode(result), as: UTF8.self))
  }
}

extension WorkloadBenchmark.Mode: ExpressibleByArgument {}
