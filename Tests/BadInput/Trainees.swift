import Foundation
import Fovea

extension Trainee {
  static let picture = Trainee(
    name: "picture", medium: .picture,
    content: { index in
      .picture(
        try Picture(
          width: 12, height: 12, channels: 1,
          pixels: (0..<144).map { UInt8(($0 * 7 + index * 31) % 256) }))
    },
    training: { data, settings, folder, resuming, progress in
      var parameters = ImageClassifier.ModelParameters()
      parameters.network.widths = [4, 4]
      parameters.network.hidden = 4
      parameters.network.attention = "none"
      parameters.training = settings
      guard let folder else {
        _ = try await ImageClassifier.train(
          trainingData: .pictures(data), parameters: parameters, progress: progress)
        return
      }
      _ = try await ImageClassifier.train(
        trainingData: .pictures(data), parameters: parameters, runDirectory: folder,
        resuming: resuming, progress: progress)
    },
    trainingAt: { _ = try await ImageClassifier.train(trainingData: .labeledDirectories(at: $0)) },
    loading: { _ = try ImageClassifier(contentsOf: $0) },
    predictingAt: { _ = try await ImageClassifier(contentsOf: $0).prediction(from: $1) },
    evaluating: { _ = try await ImageClassifier(contentsOf: $0).evaluation(on: .pictures($1)) },
    writing: { try ImageClassifier(contentsOf: $0).write(to: $1) })

  private static let tone: @Sendable (Int) throws -> LabelledExample.Content = { index in
    .sound(
      try Sound(
        sampleRate: 4000,
        samples: (0..<1200).map { Float(($0 * (2 + index % 2)) % 40) / 50 - 0.4 }))
  }

  static let sound = Trainee(
    name: "sound", medium: .sound, content: tone,
    training: { data, settings, folder, resuming, progress in
      var parameters = SoundClassifier.ModelParameters()
      parameters.network.hidden = 4
      parameters.training = settings
      guard let folder else {
        _ = try await SoundClassifier.train(
          trainingData: .recordings(data), parameters: parameters, progress: progress)
        return
      }
      _ = try await SoundClassifier.train(
        trainingData: .recordings(data), parameters: parameters, runDirectory: folder,
        resuming: resuming, progress: progress)
    },
    trainingAt: { _ = try await SoundClassifier.train(trainingData: .labeledDirectories(at: $0)) },
    loading: { _ = try SoundClassifier(contentsOf: $0) },
    predictingAt: { _ = try await SoundClassifier(contentsOf: $0).prediction(from: $1) },
    evaluating: { _ = try await SoundClassifier(contentsOf: $0).evaluation(on: .recordings($1)) },
    writing: { try SoundClassifier(contentsOf: $0).write(to: $1) })

  static let text = Trainee(
    name: "text", medium: .text,
    content: { .text("text number \($0) is \($0 % 2 == 0 ? "good" : "bad") as others are") },
    training: { data, settings, folder, resuming, progress in
      var parameters = TextClassifier.ModelParameters()
      parameters.network = try NetworkDescription(named: "gru")
      (parameters.network.hidden, parameters.network.tokenWidth) = (4, 4)
      parameters.texts.vocabularySize = 300
      parameters.training = settings
      guard let folder else {
        _ = try await TextClassifier.train(
          trainingData: .texts(data), parameters: parameters, progress: progress)
        return
      }
      _ = try await TextClassifier.train(
        trainingData: .texts(data), parameters: parameters, runDirectory: folder,
        resuming: resuming, progress: progress)
    },
    trainingAt: { _ = try await TextClassifier.train(trainingData: .table(at: $0)) },
    loading: { _ = try TextClassifier(contentsOf: $0) },
    predictingAt: { _ = try await TextClassifier(contentsOf: $0).prediction(from: $1) },
    evaluating: { _ = try await TextClassifier(contentsOf: $0).evaluation(on: .texts($1)) },
    writing: { try TextClassifier(contentsOf: $0).write(to: $1) })

  static let speech = Trainee(
    name: "speech", medium: .sound, content: tone, hearsWords: true,
    training: { data, settings, folder, resuming, progress in
      var parameters = SpeechRecognizer.ModelParameters()
      (parameters.network.hidden, parameters.network.heads) = (4, 1)
      parameters.training = settings
      guard let folder else {
        _ = try await SpeechRecognizer.train(
          trainingData: .recordings(data), parameters: parameters, progress: progress)
        return
      }
      _ = try await SpeechRecognizer.train(
        trainingData: .recordings(data), parameters: parameters, runDirectory: folder,
        resuming: resuming, progress: progress)
    },
    trainingAt: { _ = try await SpeechRecognizer.train(trainingData: .transcripts(at: $0)) },
    loading: { _ = try SpeechRecognizer(contentsOf: $0) },
    predictingAt: { _ = try await SpeechRecognizer(contentsOf: $0).prediction(from: $1) },
    evaluating: { _ = try await SpeechRecognizer(contentsOf: $0).evaluation(on: .recordings($1)) },
    writing: { try SpeechRecognizer(contentsOf: $0).write(to: $1) })
}
