import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaGraph
import FoveaNN
import FoveaRuns
import FoveaTrain
import Testing

struct NetworkInspectionTests {
  private func classifier(_ options: CNN.Options = .small) throws -> ClassifierDescription {
    ClassifierDescription(
      network: .cnn(options),
      input: .picture(try PictureInput(width: options.width, height: options.height)),
      normalization: ChannelStatistics(mean: [0.5, 0.5, 0.5], deviation: [0.2, 0.2, 0.2]),
      classes: ["a", "b", "c"])
  }

  private func settings(frozen: [String] = []) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.threads = 2
    settings.frozen = frozen
    return settings
  }

  private func object(_ inspection: NetworkInspection) throws -> [String: Any] {
    let data = try JSONEncoder().encode(inspection)
    return try JSONValue(data).object
  }

  /// JSON as plain values, to be read without the types that wrote it.
  private struct JSONValue: Decodable {
    let any: Any
    var object: [String: Any] { any as? [String: Any] ?? [:] }

    init(_ data: Data) throws { self = try JSONDecoder().decode(JSONValue.self, from: data) }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
        any = value
      } else if let value = try? container.decode(Int.self) {
        any = value
      } else if let value = try? container.decode(String.self) {
        any = value
      } else if let value = try? container.decode([JSONValue].self) {
        any = value.map(\.any)
      } else {
        any = try container.decode([String: JSONValue].self).mapValues(\.any)
      }
    }
  }

  @Test func theJSONHoldsEveryPart() throws {
    let json = try object(
      NetworkInspection(try classifier(), settings: settings(), mode: .train, batch: 4))
    #expect(json["schemaVersion"] as? Int == 1)
    #expect(json["network"] as? String == "cnn" && json["attention"] as? String == "augmented")
    #expect(json["mode"] as? String == "train" && json["batch"] as? Int == 4)
    #expect(json["inputShape"] as? [Int] == [4, 16, 16, 3])
    let parameters = try #require(json["parameters"] as? [[String: Any]])
    let counts = parameters.compactMap { $0["count"] as? Int }
    #expect(json["totalParameters"] as? Int == counts.reduce(0, +))
    #expect(parameters[0]["path"] as? String == "conv1.weight")
    #expect(parameters[0]["shape"] as? [Int] == [8, 3, 3, 3])
    let layers = try #require(json["layers"] as? [[String: Any]])
    #expect(
      layers.compactMap { $0["path"] as? String } == [
        "conv1", "conv2", "attention", "attention.query", "attention.key", "attention.value",
        "fc1", "fc2",
      ])
    #expect(layers[2]["kind"] as? String == "AugmentedAttention")
    #expect(layers[2]["parameters"] as? Int == 3 * (16 * 16 + 16))
    let graph = try #require(json["graph"] as? [String])
    #expect(
      graph.contains { $0.contains("convolution2D(") && $0.contains("float32[4, 8, 16, 16]") })
    #expect(graph.contains { $0.hasPrefix("loss: %") })
    let plan = try #require(json["plan"] as? [String: Any])
    let steps = try #require(plan["steps"] as? [[String: Any]])
    #expect(steps.contains { $0["kernel"] as? String == "native:attention" })
    let flops = steps.compactMap { $0["floatingPointOperations"] as? Int }
    #expect(flops.count == steps.count)
    #expect(plan["floatingPointOperations"] as? Int == flops.reduce(0, +))
    let reorders = steps.count { $0["op"] as? String == "reorder" }
    #expect(plan["reorders"] as? Int == reorders)
    let (arena, scratch) = (plan["arenaBytes"] as? Int, plan["scratchBytes"] as? Int)
    #expect(try #require(scratch) > 0 && #require(arena) > #require(scratch))
    #expect(try #require(plan["variableBytes"] as? Int) >= 3 * 4 * counts.reduce(0, +))
  }

  @Test func partsThatAreNotAskedForAreLeftOut() throws {
    let json = try object(
      NetworkInspection(
        try classifier(), settings: settings(), mode: .infer, batch: 1, parts: .layers))
    #expect(json["layers"] != nil && json["graph"] == nil && json["plan"] == nil)
    let plan = try object(
      NetworkInspection(
        try classifier(), settings: settings(), mode: .infer, batch: 1, parts: .plan))
    #expect(plan["layers"] == nil && plan["graph"] == nil && plan["plan"] != nil)
  }

  @Test func inferenceHasNoUpdates() throws {
    let inspection = try NetworkInspection(
      try classifier(), settings: settings(), mode: .infer, batch: 2)
    let plan = try #require(inspection.plan)
    #expect(!plan.steps.contains { $0.op == "update" })
    #expect(try #require(inspection.graph).contains { $0.hasPrefix("logits: %") })
    #expect(plan.variableBytes >= 4 * inspection.totalParameters)
  }

  @Test func frozenParametersAreMarked() throws {
    let inspection = try NetworkInspection(
      try classifier(), settings: settings(frozen: ["conv"]), mode: .train, batch: 2)
    let parameters = try #require(inspection.parameters)
    #expect(parameters.filter { !$0.isTrained }.count == 4)
    let updates = try #require(inspection.plan).steps.count { $0.op == "update" }
    #expect(updates == parameters.count - 4)
  }

  @Test func aBatchOfNothingIsRefused() {
    #expect(throws: InputError("a batch of 0 cannot be", advice: "Give at least 1")) {
      try NetworkInspection(try classifier(), settings: settings(), mode: .infer, batch: 0)
    }
  }
}
