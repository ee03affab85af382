import Foundation
import FoveaData

/// A command of the grid with what may come of it.
struct GridCell: Sendable {
  let verb: CommandTree.Verb
  var arguments: [String]
  /// The exit codes that are right.
  var codes: Set<Int32>
  /// What must be named in what is said.
  var mentions: [String] = []
  /// The file on standard input.
  var input: String?
  /// Whether it is asked to stop after a while, because its work is long.
  var isInterrupted = false

  var isJSON: Bool { arguments.contains("--json") }

  /// A form in which data are given.
  enum Form: CaseIterable {
    case item, folder, table, brokenFolder, brokenTable, standardInput, missing, empty

    /// - Parameter isLabelled: whether a folder for each class is wanted, not one of files.
    func path(_ data: GridMaterial.Data, isLabelled: Bool) -> String {
      switch self {
      case .item: data.item
      case .folder: data.folder + (isLabelled ? "" : "/a")
      case .table: data.table
      case .brokenFolder: data.brokenFolder + (isLabelled ? "" : "/a")
      case .brokenTable: data.brokenTable
      case .standardInput: "-"
      case .missing: "nothing-there"
      case .empty: "empty"
      }
    }
  }

  /// What a positional argument of a name takes.
  private static let forms: [String: Set<Form>] = [
    "data": [.folder, .table, .brokenFolder, .brokenTable], "path": [.item, .folder],
    "file": [.item],
  ]
  private static let usual: Set<Int32> = [0, 1, 64]
  private static let refused: Set<Int32> = [1, 64]

  /// The exit codes that are right for a run and data, by rule.
  private static func codes(
    _ verb: CommandTree.Verb, _ run: GridMaterial.Run, _ data: GridMaterial.Data, _ form: Form
  ) -> Set<Int32> {
    let place = verb.positionals.last?.valueName ?? ""
    if form == .missing || form == .empty { return refused }
    let fits =
      place == "data" ? run.data.task == data.task : run.data.medium == data.medium
    if !fits && form != .standardInput { return refused }
    // A place of a word in a recording is what a network that hears words says itself.
    if verb.path == ["explain"], run.data.transcribes { return refused }
    if place == "path", form == .brokenFolder { return [1] }
    // Words are told by tables alone.
    if data.transcribes, place == "data", form == .folder || form == .brokenFolder {
      return refused
    }
    return Self.forms[place]?.contains(form) == true ? [0] : usual
  }

  /// The exit codes that are right for data alone, by rule.
  private static func codes(
    _ verb: CommandTree.Verb, _ data: GridMaterial.Data, _ form: Form
  ) -> Set<Int32> {
    if form == .missing || form == .empty { return refused }
    let isTaken =
      forms["data"]?.contains(form) == true
      && !(data.transcribes && (form == .folder || form == .brokenFolder))
    switch verb.path {
    case ["train"], ["compare"]: return isTaken ? usual.subtracting([64]) : usual
    case ["data", "check"]: return data.medium == .picture && isTaken ? [0] : usual
    default: return usual
    }
  }

  // MARK: All cells

  /// Every cell of a verb; half of them with `--json`, where the verb has it.
  static func all(_ verb: CommandTree.Verb, _ material: GridMaterial) -> [GridCell] {
    var cells = withRuns(verb, material)
    if cells.isEmpty { cells = withData(verb, material) }
    if cells.isEmpty { cells = withNothing(verb) }
    let hasJSON = verb.argument("json") != nil
    return cells.enumerated().map { index, cell in
      var cell = cell
      // Five has nothing in common with the number of forms, so each form has both sooner or later.
      if hasJSON, index % 5 < 3 { cell.arguments.append("--json") }
      cell.arguments += cell.usualOptions(number: index)
      return cell
    }
  }

  /// Whether data of another medium were named.
  private var isOfOthersThanPictures: Bool {
    zip(arguments, arguments.dropFirst()).contains { $0 == "--task" && $1 != "pictures" }
  }

  /// Options without which a verb cannot do anything, or would take long.
  private func usualOptions(number: Int) -> [String] {
    let place = "out-\(verb.path.joined(separator: "-"))-\(number)"
    var options: [String] = []
    for (name, value) in [("threads", "1"), ("iterations", "1"), ("tokens", "3")]
    where verb.argument(name) != nil {
      options += ["--\(name)", value]
    }
    if verb.output != nil { options += ["--output", place] }
    if verb.output != nil || verb.path == ["compare"] {
      for (name, value) in [
        ("epochs", "1"), ("batch-size", "4"), ("image-size", "16"), ("seeds", "1"), ("count", "8"),
        ("test-count", "4"),
      ] where verb.argument(name) != nil && (name != "image-size" || !isOfOthersThanPictures) {
        options += ["--\(name)", value]
      }
    }
    switch verb.path {
    case ["compare"]: options += ["--output", place]
    case ["generate"]: options += ["--prompt", "The cat", "--no-filter"]
    default: break
    }
    return options
  }

