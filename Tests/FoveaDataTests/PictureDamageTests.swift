import FoundationEssentials
import FoveaArray
import FoveaData
import Testing

/// Whatever the bytes: an error, or a whole picture; never a crash, never half a picture.
struct PictureDamageTests {
  private let decoder = PictureDecoder(limits: PictureLimits(pixels: 1_000_000))

  @Test(arguments: PictureFixtures.shared.fixtures)
  func aFileThatIsCutShortIsAnError(_ fixture: PictureFixtures.Fixture) throws {
    let whole = try decoder.decode(fixture.file, name: "whole")
    let count = fixture.file.count
    let cuts = Set((0..<60).map { $0 * count / 60 } + (max(0, count - 24)..<count))
    for cut in cuts.sorted() {
      do {
        let picture = try decoder.decode(fixture.file.prefix(cut), name: "cut")
        #expect(picture == whole, "\(fixture.name) cut to \(cut) of \(count) bytes")
      } catch let error as InputError {
        #expect(error.place == "cut")
      }
    }
  }

  /// The same file gives the same result, so that nothing comes from memory that was never set.
  @Test(arguments: PictureFixtures.shared.fixtures)
  func flippedBitsNeverCrash(_ fixture: PictureFixtures.Fixture) {
    let key = RandomKey(seed: 7).folding(fixture.name)
    for trial in 0..<250 {
      let key = key.folding(trial)
      var file = fixture.file
      for flip in 0..<(1 + trial % 8) {
        let position = key.integer(below: file.count, at: UInt64(2 * flip))
        file[position] ^= UInt8(1 << key.integer(below: 8, at: UInt64(2 * flip + 1)))
      }
      if trial % 5 == 0 { file = file.prefix(key.integer(below: file.count, at: 1000)) }
      #expect(outcome(file) == outcome(file), "\(fixture.name), trial \(trial)")
    }
  }

  @Test func bytesWithoutSenseAreAnError() {
    let key = RandomKey(seed: 8)
    let starts: [[UInt8]] = [
      [0xFF, 0xD8, 0xFF, 0xE0], [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], Array("GIF89a".utf8),
      Array("RIFF\u{10}\0\0\0WEBPVP8 ".utf8), [0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42],
      Array("BM".utf8),
    ]
    for trial in 0..<2000 {
      let key = key.folding(trial)
      let noise = (0..<key.integer(below: 400, at: 0)).map {
        UInt8(key.integer(below: 256, at: UInt64($0 + 1)))
      }
      #expect(throws: InputError.self) {
        try decoder.decode(Data(starts[trial % starts.count] + noise), name: "noise")
      }
    }
  }

  private func outcome(_ file: Data) -> Result<Picture, InputError> {
    do throws(any Error) {
      return .success(try decoder.decode(file, name: "damaged"))
    } catch {
      guard let error = error as? InputError else { fatalError("\(error) is no InputError") }
      return .failure(error)
    }
  }
}
