import FoundationEssentials
import FoveaData

/// Where labelled examples of any medium come from: what the data sources of classifiers hold.
enum LabelledPlace: Sendable {
  case files(URL, LabelledSourceOptions)
  case memory(LabelledData)

  /// The path as it was given, or the name of what is in memory.
  var path: String {
    switch self {
    case .files(let url, _): url.relativePath
    case .memory(let data): data.training.name
    }
  }

  /// Reads labels and names; no example is opened.
  func read(for purpose: LabelledSourceOptions.Purpose) throws -> LabelledData {
    switch self {
    case .files(let url, var options):
      options.purpose = purpose
      return try LabelledSource.read(url, options: options)
    case .memory(let data): return data
    }
  }
}
