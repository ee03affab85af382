import FoundationEssentials
import Testing

/// The folder with real data sets that `FOVEA_DATA` names.
enum SharedData {
  static let folder: URL? =
    ProcessInfo.processInfo.environment["FOVEA_DATA"].map { URL(filePath: $0) }

  /// A set, or an error where tests were not skipped as they should be.
  static func set(_ name: String) throws -> URL {
    try #require(folder).appending(path: name)
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips a test, saying so, where the real data sets are not at hand.
  static var needsSharedData: Self {
    .enabled(
      if: SharedData.folder != nil, "Set FOVEA_DATA to the folder with the real data sets.")
  }
}
