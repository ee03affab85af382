import Fovea
import FoveaArray
import FoveaData
import Testing

struct FaithfulnessBenchmarkTests {
  /// The same examples in three networks by every method; those that know nothing are not judged.
  @Test func threeNetworksAreHeldAgainstEachOther() async throws {
    let data = try SceneSet(
      SceneOptions(kind: .feature, count: 40, contrast: 0.9, seed: 5), testCount: 8
    ).data()
    var template = NetworkDescription(CNNFamily())
    (template.widths, template.hidden) = ([4, 4], 8)
    var request = FaithfulnessBenchmark.Request(data, named: "scenes", template)
    request.options.size = .pixels(width: 12, height: 12)
    request.settings.epochs = 1
    (request.itemCount, request.exampleCount) = (2, 32)
    let result = try await FaithfulnessBenchmark.measure(request)
    #expect(result.outcomes.map(\.network) == [.untrained, .shuffled, .trained])
    #expect(result.itemCount == 2)
    for outcome in result.outcomes {
      #expect(outcome.rows.map(\.method) == HighlightMethod.allCases)
      #expect(outcome.doubt?.hasPrefix("the network is not shown to be better than") == true)
      for row in outcome.rows {
        #expect(row.byRankAndScores <= min(row.byRank, row.byScores))
        #expect(max(row.byRank, row.byScores) <= 2 && row.faithful == 0)
      }
    }
    #expect(result.lines.count == 2 + HighlightMethod.allCases.count)
    #expect(result.lines[0].hasPrefix("| scenes | untrained ("))
    #expect(result.lines[0].split(separator: ", not judged)").count == 4)
    #expect(result.lines.allSatisfy { $0.count { $0 == "|" } == 6 })
    await #expect(throws: InputError.self) {
      try await FaithfulnessBenchmark.measure(
        .init(LabelledData(training: data.training), named: "scenes", template))
    }
  }
}
