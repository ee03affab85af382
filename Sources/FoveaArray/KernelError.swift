/// A plan could not be made, or failed while it ran: this machine has no kernel for an op, or a number
/// in an input, such as an index, is out of range.
///
/// `Graph.compile`, `Session.init` and `Session.run` throw it, and the classifiers where a plan of
/// theirs fails; what is wrong with a file or a parameter is an `InputError`.
public struct KernelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What failed: `gather: an index lies outside 0..<10`.
  public let description: String

  package init(_ description: String) { self.description = description }
}
