import Fovea
import FoveaArray

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
    // What cannot be seen as it stands is typed again by its bytes.
    if TerminalText.printable(word) != word {
      let escaped = word.utf8.map { byte in
        let digits = String(byte, radix: 8)
        let isPlain = (0x20..<0x7F).contains(byte) && byte != 0x27 && byte != 0x5C
        return isPlain
          ? String(Unicode.Scalar(byte))
          : "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
      return "$'" + escaped.joined() + "'"
    }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

extension Console {
  /// Says how a run goes on that was interrupted.
  ///
  /// - Parameter other: the identity of a run that was there before, which is none of this training until the
  ///   folder makes room.
  static func stopped(_ directory: RunDirectory, replacing other: String? = nil) {
    let isOther = other != nil && other == (try? directory.configuration())?.identity
    error(
      directory.holdsRun && !isOther
        ? "Stopped. Everything is kept; go on with: "
          + CommandText.again(adding: "--resume", removing: "--overwrite")
        : "Stopped before training began; nothing was "
          + (isOther ? "replaced" : "written") + ". Begin again with: "
          + CommandText.again())
  }
}
