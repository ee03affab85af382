import FoveaArray
import FoveaData
import FoveaNN
import FoveaRuns
import FoveaTrain
import Synchronization

/// Small data and trainings that tests share: pictures of 12×12 whose colour says the class.
enum MadeTraining {
  /// Pictures of noise with more of one channel, which are learned within a few epochs; with
  /// `isRandom` the labels have nothing to do with them.
  static func dataset(
    _ count: Int, classes: Int = 3, seed: UInt64 = 1, isRandom: Bool = false, name: String = "made"
  ) -> LabelledDataset {
    let key = RandomKey(seed: seed)
    let examples = (0..<count).map { index in
      let key = key.folding(index)
      let colour = Int(key.folding("colour").value % UInt64(classes))
      let label = isRandom ? Int(key.folding("label").value % UInt64(classes)) : colour
      let pixels = (0..<(12 * 12)).flatMap { pixel -> [UInt8] in
        let words = key.words(at: UInt64(pixel))
        return (0..<3).map { channel in
          UInt8(words[channel] % 160) + (channel == colour ? 60 : 0)
        }
      }
      return LabelledExample(
        name: "\(name)/\(index)",
        content: .picture(Picture(width: 12, height: 12, channels: 3, made: pixels)),
        label: label)
    }
    return LabelledDataset(
      name: name, classes: (0..<classes).map { "class \($0)" }, made: examples)
  }

  /// Loud and soft noise, which the mean of the bands tells apart.
  static func noise(_ count: Int, seed: UInt64) -> LabelledDataset {
    LabelledDataset(
      name: "noise", medium: .sound, classes: ["soft", "loud"],
      made: (0..<count).map { index in
        let key = RandomKey(seed: seed).folding(index)
        let level: Float = index % 2 == 0 ? 0.01 : 0.1
        let samples = (0..<4_000).map { level * Float(key.normal(at: UInt64($0))) }
        return LabelledExample(
          name: "\(index)", content: .sound(Sound(sampleRate: 8_000, made: samples)),
          label: index % 2)
      })
  }

  /// One word decides, wherever it stands.
  static func texts(_ count: Int, seed: UInt64) -> LabelledDataset {
    let words = ["a", "day", "of", "wind", "over", "hills", "and", "sea"]
    return LabelledDataset(
      name: "weather", medium: .text, classes: ["fair", "foul"],
      made: (0..<count).map { index in
        let key = RandomKey(seed: seed).folding(index)
        var text = (0..<7).map { words[Int(key.folding($0).value % 8)] }
        text[Int(key.folding("place").value % 7)] = index % 2 == 0 ? "sunny" : "rainy"
        return LabelledExample(
          name: "\(index)", content: .text(text.joined(separator: " ")), label: index % 2)
      })
  }

  /// The same pictures with other labels, or other names of classes.
  static func dataset(
    _ dataset: LabelledDataset, classes: [String]? = nil, labels: (Int, Int) -> Int
  ) -> LabelledDataset {
    LabelledDataset(
      name: dataset.name, classes: classes ?? dataset.classes,
      made: dataset.examples.enumerated().map { index, example in
        var example = example
        example.label = labels(index, example.label)
        return example
      })
  }

  static func pictures(
    _ training: LabelledDataset, test: LabelledDataset? = nil
  ) throws -> PreparedData {
    try PreparedData(LabelledData(training: training, test: test), options: .init())
  }

  /// A network small enough for a test.
  static var template: NetworkDescription {
    var template = NetworkDescription(CNNFamily())
    template.widths = [4, 8]
    template.hidden = 8
    return template
  }

  static var settings: TrainingSettings {
    var settings = TrainingSettings()
    settings.epochs = 3
    settings.batchSize = 8
    settings.learningRate = 0.01
    settings.optimizer = .adam
    settings.weightDecay = 0
    settings.schedule = .constant
    settings.augmentation = "none"
    settings.validationSplit = 0.2
    settings.seed = 5
    return settings
  }
}

extension ClassifierTraining {
  /// Trains to the end; with the checkpoints that were saved on the way.
  func trained(
    from checkpoint: Checkpoint? = nil,
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws -> (outcome: Trainer.Outcome, checkpoints: [Checkpoint]) {
    let saved = Mutex<[Checkpoint]>([])
    let outcome = try await run(
      from: checkpoint, startedAt: 0,
      save: { checkpoint in saved.withLock { $0.append(checkpoint) } },
      report: report)
    return (outcome, saved.withLock { $0 })
  }

  /// Trains until so many batches are done in all, then is cancelled; gives what was kept.
  func cancelled(
    afterBatches count: Int, from checkpoint: Checkpoint? = nil
  ) async throws
    -> Checkpoint?
  {
    let saved = Mutex<[Checkpoint]>([])
    let seen = Mutex(0)
    let training = self
    let task = Task {
      try await training.run(
        from: checkpoint, startedAt: 0,
        save: { checkpoint in saved.withLock { $0.append(checkpoint) } },
        report: { event in
          guard case .batch = event else { return }
          let isLast = seen.withLock { seen in
            seen += 1
            return seen == count
          }
          if isLast { withUnsafeCurrentTask { $0?.cancel() } }
        })
    }
    do {
      _ = try await task.value
      return nil
    } catch is CancellationError {
      return saved.withLock { $0.last }
    }
  }
}
