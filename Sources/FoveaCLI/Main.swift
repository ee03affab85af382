import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaKernels
import Glibc

/// Where the process begins: parses, runs, and turns errors into words and exit codes.
///
/// 0 success, 1 failure, 2 a `--require` that is not met, 64 bad usage, 130 interrupted.
@main
enum Main {
  static func main() async {
    // A file that may not grow further is an error like a full disk, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      try await Interruption.cancelling {
        let arguments = Array(CommandLine.arguments.dropFirst())
        try Verb.check(arguments)
        try OptionRanges.check(arguments)
        var command = try FoveaCommand.parseAsRoot()
        try ProcessorLevel.check()
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try command.run()
        }
      }
      try finishOutput()
    } catch {
      exit(with: error)
    }
  }

  /// Results that did not arrive are a failure: a full disk behind `> results.json`.
  private static func finishOutput() throws {
    guard fflush(nil) != 0 else { return }
    let reason = unsafe String(cString: strerror(errno))
    throw InputError("the results cannot be written: \(reason)", at: "standard output")
  }

  private static func exit(with error: any Error) -> Never {
    let isJSON = CommandLine.arguments.contains { $0 == "--json" || $0 == "-j" }
    switch error {
    case is CancellationError: Glibc.exit(130)
    // All has been said.
    case let code as ExitCode: Glibc.exit(code.rawValue)
    case let error as InputError:
      if isJSON { printJSON(ErrorObject(error)) }
      Console.error(error)
      Glibc.exit(1)
    case let usage as UsageError:
      if isJSON { printJSON(ErrorObject(usage.error)) }
      Console.error(usage.error)
      Glibc.exit(64)
    // A file's form is said by who reads it; what is left is a number that JSON cannot write.
    case is DecodingError, is EncodingError:
      exit(with: InputError("a result or a file holds what JSON cannot: \(JSONText.reason(error))"))
    default:
      // Help, version and bad usage; other errors are ours and are shown as they are.
      let code = FoveaCommand.exitCode(for: error)
      if isJSON, code != .success {
        printJSON(ErrorObject(InputError(FoveaCommand.message(for: error))))
      }
      let lines = lines(of: FoveaCommand.fullMessage(for: error))
      if code == .success { StandardOutput.lines(lines) } else { lines.forEach(Console.error) }
      fflush(nil)
      Glibc.exit(code.rawValue)
    }
  }

  /// The lines that the argument parser laid out. What was typed stands in them as it was; a line end
  /// in it is none of theirs.
  private static func lines(of message: String) -> [String] {
    var message = message
    let typed = CommandLine.arguments.dropFirst().flatMap { word in
      // `--option=value` is told in parts.
      [word] + word.split(separator: "=", maxSplits: 1).map(String.init)
    }
    for word in typed where word.contains(where: \.isNewline) {
      message = message.replacing(word, with: TerminalText.printable(word))
    }
    return message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func printJSON(_ value: some Encodable) { try? StandardOutput.json(value) }
}

/// An error as `--json` prints it.
struct ErrorObject: Encodable {
  struct Content: Encodable {
    let message: String
    let place: String?
    let row: Int?
    let advice: String?

    init(_ error: InputError) {
      message = error.problem
      place = error.place
      row = error.row
      advice = error.advice?.text(naming: \.wording)
    }
  }

  let schemaVersion = 1
  let error: Content

  init(_ error: InputError) { self.error = Content(error) }
}
