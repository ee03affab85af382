import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import FoveaTrain
import Testing

@Suite(.serialized) struct TransferTests {
  /// A trained run of three classes.
  private func source(in folder: TemporaryFolder) async throws -> RunDirectory {
    let directory = RunDirectory(folder.file("source"))
    try directory.create(overwrite: false)
    var settings = MadeTraining.settings
    settings.epochs = 2
    let training = try ClassifierTraining(
      MadeTraining.pictures(MadeTraining.dataset(40)), template: MadeTraining.template,
      settings: settings)
    _ = try await ClassifierRun(training, in: directory, dataPath: "made").execute()
    return directory
  }

  private func target(
    _ source: RunDirectory, frozen: [String] = [],
    template: NetworkDescription = MadeTraining.template
  ) throws -> ClassifierTraining {
    var settings = MadeTraining.settings
    settings.frozen = frozen
    return try ClassifierTraining(
      MadeTraining.pictures(MadeTraining.dataset(40, classes: 2, seed: 9)), template: template,
      settings: settings, source: TransferSource(source))
  }

  @Test func theTrunkIsTakenOverAndTheHeadIsNew() async throws {
    let folder = try TemporaryFolder()
    let source = try await source(in: folder)
    let training = try target(source)
    let weights = try Weights(contentsOf: source.weightsURL)
    let fresh = training.model.initialWeights(key: RandomKey(seed: training.settings.seed))
    #expect(
      training.transferred == [
        "conv1", "conv2", "attention.query", "attention.key",
        "attention.value", "fc1",
      ])
    for path in training.startWeights.arrays.keys {
      if path.hasPrefix("fc2.") {
        #expect(training.startWeights[path] == fresh[path], "\(path)")
        #expect(training.startWeights[path]?.shape != weights[path]?.shape)
      } else {
        #expect(training.startWeights[path] == weights[path], "\(path)")
      }
    }
    // Pictures are normalised as the trunk is used to.
    #expect(
      training.description.normalization
        == (try source.configuration().classifier.normalization))
  }

  @Test func whatIsFrozenStaysBitForBit() async throws {
    let folder = try TemporaryFolder()
    let source = try await source(in: folder)
    let training = try target(source, frozen: ["conv", "attention.query."])
    let outcome = try await training.trained().outcome
    let weights = try Weights(contentsOf: source.weightsURL)
    for path in outcome.weights.arrays.keys {
      let isFrozen = path.hasPrefix("conv") || path.hasPrefix("attention.query.")
      if isFrozen {
        #expect(outcome.weights[path] == weights[path], "\(path)")
      } else {
        #expect(outcome.weights[path] != training.startWeights[path], "\(path)")
      }
    }
  }

  @Test func anUnknownPrefixAndNothingToTrainAreErrors() async throws {
    let folder = try TemporaryFolder()
    let source = try await source(in: folder)
    let unknown = #expect(throws: InputError.self) { try target(source, frozen: ["conv3."]) }
    #expect(unknown?.problem == "no parameter begins with conv3.")
    #expect(
      unknown?.advice?.description.hasPrefix("The network has conv1.weight, conv1.bias, ") == true)
    let all = #expect(throws: InputError.self) {
      try target(source, frozen: ["conv", "attention", "fc"])
    }
    #expect(all?.problem == "nothing is left to train: what is frozen covers every parameter")
    #expect(all?.advice?.description == "Leave the last layer, fc2, free")
  }

  @Test func layersOfAnotherShapeAreLeftWhole() async throws {
    let folder = try TemporaryFolder()
    let source = try await source(in: folder)
    var template = MadeTraining.template
    template.hidden = 5
    // fc1 has another shape; its bias alone would mean nothing.
    #expect(try target(source, template: template).transferred.contains("conv2"))
    #expect(try !target(source, template: template).transferred.contains("fc1"))
    template.widths = [3, 5]
    let error = #expect(throws: InputError.self) { try target(source, template: template) }
    #expect(
      error?.problem == "no layer but the last has the same name and shape as in this run")
  }

  @Test func aRunGoesOnWithoutWhatItStartedFrom() async throws {
    let folder = try TemporaryFolder()
    let source = try await source(in: folder)
    let training = try target(source)
    let outcome = try await training.trained().outcome
    let whole = outcome.weights.calibrated(
      by: try #require(outcome.best?.temperature), head: training.description.network.headPrefix)
    let directory = RunDirectory(folder.file("target"))
    try directory.create(overwrite: false)
    _ = try ClassifierRun(training, in: directory, dataPath: "made", startedFrom: source.path)
    // Killed before the first step, and the source is gone.
    try FileManager.default.removeItem(at: source.url)
    let resumed = try ClassifierRun(
      resuming: directory,
      data: MadeTraining.pictures(MadeTraining.dataset(40, classes: 2, seed: 9)))
    #expect(try await resumed.execute().outcome.weights == whole)
    #expect(try directory.configuration().startedFrom == source.path)
  }

  @Test func aRunDoesNotGoOnWithOtherPictures() async throws {
    let folder = try TemporaryFolder()
    let source = try await source(in: folder)
    let relabelled = MadeTraining.dataset(MadeTraining.dataset(40)) { index, label in
      index == 3 ? (label + 1) % 3 : label
    }
    let classes = MadeTraining.dataset(
      MadeTraining.dataset(40), classes: ["other", "class 1", "class 2"]
    ) { _, label in label }
    for dataset in [relabelled, classes, MadeTraining.dataset(39)] {
      let error = #expect(throws: InputError.self) {
        try ClassifierRun(resuming: source, data: MadeTraining.pictures(dataset))
      }
      #expect(
        error?.problem.hasPrefix(
          "the pictures or their labels are no longer those that the run began with (") == true)
    }
  }

  @Test func aRunDoesNotGoOnWithOtherContentUnderTheSameNames() async throws {
    let folder = try TemporaryFolder()
    let source = try await source(in: folder)
    let same = try MadeTraining.pictures(MadeTraining.dataset(40))
    _ = try ClassifierRun(resuming: source, data: same)
    let dataset = MadeTraining.dataset(40)
    var examples = dataset.examples
    guard case .picture(let picture) = examples[7].content else { return }
    var pixels = picture.pixels
    pixels[100] ^= 1
    examples[7].content = .picture(Picture(width: 12, height: 12, channels: 3, made: pixels))
    let changed = try MadeTraining.pictures(
      LabelledDataset(name: "made", classes: dataset.classes, made: examples))
    let error = #expect(throws: InputError.self) {
      try ClassifierRun(resuming: source, data: changed)
    }
    #expect(
      error?.problem == "the content of made/7 has changed since the run began")
    // A run of an older Fovea does not know, and says so.
    var configuration = try source.configuration()
    configuration.data.contentDigest = nil
    configuration.identity = nil
    try source.write(configuration)
    #expect(try ClassifierRun(resuming: source, data: changed).notes.count == 1)
    #expect(try source.configuration().identity == source.identity)
  }

  @Test func onlyATrainedRunCanBeStartedFrom() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: InputError.self) {
      try TransferSource(RunDirectory(folder.file("nothing")))
    }
    #expect(error?.problem == "does not exist")
  }
}
