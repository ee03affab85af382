import FoveaArray

/// Of examples that a network is measured on, those that it knows from its training.
package struct KnownExamples: Codable, Equatable, Sendable {
  /// All that are measured.
  package let itemCount: Int
  /// Those that it was trained on.
  package let trainedOn: Int
  /// Those that validated it, by which the epoch was chosen, the temperature of its probabilities, or both.
  package let chosenBy: Int

  /// Compares what examples hold with what a run's did; `nil` where the run knows none of them, or not what
  /// its own held.
  package init?(_ store: any ExampleStore, _ directory: RunDirectory) {
    let used = directory.usedExamples()
    let digests = store.contentDigests
    let uses = store.usable.compactMap { used[digests[$0]] }
    guard !uses.isEmpty else { return nil }
    itemCount = store.usable.count
    trainedOn = uses.count { $0 == .trainedOn }
    chosenBy = uses.count - trainedOn
  }

  /// What a result on them is worth.
  package func sentence(of medium: Medium) -> String {
    let trained =
      "\(NumberText.count(trainedOn)) of these \(NumberText.count(itemCount, medium.noun)) "
      + "\(trainedOn == 1 ? "was" : "were") trained on"
    let chosen = "\(NumberText.count(chosenBy)) validated it"
    let what =
      trainedOn == 0
      ? "\(NumberText.count(chosenBy)) of these \(NumberText.count(itemCount, medium.noun)) validated the network"
      : chosenBy == 0 ? trained : "\(trained) and \(chosen)"
    return
      "Warning: \(what), so the result and its intervals say too much: on new \(medium.nouns) the network may "
      + "fare worse."
  }
}
