import Foundation
import Fovea

/// A classifier whose training and loading are tried: the same bad inputs for every medium.
struct Trainee: Sendable {
  let name: String
  let medium: Medium
  /// An example with a label; a transcript says the label's word.
  let content: @Sendable (Int) throws -> LabelledExample.Content
  var hearsWords = false
  /// Trains with settings; in a folder where one is given.
  let training:
    @Sendable (
      LabelledData, TrainingSettings, URL?, Bool, @escaping @Sendable (TrainingEvent) -> Void
    )
      async throws -> Void
  let trainingAt: @Sendable (URL) async throws -> Void
  let loading: @Sendable (URL) throws -> Void
  let predictingAt: @Sendable (URL, URL) async throws -> Void
  let evaluating: @Sendable (URL, LabelledData) async throws -> Void
  let writing: @Sendable (URL, URL) throws -> Void

  static let all = [picture, sound, text, speech]

  func data(
    _ count: Int = 8, classes: [String] = ["a", "b"], validates: Bool = false,
    label: @Sendable (Int) -> Int = { $0 % 2 }
  ) throws -> LabelledData { LabelledData(training: try set(count, classes, validates, label)) }

  func set(
    _ count: Int, _ classes: [String] = ["a", "b"], _ validates: Bool = false,
    _ label: (Int) -> Int = { $0 % 2 }
  ) throws -> LabelledDataset {
    let examples = try (0..<count).map { index in
      var example = LabelledExample(
        name: "\(index)", content: try content(index), label: label(index), isValidation: validates)
      if hearsWords { example.words = [label(index)] }
      return example
    }
    return try LabelledDataset(name: "made", medium: medium, classes: classes, examples: examples)
  }

  static var settings: TrainingSettings {
    var settings = TrainingSettings()
    (settings.epochs, settings.batchSize, settings.threads) = (1, 4, 1)
    return settings
  }

  func train(_ data: LabelledData, _ folder: URL? = nil) async throws {
    try await training(data, Self.settings, folder, false) { _ in }
  }

  private func with(
    _ change: @escaping @Sendable (inout TrainingSettings) -> Void
  ) -> @Sendable (Runs) async throws -> Void {
    { _ in
      var settings = Self.settings
      change(&settings)
      try await training(data(), settings, nil, false) { _ in }
    }
  }