  /// Verbs that are given a run or a model's folder.
  private static func withRuns(_ verb: CommandTree.Verb, _ material: GridMaterial) -> [GridCell] {
    let names = verb.positionals.map(\.valueName)
    let takesRun = names.contains { $0.hasPrefix("run") }
    let isModelNeeded = verb.argument("model").map { !$0.isOptional } ?? false
    guard takesRun || isModelNeeded else { return [] }
    let takesData = names.count > (takesRun ? 1 : 0)

    func cell(_ subject: String, _ place: String?, _ codes: Set<Int32>) -> GridCell {
      let words = (takesRun ? [subject] : ["--model", subject]) + (place.map { [$0] } ?? [])
      return GridCell(
        verb: verb, arguments: verb.path + words, codes: codes,
        input: place == "-" ? "texts/a/0.txt" : nil)
    }
    var cells: [GridCell] = []
    for run in material.runs {
      guard takesData else {
        cells.append(cell(run.path, nil, takesRun ? [0] : usual))
        continue
      }
      for data in material.data {
        let isOwn = data.task == run.data.task
        for form in Form.allCases where takesRun ? isOwn || form == .item : isOwn && form == .item {
          var cell = cell(
            run.path, form.path(data, isLabelled: names.last == "data"),
            takesRun ? codes(verb, run, data, form) : usual)
          if form == .brokenFolder, cell.codes == [1] { cell.mentions = [data.brokenName] }
          cells.append(cell)
        }
      }
      if verb.argument("stream") != nil {
        let hears = run.data.medium == .sound && !run.data.transcribes
        cells.append(
          GridCell(
            verb: verb, arguments: verb.path + [run.path, "--stream"],
            codes: hears ? [0] : refused,
            input: material.data.first { $0.medium == .sound }?.item))
      }
    }
    let subjects = material.models + ["pretrained", "nothing-there", "empty", "pictures/a/0.png"]
    for subject in subjects {
      if takesData {
        for data in material.data { cells.append(cell(subject, data.item, usual)) }
      } else {
        cells.append(cell(subject, nil, usual))
      }
    }
    return cells
  }

  /// Verbs that are given data alone, or a word that their help lists.
  private static func withData(_ verb: CommandTree.Verb, _ material: GridMaterial) -> [GridCell] {
    guard let place = verb.positionals.first else { return [] }
    let words = (place.abstract ?? "").firstMatch(of: /\(([a-z0-9-]+(?:, [a-z0-9-]+)+)\)/)
    if place.valueName != "data", let words {
      return words.1.split(separator: ", ").map {
        GridCell(verb: verb, arguments: verb.path + [String($0), "--batch", "1"], codes: [0])
      } + [GridCell(verb: verb, arguments: verb.path + ["no-such-word"], codes: refused)]
    }
    return material.data.flatMap { data in
      Form.allCases.compactMap { form in
        // A comparison trains several networks.
        if verb.path == ["compare"], form != .table, form != .missing { return nil }
        var words = verb.path + [form.path(data, isLabelled: place.valueName == "data")]
        if verb.argument("task") != nil { words += ["--task", data.task] }
        var cell = GridCell(verb: verb, arguments: words, codes: codes(verb, data, form))
        if form == .standardInput { cell.input = "texts/a/0.txt" }
        return cell
      }
    }
  }

  /// Verbs that make everything themselves.
  private static func withNothing(_ verb: CommandTree.Verb) -> [GridCell] {
    (0..<2).map { _ in
      var cell = GridCell(verb: verb, arguments: verb.path, codes: [0, 1, 130])
      cell.isInterrupted = true
      return cell
    }
  }

  /// What every verb is asked: its help, nothing at all, and an option that it has not.
  static func aboutItself(_ verb: CommandTree.Verb) -> [GridCell] {
    var cells = [
      GridCell(
        verb: verb, arguments: verb.path + ["--help"], codes: [0],
        mentions: ["USAGE: fovea \(verb)", "OPTIONS:"]),
      GridCell(
        verb: verb, arguments: verb.path + ["--no-such-option"], codes: [64],
        mentions: ["Usage: fovea \(verb)"]),
    ]
    if verb.needsArguments {
      cells.append(
        GridCell(verb: verb, arguments: verb.path, codes: [64], mentions: ["Usage: fovea \(verb)"]))
    }
    guard verb.argument("json") != nil else { return cells }
    return cells
      + cells.dropFirst().map { cell in
        var cell = cell
        cell.arguments.append("--json")
        return cell
      }
  }

  // MARK: Running

  /// Runs the command; what is wrong with what came of it.
  func problems(in folder: URL) async throws -> [String] {
    let process = try FoveaProcess(
      arguments, in: folder, input: input.map { folder.appending(path: $0) })
    let limit = Task {
      if isInterrupted {
        try await Task.sleep(for: .milliseconds(1500))
        process.send(SIGINT)
      }
      try await Task.sleep(for: .seconds(120))
      process.send(SIGKILL)
    }
    let outcome = await process.outcome()
    limit.cancel()
    var problems: [String] = []
    func expect(_ condition: Bool, _ problem: @autoclosure () -> String) {
      if !condition { problems.append(problem()) }
    }
    let said = outcome.output + outcome.errors
    expect(codes.contains(outcome.code), "exit \(outcome.code), not one of \(codes.sorted())")
    expect(!said.isEmpty, "says nothing")
    for text in mentions { expect(said.contains(text), "does not say \(text)") }
    expect(said.firstMatch(of: /(?i)\b(nan|[-+]?inf|infinity)\b/) == nil, "prints no number")
    expect(
      said.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.properties.generalCategory != .control
      }, "prints control characters")
    if outcome.code == 1 || outcome.code == 64 {
      expect(
        outcome.errors.firstMatch(of: /(?m)^(fovea|Error): ./) != nil, "fails without a reason")
    }
    if isJSON, outcome.code != 130 {
      let lines = outcome.output.split(separator: "\n")
      let objects = lines.compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      expect(objects.count == lines.count, "prints something else than JSON")
      expect(verb.printsLines ? !lines.isEmpty : lines.count == 1, "prints \(lines.count) objects")
    }
    return problems.map {
      "fovea \(arguments.joined(separator: " ")): \($0)\n\(said.suffix(600))"
    }
  }
}
