import Foundation
import FoveaArray
import FoveaData
import FoveaNN
import FoveaTestSupport

/// What the grid's commands are given: data of each task, a run of each network on each, models.
struct GridMaterial: Sendable {
  /// A task as `train --task` names it, with made data in every form that a verb may be given.
  struct Data: Sendable {
    let task: String
    let medium: Medium
    let transcribes: Bool

    /// One file.
    var item: String { "\(task)/a/0.\(Self.ending(medium))" }
    /// A folder with a folder for each class.
    var folder: String { task }
    /// The same with a file in the middle that is none.
    var brokenFolder: String { "\(task)-broken" }
    /// The file that is none, of which something must be said.
    var brokenName: String { "1x.\(Self.ending(medium))" }
    var table: String { "\(task).csv" }
    var brokenTable: String { "\(task)-broken.csv" }

    static func ending(_ medium: Medium) -> String {
      switch medium {
      case .picture: "png"
      case .sound: "wav"
      case .text: "txt"
      }
    }

    /// What training is to be told for it to be quick.
    func small(_ model: String) -> [String] {
      ["resnet": ["--depth", "8"], "vit": ["--layer-count", "1", "--token-width", "12"]][model]
        ?? []
    }

    /// Whether a network can learn it.
    func suits(_ template: NetworkDescription) -> Bool {
      if transcribes || template.transcribes { return transcribes && template.transcribes }
      switch medium {
      case .picture: return !template.readsSequences
      case .sound: return true
      case .text: return template.readsSequences
      }
    }
  }

  /// A folder of a trained network, with what it was trained on.
  struct Run: Sendable {
    let path: String
    let data: Data
  }

  /// What a training that was begun came to.
  struct Training: Sendable {
    let arguments: [String]
    let outcome: FoveaProcess.Outcome
    let isExpected: Bool
  }

  let folder: TemporaryFolder
  let data: [Data]
  let runs: [Run]
  let trainings: [Training]
  /// What came of learning language in the folder `pretrained`.
  let pretraining: FoveaProcess.Outcome
  /// Folders of models from elsewhere.
  let models: [String]

  static let shared = Task { try await GridMaterial() }

  private init() async throws {
    let folder = try TemporaryFolder().removedAtExit()
    let tree = try await CommandTree.shared.value
    let train = tree.verbs.first { $0.path == ["train"] }
    data = (train?.argument("task")?.allValues ?? []).compactMap { task in
      let transcribes = task == LearningTask.transcribe.rawValue
      let medium = transcribes ? .sound : Medium.allCases.first { task.hasPrefix("\($0)") }
      return medium.map { Data(task: task, medium: $0, transcribes: transcribes) }
    }
    for data in data { try Self.make(data, in: folder) }
    let models = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "References/models")
    for name in ["bert", "gpt2"] {
      try FileManager.default.copyItem(
        at: models.appending(path: name), to: folder.file("model-\(name)"))
    }
    self.models = ["model-bert", "model-gpt2"]
    try FileManager.default.createDirectory(
      at: folder.file("empty"), withIntermediateDirectories: true)
    pretraining = try await fovea(
      "pretrain", "texts", "-o", "pretrained", "--objective", "causal", "--epochs", "1",
      "--batch-size", "4", "--threads", "1", "--layer-count", "1", "--token-width", "12",
      in: folder.url)
    let pairs = data.flatMap { data in NetworkCatalog.builtIn.names.map { (data, $0) } }
    trainings = try await concurrently(pairs) { data, model in
      let arguments =
        ["train", data.transcribes ? data.table : data.folder, "--task", data.task]
        + [
          "--model", model, "-o", "run-\(data.task)-\(model)", "--epochs", "1", "--batch-size", "4",
        ]
        + ["--threads", "1", "--skip-check"]
        + (data.medium == .picture ? ["--image-size", "16"] : []) + data.small(model)
      return Training(
        arguments: arguments, outcome: try await fovea(arguments: arguments, in: folder.url),
        isExpected: try data.suits(NetworkDescription(named: model)))
    }
    runs = zip(pairs, trainings).filter { $0.1.outcome.code == 0 }.map { pair, _ in
      Run(path: "run-\(pair.0.task)-\(pair.1)", data: pair.0)
    }
    self.folder = folder
  }

  /// Six examples of each of two classes, whole and with a broken one between them.
  private static func make(_ data: Data, in folder: TemporaryFolder) throws {
    let column = ["picture": "image", "text": "text"]["\(data.medium)"] ?? "file"
    var table = ["\(column),label"]
    for (label, name) in ["a", "b"].enumerated() {
      for index in 0..<6 {
        let file = "\(name)/\(index).\(Data.ending(data.medium))"
        let text = "The \(["cat", "dog"][label]) number \(index) sat."
        let bytes: Foundation.Data =
          switch data.medium {
          case .picture: try MadeFolder.picture(seed: UInt64(10 * label + index))
          case .sound:
            MadeWAV.file([
              MadeWAV.tone(label == 0 ? 300 : 900, seconds: data.transcribes ? 0.5 : 0.1)
            ])
          case .text: Foundation.Data(text.utf8)
          }
        for form in [data.folder, data.brokenFolder] { try folder.write(bytes, "\(form)/\(file)") }
        let words = data.transcribes ? "\(["low", "high"][label]) tone" : name
        table.append("\(data.medium == .text ? text : "\(data.folder)/\(file)"),\(words)")
      }
    }
    let broken = "\(data.brokenFolder)/a/\(data.brokenName)"
    try folder.write(Foundation.Data([0xC3, 0x28, 0, 1, 0xFF]), broken)
    try folder.write(table.joined(separator: "\n") + "\n", data.table)
    table.insert("\(broken),\(data.transcribes ? "low" : "a")", at: 3)
    try folder.write(table.joined(separator: "\n") + "\n", data.brokenTable)
  }
}

/// What `body` makes of each item, in their order, two at once.
func concurrently<Item: Sendable, Result: Sendable>(
  _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results: [Int: Result] = [:]
    var next = 0
    while results.count < items.count {
      while next < items.count, next - results.count < 2 {
        group.addTask { [next, item = items[next]] in (next, try await body(item)) }
        next += 1
      }
      if let (index, result) = try await group.next() { results[index] = result }
    }
    return items.indices.compactMap { results[$0] }
  }
}
