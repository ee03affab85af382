import Foundation
import Fovea

private func train(
  _ change: @escaping @Sendable (inout ImageClassifier.ModelParameters) throws -> Void
) -> @Sendable (Runs) async throws -> Void {
  { runs in
    var parameters = ImageClassifier.ModelParameters()
    parameters.training = Trainee.settings
    try change(&parameters)
    _ = try await ImageClassifier.train(
      trainingData: .labeledDirectories(at: runs.classFolders), parameters: parameters)
  }
}

private let silent: @Sendable () throws -> LabelledData = {
  LabelledData(
    training: try LabelledDataset(
      name: "silent", medium: .sound, classes: ["a", "b"],
      examples: try (0..<20).map {
        LabelledExample(
          name: "\($0)", content: .sound(try Sound(sampleRate: 8000, samples: [])), label: $0 % 2)
      }))
}

/// What pictures alone have.
let pictureClassifierProbes: [Probe] = [
  .throwing("ImageClassifier: idx files that are folders") {
    _ = try await ImageClassifier.train(trainingData: .idxFiles(at: $0.classFolders))
  },
  .throwing("ImageClassifier: a table that is folders") {
    _ = try await ImageClassifier.train(trainingData: .table(at: $0.classFolders))
  },
  .throwing("ImageClassifier: folders that are a file") {
    _ = try await ImageClassifier.train(trainingData: .labeledDirectories(at: $0.emptyFile))
  },
  .throwing("ImageClassifier: an unknown attention", train { $0.network.attention = "nobody" }),
  .throwing(
    "ImageClassifier: an unknown network",
    train { $0.network = try NetworkDescription(named: "nobody") }),
  .throwing("ImageClassifier: no widths", train { $0.network.widths = [] }),
  .throwing("ImageClassifier: a width of 0", train { $0.network.widths = [0, 4] }),
  .throwing("ImageClassifier: a negative kernel", train { $0.network.kernelSizes = [-3, 3] }),
  .throwing("ImageClassifier: no hidden units", train { $0.network.hidden = -1 }),
  .throwing(
    "ImageClassifier: pictures of 0", train { $0.imageSize = .pixels(width: 0, height: 0) }),
  .throwing(
    "ImageClassifier: negative pictures", train { $0.imageSize = .pixels(width: -8, height: 8) }),
  .throwing(
    "ImageClassifier: pictures beyond memory",
    train { $0.imageSize = .pixels(width: 1 << 40, height: 1 << 40) }),
  .throwing(
    "ImageClassifier: a ViT whose heads do not divide",
    train {
      $0.network = try NetworkDescription(named: "vit")
      ($0.network.tokenWidth, $0.network.heads) = (8, 3)
    }),
  .throwing(
    "ImageClassifier: a network that hears words",
    train {
      $0.network = try NetworkDescription(named: "lstm-ctc")
    }),
  .throwing("ImageClassifier: one of several files is missing") { runs in
    let classifier = try ImageClassifier(contentsOf: runs.run("picture"))
    _ = try await classifier.predictions(
      from: [runs.classFolders.appending(path: "a/1.png"), runs.missing])
  },
  .accepting("ImageClassifier: no files") { runs in
    let none = try await ImageClassifier(contentsOf: runs.run("picture")).predictions(
      from: [Picture]())
    try expect(none.isEmpty, "\(none)")
  },
  .accepting("ImageClassifier: a picture of one pixel in colour with opacity") { runs in
    let picture = try Picture(width: 1, height: 1, channels: 4, pixels: [1, 2, 3, 4])
    let prediction = try await ImageClassifier(contentsOf: runs.run("picture")).prediction(
      from: picture)
    try expect(["a", "b"].contains(prediction.label), prediction.label)
  },
  .accepting("ImageClassifier: a picture of 1×4000") { runs in
    let picture = try Picture(
      width: 1, height: 4000, channels: 1, pixels: [UInt8](repeating: 9, count: 4000))
    let prediction = try await ImageClassifier(contentsOf: runs.run("picture")).prediction(
      from: picture)
    try expect(["a", "b"].contains(prediction.label), prediction.label)
  },
  .throwing("ImageClassifier: explain a class that there is not") { runs in
    _ = try await ImageClassifier(contentsOf: runs.run("picture")).explanation(
      of: runs.classFolders.appending(path: "a/1.png"), class: "nobody")
  },
  .throwing("ImageClassifier: explain by attention where nothing attends") { runs in
    _ = try await ImageClassifier(contentsOf: runs.run("picture")).explanation(
      of: runs.classFolders.appending(path: "a/1.png"), method: .attention)
  },
  .throwing("ImageClassifier: explain https") { runs in
    _ = try await ImageClassifier(contentsOf: runs.run("picture")).explanation(of: Runs.address)
  },
]

