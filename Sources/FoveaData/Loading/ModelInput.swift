import FoveaArray

/// What a network takes: how examples of a medium are prepared for it.
///
/// It is stored with a trained model, so that a prediction prepares its examples as training did.
public enum ModelInput: Hashable, Sendable {
  /// Pictures in one shape.
  case picture(PictureInput)
  /// Features of recordings.
  case sound(SoundInput)
  /// Texts as tokens.
  case text(TextInput)

  /// What examples are.
  public var medium: Medium {
    switch self {
    case .picture: .picture
    case .sound: .sound
    case .text: .text
    }
  }

  /// How pictures are prepared.
  ///
  /// - Throws: `InputError` where the network takes something else.
  public var picture: PictureInput {
    get throws {
      guard case .picture(let input) = self else { throw wrong(.picture) }
      return input
    }
  }

  /// How recordings are prepared.
  ///
  /// - Throws: `InputError` where the network takes something else.
  public var sound: SoundInput {
    get throws {
      guard case .sound(let input) = self else { throw wrong(.sound) }
      return input
    }
  }

  /// How texts are prepared.
  ///
  /// - Throws: `InputError` where the network takes something else.
  public var text: TextInput {
    get throws {
      guard case .text(let input) = self else { throw wrong(.text) }
      return input
    }
  }

  private func wrong(_ wanted: Medium) -> InputError {
    InputError(
      "the network was trained on \(medium.nouns), not on \(wanted.nouns)",
      advice: "Give a run that was trained on \(wanted.nouns)")
  }

  /// `32×32`, `40 bands of 2 s at 8,000 Hz`: the shape for people.
  public var summary: String {
    switch self {
    case .picture(let input): "\(input.width)×\(input.height)"
    case .sound(let input): input.summary
    case .text(let input): input.summary
    }
  }
}
