import Foundation
import FoveaNN
import FoveaTestSupport
import Synchronization
import Testing

/// What people see: help with the defaults, and progress that suits where it goes.
@Suite(.serialized) struct ConsoleTests {
  /// Help without its line breaks.
  private func help(_ verb: String...) async throws -> String {
    let outcome = try await fovea(arguments: verb + ["--help"])
    #expect(outcome.code == 0 && outcome.errors == "")
    return outcome.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  @Test func helpStatesTheDefaults() async throws {
    let train = try await help("train")
    for option in [
      ("model", "cnn, lstm for recordings, transformer for texts, lstm-ctc for transcripts"),
      ("image-size", "auto"), ("epochs", "30"),
      ("batch-size", "32"), ("optimizer", "adamw"), ("learning-rate", "0.002"),
      ("schedule", "warmup"), ("augment", "usual"), ("patience", "10"), ("seed", "1"),
      ("threads", "all"), ("validation-split", "0.1"), ("gradient-clip", "1.0"),
      ("hidden", "128"),
      ("widths", "32,64"), ("kernel-sizes", "3,3"), ("head", "flatten"), ("channels", "rgb"),
    ] {
      let parts = train.components(separatedBy: "--\(option.0) <\(option.0)>")
      try #require(parts.count == 2, "\(option.0)")
      let text = parts[1].components(separatedBy: " --")[0]
      #expect(
        text.contains("default: \(option.1))"), "\(option.0): \(text)")
    }
    #expect(train.contains("(default: that of the network: cnn augmented"))
    // What a family can be told, the command can be told by the same name.
    func settings(_ family: some NetworkFamily) -> [String] { family.settings.map(\.name) }
    for name in NetworkCatalog.builtIn.families.flatMap({ settings($0) }) {
      #expect(train.contains(" --\(name) "), "\(name)")
    }
    for option in ["--test", "--from", "--freeze", "--resume", "--overwrite", "--json", "--quiet"] {
      #expect(train.contains(option))
    }
    let compare = try await help("compare")
    #expect(compare.contains("each trains three networks. (default: 5)"))
    for option in ["--results", "--require", "--output", "--epochs"] {
      #expect(compare.contains(option))
    }
    for verb in [["evaluate"], ["predict"], ["data", "check"], ["data", "scenes"], ["bench"], []] {
      let outcome = try await fovea(arguments: verb + ["--help"])
      #expect(outcome.code == 0 && outcome.output.contains("USAGE: fovea"))
    }
    let version = try await fovea("--version")
    #expect(version.code == 0 && version.output.firstMatch(of: /^[0-9]+\.[0-9]+\.[0-9]+\n$/) != nil)
    #expect(try await fovea("help", "train").output.contains("USAGE: fovea train"))
  }

  /// What a training writes to a terminal on standard error.
  private func terminal(
    _ arguments: [String], _ environment: [String: String], in folder: URL
  ) async throws -> (text: String, outcome: FoveaProcess.Outcome) {
    // As `posix_openpt`, `unlockpt` and `ptsname` do, which Glibc's module leaves out.
    let leader = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var lock: CInt = 0
    var terminal: CUnsignedInt = 0
    let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK, TIOCGPTN
    try #require(
      leader >= 0 && ioctl(leader, unlock, &lock) == 0 && ioctl(leader, number, &terminal) == 0)
    let follower = open("/dev/pts/\(terminal)", O_RDWR | O_NOCTTY)
    try #require(follower >= 0)
    let text = Mutex(Data())
    let isRead = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(leader, &buffer, buffer.count)
        if count <= 0 { break }
        text.withLock { $0.append(contentsOf: buffer[..<count]) }
      }
      isRead.signal()
    }
    let process = try FoveaProcess(
      arguments, in: folder, environment: environment,
      terminal: FileHandle(fileDescriptor: follower, closeOnDealloc: false))
    let outcome = await process.outcome()
    // Reading ends once nobody has the other side open.
    close(follower)
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      Thread.detachNewThread {
        isRead.wait()
        continuation.resume()
      }
    }
    close(leader)
    return (String(decoding: text.withLock { $0 }, as: UTF8.self), outcome)
  }

  @Test func progressSuitsWhereItGoes() async throws {
    let folder = try TemporaryFolder()
    try MadeFolder.noise(folder, "data", count: 60)
    var number = 0
    func train(
      _ environment: [String: String], _ options: String...
    ) async throws -> (text: String, outcome: FoveaProcess.Outcome) {
      number += 1
      return try await terminal(
        [
          "train", "data", "-o", "run\(number)", "--epochs", "3", "--batch-size", "4",
          "--skip-check",
        ]
          + options, environment, in: folder.url)
    }
    let bars = try await train(["TERM": "xterm", "NO_COLOR": "1"])
    #expect(bars.outcome.code == 0)
    let bar = try #require(
      bars.text.firstMatch(
        of:
          /epoch \d\/3 \[[= ]{10}\] loss \d+\.\d{3}  accuracy [\d.]+ %  [\d,]+\/s  [\d]+ [^\r]*s left/
      ))
    #expect(!bar.0.isEmpty)
    #expect(bars.text.contains("\r") && bars.text.contains("epoch 3: loss "))
    #expect(!bars.text.contains("\u{1B}"), "no colour, no cursor movement")
    // The bar fits the line, and is taken away before anything stays.
    let plain = try await train(["TERM": "dumb"])
    #expect(plain.outcome.code == 0)
    #expect(!plain.text.replacing("\r\n", with: "\n").contains("\r"))
    #expect(plain.text.contains("epoch 3: loss ") && !plain.text.contains("pictures/s"))
    let quiet = try await train(["TERM": "xterm"], "--quiet")
    #expect(quiet.outcome.code == 0 && quiet.text == "")
    #expect(quiet.outcome.output.hasPrefix("Accuracy "))
    let json = try await train(["TERM": "xterm"], "--json")
    #expect(json.outcome.code == 0 && json.text == "")
    #expect(try json.outcome.object()["epochs"] as? Int == 3)
  }
}
