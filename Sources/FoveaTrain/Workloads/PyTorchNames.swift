/// PyTorch's names for parameters and statistics, in the terms of Fovea's networks.
///
/// Layouts are the same: dense weights `[outputs, inputs]`, convolutions `[outputs, inputs, height,
/// width]`, gates of an LSTM in the order input, forget, cell, output and of a GRU reset, update,
/// candidate.
enum PyTorchNames {
  /// Parts of names, longer ones before those that they contain.
  private static let replacements: [(theirs: String, ours: String)] =
    [
      (".qkv.", ".attention.qkv."), (".out.", ".attention.output."),
      (".shortcut.0.", ".shortcut.convolution."), (".shortcut.1.", ".shortcut.norm."),
      (".running_mean", ".runningMean"), (".running_var", ".runningVariance"),
      ("project.", "pool.project."), ("score.", "pool.score."),
    ]
    + ["lstm", "gru"].flatMap { cell in
      [("_reverse", "reverse"), ("", "forward")].flatMap { suffix, direction in
        [
          ("\(cell).weight_ih_l0\(suffix)", "recurrent.\(direction).inputWeight"),
          ("\(cell).weight_hh_l0\(suffix)", "recurrent.\(direction).recurrentWeight"),
          ("\(cell).bias_ih_l0\(suffix)", "recurrent.\(direction).inputBias"),
          ("\(cell).bias_hh_l0\(suffix)", "recurrent.\(direction).recurrentBias"),
        ]
      }
    }

  /// The path under which a network here holds what PyTorch calls `name`.
  static func path(of name: String) -> String {
    replacements.reduce(name) { $0.replacing($1.theirs, with: $1.ours) }
  }
}
