import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import FoveaText
import Testing

/// Configurations and checkpoints that somebody else wrote: refused with the file, or usable.
struct StrangeRunTests {
  /// A configuration of a network that suits an input.
  private static func configuration(
    _ network: String, _ input: ModelInput, classes: [String] = ["a", "b", "c"],
    channels: Int
  ) throws -> RunConfiguration {
    var template = try NetworkDescription(named: network)
    (template.depth, template.layers, template.hidden) = (8, 1, 8)
    let broken = try JSONDecoder().decode(
      BrokenExamples.self, from: Data(#"{"count": 0, "total": 9, "named": []}"#.utf8))
    var configuration = RunConfiguration(
      classifier: ClassifierDescription(
        network: try template.fitted(to: input, classes: classes.count), input: input,
        normalization: ChannelStatistics(
          mean: [Float](repeating: 0, count: channels),
          deviation: [Float](repeating: 1, count: channels)),
        classes: classes),
      training: TrainingSettings(),
      data: RunConfiguration.DataSummary(
        path: "data", trainingCount: 8, validationCount: 1, testCount: 3, broken: broken,
        fingerprint: "ab"))
    configuration.keptEpoch = EpochRecord(
      epoch: 1, step: 2, trainingLoss: 0.1, trainingAccuracy: 0.9, validationLoss: 0.2,
      validationAccuracy: 0.8, learningRate: 0.001, seconds: 1, waitedSeconds: 0.1, endedAt: 2)
    return configuration
  }

  private static func sound(_ network: String) throws -> RunConfiguration {
    let isMap = NetworkCatalog.builtIn.names(of: .maps).contains(network)
    var spectrogram = SpectrogramSettings()
    spectrogram.bands = 16
    let input = try SoundInput(
      sampleRate: 8_000, spectrogram: spectrogram, mostFrames: 32, isFixedLength: isMap)
    return try configuration(network, .sound(input), channels: 16)
  }

  private static func text() throws -> RunConfiguration {
    var trainer = BytePairTrainer()
    trainer.vocabularySize = 258
    let tokenizer = try trainer.train(on: ["a text", "another text"])
    let input = try TextInput(tokenizer: tokenizer, mostTokens: 16, tokenCounts: [3, 1])
    return try configuration("bag", .text(input), channels: 0)
  }

  private static func picture(_ network: String) throws -> RunConfiguration {
    try configuration(
      network, .picture(PictureInput(width: 16, height: 16, channels: .grey)), channels: 1)
  }

  private static let names = [
    "cnn", "resnet", "vit", "cnn on sounds", "lstm", "transformer", "gru-ctc", "transformer-ctc",
    "bag",
  ]

  private static func made(_ name: String) throws -> RunConfiguration {
    switch name {
    case "cnn", "resnet", "vit": try picture(name)
    case "bag": try text()
    default: try sound(name.split(separator: " ").first.map(String.init) ?? name)
    }
  }

  /// Reads a configuration, and builds its model where it can be and is another.
  private static func use(_ text: String, besides made: RunConfiguration? = nil) throws {
    let configuration = try JSONText.decoded(
      RunConfiguration.self, from: Data(text.utf8), as: "a run's configuration", at: "config.json")
    guard configuration.classifier != made?.classifier else { return }
    do {
      let model = try configuration.classifier.model()
      #expect(model.parameterCounts.total > 0)
    } catch is InputError {
      // What a catalog of one's own might serve, or widths that heads do not divide.
    }
  }

  @Test(arguments: names)
  func aConfigurationWithAnyValueReplacedIsRefusedByNameOrUsable(_ name: String) throws {
    let made = try Self.made(name)
    let text = String(decoding: try JSONText.encoded(made, isCompact: true), as: UTF8.self)
    try Self.use(text)
    for variant in StrangeJSON.variants(of: text) {
      guard let error = try refusal({ try Self.use(variant, besides: made) }) else { continue }
      #expect(error.place == "config.json")
    }
  }

  /// What no generated decoding looks at: each change of one number, and what is said of it.
  @Test(arguments: [
    (#""height":16"#, #""height":24"#, "rows of a picture: the network has"),
    (#""channels":1"#, #""channels":3"#, "channels of a picture: the network has"),
    (#""height":16"#, #""height":9007199254740992"#, "is not possible"),
    (#""deviation":[1]"#, #""deviation":[0]"#, "cannot be normalised by"),
    (#""deviation":[1]"#, #""deviation":[1,1]"#, "there are 1 means and 2 deviations"),
    (#""mean":[0]"#, #""mean":[1e30]"#, "cannot be normalised by"),
    (#"["a","b","c"]"#, #"["a","b"]"#, "classes: the network has 3, the rest says 2"),
    (#"["a","b","c"]"#, #"["a","b","c","d"]"#, "classes: the network has 3, the rest says 4"),
    (#"["a","b","c"]"#, #"["a","b","a"]"#, "two classes are called a"),
    (#"["a","b","c"]"#, #"[]"#, "there are no classes"),
    (#""layers":1"#, #""layers":4611686018427387904"#, "is over the limit of 256"),
    (#""tokenWidth":192"#, #""tokenWidth":999999999"#, "is over the limit of 65,536"),
    (#""epoch":1"#, #""epoch":-1"#, "epoch cannot be -1"),
    (#""endedAt":2"#, #""endedAt":1e300"#, "endedAt cannot be 1e+300"),
    (#""batchSize":32"#, #""batchSize":0"#, "the batch size cannot be 0"),
  ])
  func partsThatDoNotAgreeAreNamed(_ old: String, _ new: String, _ message: String) throws {
    let made = try JSONText.encoded(Self.picture("vit"), isCompact: true)
    let text = String(decoding: made, as: UTF8.self)
    try #require(text.contains(old), "\(text)")
    let changed = text.replacing(old, with: new, maxReplacements: 1)
    let error = #expect(throws: InputError.self) { try Self.use(changed) }
    #expect(error?.problem.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func soundsHaveAsManyFeaturesAsTheirNetwork() throws {
    let made = try JSONText.encoded(Self.sound("lstm"), isCompact: true)
    let text = String(decoding: made, as: UTF8.self)
    for (old, new) in [
      (#""bands":16"#, #""bands":20"#), (#""bands":16"#, #""bands":4611686018427387904"#),
      (#""hopMilliseconds":10"#, #""hopMilliseconds":0"#),
      (#""sampleRate":8000"#, #""sampleRate":-1"#),
      (#""isFixedLength":false"#, #""isFixedLength":true"#),
    ] {
      #expect(text.contains(old))
      #expect(throws: InputError.self) { try Self.use(text.replacing(old, with: new)) }
    }
  }

  // MARK: Checkpoints

  private static func checkpoint(_ header: String, in folder: TemporaryFolder) throws -> URL {
    let file = folder.file("last.safetensors")
    try Safetensors.write(
      ["weights.a": HostArray([1, 2] as [Float])], metadata: ["training": header], to: file)
    return file
  }

  @Test func aCheckpointWithAnyValueReplacedIsRefusedByNameOrUsable() throws {
    let folder = try TemporaryFolder()
    let epoch = #"""
      {"epoch":1,"step":4,"trainingLoss":1.5,"trainingAccuracy":0.5,"validationLoss":1.0,
      "validationAccuracy":0.5,"learningRate":0.1,"seconds":1,"waitedSeconds":0.1,"endedAt":1.7e9}
      """#
    let header = #"""
      {"startedAt":1.7e9,"state":{"completedEpochs":1,"nextBatch":2,"step":6,"lossSum":3.5,
      "correct":4,"seen":8,"seconds":0.5,"waitedSeconds":0.1,"history":[\#(epoch)],"best":\#(epoch),
      "isFinished":false}}
      """#
    func read(_ header: String) throws -> Checkpoint {
      try Checkpoint(contentsOf: Self.checkpoint(header, in: folder))
    }
    #expect(try read(header).state.step == 6)
    for variant in StrangeJSON.variants(of: header) {
      let error = try refusal {
        let state = try read(variant).state
        #expect(state.history.count == state.completedEpochs)
        _ = EventFile.encoded(state.history, startedAt: 0)
      }
      #expect(error.map { $0.place?.hasSuffix("last.safetensors") == true } ?? true)
    }
    for (old, new) in [
      (#""startedAt":1.7e9"#, #""startedAt":1e300"#),
      (#""step":6"#, #""step":9223372036854775807"#),
      (#""epoch":1"#, #""epoch":-1"#), (#""completedEpochs":1"#, #""completedEpochs":2"#),
    ] {
      #expect(header.contains(old))
      #expect(throws: InputError.self) { try read(header.replacing(old, with: new)) }
    }
  }

  /// A network whose parameter is called as the checkpoint's weight.
  private struct Small: Module { let a = Parameter([2], .zeros) }

  @Test func aCheckpointOfAnotherNetworkOrTrainingIsRefused() throws {
    let folder = try TemporaryFolder()
    let run = RunDirectory(folder.file("run"))
    try run.create(overwrite: false)
    let configuration = try Self.picture("cnn")
    var state = TrainingState()
    func problem(
      weights: [Float] = [1, 2], optimizer: [String: HostArray] = [:]
    ) throws -> String? {
      try Checkpoint(
        state: state, startedAt: 1, weights: Weights(["a": HostArray(weights)]),
        optimizer: Weights(optimizer), bestWeights: nil
      ).write(to: run.checkpointURL)
      let error = try refusal { _ = try run.checkpoint(of: configuration, for: Small()) }
      #expect(error.map { $0.place?.hasSuffix("last.safetensors") == true } ?? true)
      return error?.problem
    }
    #expect(try problem() == nil)
    #expect(try problem(weights: [1, 2, 3]) == "a is float32[3], the network needs float32[2]")
    let state2 = HostArray([1, 2, 3] as [Float])
    #expect(
      try problem(optimizer: ["optimizer.first.a": state2])
        == "optimizer.first.a is float32[3], which fits no parameter of the network")
    state.completedEpochs = 31
    state.step = 31
    state.history = (1...31).map {
      EpochRecord(
        epoch: $0, step: $0, trainingLoss: 1, trainingAccuracy: 0, learningRate: 1, seconds: 1,
        endedAt: 1)
    }
    #expect(try problem() == "31 epochs are complete, and the run has 30")
  }

  // MARK: Weights

  @Test(arguments: [Float.nan, .infinity, -.infinity, 3e38, -3e38])
  func weightsThatNobodyCanComputeWithAreRefusedByName(_ value: Float) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("weights.safetensors")
    let weights = Weights(["fc.weight": HostArray([1, value, 2] as [Float])])
    try weights.write(to: file)
    let error = #expect(throws: InputError.self) { try Weights(contentsOf: file) }
    #expect(error?.problem.hasPrefix("fc.weight holds ") == true)
    #expect(error?.place == file.path)
    for isBest in [false, true] {
      let (bad, good) = (HostArray([value]), HostArray([Float(1)]))
      try Checkpoint(
        state: TrainingState(), startedAt: 1, weights: Weights(["a": isBest ? good : bad]),
        optimizer: Weights(["optimizer.second.a": HostArray([Float(3e38)])]),
        bestWeights: Weights(["a": isBest ? bad : good])
      ).write(to: file)
      let error = #expect(throws: InputError.self) { try Checkpoint(contentsOf: file) }
      #expect(error?.problem.hasPrefix("\(isBest ? "best" : "weights").a holds ") == true)
    }
    // As large as any training that ends well leaves them, and far beyond.
    try Weights(["a": HostArray([1e12, -1e17, 0, 1e-38] as [Float])]).write(to: file)
    #expect(try Weights(contentsOf: file).arrays.count == 1)
  }

  @Test func aPointerOfGitLFSIsNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "w.safetensors")
    let error = #expect(throws: InputError.self) {
      try Weights(contentsOf: folder.file("w.safetensors"))
    }
    #expect(error?.problem == "is a pointer of Git LFS, not the file that it stands for")
  }

  @Test func aConfigurationThatCannotBeReadIsNotMissing() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.file("run/config.json"), withIntermediateDirectories: true)
    let error = #expect(throws: InputError.self) {
      try RunDirectory(folder.file("run")).configuration()
    }
    #expect(error?.problem == "cannot be read")
    #expect(error?.place?.hasSuffix("config.json") == true)
  }
}
