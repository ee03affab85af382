extension Tensor {
  /// The same tensor, to be found in its graph by a name: `attention.weights`.
  ///
  /// A mark costs nothing: what nobody asks a plan for is not computed. Several tensors may share a
  /// name, such as the weights of several layers.
  @discardableResult
  public func named(_ name: String) -> Tensor {
    graph.mark(value, name)
    return self
  }
}

extension Graph {
  /// Adds to the graph without the marks that `body` leaves: parts of a network that an explanation
  /// should not see.
  public func withoutMarks<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = isMarking
    isMarking = false
    defer { isMarking = before }
    return try body()
  }

  /// The tensors that were given a name, in the order in which they were; none where nobody did.
  public func tensors(named name: String) -> [Tensor] { (marks[name] ?? []).map { tensor($0) } }
}
