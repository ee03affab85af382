import FoundationEssentials
import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTrain
import Glibc
import Testing

/// Recorded runs of another framework, from the folder that `FOVEA_GOLDEN` names.
private let folder = getenv("FOVEA_GOLDEN").map { URL(filePath: String(cString: $0)) }

struct ReferenceRunTests {
  @Test(
    .enabled(if: folder != nil, "FOVEA_GOLDEN names no folder of recorded runs: skipped"),
    arguments: ["cnn", "cnn-sgd"])
  func tenTrainingStepsAgreeInEveryLoss(name: String) throws {
    let url = try #require(folder).appending(path: "\(name).safetensors")
    let outcome = try ReferenceRun(contentsOf: url).run()
    #expect(outcome.workload == "cnn")
    #expect(outcome.losses.count == 10)
    #expect(outcome.largestRelativeLossDeviation < 1e-5)
    #expect(outcome.largestLogitDeviation < 1e-4)
  }

  // MARK: The format

  /// A recorded run of `cnn-plain`, of Fovea's own making.
  private func recording(
    metadata: [String: String] = [:], change: (inout [String: HostArray]) -> Void = { _ in }
  ) throws -> URL {
    let workload = try Workload(named: "cnn-plain")
    var arrays: [String: HostArray] = [
      "input": numbers([2, 3, 32, 32], seed: 50), "target": HostArray([3, 7] as [Int32]),
      "losses": HostArray([2.3, 2.2] as [Float]), "logits": HostArray(zeros: ArrayType([2, 10])),
    ]
    for (path, array) in workload.network.initialWeights(key: RandomKey(seed: 4)).arrays {
      arrays["parameter.\(path)"] = array
    }
    change(&arrays)
    let url = FileManager.default.temporaryDirectory.appending(
      path: "reference-\(UInt64.random(in: 0...(.max))).safetensors")
    let settings = [
      "workload": "cnn-plain",
      "optimizer": #"{"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": true}"#,
    ]
    try Safetensors.write(arrays, metadata: settings.merging(metadata) { $1 }, to: url)
    return url
  }

  @Test func aRunOfAnySettingsIsTrainedAgain() throws {
    let url = try recording()
    defer { try? FileManager.default.removeItem(at: url) }
    let run = try ReferenceRun(contentsOf: url)
    #expect(run.optimizer == .sgd(momentum: 0.9, nesterov: true, weightDecay: 0))
    #expect(run.learningRate == 0.1)
    let outcome = try run.run(threads: 1)
    #expect(outcome.losses.count == 2)
    // The second loss is that of another framework's step, made up here: they differ.
    #expect(outcome.largestRelativeLossDeviation > 1e-4)
    #expect(outcome.largestLogitDeviation > 1e-4)
  }

  @Test func aFileThatIsNoRunIsRefusedWithItsReason() throws {
    func reason(_ url: URL) -> String? {
      defer { try? FileManager.default.removeItem(at: url) }
      do {
        _ = try ReferenceRun(contentsOf: url)
        return nil
      } catch let error as InputError {
        return error.problem
      } catch { return "\(error)" }
    }
    #expect(
      reason(try recording(metadata: ["workload": "other"])) == "there is no workload called other")
    #expect(
      reason(try recording(metadata: ["optimizer": #"{"name": "lion", "learning_rate": 1}"#]))
        == "the optimizer lion is not known")
    #expect(
      reason(try recording(metadata: ["optimizer": "{}"]))
        == "the optimizer's settings are not readable")
    #expect(
      reason(try recording { $0["parameter.fc1.bias"] = nil }) == "holds no weights called fc1.bias"
    )
    #expect(reason(try recording { $0["input"] = nil }) == "holds no array called input")
  }
}