  var probes: [Probe] {
    let other = Self.all.first { $0.medium != medium } ?? self
    // A recogniser learns from utterances of a single word too.
    let classes: [Probe] =
      hearsWords
      ? []
      : [
        .throwing("\(name): train on one example") { _ in try await train(data(1)) },
        .throwing("\(name): train on one class") { _ in try await train(data(6) { _ in 1 }) },
      ]
    return classes + [
      .throwing("\(name): train on nothing") { _ in try await train(data(0)) },
      .throwing("\(name): train with all marked for validation") { _ in
        try await train(data(8, validates: true))
      },
      .throwing("\(name): an empty test part") { _ in
        try await train(LabelledData(training: set(8), test: set(0)))
      },
      .throwing("\(name): a test part with other classes") { _ in
        try await train(LabelledData(training: set(8), test: set(4, ["b", "a"])))
      },
      .throwing("\(name): a test part of another medium") { _ in
        try await train(LabelledData(training: set(8), test: other.set(4)))
      },
      .throwing("\(name): doubled classes") { _ in try await train(data(classes: ["a", "a"])) },
      .throwing("\(name): a class without a name") { _ in
        try await train(data(classes: ["a", ""]))
      },
      .throwing("\(name): a label out of range") { _ in try await train(data { _ in 2 }) },
      .throwing("\(name): a negative label") { _ in try await train(data { _ in -1 }) },
      .throwing("\(name): examples of another medium") { _ in try await train(other.data()) },
      .throwing("\(name): train at a missing path") { try await trainingAt($0.missing) },
      .throwing("\(name): train at https") { _ in try await trainingAt(Runs.address) },
      .throwing("\(name): train into https") { _ in try await train(data(), Runs.address) },
      .throwing("\(name): train into a file") { try await train(data(), $0.emptyFile) },
      .throwing("\(name): train into another's folder") { try await train(data(), $0.foreign) },
      .throwing("\(name): train into a run that is there") {
        try await train(data(), $0.run(name))
      },
      .throwing("\(name): no epochs", with { $0.epochs = 0 }),
      .throwing("\(name): negative epochs", with { $0.epochs = -3 }),
      .throwing("\(name): an empty batch", with { $0.batchSize = 0 }),
      .throwing("\(name): a learning rate of 0", with { $0.learningRate = 0 }),
      .throwing("\(name): a learning rate that is no number", with { $0.learningRate = .nan }),
      .throwing("\(name): everything validates", with { $0.validationSplit = 1 }),
      .throwing("\(name): a split that is no number", with { $0.validationSplit = .nan }),
      .throwing("\(name): no threads", with { $0.threads = 0 }),
      .throwing("\(name): negative threads", with { $0.threads = -1 }),
      .throwing("\(name): a smoothing of 2", with { $0.labelSmoothing = 2 }),
      .throwing("\(name): a negative patience", with { $0.patience = -1 }),
      .throwing("\(name): an unknown augmentation", with { $0.augmentation = "banana" }),
      .throwing("\(name): frozen parameters that there are not", with { $0.frozen = ["nobody"] }),
      .accepting("\(name): resuming where no run is, which is said") { runs in
        let notes = try await self.notes {
          try await training(data(), Self.settings, runs.free, true, $0)
        }
        try expect(notes.contains { $0.contains("no run in") }, "\(notes)")
      },
      .accepting("\(name): resuming with other settings, which is said") { runs in
        try await train(data(), runs.free)
        var settings = Self.settings
        settings.learningRate = 0.5
        let changed = settings
        let notes = try await self.notes {
          try await training(data(), changed, runs.free, true, $0)
        }
        try expect(notes.contains { $0.contains("settings it began with") }, "\(notes)")
      },
      .throwing("\(name): load a missing run") { try loading($0.missing) },
      .throwing("\(name): load from https") { _ in try loading(Runs.address) },
      .throwing("\(name): load a file") { try loading($0.emptyFile) },
      .throwing("\(name): load a folder that is no run") { try loading($0.foreign) },
      .throwing("\(name): load a run of another medium") { try loading($0.run(other.name)) },
      .throwing("\(name): predict a missing file") {
        try await predictingAt($0.run(name), $0.missing)
      },
      .throwing("\(name): predict https") { try await predictingAt($0.run(name), Runs.address) },
      .throwing("\(name): predict a folder") {
        try await predictingAt($0.run(name), $0.classFolders)
      },
      .throwing("\(name): predict an empty file") {
        try await predictingAt($0.run(name), $0.emptyFile)
      },
      .throwing("\(name): evaluate on nothing") { try await evaluating($0.run(name), data(0)) },
      .throwing("\(name): evaluate on other classes") {
        try await evaluating($0.run(name), data(classes: ["c", "d"]))
      },
      .throwing("\(name): evaluate on another medium") {
        try await evaluating($0.run(name), other.data())
      },
      .throwing("\(name): write to https") { try writing($0.run(name), Runs.address) },
      .throwing("\(name): write over another's folder") { try writing($0.run(name), $0.foreign) },
      .throwing("\(name): write over a run that is there") {
        try writing($0.run(name), $0.run(other.name))
      },
    ]
  }

  /// What a training says.
  private func notes(
    _ train: (@escaping @Sendable (TrainingEvent) -> Void) async throws -> Void
  ) async throws -> [String] {
    let (stream, source) = AsyncStream.makeStream(of: String.self)
    try await train { if case .note(let text) = $0 { source.yield(text) } }
    source.finish()
    var notes: [String] = []
    for await note in stream { notes.append(note) }
    return notes
  }
}
