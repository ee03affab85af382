import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaRuns
import Glibc

/// Whole files of every kind, in a folder for each kind: what mutants are made of.
struct Seeds {
  private let folder: URL
  private let references: URL
  private let command: URL

  /// - Parameters:
  ///   - folder: where they go.
  ///   - command: the built `fovea`, which trains what runs are mutants of.
  init(_ folder: URL, command: URL) {
    self.folder = folder
    self.command = command
    references = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "References")
  }

  /// Makes those of some kinds.
  func make(for kinds: [Kind]) throws {
    let names = Set(kinds.map(\.name))
    try makePictures()
    try makeSounds()
    try makeTables()
    try makeModels()
    if !names.isDisjoint(with: Kind.runs.map(\.name)) { try makeRuns() }
  }

  // MARK: Bytes

  private struct File: Decodable {
    let name: String
    let file: Data
  }

  private func makePictures() throws {
    struct Content: Decodable { let fixtures: [File] }
    let json = try Data(contentsOf: references.appending(path: "pictures.json"))
    for file in try JSONDecoder().decode(Content.self, from: json).fixtures {
      let kind = file.name.prefix { $0 != "-" }
      try write(file.file, "\(kind)/\(file.name)")
    }
    for (kind, format) in [("mp4", VideoWriter.Format.mp4), ("video-gif", .gif)] {
      let url = folder.appending(path: "\(kind)/video.\(format.rawValue)")
      try OutputFolder.make(url.deletingLastPathComponent())
      let writer = try VideoWriter(to: url, format: format, width: 16, height: 16, frameRate: 10)
      for frame in 0..<4 { try writer.append(picture(16, seed: frame), at: Double(frame) / 10) }
      try writer.finish()
    }
  }

  private func picture(_ side: Int, seed: Int) -> Picture {
    let key = RandomKey(seed: UInt64(seed))
    return Picture(
      width: side, height: side, channels: 3,
      made: (0..<(side * side * 3)).map { UInt8(key.integer(below: 256, at: UInt64($0))) })
  }

  private func makeSounds() throws {
    let json = try Data(contentsOf: references.appending(path: "sounds.json"))
    for file in try JSONDecoder().decode([File].self, from: json) {
      let kind = file.name.prefix { $0 != "-" }
      // The beginning of samples says as much as all of them.
      let isRaw = kind == "wav" && file.file.count > 4096
      try write(isRaw ? cut(file.file, samples: 4000) : file.file, "\(kind)/\(file.name)")
    }
  }

  /// A WAV file with fewer samples, whose lengths say so.
  private func cut(_ file: Data, samples count: Int) -> Data {
    var bytes = Array(file)
    guard
      let place = bytes.indices.dropLast(8).first(where: {
        bytes[$0..<($0 + 4)].elementsEqual("data".utf8)
      })
    else { return file }
    bytes = Array(bytes.prefix(place + 8 + count))
    for (start, value) in [(4, bytes.count - 8), (place + 4, count)] {
      for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }
    return Data(bytes)
  }

  // MARK: Tables and arrays

  private func makeTables() throws {
    let texts = (0..<6).map { "\"a text, number \($0)\",\($0 % 2 == 0 ? "one" : "two")" }
    try write("text,label\n" + texts.joined(separator: "\n") + "\n", "csv/texts.csv")
    try write("image,label,split\na/1.png,a,train\nb/2.png,b,test\n", "csv/pictures.csv")
    try write("text\tlabel\na b\tone\nc d\ttwo\n", "tsv/texts.tsv")
    try write(
      #"{"text": "a b", "label": "one"}"# + "\n" + #"{"text": "ü\u00e9", "label": "two"}"# + "\n",
      "jsonl/texts.jsonl")
    try write("First sentence. Second one?\r\n\nDr. Who said \"No.\" 日本語。Нет!\n", "text/a.txt")
    try write(
      "seed,item,plain,matched,augmented\n1,a,1,0,1\n1,b,0,0,1\n2,a,1,1,1\n2,b,0,1,0\n",
      "results/classes.csv")
    try write(
      "seed,item,words,plain,augmented\n1,a,4,1,0\n1,b,3,2,1\n2,a,4,1,1\n2,b,3,0,0\n",
      "results/words.csv")
    try write(
      "clip,onset,offset,label\na.wav,0.1,0.2,x\na.wav,0.3,0.9,y\nb.wav,,,\n", "events/a.csv")
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 5] + (0..<100).map { $0 }
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]
    try write(Data(images), "idx/set/train-images-idx3-ubyte")
    try write(Data(labels), "idx/set/train-labels-idx1-ubyte")
    try write(Data(Gzip.file(images)), "idx-gz/set/train-images-idx3-ubyte.gz")
    try write(Data(labels), "idx-gz/set/train-labels-idx1-ubyte")
  }

  // MARK: Models and runs

  private func makeModels() throws {
    let models = references.appending(path: "models")
    for (model, kinds) in [
      ("bert", ["bert-config", "bert-weights", "bert-tokenizer"]),
      ("gpt2", ["gpt-config", "gpt-weights"]),
    ] {
      for kind in kinds {
        try copy(models.appending(path: model), "\(kind)/\(model)")
        try copy(models.appending(path: "\(model)/model.safetensors"), "safetensors/\(model)")
      }
    }
    for name in ["bert-cased", "bert", "gpt2", "numbers", "roberta"] {
      try copy(references.appending(path: "tokenizers/\(name).json"), "tokenizer/\(name).json")
    }
    let words = [
      "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "a", "##b", "é",
    ]
    try write(words.joined(separator: "\n") + "\n", "vocabulary/words/vocab.txt")
  }

  private func makeRuns() throws {
    for (label, name) in ["a", "b"].enumerated() {
      for index in 0..<4 {
        let side = try PictureEncoder(.png).encode(picture(8, seed: 10 * label + index))
        for kind in ["config", "weights", "method", "checkpoint", "resumed-config"] {
          try write(side, "\(kind)/pictures/\(name)/\(index).png")
        }
        let samples = (0..<1000).map { Float(($0 * (label + 1)) % 20) / 20 - 0.5 }
        let sound = WAVFile.encoded(Sound(sampleRate: 8000, made: samples))
        for kind in ["config", "weights"] {
          try write(sound, "\(kind)/sounds/\(name)/\(index).wav")
        }
        try write(
          "The \(["cat", "dog"][label]) number \(index) sat.", "config/texts/\(name)/\(index).txt")
      }
    }
    let rows = (0..<8).map {
      "sounds/\("ab".map(String.init)[$0 / 4])/\($0 % 4).wav,\($0 < 4 ? "x" : "y") z"
    }
    try write("file,label\n" + rows.joined(separator: "\n") + "\n", "config/words.csv")
    let trainings: [(run: String, data: String, options: [String])] = [
      (
        "run-cnn", "pictures",
        ["--model", "cnn", "--widths", "2,2", "--hidden", "2", "--image-size", "8"]
      ),
      (
        "run-vit", "pictures",
        ["--model", "vit", "--layer-count", "1", "--token-width", "6", "--image-size", "8"]
      ),
      (
        "run-resnet", "pictures",
        ["--model", "resnet", "--depth", "8", "--widths", "2,2,2", "--image-size", "8"]
      ),
      ("run-lstm", "sounds", ["--model", "lstm", "--hidden", "2"]),
      ("run-map", "sounds", ["--model", "cnn", "--widths", "2,2", "--hidden", "2"]),
      (
        "run-text", "texts", ["--model", "transformer", "--layer-count", "1", "--token-width", "8"]
      ),
      ("run-bag", "texts", ["--model", "bag", "--token-width", "4"]),
      (
        "run-words", "words.csv",
        ["--task", "transcribe", "--model", "lstm-ctc", "--hidden", "4", "--heads", "2"]
      ),
    ]
    let config = folder.appending(path: "config")
    for training in trainings {
      try fovea(
        ["train", training.data, "-o", training.run, "--epochs", "2", "--batch-size", "4", "-q"]
          + ["--threads", "1", "--skip-check", "--validation-split", "0.25"] + training.options,
        in: config)
      try copy(config.appending(path: training.run), "weights/\(training.run)")
    }
    try copy(config.appending(path: "run-cnn"), "method/run-cnn")
    try fovea(
      ["explain", "run-cnn", "pictures/a/0.png", "-o", "shown", "--method", "all", "-q"], in: config
    )
    try copy(config.appending(path: "shown/0.json"), "highlights/picture.json")
    try FileManager.default.removeItem(at: config.appending(path: "shown"))
    for kind in ["checkpoint", "resumed-config"] { try makeUnfinished(kind) }
  }

  /// A run in the middle of its training, so that what is read is also gone on with.
  private func makeUnfinished(_ kind: String) throws {
    let place = folder.appending(path: kind)
    try fovea(
      ["train", "pictures", "-o", "run", "--model", "cnn", "--widths", "2,2", "--hidden", "2"]
        + ["--image-size", "8", "--epochs", "2", "--batch-size", "4", "--threads", "1", "-q"]
        + ["--skip-check", "--validation-split", "0.25"], in: place)
    let run = RunDirectory(place.appending(path: "run"))
    var checkpoint = try Checkpoint(contentsOf: run.checkpointURL)
    checkpoint.state.isFinished = false
    checkpoint.state.completedEpochs = 1
    checkpoint.state.history = Array(checkpoint.state.history.prefix(1))
    checkpoint.state.step = checkpoint.state.history.last?.step ?? 0
    try checkpoint.write(to: run.checkpointURL)
  }

  private func fovea(_ arguments: [String], in place: URL) throws {
    let log = folder.appending(path: "fovea.log")
    let status = try Spawned(command.path, arguments, in: place.path, log: log.path).wait()
    guard status.code == 0 else {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      throw Fault(description: "fovea \(arguments.joined(separator: " ")): \(text)")
    }
  }

  // MARK: Files

  private func write(_ text: String, _ name: String) throws { try write(Data(text.utf8), name) }

  private func write(_ data: Data, _ name: String) throws {
    let url = folder.appending(path: name)
    try OutputFolder.make(url.deletingLastPathComponent())
    try data.write(to: url)
  }

  private func copy(_ source: URL, _ name: String) throws {
    let url = folder.appending(path: name)
    try OutputFolder.make(url.deletingLastPathComponent())
    try? FileManager.default.removeItem(at: url)
    try FileManager.default.copyItem(at: source, to: url)
  }
}

/// The seeds of one kind, as they lie in their folder.
struct KindSeeds {
  /// Each file, or folder that holds the kind's target.
  let urls: [URL]
  let bytes: [[UInt8]]

  init(_ kind: Kind, in folder: URL) throws {
    let place = folder.appending(path: kind.name)
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
    urls = names.map { place.appending(path: $0) }.filter { url in
      var isFolder = false
      let path = (kind.target.map { url.appending(path: $0) } ?? url).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
    }
    bytes = try urls.map { url in
      Array(try Data(contentsOf: kind.target.map { url.appending(path: $0) } ?? url))
    }
    guard !urls.isEmpty else { throw Fault(description: "no seeds of \(kind.name)") }
  }
}
