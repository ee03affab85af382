import FoveaArray

/// Tokens by number, and numbers by token.
struct Vocabulary: Sendable {
  /// The bytes of each token by number; `nil` for numbers that are not used.
  private(set) var tokens: [[UInt8]?] = []
  private var ids: [[UInt8]: Int32] = [:]

  init() {}

  /// - Throws: `InputError` for a number below 0, one that is used twice, or a gap of more numbers
  ///   than there are tokens.
  init(_ entries: [(token: [UInt8], id: Int)], name: String) throws {
    for (token, id) in entries {
      let text = String(decoding: token, as: UTF8.self)
      guard id >= 0, id < 2 * entries.count + 1000 else {
        throw InputError("token \(text) has the impossible number \(id)", at: name)
      }
      while tokens.count <= id { tokens.append(nil) }
      if let other = tokens[id] {
        throw InputError(
          "tokens \(String(decoding: other, as: UTF8.self)) and \(text) have the number \(id)",
          at: name)
      }
      tokens[id] = token
      ids[token] = Int32(id)
    }
  }

  var count: Int { tokens.count }

  subscript(token: [UInt8]) -> Int32? { ids[token] }
  subscript(token: String) -> Int32? { ids[Array(token.utf8)] }

  func token(_ id: Int32) -> [UInt8]? {
    tokens.indices.contains(Int(id)) ? tokens[Int(id)] : nil
  }

  /// Adds a token that a file gives a number.
  ///
  /// - Throws: `InputError` for a number that leaves a gap of more numbers than there are tokens.
  mutating func add(_ token: [UInt8], id: Int32, name: String) throws {
    guard id >= 0, Int(id) < 2 * tokens.count + 1000 else {
      throw InputError(
        "token \(String(decoding: token, as: UTF8.self)) has the impossible number \(id)", at: name)
    }
    add(token, id: id)
  }

  /// Adds a token under a number, or leaves it where it is there already.
  mutating func add(_ token: [UInt8], id: Int32) {
    while tokens.count <= Int(id) { tokens.append(nil) }
    tokens[Int(id)] = token
    ids[token] = id
  }
}
