/// What a network is to say of an example.
public enum LearningTask: String, Hashable, Sendable, Codable, CaseIterable {
  /// Which class it belongs to.
  case classify
  /// Which words are said in it, in order.
  case transcribe
}

extension LearningTask {
  /// What people call a label.
  package var labelNoun: String {
    switch self {
    case .classify: "class"
    case .transcribe: "word"
    }
  }

  /// What people call several.
  package var labelNouns: String {
    switch self {
    case .classify: "classes"
    case .transcribe: "words"
    }
  }

  /// How a list of known labels is introduced.
  var trainedOn: String { "The \(labelNouns) trained on are" }
}

extension LabelledExample {
  /// What is known of it: its class, or its words.
  var labels: [Int] { words ?? [label] }
}
