/// How many threads may be asked for.
package enum ThreadCount {
  /// More than any machine has.
  package static let most = 1024

  /// Fails for a number that cannot be; `nil` stands for all processors.
  ///
  /// - Throws: `InputError`.
  package static func check(_ threads: Int?) throws {
    guard let threads, !(1...most).contains(threads) else { return }
    throw InputError(
      "the number of threads cannot be \(threads)", advice: "Give a number from 1 to \(most)")
  }
}