/// What recordings and texts have.
let soundClassifierProbes: [Probe] = [
  .throwing("SoundClassifier: train on recordings without samples") { _ in
    _ = try await SoundClassifier.train(trainingData: .recordings(try silent()))
  },
  .throwing("SoundClassifier: predict a recording without samples") { runs in
    _ = try await SoundClassifier(contentsOf: runs.run("sound")).prediction(
      from: Sound(sampleRate: 8000, samples: []))
  },
  .accepting("SoundClassifier: a recording of one sample") { runs in
    let prediction = try await SoundClassifier(contentsOf: runs.run("sound")).prediction(
      from: Sound(sampleRate: 8000, samples: [0.5]))
    try expect(["a", "b"].contains(prediction.label), prediction.label)
  },
  .throwing("SoundClassifier: explain a class that there is not") { runs in
    _ = try await SoundClassifier(contentsOf: runs.run("sound")).explanation(
      of: Sound(sampleRate: 4000, samples: [Float](repeating: 0.1, count: 1200)), class: "nobody")
  },
  .throwing("SoundClassifier: explain a recording without samples") { runs in
    _ = try await SoundClassifier(contentsOf: runs.run("sound")).explanation(
      of: Sound(sampleRate: 8000, samples: []))
  },
  .throwing("SoundClassifier: load a recogniser") {
    _ = try SoundClassifier(contentsOf: $0.run("speech"))
  },
  .throwing("SpeechRecognizer: load a classifier") {
    _ = try SpeechRecognizer(contentsOf: $0.run("sound"))
  },
  .throwing("SpeechRecognizer: a recording without samples") { runs in
    _ = try await SpeechRecognizer(contentsOf: runs.run("speech")).prediction(
      from: Sound(sampleRate: 8000, samples: []))
  },
  .throwing("TextClassifier: an empty text") { runs in
    _ = try await TextClassifier(contentsOf: runs.run("text")).prediction(from: "")
  },
  .throwing("TextClassifier: explain an empty text") { runs in
    _ = try await TextClassifier(contentsOf: runs.run("text")).explanation(of: "")
  },
  .throwing("TextClassifier: explain a class that there is not") { runs in
    _ = try await TextClassifier(contentsOf: runs.run("text")).explanation(
      of: "good", class: "nobody")
  },
  .throwing("TextClassifier: a vocabulary of 0") { _ in
    var parameters = TextClassifier.ModelParameters()
    parameters.texts.vocabularySize = 0
    _ = try await TextClassifier.train(
      trainingData: .texts(["a": ["one", "two"], "b": ["three", "four"]]), parameters: parameters)
  },
  .throwing("TextClassifier: texts of one class") { _ in
    _ = try await TextClassifier.train(trainingData: .texts(["a": ["one", "two"]]))
  },
  .throwing("OutputFilter: a label that there is not") { runs in
    _ = try OutputFilter(TextClassifier(contentsOf: runs.run("text")), stopping: "nobody")
  },
]
