/// `lstm-ctc` and `gru-ctc`: `RecurrentTranscriber`.
public struct RecurrentTranscriberFamily: TranscriberFamily {
  private let cell: RecurrentClassifier.Cell

  /// The family of one recurrent layer.
  public init(_ cell: RecurrentClassifier.Cell) { self.cell = cell }

  /// `lstm-ctc` or `gru-ctc`
  public var name: String { "\(cell.rawValue)-ctc" }

  /// Those of `RecurrentTranscriber`.
  public var defaults: RecurrentTranscriber.Options {
    var options = RecurrentTranscriber.Options(features: 40, words: 2)
    options.cell = cell
    return options
  }

  /// Attention and state.
  public var settings: [NetworkSetting<RecurrentTranscriber.Options>] {
    [
      .attention { _ in "over the states" },
      NetworkSetting(\.hidden, \.hidden, "numbers in a state of each direction", row: "State"),
      NetworkSetting(\.heads, \.heads, "heads of multi-head attention", row: "Heads"),
    ]
  }

  /// See `RecurrentTranscriber`; the options must be those of the family's layer.
  public func check(_ options: RecurrentTranscriber.Options) throws {
    try options.cell.require(cell, model: name)
    try RecurrentTranscriber.check(options)
  }

  /// See `RecurrentTranscriber`.
  public func network(
    _ options: RecurrentTranscriber.Options, mechanisms: AttentionCatalog
  ) throws -> any SequenceLabeller { try RecurrentTranscriber(options, mechanisms: mechanisms) }

  /// The name, the directions, and what is said.
  public func reportedName(_ options: RecurrentTranscriber.Options) -> String {
    "\(name), both directions, a word or none at each step"
  }
}

extension RecurrentTranscriber.Options: SequenceOptions {
  /// The words.
  public var classes: Int {
    get { words }
    set { words = newValue }
  }
}

extension NetworkDescription {
  /// A `RecurrentTranscriber`.
  public static func recurrentTranscriber(_ options: RecurrentTranscriber.Options) -> Self {
    Self(RecurrentTranscriberFamily(options.cell), options)
  }
}
