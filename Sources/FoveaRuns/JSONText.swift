package import FoundationEssentials
import FoveaArray

/// JSON as files and the command write it.
package enum JSONText {
  /// Keys sorted; indented for people unless `isCompact`.
  package static func encoded(_ value: some Encodable, isCompact: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      isCompact
      ? [.sortedKeys, .withoutEscapingSlashes]
      : [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    var data: Data
    do {
      data = try encoder.encode(value)
    } catch EncodingError.invalidValue(let value, let context) {
      // JSON has no word for NaN and infinity, and whoever reads it would stumble.
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw InputError(
        "\(key) is \(value), which cannot be written",
        advice: "The numbers behind it are not finite, as those of a training that diverged")
    }
    if !isCompact { data.append(UInt8(ascii: "\n")) }
    return data
  }

  /// A result as the command prints it with `--json`: its own keys and `schemaVersion`, in a line.
  package static func result(_ value: some Encodable) throws -> String {
    String(decoding: try encoded(Versioned(value: value), isCompact: true), as: UTF8.self)
  }

  /// An object with the version of its form beside its own keys.
  package struct Versioned<Value: Encodable>: Encodable {
    let value: Value

    package init(value: Value) { self.value = value }

    private enum Key: String, CodingKey { case schemaVersion }

    package func encode(to encoder: any Encoder) throws {
      try value.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(1, forKey: .schemaVersion)
    }
  }

  /// A value in a file's JSON; the value's own `init(from:)` says whether it can be.
  ///
  /// - Parameters:
  ///   - what: what the file should be, as in "is not a run's configuration".
  ///   - userInfo: what the value's `init(from:)` is told.
  /// - Throws: `InputError` that names the file and the key concerned.
  package static func decoded<Value: Decodable>(
    _ type: Value.Type, from data: Data, as what: String, at place: String, advice: String? = nil,
    userInfo: [CodingUserInfoKey: any Sendable] = [:]
  ) throws -> Value {
    do {
      let decoder = JSONDecoder()
      decoder.userInfo = userInfo
      return try decoder.decode(type, from: data)
    } catch {
      var reason = reason(error)
      // The decoder calls a number that its type cannot hold malformed JSON, without a key.
      if reason == malformed, (try? JSONDecoder().decode(Anything.self, from: data)) != nil {
        reason = "a number is too large, or not whole where it should be"
      }
      throw InputError("is not \(what): \(reason)", at: place, advice: advice)
    }
  }

  private static let malformed = "the JSON is malformed"

  /// Whatever JSON holds.
  private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  /// What is wrong with a JSON text, with the key concerned.
  package static func reason(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      let place = path(context)
      return "\(place.isEmpty ? "" : "\(place).")\(key.stringValue) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return "\(path(context)) is of another kind"
    case DecodingError.dataCorrupted(let context):
      let place = path(context)
      return place.isEmpty ? malformed : "\(place): \(context.debugDescription)"
    case let error as InputError: return error.description
    default: return "\(error)"
    }
  }
}
