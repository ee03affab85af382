import Foundation
import FoveaArray
import FoveaData
import FoveaRuns
import FoveaTestSupport
import Testing

/// `train`, `evaluate` and `predict` on one small run.
@Suite(.serialized) struct TrainedRunTests {
  private struct Trained: Sendable {
    let folder: TemporaryFolder
    let outcome: FoveaProcess.Outcome

    static let shared = Task {
      let folder = try TemporaryFolder().removedAtExit()
      try MadeFolder.scenes(folder, "scenes", count: 80, testCount: 24)
      let outcome = try await fovea(
        "train", "scenes", "--output", "run", "--image-size", "16", "--epochs", "2",
        "--batch-size", "16", in: folder.url)
      return Trained(folder: folder, outcome: outcome)
    }
  }

  @Test func trainingSaysWhatItWillDoAndWhatCameOfIt() async throws {
    let trained = try await Trained.shared.value
    #expect(trained.outcome.code == 0)
    // Not a terminal: no bar, a line an epoch.
    let errors = trained.outcome.errors
    #expect(!errors.contains("\r") && !errors.contains("\u{1B}"))
    let lines = errors.split(separator: "\n").map(String.init)
    #expect(lines.first == "Reading 104 pictures …")
    #expect(
      lines.contains { $0.contains("pictures of 4 classes at 16×16, ") }
        && lines.contains { $0.hasSuffix(" set aside for validation.") })
    // conv1 3·3·3·32+32, conv2 3·3·32·64+64, attention 3·(64·64+64), fc1 2·2·64·128+128, fc2 128·4+4
    #expect(
      lines.contains("Network cnn with attention augmented: 65,284 trainable of 65,284 parameters.")
    )
    let estimate = lines.firstIndex {
      $0.hasPrefix("This takes ") && $0.contains(": 2 epochs of about ")
    }
    let first = lines.firstIndex { $0.hasPrefix("epoch 1: loss ") }
    #expect(try #require(estimate) < #require(first))
    #expect(lines.count { $0.hasPrefix("epoch ") } == 2)
    let results = trained.outcome.output.split(separator: "\n").map(String.init)
    #expect(results.count == 7)
    #expect(
      results[0].hasPrefix("Accuracy ")
        && results[0].contains(" on 24 test pictures, 95 % interval "))
    #expect(results[1].hasPrefix("Probabilities are calibrated by the temperature "))
    #expect(results[2].hasPrefix("For reference: nearest class mean on small grey pixels has "))
    #expect(results[3].hasPrefix("For reference: logistic regression on small grey pixels has "))
    #expect(results[4].hasPrefix("Warning: The network is "))
    #expect(results[5].hasPrefix("Weights of epoch ") && results[6] == "Run: run")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: trained.folder.file("run").path
    ).map { $0.hasPrefix("events.out.tfevents.") ? "events" : $0 }
    #expect(
      Set(names).isSuperset(of: [
        "checkpoints", "config.json", "events", "metrics.csv", "weights.safetensors",
      ]))
  }

  @Test func aRunIsReplacedOnlyWhenAsked() async throws {
    let trained = try await Trained.shared.value
    let folder = try TemporaryFolder()
    let source = trained.folder.file("scenes").path
    let command = ["train", source, "-o", "run", "--image-size", "8", "--epochs", "1", "-q"]
    #expect(try await fovea(arguments: command, in: folder.url).code == 0)
    let before = try Data(contentsOf: folder.file("run/weights.safetensors"))
    let refused = try await fovea(arguments: command + ["--seed", "9"], in: folder.url)
    #expect(refused.code == 1)
    #expect(
      refused.errors == "fovea: run: holds a run already. Choose another --output, add --overwrite "
        + "to replace it, or --resume to go on\n")
    #expect(try Data(contentsOf: folder.file("run/weights.safetensors")) == before)
    let replaced = try await fovea(
      arguments: command + ["--seed", "9", "--overwrite"], in: folder.url)
    #expect(replaced.code == 0 && replaced.errors == "")
    #expect(try Data(contentsOf: folder.file("run/weights.safetensors")) != before)
    // A run that is done goes on to what it is.
    let again = try await fovea(arguments: command + ["--resume"], in: folder.url)
    #expect(
      again.code == 0
        && again.output
          == replaced.output.replacing(
            /\(.* in all\)/,
            with: { _ in String(again.output.firstMatch(of: /\(.* since it went on\)/)?.0 ?? "") })
    )
  }

  /// A result on what the network knows is none on what is new, and says so.
  @Test func whatWasTrainedOnIsKnownAgain() async throws {
    let trained = try await Trained.shared.value
    let configuration = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: trained.folder.file("run/config.json"))) as? [String: Any])
    let data = try #require(configuration["data"] as? [String: Any])
    let counts = ["trainingCount", "validationCount"].map { data[$0] as? Int ?? 0 }
    #expect(counts[0] + counts[1] == 80 && counts[1] > 0)
    let text = try await fovea("evaluate", "run", "scenes/train", in: trained.folder.url)
    #expect(text.code == 0)
    #expect(
      text.output.contains(
        "\nWarning: \(counts[0]) of these 80 pictures were trained on and \(counts[1]) validated it"
      ))
    #expect(!text.output.contains("on other items of the kind"))
    let json = try await fovea("evaluate", "run", "scenes/train", "--json", in: trained.folder.url)
    let known = try #require(try json.object()["known"] as? [String: Int])
    #expect(known == ["itemCount": 80, "trainedOn": counts[0], "chosenBy": counts[1]])
    let new = try await fovea("evaluate", "run", "scenes", "--json", in: trained.folder.url)
    #expect(try new.object()["known"] == nil)
  }

  @Test func evaluationHasEveryNumber() async throws {
    let trained = try await Trained.shared.value
    let table = try await fovea("evaluate", "run", "scenes", in: trained.folder.url)
    #expect(table.code == 0)
    let outcome = try await fovea("evaluate", "run", "scenes", "--json", in: trained.folder.url)
    #expect(outcome.code == 0 && outcome.errors == "")
    #expect(outcome.output.count { $0 == "\n" } == 1)
    let report = try outcome.object()
    #expect(report["schemaVersion"] as? Int == 1)
    #expect(report["itemCount"] as? Int == 24)
    let accuracy = try #require(report["accuracy"] as? Double)
    let confusion = try #require(report["confusion"] as? [[Int]])
    let correct = confusion.indices.map { confusion[$0][$0] }.reduce(0, +)
    #expect(confusion.flatMap(\.self).reduce(0, +) == 24)
    #expect(abs(accuracy - Double(correct) / 24) < 1e-12)
    let interval = try #require(report["accuracyInterval"] as? [String: Double])
    // Wilson 1927: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)
    let z = 1.959_963_984_540_054
    let centre = (accuracy + z * z / 48) / (1 + z * z / 24)
    let half =
      z * (accuracy * (1 - accuracy) / 24 + z * z / (4 * 24 * 24)).squareRoot() / (1 + z * z / 24)
    #expect(abs(try #require(interval["lower"]) - (centre - half)) < 1e-9)
    #expect(abs(try #require(interval["upper"]) - (centre + half)) < 1e-9)
    let classes = try #require(report["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["000", "045", "090", "135"])
    for (index, entry) in classes.enumerated() {
      #expect(entry["support"] as? Int == confusion[index].reduce(0, +))
      let recall = try #require(entry["recall"] as? Double)
      let support = Double(confusion[index].reduce(0, +))
      #expect(abs(recall - Double(confusion[index][index]) / support) < 1e-12)
      #expect(entry["f1"] is Double)
      #expect(entry["sensitivity"] as? Double == recall)
      #expect(entry["sensitivityInterval"] is [String: Double])
      let called = confusion.map { $0[index] }.reduce(0, +) - confusion[index][index]
      let specificity = try #require(entry["specificity"] as? Double)
      #expect(abs(specificity - (1 - Double(called) / (24 - support))) < 1e-12)
      let area = try #require((entry["areaUnderCurve"] as? [String: Any])?["area"] as? Double)
      #expect((0...1).contains(area))
    }
    #expect(report["macroSpecificity"] is Double && report["macroAreaUnderCurve"] is Double)
    #expect(report["by"] == nil)
    let calibration = try #require(report["expectedCalibrationError"] as? Double)
    #expect((0...1).contains(calibration))
    #expect(table.output.contains(/class +precision +recall +F1  pictures/))
    #expect(table.output.contains("true \\ predicted"))
    #expect(
      table.output.contains(/class +sensitivity +95 % interval +specificity +95 % interval +AUC/))
    #expect(
      table.output.contains(/another\s+training\s+set/)
        && table.output.contains("Always saying 045: 33.3 %"))
    #expect(table.output.contains("Expected calibration error "))
  }

  @Test func predictionsComeAsTableRowsAndLines() async throws {
    let trained = try await Trained.shared.value
    let folder = trained.folder
    let good = try FileManager.default.contentsOfDirectory(
      atPath: folder.file("scenes/test/045").path
    ).sorted()
    try folder.write("a text", "mixed/b.jpg")
    for (name, file) in zip(["a.png", "c.png"], good) {
      try folder.write(
        Data(contentsOf: folder.file("scenes/test/045/\(file)")), "mixed/inner/\(name)")
    }
    let table = try await fovea("predict", "run", "mixed", in: folder.url)
    #expect(table.code == 1)
    #expect(table.errors == "fovea: mixed/b.jpg: is a text file, not a picture\n")
    let rows = table.output.split(separator: "\n")
    #expect(
      rows.count == 3 && rows[0].hasPrefix("picture ") && rows[1].hasPrefix("mixed/inner/a.png"))

    let csv = try await fovea(
      "predict", "run", "mixed/inner", "mixed/inner/a.png", "--format", "csv", in: folder.url)
    #expect(csv.code == 0 && csv.errors == "")
    let lines = csv.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(
      lines[0] == [
        "path", "label", "probability", "probability 000", "probability 045", "probability 090",
        "probability 135",
      ])
    #expect(
      lines.dropFirst().map { $0[0] } == [
        "mixed/inner/a.png", "mixed/inner/c.png", "mixed/inner/a.png",
      ])
    // The folder's two pictures are one batch and the single one another: equal to rounding.
    #expect(lines[1][..<2] == lines[3][..<2])
    for (among, alone) in zip(lines[1].dropFirst(2), lines[3].dropFirst(2)) {
      #expect(abs(try #require(Double(among)) - #require(Double(alone))) < 1e-6)
    }
    for line in lines.dropFirst() {
      let numbers = line.dropFirst(2).compactMap(Double.init)
      #expect(numbers.count == 5 && abs(numbers.dropFirst().reduce(0, +) - 1) < 1e-5)
      #expect(numbers[0] == numbers.dropFirst().max())
    }

    let json = try await fovea("predict", "run", "mixed", "--json", in: folder.url)
    #expect(json.code == 1)
    let objects = try json.output.split(separator: "\n").map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(
      objects.map { $0["path"] as? String } == [
        "mixed/b.jpg", "mixed/inner/a.png", "mixed/inner/c.png",
      ])
    let error = try #require(objects[0]["error"] as? [String: Any])
    #expect(error["message"] as? String == "is a text file, not a picture")
    let probabilities = try #require(objects[1]["probabilities"] as? [String: Double])
    #expect(probabilities.count == 4)
    #expect(
      probabilities[try #require(objects[1]["label"] as? String)] == objects[1]["probability"]
        as? Double)

    let empty = try await fovea("predict", "run", "nothing", in: folder.url)
    #expect(empty.code == 1)
    #expect(empty.errors == "fovea: nothing: there is no such file or folder. Check the path\n")
    try folder.write("", "bare/notes.txt")
    let bare = try await fovea("predict", "run", "bare", in: folder.url)
    #expect(bare.code == 1 && bare.errors.hasSuffix("fovea: bare: there are no pictures\n"))
  }

  @Test func aRunCanBeStartedFrom() async throws {
    let trained = try await Trained.shared.value
    let folder = trained.folder
    try MadeFolder.noise(folder, "noise", count: 10)
    let outcome = try await fovea(
      "train", "noise", "--from", "run", "--freeze", "conv1.", "--freeze", "conv2.", "-o", "second",
      "--epochs", "1", in: folder.url)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains(" at 16×16, "))
    // All but the convolutions, and a head of two classes.
    #expect(outcome.errors.contains("45,634 trainable of 65,026 parameters."))
    let inspected = try await fovea("inspect", "second", "--json", in: folder.url).object()
    #expect(inspected["trainedParameters"] as? Int == 45_634)
    #expect(
      outcome.errors.contains(
        "Started from run: conv1, conv2, attention.query, attention.key, attention.value, fc1 taken "
          + "over."))
    let first = try Safetensors(contentsOf: folder.file("run/weights.safetensors"))
    let second = try Safetensors(contentsOf: folder.file("second/weights.safetensors"))
    for path in ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"] {
      #expect(try second.array(path) == first.array(path))
    }
    #expect(try second.array("fc1.weight") != first.array("fc1.weight"))
    let size = try await fovea(
      "train", "noise", "--from", "run", "-o", "third", "--image-size", "24", in: folder.url)
    #expect(size.code == 1 && size.errors.contains("run: was trained on pictures of 16×16"))
  }

  @Test func resultsThatDoNotArriveAreAFailure() async throws {
    let trained = try await Trained.shared.value
    let executable = try #require(FoveaProcess.executable)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "'\(executable.path)' evaluate run scenes --json > /dev/full 2> err",
    ]
    process.currentDirectoryURL = trained.folder.url
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(
      try String(contentsOf: trained.folder.file("err"), encoding: .utf8)
        == "fovea: standard output: the results cannot be written: No space left on device\n")
  }
}
