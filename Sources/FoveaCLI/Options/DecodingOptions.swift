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

  var decoder: WordDecoder { WordDecoder(beam: beam) }
}
