/// Weights that let rare classes count as much as frequent ones.
public enum ClassWeights {
  /// n / (k nₖ): the inverse of each class's frequency, so scaled that the mean over the n
  /// examples is 1.
  ///
  /// - Parameters:
  ///   - labels: class indices of the examples to train on.
  ///   - classCount: how many classes there are; every label must be below it.
  /// - Returns: a weight for each class; 0 for one without examples, which is not among the k.
  public static func inverseFrequency(
    labels: [Int], classCount: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> [Float] {
    for label in labels where !(0..<max(classCount, 0)).contains(label) {
      fatalError("class weights: label \(label) of \(classCount) classes", file: file, line: line)
    }
    var counts = [Int](repeating: 0, count: max(classCount, 0))
    for label in labels { counts[label] += 1 }
    let present = counts.count { $0 > 0 }
    return counts.map { count in
      count == 0 ? 0 : Float(Double(labels.count) / Double(present * count))
    }
  }
}
