package import Fovea

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

extension InputError {
  /// The error with settings as options, for people at a terminal.
  var commandText: String { text(naming: \.option) }
}

extension Console {
  /// An error as the command words it, on standard error, quiet or not.
  static func error(_ error: InputError) { Console.error("fovea: \(error.commandText)") }
}
