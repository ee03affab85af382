import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaMetrics
import FoveaNN
import FoveaRuns
import FoveaTestSupport
import FoveaTrain
import Synchronization
import Testing

@Suite(.serialized) struct ComparisonStudyTests {
  private static func study(
    _ folder: URL, seeds: [UInt64] = [5], test: LabelledDataset? = nil, epochs: Int = 1
  ) throws -> ComparisonStudy {
    var settings = MadeTraining.settings
    settings.epochs = epochs
    settings.seed = seeds[0]
    return try ComparisonStudy(
      MadeTraining.pictures(MadeTraining.dataset(60), test: test), template: MadeTraining.template,
      settings: settings, seeds: seeds, folder: folder, dataPath: "made")
  }

  /// The arms of one seed, as the study trains them.
  private func arms() throws -> [Arm: ClassifierTraining] {
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(60))
    var arms: [Arm: ClassifierTraining] = [:]
    for arm in Arm.allCases {
      var template = MadeTraining.template
      template.attention = arm.mechanism(comparing: template.attention)
      arms[arm] = try ClassifierTraining(
        pictures, template: template, settings: MadeTraining.settings)
    }
    return arms
  }

  @Test func theTwinsStartEqualEverywhereElse() throws {
    let arms = try arms()
    let augmented = try #require(arms[.augmented])
    let plain = try #require(arms[.plain])
    let matched = try #require(arms[.matched])
    func paths(_ training: ClassifierTraining) -> Set<String> {
      Set(training.startWeights.arrays.keys)
    }
    let shared = paths(plain)
    #expect(shared.allSatisfy { !$0.hasPrefix("attention.") } && shared.count == 8)
    for other in [augmented, matched] {
      #expect(paths(other).subtracting(shared).allSatisfy { $0.hasPrefix("attention.") })
      #expect(shared.isSubset(of: paths(other)))
      for path in shared {
        #expect(other.startWeights[path] == plain.startWeights[path], "\(path)")
      }
    }
    // The control is as large as what it controls for.
    #expect(
      matched.model.parameterCounts.total == augmented.model.parameterCounts.total)
    #expect(plain.model.parameterCounts.total < matched.model.parameterCounts.total)
  }

  @Test func theTwinsMeetTheSameBatchesInTheSameOrder() throws {
    let arms = try arms()
    func batches(_ arm: Arm, epoch: Int) throws -> [Batch] {
      let stream = try #require(arms[arm]).trainingFeed.batches(epoch: epoch, from: 0)
      var batches: [Batch] = []
      while let batch = try stream.next() { batches.append(batch) }
      return batches
    }
    for epoch in 0..<2 {
      let plain = try batches(.plain, epoch: epoch)
      for arm in [Arm.augmented, .matched] {
        let other = try batches(arm, epoch: epoch)
        #expect(other.map(\.examples) == plain.map(\.examples))
        #expect(other.map { $0.arrays["images"] } == plain.map { $0.arrays["images"] })
      }
    }
    #expect(
      try batches(.plain, epoch: 0).map(\.examples) != batches(.plain, epoch: 1).map(\.examples))
    #expect(Set(arms.values.map(\.split)).count == 1)
  }

  @Test func theUsualAugmentationIsShownInItsWords() throws {
    let folder = try TemporaryFolder()
    var settings = MadeTraining.settings
    settings.augmentation = "usual"
    let study = try ComparisonStudy(
      MadeTraining.pictures(MadeTraining.dataset(60)), template: MadeTraining.template,
      settings: settings, seeds: [5], folder: folder.file("study"), dataPath: "made")
    #expect(study.settings.augmentation == "shift,brightness")
  }

  @Test func aFifthIsSetAsideOnceAndNeverTrainedOn() throws {
    let folder = try TemporaryFolder()
    let study = try Self.study(folder.file("study"), seeds: [5, 6])
    #expect(study.testIndices.count == 12)
    #expect(Set(study.testIndices).isDisjoint(with: study.candidates))
    #expect(study.testIndices.count + study.candidates.count == 60)
    let withTest = try Self.study(
      folder.file("other"), test: MadeTraining.dataset(9, seed: 3, name: "test"))
    #expect(withTest.testIndices == Array(0..<9) && withTest.candidates.count == 60)
  }

  @Test func whatWasInterruptedGoesOnToTheSameNumbers() async throws {
    let folder = try TemporaryFolder()
    let whole = try await Self.study(folder.file("whole"), seeds: [5, 6], epochs: 2).run()
    #expect(whole.trained.map(\.arm) == Arm.allCases + Arm.allCases)
    #expect(whole.trained.map(\.seed) == [5, 5, 5, 6, 6, 6])

    // Cancelled in the middle of the second training, then in the fifth.
    for stop in [2, 5] {
      let study = try Self.study(folder.file("interrupted"), seeds: [5, 6], epochs: 2)
      let number = Mutex(0)
      let task = Task {
        try await study.run { event in
          switch event {
          case .began(_, _, let count, _): number.withLock { $0 = count }
          case .training(.batch(let progress)) where progress.batch == 3:
            if number.withLock({ $0 }) == stop { withUnsafeCurrentTask { $0?.cancel() } }
          default: break
          }
        }
      }
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    let resumed = try await Self.study(folder.file("interrupted"), seeds: [5, 6], epochs: 2).run()
    #expect(resumed.result == whole.result)
    #expect(resumed.results == whole.results)
    for (one, other) in zip(resumed.trained, whole.trained) {
      #expect(
        try Data(contentsOf: one.directory.weightsURL)
          == Data(contentsOf: other.directory.weightsURL))
    }
    // Each is scored with the weights of its best validation epoch.
    for trained in resumed.trained {
      #expect(try trained.directory.configuration().keptEpoch == trained.best)
      #expect(trained.history.count == 2)
    }
  }

  /// Texts have a control beside the three networks, which counts as a training like the others.
  @Test func everyTrainingHasANumberOfItsOwn() async throws {
    let folder = try TemporaryFolder()
    var options = PreparedData.Options()
    options.text.vocabularySize = 300
    var template = try NetworkDescription(named: "gru")
    (template.hidden, template.tokenWidth, template.heads) = (8, 16, 2)
    var settings = MadeTraining.settings
    settings.epochs = 1
    let study = try ComparisonStudy(
      PreparedData(
        LabelledData(
          training: MadeTraining.texts(40, seed: 1), test: MadeTraining.texts(20, seed: 2)),
        options: options.suiting(template)),
      template: template, settings: settings, seeds: [5, 6], folder: folder.file("study"),
      dataPath: "made")
    let begun = Mutex<[String]>([])
    _ = try await study.run { event in
      switch event {
      case .began(let arm, let seed, let number, let count):
        begun.withLock { $0.append("\(number) of \(count): \(arm.rawValue), \(seed)") }
      case .beganControl(let name, let seed, let number, let count):
        begun.withLock { $0.append("\(number) of \(count): \(name), \(seed)") }
      default: break
      }
    }
    let trainings = begun.withLock { $0 }
    #expect(
      trainings == [
        "1 of 8: augmented, 5", "2 of 8: plain, 5", "3 of 8: matched, 5", "4 of 8: bag, 5",
        "5 of 8: augmented, 6", "6 of 8: plain, 6", "7 of 8: matched, 6", "8 of 8: bag, 6",
      ])
  }

  @Test func aStudyOfAnotherKindIsLeftAlone() async throws {
    let folder = try TemporaryFolder()
    _ = try await Self.study(folder.file("study"), seeds: [5, 6]).run()
    // With another first seed other pictures are set aside: those of seed 6 were trained on.
    let other = try Self.study(folder.file("study"), seeds: [6])
    let error = await #expect(throws: InputError.self) { try await other.run() }
    #expect(error?.problem == "holds a training with other settings or data")
    let longer = try Self.study(folder.file("study"), epochs: 2)
    await #expect(throws: InputError.self) { try await longer.run() }
  }

  @Test func attentionIsNotComparedWithItself() throws {
    let folder = try TemporaryFolder()
    for name in ["none", "matched"] {
      var template = MadeTraining.template
      template.attention = name
      let error = #expect(throws: InputError.self) {
        try ComparisonStudy(
          MadeTraining.pictures(MadeTraining.dataset(60)), template: template,
          settings: MadeTraining.settings, seeds: [1], folder: folder.url, dataPath: "made")
      }
      #expect(error?.problem == "attention \(name) is what attention is compared with")
    }
  }
}
