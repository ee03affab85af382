import Fovea
import FoveaArray

/// What `fovea inspect` prints for people.
enum InspectionText {
  static func lines(_ inspection: NetworkInspection, task: LearningTask) -> [String] {
    var lines = [
      """
      \(inspection.network) with attention \(inspection.attention): \(examples(inspection)), \
      \(NumberText.count(inspection.classes, task.labelNoun, plural: task.labelNouns)); \
      \(inspection.mode.rawValue), batch \(NumberText.count(inspection.batch))
      """,
      """
      \(NumberText.count(inspection.trainedParameters)) trained of \
      \(NumberText.count(inspection.totalParameters, "parameter"))
      """,
    ]
    if let layers = inspection.layers { lines += section("Layers", table(of: layers)) }
    if let parameters = inspection.parameters {
      lines += section("Parameters", table(of: parameters))
    }
    if let graph = inspection.graph { lines += section("Graph", graph.map { "  " + $0 }) }
    if let plan = inspection.plan { lines += self.lines(plan) }
    return lines
  }

  /// `pictures of 96×64, colour`: the examples as they enter, behind the size of the batch.
  private static func examples(_ inspection: NetworkInspection) -> String {
    let sizes = inspection.inputShape.dropFirst().map { NumberText.count($0) }
    switch inspection.medium {
    case .picture:
      let isGrey = inspection.inputShape.last == 1
      return "pictures of \(sizes[1])×\(sizes[0]), \(isGrey ? "grey" : "colour")"
    case .sound: return "recordings of \(sizes[0]) frames of \(sizes[1]) features"
    case .text: return "texts of at most \(sizes[0]) tokens"
    }
  }

  private static func section(_ title: String, _ lines: [String]) -> [String] {
    ["", title] + lines
  }

  private static func table(of layers: [NetworkInspection.Layer]) -> [String] {
    var table = TextTable([.text("path"), .text("layer"), .number("parameters")])
    for layer in layers {
      // A part stands under what it is a part of.
      let depth = layer.path.count { $0 == "." }
      table.append([
        String(repeating: "  ", count: depth) + layer.path, layer.kind,
        NumberText.count(layer.parameters),
      ])
    }
    return table.lines(indent: "  ")
  }

  private static func table(of parameters: [NetworkInspection.Parameter]) -> [String] {
    var table = TextTable([.text("path", limit: 60), .text("shape"), .number("count"), .text("")])
    for parameter in parameters {
      table.append([
        parameter.path, "\(parameter.shape)", NumberText.count(parameter.count),
        parameter.isTrained ? "" : "not trained",
      ])
    }
    return table.lines(indent: "  ")
  }

  private static func lines(_ plan: PlanInspection) -> [String] {
    var lines: [String] = []
    if !plan.preparation.isEmpty {
      lines += section("Once, when weights are new", table(of: plan.preparation))
    }
    lines += section("Plan", table(of: plan.steps))
    return lines + [
      "",
      """
      \(NumberText.count(plan.steps.count, "step")), of them \
      \(NumberText.count(plan.reorders, "reorder")); \
      \(NumberText.prefixed(Double(plan.floatingPointOperations), unit: "FLOP")) a run, on \
      \(NumberText.count(plan.threads, "thread"))
      """,
      """
      Arena \(bytes(plan.arenaBytes)), of them scratch \(bytes(plan.scratchBytes)); variables \
      \(bytes(plan.variableBytes))
      """,
    ]
  }

  private static func bytes(_ count: Int) -> String {
    NumberText.prefixed(Double(count), unit: "B")
  }

  private static func table(of steps: [PlanInspection.Step]) -> [String] {
    var table = TextTable([
      .number("#"), .text("op"), .text("kernel", limit: 44), .text("results", limit: 52),
      .number("FLOP"), .text("settings", limit: 60),
    ])
    for (index, step) in steps.enumerated() {
      // An update has no results: what it changes comes first.
      let results = step.results.isEmpty ? Array(step.inputs.prefix(1)) : step.results
      table.append([
        "\(index)", step.op, step.kernel, results.joined(separator: " "),
        step.floatingPointOperations == 0
          ? "" : NumberText.prefixed(Double(step.floatingPointOperations), unit: "FLOP"),
        step.settings,
      ])
    }
    return table.lines(indent: "  ")
  }
}
