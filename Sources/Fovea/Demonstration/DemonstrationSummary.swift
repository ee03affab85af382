/// What the demonstration came to, as `fovea demo --json` prints it.
package struct DemonstrationSummary: Codable, Sendable {
  /// One search.
  package struct Search: Codable, Sendable {
    package let name: String
    package let contrast: Double
    package let study: StudySummary
    package let slope: SearchSlope
    package let highlights: SearchHighlights.Summary
    /// The commands that give the same by way of files.
    package let commands: [String]
  }

  package let schemaVersion: Int
  package let searches: [Search]
  package let size: Demonstration.Size
  package let seconds: Double

  init(searches: [Demonstration.Search], size: Demonstration.Size, seconds: Double) {
    schemaVersion = 1
    self.searches = searches.map {
      Search(
        name: $0.task.name, contrast: $0.task.contrast, study: $0.study.summary, slope: $0.slope,
        highlights: $0.highlights.summary,
        commands: [$0.task.sceneCommand(size), $0.task.compareCommand(size)])
    }
    self.size = size
    self.seconds = seconds
  }

  /// What the two searches show together, and what they do not.
  package static let meaning = """
    The fixed filter answers from the picture alone, untrained, so what it gets right can be seen. A \
    network that gets less had not learned to see it yet: where attention is ahead, it learned \
    faster. It does not see what cannot be seen, and with more epochs or a higher contrast the \
    others can catch up.
    """
}
