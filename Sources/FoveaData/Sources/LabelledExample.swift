public import FoundationEssentials
package import FoveaArray

/// One labelled example: a file that will be decoded, or what is in memory.
public struct LabelledExample: Hashable, Sendable {
  /// Where it comes from.
  public enum Content: Hashable, Sendable {
    /// A file to decode.
    case file(URL)
    /// A picture that is there already.
    case picture(Picture)
    /// A recording that is there already.
    case sound(Sound)
    /// A text that is there already.
    case text(String)
  }

  /// The name that a person would know it by: `train/cat/0015.jpg`, `train-images, picture 7`.
  public var name: String
  /// Where it comes from.
  public var content: Content
  /// The index of its class in the dataset's `classes`; of a transcript, that of its first word.
  public var label: Int
  /// What is said in it, as indices into the dataset's `classes`; `nil` where it has a class instead.
  public var words: [Int]?
  /// What belongs together and must not be torn apart by a split: a patient, a speaker.
  public var group: String?
  /// What results are told apart by, of the column that was named for it: a speaker, a clinic, a year.
  package var category: String?
  /// The row of the table that names it.
  public var row: Int?
  /// Whether the source sets it aside for validation, so that no split has to be drawn.
  public var isValidation: Bool

  /// An example of the class with index `label`.
  public init(
    name: String, content: Content, label: Int, group: String? = nil, row: Int? = nil,
    isValidation: Bool = false
  ) {
    self.name = name
    self.content = content
    self.label = label
    self.group = group
    self.row = row
    self.isValidation = isValidation
  }
}

extension LabelledExample.Content {
  /// What it is said to be where another medium was wanted.
  package func refused(as wanted: Medium) -> InputError {
    let found: Medium? =
      switch self {
      case .file: nil
      case .picture: .picture
      case .sound: .sound
      case .text: .text
      }
    return InputError("is a \((found ?? wanted).noun), not a \(wanted.noun)")
  }
}
