import FoveaArray

/// Exact copies among examples of any medium that have been read, told by what their contents give.
///
/// Of files that is their bytes: a picture that was saved again is found by `DataCheck`, which looks at pixels.
package enum ContentCopies {
  /// An example with what tells it from its copies.
  private struct Item {
    let digest: UInt64
    let member: CopyReport.Group.Member
    let isValidation: Bool
  }

  /// What to mind of copies among what is trained on, and between that and what is tested on: sentences,
  /// the most serious first; often none.
  ///
  /// - Parameters:
  ///   - trained: examples of `training`, those for validation included.
  ///   - tested: examples of `test`.
  ///   - setAside: how many of those trained on are set aside for validation, where that is known.
  package static func warnings(
    training: any ExampleStore, _ trained: [Int], test: (any ExampleStore)?, _ tested: [Int],
    settingAside setAside: Int? = nil
  ) -> [String] {
    let dataset = training.dataset
    var all = items(training, trained, isTest: false)
    if let test { all += items(test, tested, isTest: true) }
    let sets = Dictionary(grouping: all.indices, by: { all[$0].digest })
      .values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    let groups = sets.map { set in
      let members = set.map { all[$0].member }
      return CopyReport.Group(
        members,
        labels: dataset.task == .classify ? dataset.classes : Set(members.map(\.label)).sorted())
    }
    let validationCopies = sets.reduce(0) { count, set in
      let mine = set.filter { !all[$0].member.isTest }
      let validation = mine.count { all[$0].isValidation }
      return count + (validation < mine.count ? validation : 0)
    }
    return DataWarnings.ofCopies(
      CopyReport(groups), of: dataset.medium, dataset.task, training: trained.count,
      validation: trained.count { dataset.examples[$0].isValidation }, test: tested.count,
      validationCopies: validationCopies, setAside: setAside)
  }

  private static func items(
    _ store: any ExampleStore, _ indices: [Int], isTest: Bool
  ) -> [Item] {
    let (digests, dataset) = (store.contentDigests, store.dataset)
    return indices.compactMap { index in
      // Of broken examples nothing is known.
      guard digests[index] != 0 else { return nil }
      let example = dataset.examples[index]
      return Item(
        digest: digests[index],
        member: CopyReport.Group.Member(
          name: example.name,
          label: example.labels.map { dataset.classes[$0] }.joined(separator: " "),
          isTest: isTest), isValidation: example.isValidation)
    }
  }
}
