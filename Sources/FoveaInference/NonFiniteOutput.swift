import FoveaArray
import FoveaNN

/// A network answered with NaN or an infinity: the one gate through which predictions, embeddings, scores,
/// transcriptions and measurements leave.
///
/// Weights that are too large do that, as those of a training that diverged, on all examples or on some.
package struct NonFiniteOutput: Error {
  /// Which of the examples that were asked about, counted from 0.
  package let index: Int

  /// Lets finite numbers through.
  ///
  /// - Parameters:
  ///   - values: `rows` · n numbers, row after row of one example each.
  ///   - first: which example the first row is of.
  static func check(_ values: [Float], rows: Int = 1, first: Int = 0) throws {
    guard let wrong = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw NonFiniteOutput(index: first + wrong * rows / values.count)
  }

  /// For people: the example by its name, where there are names.
  func error(_ name: String? = nil) -> InputError { .notFinite(at: name) }
}

/// Turns a gate's finding into what people read.
///
/// - Parameter name: what the example with this number is called.
/// - Throws: `InputError` in the place of `NonFiniteOutput`, and all that `body` throws.
func namingExamples<Result>(
  isolation: isolated (any Actor)? = #isolation, _ name: (Int) -> String? = { _ in nil },
  _ body: () async throws -> Result
) async throws -> Result {
  do {
    return try await body()
  } catch let error as NonFiniteOutput {
    throw error.error(name(error.index))
  }
}
