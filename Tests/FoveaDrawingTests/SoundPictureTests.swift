import FoveaData
import FoveaDrawing
import Testing

/// A recording as a picture, whatever its numbers.
struct SoundPictureTests {
  @Test func noNumberEndsTheDrawing() throws {
    let tone = (0..<1600).map { Float($0 % 50) / 50 - 0.5 }
    let values: [Float] = [.nan, .infinity, -.infinity, 3.4e38, -3.4e38, 0]
    for value in values {
      for other in values {
        var (samples, features) = (tone, [Float](repeating: 1, count: 400))
        (samples[7], samples[99], features[3], features[250]) = (value, other, value, other)
        let picture = try SoundPicture.drawn(
          Sound(sampleRate: 8000, made: samples), features: features, count: 40)
        #expect(picture.width == SoundPicture.width && picture.height == SoundPicture.height)
      }
    }
    let plain = try SoundPicture.drawn(Sound(sampleRate: 8000, made: []), features: [], count: 40)
    #expect(plain.width == SoundPicture.width)
  }
}
