import FoundationEssentials
import FoveaData
import Testing

/// Files and the pixels they stand for, made by `Tests/References/pictures.py` with Pillow.
struct PictureFixtures: Decodable, Sendable {
  struct Fixture: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let file: Data
    let width: Int
    let height: Int
    /// Red, green, blue over white, upright.
    let pixels: Data
    /// The largest deviation allowed, and why it is not 0.
    let tolerance: Int
    let because: String

    var testDescription: String { name }
    var format: Substring { name.prefix { $0 != "-" } }
    var picture: Picture {
      Picture(width: width, height: height, channels: 3, made: [UInt8](pixels))
    }
  }

  struct Grey: Decodable, Sendable {
    let name: String
    let pixels: Data
  }

  struct Resizing: Decodable, Sendable {
    struct Result: Decodable, Sendable {
      let width: Int
      let height: Int
      let pixels: Data
    }

    let width: Int
    let height: Int
    let pixels: Data
    let results: [Result]
  }

  let fixtures: [Fixture]
  let grey: [Grey]
  let resizing: Resizing

  static let shared: PictureFixtures = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    do {
      return try JSONDecoder().decode(
        PictureFixtures.self,
        from: Data(contentsOf: folder.appending(path: "References/pictures.json")))
    } catch {
      fatalError("Tests/References/pictures.json: \(error)")
    }
  }()

  static subscript(name: String) -> Fixture {
    guard let fixture = shared.fixtures.first(where: { $0.name == name }) else {
      fatalError("there is no fixture \(name)")
    }
    return fixture
  }
}

/// Both pictures have one shape and no value differs by more than `tolerance`.
func expectClose(
  _ picture: Picture, _ expected: Picture, tolerance: Int, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let shape = [picture.height, picture.width, picture.channels]
  let expectedShape = [expected.height, expected.width, expected.channels]
  #expect(shape == expectedShape, comment, sourceLocation: sourceLocation)
  guard shape == expectedShape else { return }
  let deviations = zip(picture.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }
  let largest = deviations.max() ?? 0
  let place = deviations.firstIndex(of: largest) ?? 0
  #expect(
    largest <= tolerance,
    """
    \(comment?.rawValue ?? ""): \(largest) at byte \(place), where \(picture.pixels[place]) stands \
    for \(expected.pixels[place])
    """, sourceLocation: sourceLocation)
}
