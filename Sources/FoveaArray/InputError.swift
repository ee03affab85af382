public import FoundationEssentials

/// Something outside the program that it cannot work with: what is wrong, where, what to do.
///
/// Everything that a file, a person or a machine can cause is thrown as this one type, so that
/// the command, the page and a program show all of it alike.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong: `the picture is cut short`.
  public let problem: String
  /// The file or option concerned, as the person wrote it.
  public let place: String?
  /// The row of a table, or the line of a text, counted from 1.
  public let row: Int?
  /// What to do about it; `nil` where nothing is more helpful than the problem.
  public let advice: Advice?

  /// An error at `place`.
  public init(_ problem: String, at place: String? = nil, row: Int? = nil, advice: Advice? = nil) {
    self.problem = problem
    self.place = place
    self.row = row
    self.advice = advice
  }

  /// An error at `place` with advice that names no setting; a literal is `Advice` itself.
  @_disfavoredOverload
  public init(_ problem: String, at place: String? = nil, row: Int? = nil, advice: String?) {
    self.init(problem, at: place, row: row, advice: advice.map { Advice(stringLiteral: $0) })
  }

  /// `labels.csv, row 7: the label is empty. Fill it in, or remove the row.`
  public var description: String { text(naming: \.swiftName) }

  /// The description, with settings as `name` calls them.
  public func text(naming name: (Setting) -> String) -> String {
    var text = place ?? ""
    if let row { text += text.isEmpty ? "row \(row)" : ", row \(row)" }
    text += text.isEmpty ? problem : ": \(problem)"
    if let advice { text += ". \(advice.text(naming: name))" }
    return text
  }
}

extension InputError: LocalizedError {
  /// All of it, so that whoever logs `localizedDescription` has what was wrong, where, what to do.
  public var errorDescription: String? { description }
  /// What is wrong.
  public var failureReason: String? { problem }
  /// What to do about it.
  public var recoverySuggestion: String? { advice?.description }
}
