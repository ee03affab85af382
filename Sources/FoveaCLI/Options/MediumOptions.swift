import Fovea
import FoveaArray

/// Options of `train` and `compare` that say how examples of one medium are read, for all media in one
/// list.
///
/// What data are shows when they are read, so the parser cannot refuse them.
enum MediumOptions {
  private static let owners: [(medium: Medium, options: Set<String>)] = [
    (
      .picture,
      ["--image-size", "--channels", "--resize", "--highlights", "--no-highlights"]
    ),
    (
      .sound,
      [
        "--sample-rate", "--clip-seconds", "--features", "--bands", "--coefficients", "--window-ms",
        "--hop-ms", "--frames-together", "--mel-scale", "--lowest-hertz", "--highest-hertz",
      ]
    ),
    (
      .text,
      ["--text-column", "--tokenizer", "--vocabulary-size", "--most-tokens", "--long-texts"]
    ),
  ]

  /// Fails when an option was given that examples of another medium have.
  ///
  /// - Parameter given: the names of the options that the command was given.
  /// - Throws: `UsageError` that names the first.
  static func check(_ medium: Medium, given: [String] = GivenOptions.names) throws {
    for option in given {
      guard let owner = owners.first(where: { $0.options.contains(option) })?.medium,
        owner != medium
      else { continue }
      throw UsageError(
        error: InputError(
          "\(medium.nouns) have no \(option)", advice: "It is an option of \(owner.nouns)"))
    }
  }
}
