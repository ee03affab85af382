import ArgumentParser
import Fovea

/// How words are found in what a network hears.
struct DecodingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Networks that hear words: how many beginnings are followed in search of the most probable \
      words; 1 takes those of the most probable path.
      """)
  var beam = WordDecoder.usualBeam

  func validate() throws {
    guard (1...1000).contains(beam) else {
      throw ValidationError("--beam cannot be \(beam): give a number from 1 to 1000.")
    }
  }

  var decoder: WordDecoder { WordDecoder(beam: beam) }
}
