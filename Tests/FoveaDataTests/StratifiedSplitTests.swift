import FoveaArray
import FoveaData
import Testing

struct StratifiedSplitTests {
  private let key = RandomKey(seed: 1)

  private func dataset(_ labels: [Int], groups: [String?]? = nil) -> LabelledDataset {
    let picture = Picture(width: 1, height: 1, channels: 1, made: [0])
    return LabelledDataset(
      name: "made up", classes: (0...(labels.max() ?? 0)).map { "class \($0)" },
      made: labels.enumerated().map { index, label in
        LabelledExample(
          name: "\(index)", content: .picture(picture), label: label, group: groups?[index])
      })
  }

  private func counts(_ indices: [Int], _ dataset: LabelledDataset) -> [Int] {
    dataset.classes.indices.map { label in
      indices.count { dataset.examples[$0].label == label }
    }
  }

  @Test func everyClassGivesItsShare() throws {
    let data = dataset((0..<200).map { $0 < 100 ? 0 : $0 < 150 ? 1 : $0 < 196 ? 2 : 3 })
    let split = try StratifiedSplit(of: data, among: Array(0..<200), fraction: 0.1, key: key)
    #expect(counts(split.heldOut, data) == [10, 5, 5, 1])
    #expect((split.kept + split.heldOut).sorted() == Array(0..<200))
    #expect(split.kept == split.kept.sorted() && split.heldOut == split.heldOut.sorted())
    #expect(split.notes.isEmpty)
  }

  @Test func theKeyDecidesWhichAndTheSeedRepeats() throws {
    let data = dataset((0..<100).map { $0 % 2 })
    func heldOut(_ seed: UInt64) throws -> [Int] {
      try StratifiedSplit(
        of: data, among: Array(0..<100), fraction: 0.2, key: RandomKey(seed: seed)
      ).heldOut
    }
    #expect(try heldOut(1) == heldOut(1))
    #expect(try heldOut(1) != heldOut(2))
    // Over many keys every example is set aside about equally often: 0.2 · 400 = 80, deviation 8.
    var often = [Int](repeating: 0, count: 100)
    for seed in 0..<400 {
      for index in try heldOut(UInt64(seed)) { often[index] += 1 }
    }
    #expect(often.allSatisfy { (40...120).contains($0) })
  }

  @Test func validationAndTestDrawDifferently() throws {
    let data = dataset((0..<100).map { $0 % 2 })
    let all = Array(0..<100)
    let test = try StratifiedSplit.test(of: data, among: all, key: key)
    #expect(counts(test.heldOut, data) == [10, 10])
    let validation = try StratifiedSplit.validation(of: data, among: all, fraction: 0.2, key: key)
    #expect(test.heldOut != validation.heldOut)
    let rest = try StratifiedSplit.validation(
      of: data, among: test.kept, fraction: 0.1, key: key)
    #expect(Set(rest.heldOut).isDisjoint(with: test.heldOut))
    #expect((rest.kept + rest.heldOut).sorted() == test.kept)
  }

  @Test func groupsStayWholeAndSharesStayClose() throws {
    // 60 patients with 1 to 9 pictures each, two thirds of them of class 0, some of both.
    var labels: [Int] = []
    var groups: [String?] = []
    for patient in 0..<60 {
      let size = 1 + key.integer(below: 9, at: UInt64(patient))
      for picture in 0..<size {
        labels.append(patient % 10 == 0 ? picture % 2 : patient % 3 == 0 ? 1 : 0)
        groups.append("patient \(patient)")
      }
    }
    let data = dataset(labels, groups: groups)
    let all = Array(labels.indices)
    for seed in 0..<20 {
      let split = try StratifiedSplit(
        of: data, among: all, fraction: 0.2, key: RandomKey(seed: UInt64(seed)))
      let left = Set(split.kept.map { groups[$0] })
      #expect(left.isDisjoint(with: split.heldOut.map { groups[$0] }))
      let wanted = counts(all, data).map { Double($0) * 0.2 }
      for (count, wanted) in zip(counts(split.heldOut, data), wanted) {
        #expect(abs(Double(count) - wanted) <= 2)
      }
    }
  }

  @Test func aClassNeverLeavesTraining() throws {
    let lone = dataset([0, 0, 0, 0, 1, 2, 2])
    let split = try StratifiedSplit(of: lone, among: Array(0..<7), fraction: 0.9, key: key)
    #expect(counts(split.kept, lone) == [1, 1, 1])
    #expect(split.notes == ["Class class 1 has one picture only; it stays in training."])

    let grouped = dataset([0, 0, 0, 0, 1, 1], groups: [nil, nil, nil, nil, "a", "a"])
    let whole = try StratifiedSplit(of: grouped, among: Array(0..<6), fraction: 0.5, key: key)
    #expect(counts(whole.heldOut, grouped) == [2, 0])
    #expect(
      whole.notes == ["Nothing of class class 1 could be set aside without tearing a group apart."])
  }

  @Test func whatTheSourceSetsAsideIsTaken() throws {
    let data = dataset([0, 0, 1, 1])
    var examples = data.examples
    examples[1].isValidation = true
    examples[2].isValidation = true
    let marked = LabelledDataset(name: "m", classes: data.classes, made: examples)
    let all = Array(0..<4)
    let split = try StratifiedSplit.validation(of: marked, among: all, fraction: 0.1, key: key)
    #expect(split.kept == [0, 3] && split.heldOut == [1, 2])
    #expect(
      split.notes == [
        "The data set 2 pictures aside for validation; no other validation part is split off."
      ])
    let none = try StratifiedSplit.validation(of: marked, among: all, fraction: 0, key: key)
    #expect(none.kept == all && none.heldOut.isEmpty && none.notes.isEmpty)
  }

  @Test(arguments: [-0.1, 1, 2, .nan]) func impossibleSharesAreRefused(_ fraction: Double) {
    expectError(
      "a share of \(fraction) cannot be set aside. "
        + "Give a number from 0 up to, not including, 1"
    ) {
      try StratifiedSplit.validation(
        of: dataset([0, 1]), among: [0, 1], fraction: fraction, key: key)
    }
  }

  @Test func weightsAreInverseToFrequency() {
    let labels = [0, 0, 0, 0, 0, 0, 1, 1, 3]
    let weights = ClassWeights.inverseFrequency(labels: labels, classCount: 4)
    #expect(weights == [0.5, 1.5, 0, 3])
    #expect(labels.map { weights[$0] }.reduce(0, +) == Float(labels.count))
  }
}
