import Foundation

/// What the command says of itself: its verbs, and what each of them takes.
struct CommandTree: Decodable, Sendable {
  struct Command: Decodable, Sendable {
    let commandName: String
    let arguments: [Argument]?
    let subcommands: [Command]?
  }

  struct Argument: Decodable, Sendable {
    enum Kind: String, Decodable { case positional, option, flag }

    struct Name: Decodable, Sendable {
      let kind: String
      let name: String
    }

    let kind: Kind
    let isOptional: Bool
    let valueName: String
    let names: [Name]?
    let allValues: [String]?
    let abstract: String?

    /// `--output`, or `-o` where there is no longer one.
    var option: String? {
      names?.first { $0.kind == "long" }.map { "--\($0.name)" }
        ?? names?.first.map { "-\($0.name)" }
    }
  }

  /// A command that does something itself.
  struct Verb: Sendable, CustomStringConvertible {
    let path: [String]
    let arguments: [Argument]

    var description: String { path.joined(separator: " ") }
    var positionals: [Argument] { arguments.filter { $0.kind == .positional } }

    /// The argument of an option or flag, without its dashes.
    func argument(_ name: String) -> Argument? {
      arguments.first { $0.kind != .positional && $0.option == "--\(name)" }
    }

    /// The option that has to be given to say where results go.
    var output: Argument? { arguments.first { $0.option == "--output" && !$0.isOptional } }

    /// Whether the verb cannot begin without being told anything.
    var needsArguments: Bool { arguments.contains { !$0.isOptional } }

    /// Whether each line that `--json` prints is an object, rather than the only one.
    var printsLines: Bool {
      argument("json")?.abstract != "Print one JSON object and nothing else."
    }
  }

  let command: Command

  /// The tree of the built command.
  static let shared = Task {
    let dump = try await fovea("--experimental-dump-help")
    return try JSONDecoder().decode(CommandTree.self, from: Data(dump.output.utf8))
  }

  /// All verbs but help itself.
  var verbs: [Verb] {
    func leaves(_ command: Command, _ path: [String]) -> [Verb] {
      let inner = (command.subcommands ?? []).filter { $0.commandName != "help" }
      guard inner.isEmpty else { return inner.flatMap { leaves($0, path + [$0.commandName]) } }
      return [Verb(path: path, arguments: command.arguments ?? [])]
    }
    return leaves(command, [])
  }
}
