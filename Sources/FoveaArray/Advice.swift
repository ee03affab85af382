/// What to do about a problem, as a sentence without its full stop.
///
/// Settings stand in it as values, as the command and a program name them differently:
///
/// ```swift
/// let advice: Advice = "Give a smaller \(.learningRate)"
/// advice.description          // Give a smaller training.learningRate
/// ```
public struct Advice: Hashable, Sendable, ExpressibleByStringInterpolation,
  CustomStringConvertible
{
  fileprivate enum Piece: Hashable, Sendable {
    case text(String)
    case setting(Setting)
  }

  private var pieces: [Piece]

  /// Advice that names no setting.
  public init(stringLiteral text: String) { pieces = [.text(text)] }

  /// Advice from literals, values and settings.
  public init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

  /// Collects the pieces of an interpolated literal.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var pieces: [Piece] = []

    /// Room for what comes.
    public init(literalCapacity: Int, interpolationCount: Int) {
      pieces.reserveCapacity(2 * interpolationCount + 1)
    }

    /// Adds words.
    public mutating func appendLiteral(_ literal: String) { pieces.append(.text(literal)) }

    /// Adds a value as it describes itself.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      pieces.append(.text(value.description))
    }

    /// Adds a setting, which is worded when the advice is shown.
    public mutating func appendInterpolation(_ setting: Setting) {
      pieces.append(.setting(setting))
    }

    /// Adds other advice.
    public mutating func appendInterpolation(_ advice: Advice) { pieces += advice.pieces }
  }

  /// The sentence, with settings as `name` calls them.
  public func text(naming name: (Setting) -> String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .setting(let setting): name(setting)
      }
    }.joined()
  }

  /// The sentence as a program's author reads it.
  public var description: String { text(naming: \.swiftName) }

  /// Equal when they read alike: however a text was put together.
  public static func == (a: Advice, b: Advice) -> Bool { a.joined == b.joined }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(joined) }

  /// Neighbouring texts as one.
  private var joined: [Piece] {
    pieces.reduce(into: []) { joined, piece in
      switch (joined.last, piece) {
      case (_, .text("")): break
      case (.text(let before), .text(let text)): joined[joined.count - 1] = .text(before + text)
      default: joined.append(piece)
      }
    }
  }
}
