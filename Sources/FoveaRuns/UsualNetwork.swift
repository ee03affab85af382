public import FoveaData
public import FoveaNN

/// What is taken where nobody chose a network: the one place where a medium or a task names a family.
extension NetworkDescription {
  /// The network that is trained on a medium for a task.
  public static func usual(
    for medium: Medium, _ task: LearningTask = .classify
  ) -> NetworkDescription {
    switch (task, medium) {
    case (.transcribe, _): NetworkDescription(RecurrentTranscriberFamily(.lstm))
    case (.classify, .picture): NetworkDescription(CNNFamily())
    case (.classify, .sound): NetworkDescription(RecurrentFamily(.lstm))
    case (.classify, .text): NetworkDescription(TransformerFamily())
    }
  }

  /// The network that learns language from texts without labels.
  package static var usualForLanguage: NetworkDescription {
    NetworkDescription(TransformerFamily())
  }

  /// What a comparison shows beside, whatever it compares: for texts what knows neither order nor context.
  package static func control(for medium: Medium) -> NetworkDescription? {
    switch medium {
    case .picture, .sound: nil
    case .text: NetworkDescription(BagFamily())
    }
  }
}
