/// `lstm` and `gru`: `RecurrentClassifier`.
public struct RecurrentFamily: SequenceFamily {
  private let cell: RecurrentClassifier.Cell

  /// The family of one recurrent layer.
  public init(_ cell: RecurrentClassifier.Cell) { self.cell = cell }

  /// `lstm` or `gru`
  public var name: String { cell.rawValue }

  /// Those of `RecurrentClassifier`, with vectors of tokens as wide as the state.
  public var defaults: RecurrentClassifier.Options {
    var options = RecurrentClassifier.Options()
    options.cell = cell
    options.features = options.hidden
    return options
  }

  /// Attention, state and directions.
  public var settings: [NetworkSetting<RecurrentClassifier.Options>] {
    [
      .attention { _ in "over the states" },
      NetworkSetting(
        \.hidden, \.stateAndPool, "numbers in a state of each direction", row: "State"),
      NetworkSetting(
        \.readsForward, \.isForwardOnly,
        "read frames from the first to the last alone, so that predict \(.stream) hears them one by one"
      ),
      NetworkSetting(\.tokenWidth, \.features, "numbers in the vector of a text's token"),
    ]
  }

  /// See `RecurrentClassifier`; the options must be those of the family's layer.
  public func check(_ options: RecurrentClassifier.Options) throws {
    try options.cell.require(cell, model: name)
    try RecurrentClassifier.check(options)
  }

  /// See `RecurrentClassifier`.
  public func network(
    _ options: RecurrentClassifier.Options, mechanisms: AttentionCatalog
  ) throws -> any SequenceClassifier { try RecurrentClassifier(options) }

  /// The name and the directions.
  public func reportedName(_ options: RecurrentClassifier.Options) -> String {
    "\(name), \(options.isForwardOnly ? "forward" : "both directions")"
  }
}

extension RecurrentClassifier.Options: SequenceOptions {
  /// The attention pool has as many hidden units as a state has numbers.
  fileprivate var stateAndPool: Int {
    get { hidden }
    set { (hidden, poolHidden) = (newValue, newValue) }
  }

  fileprivate var isForwardOnly: Bool {
    get { readsForward == true }
    set { readsForward = newValue }
  }
}

extension RecurrentClassifier.Cell {
  /// - Throws: `InputError` unless it is the family's.
  func require(_ cell: RecurrentClassifier.Cell, model: String) throws {
    guard self == cell else {
      throw InputError(
        "the options of model \(model) are those of another: its cell is \(rawValue)")
    }
  }
}

extension NetworkDescription {
  /// A `RecurrentClassifier`.
  public static func recurrent(_ options: RecurrentClassifier.Options) -> Self {
    Self(RecurrentFamily(options.cell), options)
  }
}
