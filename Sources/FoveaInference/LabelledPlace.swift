package import FoundationEssentials
import FoveaArray
package import FoveaData

/// Where labelled examples of any medium come from: what the data sources of classifiers hold.
package enum LabelledPlace: Sendable {
  case files(URL, LabelledSourceOptions)
  case memory(LabelledData, Medium)

  /// Reads labels and names; no example is opened.
  func read(for purpose: LabelledSourceOptions.Purpose) throws -> LabelledData {
    switch self {
    case .files(let url, var options):
      options.purpose = purpose
      return try LabelledSource.read(url, options: options)
    case .memory(let data, let medium):
      let name = data.training.name
      guard data.medium == medium else {
        throw InputError("holds \(data.medium.nouns), not \(medium.nouns)", at: name)
      }
      if purpose == .training { return try data.checkedForTraining() }
      guard !(data.test ?? data.training).examples.isEmpty else {
        throw InputError("there are no \(medium.nouns)", at: name)
      }
      return data
    }
  }
}

/// What the data sources of classifiers have in common.
package protocol LabelledDataSource: Sendable {
  /// Where the examples come from.
  var place: LabelledPlace { get }
}

extension LabelledDataSource {
  /// The path as it was given, or the name of what is in memory.
  package var path: String {
    switch place {
    case .files(let url, _): url.relativePath
    case .memory(let data, _): data.training.name
    }
  }

  /// What can be trained on, and tested on: the source's own test part, unless another is given.
  ///
  /// - Throws: `InputError` when labels cannot be read, or those of `test` are not the source's.
  package func trainingData(testedOn test: Self?) throws -> LabelledData {
    let data = try place.read(for: .training)
    return try test.map { try data.tested(on: $0.evaluationData()) } ?? data
  }

  /// What a trained classifier is measured on: the test part of a source that has one, else all of it.
  ///
  /// - Throws: `InputError` when labels cannot be read.
  package func evaluationData() throws -> LabelledDataset {
    let data = try place.read(for: .evaluation)
    return data.test ?? data.training
  }
}
