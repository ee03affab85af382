import FoundationEssentials
import FoveaData
import Testing

/// The readers on real sets; the counts are those of the sets' own descriptions.
@Suite(.needsSharedData) struct SharedSourceTests {
  private func read(_ name: String) throws -> LabelledData {
    try LabelledSource.read(SharedData.set(name))
  }

  @Test func foldersOfClasses() throws {
    let data = try read("cifar10")
    #expect(data.training.classes.first == "airplane" && data.training.classes.count == 10)
    #expect(data.training.countsByClass == [Int](repeating: 1000, count: 10))
    #expect(data.test?.countsByClass == [Int](repeating: 200, count: 10))
    #expect(data.notes.isEmpty)
    let scans = try read("brain-tumour")
    #expect(scans.training.countsByClass == [120, 120, 120, 120])
    #expect(scans.test?.countsByClass == [30, 30, 30, 30])
  }

  @Test func tables() throws {
    let data = try read("breast-ultrasound")
    #expect(data.training.classes == ["benign", "malignant", "normal"])
    #expect(data.training.examples.count == 100)
    #expect(data.test?.examples.count == 43)
    let pairs = try read("digit-pairs")
    #expect(pairs.training.examples.count == 1000)
    #expect(pairs.test?.examples.count == 200)
    #expect(pairs.training.classes == (0..<10).map { "\($0)" })
  }

  @Test func idxFiles() throws {
    let data = try read("mnist")
    #expect(data.training.examples.count == 30_000)
    #expect(data.test?.examples.count == 3_000)
    #expect(data.training.classes == (0..<10).map { "\($0)" })
  }
}
