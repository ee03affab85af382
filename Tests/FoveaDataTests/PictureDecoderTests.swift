import FoundationEssentials
import FoveaArray
import FoveaData
import Testing

struct PictureDecoderTests {
  private let decoder = PictureDecoder()

  @Test(arguments: PictureFixtures.shared.fixtures)
  func pixelsAreThoseOfPillow(_ fixture: PictureFixtures.Fixture) throws {
    let picture = try decoder.decode(fixture.file, name: fixture.name)
    expectClose(
      picture, fixture.picture, tolerance: fixture.tolerance, "\(fixture.name) \(fixture.because)")
  }
}
