import Fovea
import FoveaArray

/// What `fovea inspect` prints for people.
enum InspectionText {
  static func lines(_ inspection: NetworkInspection) -> [String] {
    let input = inspection.inputShape
    var lines = [
      """
      \(inspection.network) with attention \(inspection.attention): pictures of \
      \(input[2])×\(input[1]), \(input[3] == 1 ? "grey" : "colour"), \
      \(NumberText.count(inspection.classes, "class", plural: "classes")); \
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
