/// Something outside the program that it cannot work with: what is wrong, where, what to do.
///
/// Everything that a file, a person or a machine can cause is thrown as this one type, so that
/// the command and the page show all of it alike.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong: `the picture is cut short`.
  public let problem: String
  /// The file or option concerned, as the person wrote it.
  public let place: String?
  /// The row of a table, or the line of a text, counted from 1.
  public let row: Int?
  /// What to do about it, as a sentence; `nil` where nothing is more helpful than the problem.
  public let advice: String?

  /// An error at `place`.
  public init(_ problem: String, at place: String? = nil, row: Int? = nil, advice: String? = nil) {
    self.problem = problem
    self.place = place
    self.row = row
    self.advice = advice
  }

  /// `labels.csv, row 7: the label is empty. Fill it in, or remove the row.`
  public var description: String {
    var text = place ?? ""
    if let row { text += text.isEmpty ? "row \(row)" : ", row \(row)" }
    text += text.isEmpty ? problem : ": \(problem)"
    if let advice { text += ". \(advice)" }
    return text
  }
}
