import Fovea

/// An option value that cannot be: bad usage, exit code 64.
struct UsageError: Error {
  let error: InputError

  /// What `body` returns; what it throws about a person's input is bad usage.
  static func checking<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as InputError {
      throw UsageError(error: error)
    }
  }
}
