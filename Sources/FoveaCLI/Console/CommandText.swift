import Fovea

/// The command as it was typed, to be typed again.
enum CommandText {
  /// `fovea train 'my flowers' --output run --resume`
  ///
  /// - Parameters:
  ///   - adding: an option that is added unless it is there.
  ///   - removing: an option that is left out.
  static func again(adding: String? = nil, removing: String? = nil) -> String {
    var words = CommandLine.arguments.dropFirst().filter { $0 != removing }
    if let adding, !words.contains(adding) { words.append(adding) }
    return (["fovea"] + words.map(quoted)).joined(separator: " ")
  }

  /// A word as a POSIX shell reads it.
  static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || "-_./=,:+@%".unicodeScalars.contains(scalar)
    }
    if plain, !word.isEmpty { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

extension Console {
  /// Says how a run goes on that was interrupted.
  static func stopped(_ directory: RunDirectory) {
    error(
      directory.holdsRun
        ? "Stopped. Everything is kept; go on with: "
          + CommandText.again(adding: "--resume", removing: "--overwrite")
        : "Stopped before training began; nothing was written. Begin again with: "
          + CommandText.again())
  }
}
