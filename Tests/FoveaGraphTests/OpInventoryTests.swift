import FoundationEssentials
import FoveaGraph
import FoveaTestSupport
import Testing

struct OpInventoryTests {
  @Test func everyOpHasAValueCaseAndEveryRuleAGradientCase() throws {
    var coverage = try OpCoverage(OpTests.cases)
    coverage.values.formUnion(try UpdateTests.coverage())
    let missing = coverage.missing()
    #expect(missing.values == [])
    #expect(missing.gradients == [])
  }

  /// Without its cases an op is missed: the test above can fail.
  @Test(arguments: [
    ("softmax", ["softmax"]), ("attention", ["attention"]), ("convolution", ["convolution2D"]),
    ("abs", ["elementwise abs"]), ("dropout", ["dropout"]),
    ("concatenate", ["concatenate"]), ("average, padding left out", ["pool2D average"]),
  ])
  func anOpWithoutCasesIsMissed(_ prefix: String, names: [String]) throws {
    let cases = OpTests.cases.filter {
      !$0.name.contains(prefix) && !(prefix == "softmax" && $0.name.contains("cross-entropy"))
        && !(prefix == "concatenate" && $0.name.contains("split"))
    }
    let missing = try OpCoverage(cases).missing()
    for name in names {
      #expect(missing.values.contains { $0.hasPrefix(name) })
      #expect(missing.gradients.contains { $0.hasPrefix(name) })
    }
  }

  /// A value alone is not enough where there is a gradient rule.
  @Test func anOpWithoutAGradientCaseIsMissed() throws {
    let cases = OpTests.cases.filter { $0.name.hasPrefix("layerNorm") }.map { opCase in
      OpCase(
        opCase.name, opCase.inputs.map { ($0.type, $0.domain) }, differentiable: [],
        build: opCase.build, reference: opCase.reference)
    }
    let missing = try OpCoverage(cases).missing()
    #expect(missing.gradients.contains("layerNorm"))
    #expect(!missing.values.contains("layerNorm"))
  }

  /// The inventory is the list of all types that the sources declare to be ops.
  @Test func theInventoryIsComplete() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/FoveaGraph")
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
    var declared: Set<String> = []
    for file in files where file.hasSuffix(".swift") {
      let text = String(
        decoding: try Data(contentsOf: sources.appending(path: file)), as: UTF8.self)
      for line in text.split(separator: "\n") where line.hasSuffix(": Op {") {
        let words = line.split(separator: " ")
        if let place = words.firstIndex(of: "struct") {
          declared.insert(String(words[place + 1].dropLast()))
        }
      }
    }
    #expect(declared == Set(OpInventory.all.map { "\($0)" }))
  }
}
