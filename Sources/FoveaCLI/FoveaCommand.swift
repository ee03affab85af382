import ArgumentParser
import Fovea

/// The command `fovea`.
struct FoveaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fovea",
    abstract: "Trains networks that know where to look, and says whether attention helped.",
    discussion: """
      fovea train flowers --output runs/flowers
      fovea predict runs/flowers rose.jpg
      fovea compare flowers --output studies/flowers
      """,
    version: foveaVersionText,
    subcommands: [
      Train.self, Evaluate.self, Predict.self, Explain.self, Compare.self, Demo.self,
      Pretrain.self, Summarize.self, Embed.self, Generate.self, Tokenize.self,
      DataCommand.self, Inspect.self, Bench.self,
    ])
}
