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
    var data = try encoder.encode(value)
    if !isCompact { data.append(UInt8(ascii: "\n")) }
    return data
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
      return place.isEmpty ? "the JSON is malformed" : "\(place): \(context.debugDescription)"
    case let error as InputError: return error.description
    default: return "\(error)"
    }
  }
}
