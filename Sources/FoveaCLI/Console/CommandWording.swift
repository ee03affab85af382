import ArgumentParser
package import Fovea
import FoveaArray

extension Setting {
  /// The option by which a person sets it: `--learning-rate`.
  package var option: String {
    switch self {
    case .hopMilliseconds: "--hop-ms"
    case .windowMilliseconds: "--window-ms"
    default:
      "--"
        + rawValue.reduce(into: "") { words, letter in
          words += letter.isUppercase ? "-\(letter.lowercased())" : "\(letter)"
        }
    }
  }
}

extension Setting {
  /// The option as the verb that runs can be told it: with the verb that has it, where this one has not.
  var wording: String { Verb.current?.wording(of: option) ?? option }
}

extension InputError {
  /// The error with settings as options, for people at a terminal.
  var commandText: String { text(naming: \.wording) }
}

/// A verb by its name, with what it can be told.
struct Verb {
  let name: String
  private let command: any ParsableCommand.Type

  private init(_ command: any ParsableCommand.Type, in parent: String) {
    self.command = command
    name = parent + (command.configuration.commandName ?? "\(command)".lowercased())
  }

  private static func verbs(
    of command: any ParsableCommand.Type, in parent: String = ""
  ) -> [Verb] { command.configuration.subcommands.map { Verb($0, in: parent) } }

  /// All, those with verbs of their own before these.
  private static var all: [Verb] {
    verbs(of: FoveaCommand.self).flatMap { verb in
      [verb] + verbs(of: verb.command, in: verb.name + " ")
    }
  }

  /// The one that the command line asks for.
  static var current: Verb? {
    let words = CommandLine.arguments.dropFirst()
    return [words.prefix(2), words.prefix(1)].lazy.compactMap { words in
      all.first { $0.name == words.joined(separator: " ") }
    }.first
  }

  private func has(_ option: String) -> Bool {
    FoveaCommand.helpMessage(for: command, includeHidden: true)
      .split { $0.isWhitespace || ",=<>/[]().;".contains($0) }.contains { $0 == option }
  }

  func wording(of option: String) -> String {
    guard !has(option), let owner = Self.all.first(where: { $0.has(option) }) else {
      return option
    }
    return "\(option) of fovea \(owner.name)"
  }

  /// Fails for a verb that there is not.
  ///
  /// - Throws: `UsageError` with what was probably meant.
  static func check(_ arguments: [String]) throws {
    var (command, parent): (any ParsableCommand.Type, String) = (FoveaCommand.self, "")
    for word in arguments {
      let verbs = verbs(of: command, in: parent)
      let names = verbs.map { String($0.name.dropFirst(parent.count)) }
      guard !verbs.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      guard let place = names.firstIndex(of: word) else {
        let meant = Spelling.nearest(to: word, among: names).map { "Did you mean \($0)? " } ?? ""
        throw UsageError(
          error: InputError(
            "there is no verb \(parent)\(word)",
            advice: "\(meant)The verbs are: \(names.joined(separator: ", "))"))
      }
      (command, parent) = (verbs[place].command, verbs[place].name + " ")
    }
  }
}

extension Console {
  /// An error as the command words it, on standard error, quiet or not.
  static func error(_ error: InputError) { Console.error("fovea: \(error.commandText)") }
}
