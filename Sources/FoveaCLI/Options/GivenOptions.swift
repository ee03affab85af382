/// Which options a command line gives: a value that is an option's default does not tell whether somebody
/// gave it.
enum GivenOptions {
  /// Options that have a short name too.
  private static let short: [Character: String] = ["o": "--output", "j": "--json", "q": "--quiet"]

  /// Their long names in the order in which they are given, each once.
  ///
  /// - Parameter arguments: the words of the command, which the parser has accepted: what begins like an
  ///   option is one.
  static func longNames(in arguments: some Sequence<String>) -> [String] {
    var names: [String] = []
    for word in arguments.prefix(while: { $0 != "--" }) {
      let found: [String] =
        word.hasPrefix("--")
        ? [String(word.prefix { $0 != "=" })]
        : word.hasPrefix("-") ? word.dropFirst().compactMap { short[$0] } : []
      names += found.filter { !names.contains($0) }
    }
    return names
  }

  /// Those of the command that runs.
  static var names: [String] { longNames(in: CommandLine.arguments.dropFirst()) }

  /// `--epochs`, `--epochs and --seeds`, `--epochs, --seeds and --test`.
  static func list(_ names: [String]) -> String {
    names.count < 2
      ? names.joined()
      : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }
}
