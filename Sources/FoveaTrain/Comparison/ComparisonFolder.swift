import FoundationEssentials
package import FoveaArray
import FoveaMetrics
import FoveaRuns

extension RunDirectory {
  /// Opens the folder of a training of a study; one that was begun with the same network, settings
  /// and data goes on.
  ///
  /// - Throws: `InputError` when there is a training of another kind, or of another study.
  func open(
    keepingRunOf training: ClassifierTraining, study: String?
  ) throws -> OwnedFolder {
    guard let configuration = try? configuration() else {
      return try open(folder(.new(replacing: true), verb: "compare", isInside: true))
    }
    guard configuration.classifier == training.description,
      configuration.training == training.settings,
      configuration.data.fingerprint == training.fingerprint,
      // Trainings that an older Fovea began do not know what the data held.
      [nil, training.data.contentDigest].contains(configuration.data.contentDigest),
      [nil, study].contains(configuration.study)
    else {
      throw InputError(
        "holds a training with other settings or data", at: path,
        advice: "Choose another \(.output), or add \(.overwrite) to replace the comparison")
    }
    return try open(folder(.goingOn, verb: "compare", isInside: true))
  }
}

extension FolderKind {
  /// The folder of a comparison, with a run for each network and seed.
  package static let comparison = FolderKind(
    "comparison",
    ["comparison.json", "results.csv", "report.html"]
      + FolderKind.run.patterns(below: "runs/seed-#-*"),
    worthKeeping: ["comparison.json", "runs/seed-#-*/config.json"],
    identity: { folder in trainings(in: folder).lazy.compactMap(\.study).first },
    recognizes: { folder, files in
      // They are written in this order, at the end.
      !trainings(in: folder).isEmpty
        && (files.contains("comparison.json")
          ? isStudy(folder) : !files.contains("results.csv") && !files.contains("report.html"))
    })

  private static func trainings(in folder: URL) -> [RunConfiguration] {
    let runs = folder.appending(path: "runs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs.path)) ?? []
    return names.sorted().compactMap {
      try? RunDirectory(runs.appending(component: $0)).configuration()
    }
  }

  /// Whether `comparison.json` is one of ours.
  private static func isStudy(_ folder: URL) -> Bool {
    struct Head: Decodable {
      let verdict: Verdict
      let schemaVersion: Int
    }
    guard let data = try? Data(contentsOf: folder.appending(path: "comparison.json")) else {
      return false
    }
    return (try? JSONDecoder().decode(Head.self, from: data)) != nil
  }
}
