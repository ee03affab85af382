import Foundation
import Fovea

/// Runs one call with bad input, so that whatever it does ends no more than this process.
///
///     FoveaBadInput --list             what there is: the right outcome, a tab, the name
///     FoveaBadInput --prepare FOLDER   trains the small runs that probes ask
///     FoveaBadInput NAME FOLDER        one probe
@main
enum Main {
  static let probes =
    arrayProbes + graphProbes + layerProbes + dataProbes + measureProbes + textProbes
    + Trainee.all.flatMap(\.probes) + pictureClassifierProbes + soundClassifierProbes

  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "--list":
      for probe in probes { print("\(probe.outcome.rawValue)\t\(probe.name)") }
    case "--prepare":
      try await Runs(folder: URL(filePath: arguments.last ?? "")).prepare()
    default:
      guard let probe = probes.first(where: { $0.name == arguments.first }) else { exit(2) }
      do {
        try await probe.run(Runs(folder: URL(filePath: arguments.last ?? "")))
        print("accepted")
      } catch let error as InputError {
        print("threw: \(error)")
      } catch let error as KernelError {
        print("threw: \(error)")
      } catch {
        print("failed: \(type(of: error)): \(error)")
      }
    }
  }
}
