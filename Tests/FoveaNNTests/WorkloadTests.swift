import FoundationEssentials
import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaNN
import FoveaTestSupport
import FoveaTrain
import Glibc
import Testing

/// Recorded runs of another framework, from the folder that `FOVEA_GOLDEN` names.
private let folder = getenv("FOVEA_GOLDEN").map { URL(filePath: String(cString: $0)) }

/// All files of that folder.
private let recordings: [URL] = {
  guard let folder else { return [] }
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  let runs = names.filter { $0.hasSuffix(".safetensors") }.map { folder.appending(path: $0) }
  return runs.sorted { $0.path < $1.path }
}()

struct WorkloadTests {
  @Test(
    .enabled(if: folder != nil, "FOVEA_GOLDEN names no folder of recorded runs: skipped"),
    arguments: recordings)
  func everyRecordedRunAgreesInEveryLoss(url: URL) throws {
    let outcome = try ReferenceRun(contentsOf: url).run()
    // Adam magnifies rounding there: the other framework's own float32 run differs by 5e-4.
    let tolerance = outcome.workload == "resnet20-cbam" ? 2e-3 : 1e-5
    #expect(outcome.largestRelativeLossDeviation < tolerance)
  }

  /// Small sizes of each workload, so that compiling takes little.
  static let small: [(name: String, arguments: [String: Int])] = [
    ("cnn", [:]), ("cnn-plain", [:]), ("resnet20-cbam", [:]),
    ("vit", ["width": 48, "layers": 2]),
    ("encoder", ["vocabulary": 50, "length": 20, "width": 32, "heads": 4, "layers": 2]),
    ("lstm-attention", ["features": 8, "hidden": 16]),
    ("gru-attention", ["features": 8, "hidden": 16]),
    ("gpt", ["length": 20, "width": 32, "layers": 2]), ("long-attention", ["length": 700]),
  ]

  @Test func theseAreTheWorkloads() { #expect(Workload.names == Self.small.map(\.name)) }

  @Test(arguments: small) func noStepRunsOnReferenceCodeOrTakesAnArrayFromTheHeap(
    name: String, arguments: [String: Int]
  ) throws {
    for mode in WorkloadBenchmark.Mode.allCases {
      let session = try WorkloadBenchmark.session(
        for: Workload(named: name, arguments: arguments), mode: mode, batch: 3, threads: 1)
      for step in session.plan.steps + session.plan.preparation {
        #expect(
          !step.kernel.implementation.contains("ref"),
          "\(step.op) of \(name) runs on \(step.kernel.implementation)")
      }
      if mode == .train { try session.set("step", to: HostArray(Float(1))) }
      // oneDNN looks its arguments up in small tables, which it makes for each call and frees.
      #expect(try largestAllocation(in: session) < 4_096, "\(name), \(mode)")
    }
  }

  /// Trained on one batch alone, a network learns it by heart.
  @Test(arguments: small.filter { !["long-attention", "cnn-plain"].contains($0.name) })
  func oneBatchIsLearned(name: String, arguments: [String: Int]) throws {
    let workload = try Workload(named: name, arguments: arguments)
    let session = try WorkloadBenchmark.session(for: workload, mode: .train, batch: 4, threads: 1)
    try session.set("learningRate", to: HostArray(Float(3e-3)))
    var losses: [Float] = []
    for step in 1...60 {
      try session.set("step", to: HostArray(Float(step)))
      try session.run()
      losses.append(try session.output("loss").scalar)
    }
    let last = try #require(losses.last)
    #expect(last < 0.35 * losses[0] && last < 0.7, "from \(losses[0]) to \(last)")
  }

  /// What is said of an item does not depend on the others of its batch.
  @Test(arguments: small.filter { $0.name != "long-attention" })
  func anItemIsPredictedAlone(name: String, arguments: [String: Int]) throws {
    let workload = try Workload(named: name, arguments: arguments)
    let weights = workload.network.initialWeights(key: RandomKey(seed: 4)).arrays
    let input = try #require(
      workload.arrays(batch: 3, key: RandomKey(seed: 5))["input"])
    func logits(_ input: HostArray) throws -> HostArray {
      let graph = Graph(for: workload.network, mode: .inference)
      return try workload.logits(in: graph, batch: input.shape[0]).value(
        inputs: ["input": input], variables: weights)
    }
    let whole = try logits(input)
    let size = input.shape.elementCount / 3
    let shape = Shape([1] + input.shape.sizes.dropFirst())
    let second: HostArray =
      switch input.storage {
      case .int32(let elements): HostArray(shape, Array(elements[size..<(2 * size)]))
      default: HostArray(shape, Array(input.floats[size..<(2 * size)]))
      }
    let alone = try logits(second)
    let count = alone.shape.elementCount
    expectClose(
      alone, Array64(alone.shape, Array(whole.doubles.values[count..<(2 * count)])),
      absolute: 2e-5, relative: 1e-4)
  }

  @Test func aSizeThatAWorkloadDoesNotHaveIsRefused() {
    #expect(throws: InputError("the workload vit has no size called depth")) {
      try Workload(named: "vit", arguments: ["depth": 2])
    }
  }

  /// Memory of attention alone grows with the positions, not with their square.
  @Test func longAttentionGrowsWithItsLength() throws {
    func arena(_ length: Int) throws -> Int {
      try WorkloadBenchmark.session(
        for: Workload(named: "long-attention", arguments: ["length": length]), mode: .train,
        batch: 1, threads: 1
      ).plan.arenaBytes
    }
    let (small, large) = (try arena(1_024), try arena(4_096))
    #expect(large < 5 * small)
    // The scores of one head of eight would be 67 MB.
    #expect(large < 2 * 4_096 * 4_096 * 4)
  }
}
