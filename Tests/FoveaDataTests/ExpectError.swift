import FoveaArray
import Testing

/// Expects `body` to throw an `InputError` that reads exactly like `text`.
func expectError<Result>(
  _ text: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) {
  do {
    _ = try body()
    Issue.record("no error was thrown; expected: \(text)", sourceLocation: sourceLocation)
  } catch let error as InputError {
    #expect(error.description == text, sourceLocation: sourceLocation)
  } catch {
    Issue.record("another error was thrown: \(error)", sourceLocation: sourceLocation)
  }
}
