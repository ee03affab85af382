import ArgumentParser

/// The command `fovea`.
@main
struct FoveaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fovea",
    abstract: "Trains networks that know where to look, and says whether attention helped.",
    version: "0.1.0",
    subcommands: [Bench.self])
}
