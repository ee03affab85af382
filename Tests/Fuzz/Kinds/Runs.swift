import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaExplain
import FoveaInference
import FoveaRuns
import FoveaText
import FoveaTrain

/// What of a highlight's file can be read back.
private struct HighlightMaps: Decodable {
  struct Entry: Decodable { let map: HighlightMap }
  let highlights: [Entry]
}

extension Kind {
  /// The files of a run.
  static let runs: [Kind] = [
    Kind(
      "config", target: "config.json", changed: { JSONMutation.changed($0, &$1) }, read: readRun),
    Kind(
      "weights", target: "weights.safetensors", changed: { SafetensorsMutation.changed($0, &$1) },
      read: readRun),
    Kind(
      "method", target: "highlights/method.json", changed: { JSONMutation.changed($0, &$1) }
    ) { folder in _ = try RunDirectory(folder).highlightStudy() },
    Kind("highlights", changed: { JSONMutation.changed($0, &$1) }) { url in
      do {
        _ = try JSONDecoder().decode(HighlightMaps.self, from: Data(contentsOf: url))
      } catch let error as DecodingError {
        throw InputError("\(error)")
      }
    },
    Kind(
      "checkpoint", target: "checkpoints/last.safetensors", changed: changedCheckpoint,
      read: goOn),
    Kind(
      "resumed-config", target: "config.json", changed: { JSONMutation.changed($0, &$1) },
      read: goOn),
  ]

  private static let readRun: @Sendable (URL) async throws -> Void = { folder in
    let run = RunDirectory(folder)
    let configuration = try run.configuration()
    let numbers: [Double]
    switch (configuration.classifier.task, configuration.classifier.input.medium) {
    case (.transcribe, _):
      let sound = Sound(sampleRate: 8000, made: (0..<1600).map { Float($0 % 20) / 20 })
      let prediction = try await SpeechRecognizer(contentsOf: folder).prediction(from: sound)
      numbers = prediction.words.map(\.probability)
    case (_, .picture):
      let classifier = try ImageClassifier(contentsOf: folder)
      let picture = try PictureDecoder(channels: classifier.input.channels).decode(
        contentsOf: folder.deletingLastPathComponent().appending(path: "pictures/a/0.png"))
      numbers = try await classifier.prediction(from: picture).probabilities
    case (_, .sound):
      let classifier = try SoundClassifier(contentsOf: folder)
      numbers = try await classifier.prediction(
        from: folder.deletingLastPathComponent().appending(path: "sounds/a/0.wav")
      ).probabilities
    case (_, .text):
      numbers = try await TextClassifier(contentsOf: folder).prediction(from: "The cat sat.")
        .probabilities
    }
    try Fault.check(numbers, "a probability")
  }

  /// Goes on with the training that a checkpoint is of.
  private static let goOn: @Sendable (URL) async throws -> Void = { folder in
    let pictures = folder.deletingLastPathComponent().appending(path: "pictures")
    let run = RunDirectory(folder)
    let data = try PreparedData(
      LabelledSource.read(pictures, options: LabelledSourceOptions()),
      options: PreparedData.Options(),
      input: try run.configuration().classifier.input)
    let (_, outcome) = try await ClassifierRun(resuming: run, data: data).execute()
    try Fault.check(outcome.history.map(\.trainingLoss), "a loss")
  }

  /// In its arrays, or in what it says of training, which is JSON within the JSON of the header.
  private static let changedCheckpoint: Mutation = { bytes, dice in
    guard !dice.one(in: 4), bytes.count > 8 else {
      return SafetensorsMutation.changed(bytes, &dice)
    }
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = Array(bytes[8..<(8 + length)])
    guard case .object(let members)? = try? JSONValue(header, name: "header"),
      let state = (try? JSONValue(header, name: "header"))?["__metadata__"]["training"].bytes
    else { return SafetensorsMutation.changed(bytes, &dice) }
    let changed = JSONMutation.changed(state, &dice)
    let metadata = JSONValue.members(["training": .string(changed)])
    let others = members.filter { $0.name != Array("__metadata__".utf8) }
    let described = JSONValue.object(others).encoded
    let text = Array("{\"__metadata__\":".utf8) + metadata.encoded + [0x2C] + described.dropFirst()
    return SafetensorsMutation.file(text, Array(bytes[(8 + length)...]))
  }
}
