import Fovea

/// A call with bad input, and what should become of it.
struct Probe: Sendable {
  /// What is right.
  enum Outcome: String, Sendable {
    /// It throws an error that says what is wrong.
    case throwing
    /// It traps with a message and the line of this program that made the mistake.
    case trapping
    /// It traps with a message; an operator, a literal or a property is not told its caller's line.
    case trappingInside = "trapping-inside"
    /// It is taken, and gives the right value.
    case accepting
  }

  let outcome: Outcome
  let name: String
  let run: @Sendable (Runs) async throws -> Void

  static func throwing(
    _ name: String, _ run: @escaping @Sendable (Runs) async throws -> Void
  ) -> Probe { Probe(outcome: .throwing, name: name, run: run) }

  static func trapping(
    _ name: String, _ run: @escaping @Sendable (Runs) async throws -> Void
  ) -> Probe { Probe(outcome: .trapping, name: name, run: run) }

  static func trappingInside(
    _ name: String, _ run: @escaping @Sendable (Runs) async throws -> Void
  ) -> Probe { Probe(outcome: .trappingInside, name: name, run: run) }

  static func accepting(
    _ name: String, _ run: @escaping @Sendable (Runs) async throws -> Void
  ) -> Probe { Probe(outcome: .accepting, name: name, run: run) }
}

/// A value that was accepted and is not the right one.
struct WrongValue: Error {
  let text: String
}

/// Fails where an accepted input did not give the right value.
func expect(_ condition: Bool, _ text: String) throws {
  if !condition { throw WrongValue(text: text) }
}
