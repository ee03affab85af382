import FoundationEssentials
import FoveaArray
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import Testing

struct CheckpointTests {
  private static func record(_ epoch: Int) -> EpochRecord {
    EpochRecord(
      epoch: epoch, step: 7 * epoch, trainingLoss: 1.5 / Double(epoch), trainingAccuracy: 0.25,
      validationLoss: epoch == 1 ? nil : 0.125, validationAccuracy: epoch == 1 ? nil : 0.75,
      learningRate: 0.001, seconds: 2.5, endedAt: 1_700_000_000.25)
  }

  private static func checkpoint(best: Bool) -> Checkpoint {
    var state = TrainingState()
    state.completedEpochs = 2
    state.nextBatch = 3
    state.step = 17
    state.lossSum = 0.1 + 0.2
    state.correct = 11
    state.seen = 24
    state.seconds = 0.75
    state.history = [record(1), record(2)]
    state.best = best ? record(2) : nil
    state.isFinished = true
    return Checkpoint(
      state: state, startedAt: 1_699_999_999.5,
      weights: Weights(["fc.weight": HostArray([2, 2], [1, -2, .pi, 1e-30] as [Float])]),
      optimizer: Weights(["optimizer.first.fc.weight": HostArray([2, 2], [0, 1, 2, 3] as [Float])]),
      bestWeights: best ? Weights(["fc.weight": HostArray([2, 2], [4, 3, 2, 1] as [Float])]) : nil)
  }

  @Test(arguments: [true, false]) func everythingComesBack(best: Bool) throws {
    let folder = try TemporaryFolder()
    let written = Self.checkpoint(best: best)
    try written.write(to: folder.file("last.safetensors"))
    let read = try Checkpoint(contentsOf: folder.file("last.safetensors"))
    #expect(read.state == written.state)
    #expect(read.startedAt == written.startedAt)
    #expect(read.weights == written.weights)
    #expect(read.optimizer == written.optimizer)
    #expect(read.bestWeights == written.bestWeights)
  }

  @Test func aFileCutShortIsAnErrorAtEveryLength() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("last.safetensors")
    try Self.checkpoint(best: true).write(to: file)
    let whole = try Data(contentsOf: file)
    for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 40)) {
      try whole.prefix(length).write(to: file)
      #expect(throws: InputError.self, "\(length) of \(whole.count) bytes") {
        try Checkpoint(contentsOf: file)
      }
    }
  }

  @Test func otherWeightsAreNoCheckpoint() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("weights.safetensors")
    try Self.checkpoint(best: false).weights.write(to: file)
    let missing = #expect(throws: InputError.self) { try Checkpoint(contentsOf: file) }
    #expect(missing?.problem == "is not a checkpoint: the training state is missing")
    try Self.checkpoint(best: false).weights.write(
      to: file, metadata: ["training": #"{"state": {"step": "many"}}"#])
    let malformed = #expect(throws: InputError.self) { try Checkpoint(contentsOf: file) }
    #expect(malformed?.problem.hasPrefix("is not a checkpoint: ") == true)
  }

  @Test func betterIsLessLossOrAsLittleAndLater() {
    func record(_ accuracy: Double?, _ loss: Double?) -> EpochRecord {
      var record = Self.record(2)
      record.validationAccuracy = accuracy
      record.validationLoss = loss
      return record
    }
    let base = record(0.5, 1)
    // The loss decides, whatever the share of right ones; what is as good comes later.
    #expect(record(0.4, 0.9).isBetter(than: base))
    #expect(!record(0.6, 1.1).isBetter(than: base))
    #expect(!base.isBetter(than: base))
    var later = base
    later.epoch += 1
    #expect(later.isBetter(than: base) && !base.isBetter(than: later))
    // The calibrated loss comes before the plain one.
    var calibrated = record(0.5, 3)
    calibrated.validationScore = 0.8
    #expect(calibrated.isBetter(than: base) && !base.isBetter(than: calibrated))
    #expect(base.isBetter(than: nil) && !record(nil, nil).isBetter(than: nil))
  }
}
