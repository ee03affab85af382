/// Stops the program with a text when a rule that the programmer must keep is violated.
///
/// Release builds print the text and the caller's line too, which they do not for `precondition`.
func require(
  _ condition: Bool, _ text: @autoclosure () -> String, file: StaticString, line: UInt
) {
  if !condition { fatalError(text(), file: file, line: line) }
}
