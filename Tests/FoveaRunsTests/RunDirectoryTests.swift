import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import Testing

struct RunDirectoryTests {
  private static func configuration() throws -> RunConfiguration {
    var template = NetworkDescription(CNNFamily())
    template.widths = [4, 6]
    template.hidden = 5
    var settings = TrainingSettings()
    settings.optimizer = .adamw
    settings.schedule = .warmup
    settings.threads = 2
    settings.frozen = ["conv1."]
    settings.seed = .max
    let classifier = ClassifierDescription(
      network: try template.fitted(to: .map(height: 8, width: 12, channels: 1), classes: 2),
      input: .picture(
        try PictureInput(width: 12, height: 8, channels: .grey, mode: .shorterSide)),
      normalization: ChannelStatistics(mean: [0.25], deviation: [0.5]),
      classes: ["größer", "kleiner"])
    let broken = try JSONDecoder().decode(
      BrokenExamples.self, from: Data(#"{"count": 0, "total": 9, "named": []}"#.utf8))
    var configuration = RunConfiguration(
      classifier: classifier, training: settings,
      data: RunConfiguration.DataSummary(
        path: "flowers", trainingCount: 8, validationCount: 1, testCount: nil, broken: broken,
        fingerprint: "ab"), startedFrom: "runs/other")
    configuration.keptEpoch = EpochRecord(
      epoch: 1, step: 2, trainingLoss: 0.1, trainingAccuracy: 0.9, learningRate: 0.001,
      seconds: 1, endedAt: 2)
    return configuration
  }

  @Test func whatARunHasSeenIsKnownByContent() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.file("run/checkpoints"), withIntermediateDirectories: true)
    let directory = RunDirectory(folder.file("run"))
    #expect(directory.usedExamples().isEmpty)
    // Halves with their highest bits set, and a copy that chose the epoch of what was trained on.
    let digests: [UInt64] = [1, .max, 0x8000_0000_7FFF_FFFF, 0x7FFF_FFFF_8000_0000, 1, 5]
    try directory.write(
      digests: digests,
      uses: [.trainedOn, .chosenBy, .trainedOn, .chosenBy, .chosenBy, .neither])
    #expect(
      directory.usedExamples() == [
        1: .trainedOn, .max: .chosenBy, 0x8000_0000_7FFF_FFFF: .trainedOn,
        0x7FFF_FFFF_8000_0000: .chosenBy,
      ])
    #expect(directory.changed(among: digests).isEmpty)
    #expect(directory.changed(among: [1, .max, 3, 0x7FFF_FFFF_8000_0000, 1, 5]) == [2])
  }

  /// A network of nothing, whose checkpoints hold no weights.
  private struct Bare: Module {}

  private func run() throws -> (TemporaryFolder, RunDirectory) {
    let folder = try TemporaryFolder()
    return (folder, RunDirectory(folder.file("run")))
  }

  @Test func aConfigurationComesBackAndBuildsItsModel() throws {
    let (_, run) = try run()
    try run.create(overwrite: false)
    let written = try Self.configuration()
    try run.write(written)
    let read = try run.configuration()
    #expect(read == written)
    #expect(read.training.seed == .max)
    let model = try read.classifier.model()
    let weights = model.initialWeights(key: RandomKey(seed: 3))
    try weights.write(to: run.weightsURL)
    #expect(try run.weights(for: model) == weights)
  }

  @Test func whatIsMissingOrForeignIsSaid() throws {
    let (folder, run) = try run()
    func expect(_ problem: String, advice: Advice?, _ body: () throws -> Void) {
      let error = #expect(throws: InputError.self) { try body() }
      #expect(error?.problem == problem)
      #expect(error?.advice == advice)
    }
    let output: Advice = "Give the folder that a training wrote, its \(.output)"
    expect("does not exist", advice: output) { _ = try run.configuration() }
    try run.create(overwrite: false)
    expect("holds no run: config.json is missing", advice: output) { _ = try run.configuration() }
    try folder.write(#"{"schemaVersion": 2}"#, "run/config.json")
    expect(
      "was written by a newer Fovea (form 2, this one reads 1)", advice: "Update Fovea"
    ) { _ = try run.configuration() }
    try folder.write(#"{"schemaVersion": 1}"#, "run/config.json")
    expect("is not a run's configuration: foveaVersion is missing", advice: nil) {
      _ = try run.configuration()
    }
    try folder.write("{", "run/config.json")
    let malformed = #expect(throws: InputError.self) { try run.configuration() }
    #expect(malformed?.problem.hasPrefix("is not a run's configuration: ") == true)
    let model = try Self.configuration().classifier.model()
    expect("holds no weights: weights.safetensors is missing", advice: nil) {
      _ = try run.weights(for: model)
    }
    try folder.write("", "run/checkpoints/last.safetensors")
    expect(
      "training has not ended: weights.safetensors is missing",
      advice: "Go on with \(.resume)"
    ) { _ = try run.weights(for: model) }
  }

  @Test func onlyWhatIsOursIsReplacedAndOnlyWhenAsked() throws {
    let (folder, run) = try run()
    try run.checkIsFree(overwrite: false)
    try run.create(overwrite: false)
    // A run that was killed before it had its configuration is in nobody's way.
    try folder.write("", "run/checkpoints/last.safetensors")
    try folder.write("", "run/checkpoints/last.safetensors.77.partial")
    #expect(!run.holdsRun)
    try run.checkIsFree(overwrite: false)
    try run.write(Self.configuration())
    #expect(run.holdsRun)
    let there = #expect(throws: InputError.self) { try run.checkIsFree(overwrite: false) }
    #expect(there?.problem == "holds a run already")
    try run.create(overwrite: true)
    #expect(!run.holdsRun)

    // In a folder of Fovea's, what somebody put there stays when the run makes room.
    try folder.write("mine", "run/thesis.txt")
    try folder.write("mine", "run/checkpoints/model.pt")
    try folder.write("mine", "run/notes.partial")
    try run.write(Self.configuration())
    try run.create(overwrite: true)
    #expect(!run.holdsRun)
    for name in ["thesis.txt", "checkpoints/model.pt", "notes.partial"] {
      #expect(try Data(contentsOf: folder.file("run/\(name)")) == Data("mine".utf8), "\(name)")
    }

    // What looks like parts of a run without its configuration is theirs, if there is no mark.
    for name in [
      "checkpoints/model.pt", "checkpoints/last.safetensors", "half.partial", "thesis.txt",
      "metrics.csv", "runs/mine.csv", ".hidden",
    ] {
      let other = RunDirectory(folder.file("other \(name.utf8.count)"))
      try folder.write("mine", "other \(name.utf8.count)/\(name)")
      for overwrite in [false, true] {
        let error = #expect(throws: InputError.self) { try other.create(overwrite: overwrite) }
        #expect(error?.problem.hasPrefix("holds files that Fovea did not make: ") == true)
      }
      #expect(
        try FileManager.default.subpathsOfDirectory(atPath: other.url.path).last
          == name, "\(name)")
    }
    try folder.write("mine", "file")
    let file = #expect(throws: InputError.self) {
      try RunDirectory(folder.file("file")).checkIsFree(overwrite: true)
    }
    #expect(file?.problem == "is a file, not a folder")
  }

  @Test func leftoversOfAKilledProcessGo() throws {
    let (folder, run) = try run()
    try run.create(overwrite: false)
    try folder.write("half", "run/metrics.csv.12.partial")
    try folder.write("half", "run/checkpoints/last.safetensors.12.partial")
    try folder.write("whole", "run/metrics.csv")
    // Somebody's own, though they end alike.
    let others = ["thesis.12.partial", "checkpoints/mine.partial", "metrics.csv.old.partial"]
    for name in others { try folder.write("mine", "run/\(name)") }
    let opened = try run.folder(.goingOn, verb: "train")
    try opened.open()
    opened.close()
    let names = try FileManager.default.subpathsOfDirectory(atPath: run.url.path).sorted()
    #expect(names == ([".fovea", "checkpoints", "metrics.csv"] + others).sorted())
  }

  /// A run as it was written before folders had marks.
  @Test func aRunWithoutAMarkIsKnownByItsConfiguration() throws {
    let (folder, run) = try run()
    func makeOld() throws {
      try? FileManager.default.removeItem(at: run.url)
      try folder.write("", "run/checkpoints/last.safetensors")
      try folder.write("epoch", "run/metrics.csv")
      try run.write(Self.configuration())
    }
    try makeOld()
    #expect(throws: InputError.self) { try run.create(overwrite: false) }
    try run.create(overwrite: true)
    #expect(!run.holdsRun && run.identity != nil)
    // Beside something else it is gone on with, never replaced.
    try makeOld()
    try folder.write("mine", "run/notes.txt")
    let error = #expect(throws: InputError.self) { try run.create(overwrite: true) }
    #expect(error?.problem == "holds files that Fovea did not make: notes.txt")
    let opened = try run.folder(.goingOn, verb: "train")
    try opened.open()
    #expect(opened.notes.contains { $0.contains("notes.txt") })
    opened.close()
    #expect(run.holdsRun && run.identity != nil)
    // A configuration that is none of ours is somebody's.
    try makeOld()
    try folder.write(#"{"model": "theirs"}"#, "run/config.json")
    #expect(throws: InputError.self) { try run.create(overwrite: true) }
  }

  @Test func aCheckpointOfAnotherRunIsRefused() throws {
    let (folder, run) = try run()
    let other = RunDirectory(folder.file("other"))
    var configurations: [RunConfiguration] = []
    for directory in [run, other] {
      try directory.create(overwrite: false)
      var configuration = try Self.configuration()
      configuration.identity = directory.identity
      let checkpoint = Checkpoint(
        state: TrainingState(), startedAt: 0, weights: Weights(), optimizer: Weights(),
        bestWeights: nil)
      try directory.write(checkpoint, of: configuration)
      configurations.append(configuration)
    }
    #expect(configurations[0].identity != configurations[1].identity)
    #expect(try run.checkpoint(of: configurations[0], for: Bare())?.run == run.identity)
    try FileManager.default.removeItem(at: run.checkpointURL)
    try FileManager.default.copyItem(at: other.checkpointURL, to: run.checkpointURL)
    let error = #expect(throws: InputError.self) {
      try run.checkpoint(of: configurations[0], for: Bare())
    }
    #expect(error?.problem.hasPrefix("belongs to another run (") == true)
  }

  @Test func theHistoryIsATableAndAnEventFile() throws {
    let (_, run) = try run()
    try run.create(overwrite: false)
    let history = [
      EpochRecord(
        epoch: 1, step: 9, trainingLoss: 1.25, trainingAccuracy: 0.5, learningRate: 0.001,
        seconds: 2, endedAt: 50),
      EpochRecord(
        epoch: 2, step: 18, trainingLoss: 0.1, trainingAccuracy: 1, validationLoss: 0.75,
        validationAccuracy: 0.625, learningRate: 0.0005, seconds: 1.5, waitedSeconds: 0.25,
        endedAt: 60),
    ]
    try run.write(history: history, startedAt: 40)
    let table = try String(contentsOf: run.url.appending(path: "metrics.csv"), encoding: .utf8)
    #expect(
      table == """
        epoch,step,trainingLoss,trainingAccuracy,validationLoss,validationAccuracy,learningRate,seconds,waitedSeconds
        1,9,1.25,0.5,,,0.001,2.0,
        2,18,0.1,1.0,0.75,0.625,0.0005,1.5,0.25

        """)
    let events = try Data(contentsOf: run.url.appending(path: EventFile.name(startedAt: 40)))
    #expect(events == EventFile.encoded(history, startedAt: 40))
  }

  @Test func aFailedWriteLeavesTheFileBefore() throws {
    let (folder, run) = try run()
    try run.create(overwrite: false)
    try folder.write("before", "run/metrics.csv/in the way")
    let error = #expect(throws: InputError.self) {
      try run.write(history: [], startedAt: 0)
    }
    #expect(error?.problem == "cannot be replaced: Is a directory")
    let names = try FileManager.default.contentsOfDirectory(atPath: run.url.path).sorted()
    #expect(names == [".fovea", "checkpoints", "metrics.csv"])
  }

  struct Impossible: Sendable, CustomTestStringConvertible {
    let what: String
    let change: @Sendable (inout TrainingSettings) -> Void

    init(_ what: String, _ change: @escaping @Sendable (inout TrainingSettings) -> Void) {
      self.what = what
      self.change = change
    }

    var testDescription: String { what }
  }

  private static let impossible = [
    Impossible("the number of epochs") { $0.epochs = 0 },
    Impossible("the batch size") { $0.batchSize = -1 },
    Impossible("the learning rate") { $0.learningRate = 0 },
    Impossible("the learning rate") { $0.learningRate = .nan },
    Impossible("the weight decay") { $0.weightDecay = -0.1 },
    Impossible("the gradient clip") { $0.gradientClip = -1 },
    Impossible("the label smoothing") { $0.labelSmoothing = 1 },
    Impossible("the patience") { $0.patience = -1 },
    Impossible("the validation split") { $0.validationSplit = 1 },
    Impossible("the number of threads") { $0.threads = 0 },
  ]

  @Test(arguments: impossible) func settingsThatCannotBeAreNamed(_ impossible: Impossible) throws {
    var settings = TrainingSettings()
    try settings.check()
    impossible.change(&settings)
    let error = #expect(throws: InputError.self) { try settings.check() }
    #expect(error?.problem.hasPrefix("\(impossible.what) cannot be ") == true)
  }

  @Test func theDefaultsAreTheDocumentedOnes() {
    let settings = TrainingSettings()
    #expect(settings.epochs == 30 && settings.batchSize == 32 && settings.optimizer == .adamw)
    #expect(settings.learningRate == 0.002 && settings.weightDecay == 0.01)
    #expect(settings.schedule == .warmup)
    #expect(settings.augmentation == "usual" && settings.patience == 10 && settings.seed == 1)
    #expect(settings.threads == nil && settings.validationSplit == 0.1)
    #expect(settings.gradientClip == 1 && settings.keepsBest && settings.frozen.isEmpty)
  }
}
