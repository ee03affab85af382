/// Stops the program with a text when a rule that the programmer must keep is violated.
///
/// Release builds print the text and the caller's line too, which they do not for `precondition`.
@inlinable
package func require(
  _ condition: Bool, _ text: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { fatalError(text(), file: file, line: line) }
}

extension Collection where Index == Int {
  /// Stops the program with a text when there is no element at `index`.
  @inlinable
  package func requireElement(
    at index: Int, _ what: String, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      indices.contains(index), "there is no \(what) \(index), only \(count) from 0", file: file,
      line: line)
  }
}
