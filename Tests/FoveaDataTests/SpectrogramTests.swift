import Foundation
import FoveaArray
import FoveaData
import Testing

/// Features of recordings, held against torchaudio's by `Tests/References/spectrograms.py`.
struct SpectrogramTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let rate: Int
    let window: Double
    let hop: Double
    let bands: Int
    let low: Double
    let high: Double
    let scale: SpectrogramSettings.Scale
    let area: Bool
    let coefficients: Int
    let frameCount: Int
    let frames: [Int]
    let values: [[Float]]

    var testDescription: String { name }

    var settings: SpectrogramSettings {
      var settings = SpectrogramSettings()
      settings.kind = coefficients > 0 ? .mfcc : .logMel
      settings.windowMilliseconds = window
      settings.hopMilliseconds = hop
      settings.bands = bands
      settings.coefficients = coefficients
      settings.lowestHertz = low
      settings.highestHertz = high
      settings.scale = scale
      settings.normalizesArea = area
      return settings
    }
  }

  static let cases: [Case] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    do {
      return try JSONDecoder().decode(
        [Case].self, from: Data(contentsOf: folder.appending(path: "References/spectrograms.json")))
    } catch {
      fatalError("Tests/References/spectrograms.json: \(error)")
    }
  }()

  /// The script's signal.
  private func signal(_ rate: Int) -> [Float] {
    (0..<(rate / 2 + 37)).map { n in
      let time = Double(n) / Double(rate)
      let noise = Double((n * 7919 + 13) * (n + 17) % 1009) / 1009 - 0.5
      return Float(0.5 * sin(2 * .pi * (200 * time + 900 * time * time)) + 0.1 * noise)
    }
  }

  @Test(arguments: cases) func featuresAreThoseOfTorchaudio(_ reference: Case) {
    let features = Spectrogram(reference.settings, sampleRate: reference.rate)
      .features(of: signal(reference.rate))
    let count = reference.settings.featureCount
    #expect(features.count == reference.frameCount * count)
    guard features.count == reference.frameCount * count else { return }
    for (frame, values) in zip(reference.frames, reference.values) {
      let found = features[(frame * count)..<((frame + 1) * count)]
      let deviation = zip(found, values).map { abs($0 - $1) }.max() ?? 0
      // Both add float32 in orders of their own.
      let size = values.map(abs).max() ?? 1
      #expect(deviation < 1e-4 * max(1, size), "frame \(frame)")
    }
  }

  @Test func silenceIsTheLogarithmOfTheOffset() {
    let features = Spectrogram(SpectrogramSettings(), sampleRate: 8000)
      .features(of: [Float](repeating: 0, count: 400))
    #expect(features.count == 6 * 40)
    #expect(features.allSatisfy { $0 == logf(1e-6) })
  }

  @Test func aToneIsLoudestInItsBand() throws {
    var settings = SpectrogramSettings()
    settings.lowestHertz = 0
    let samples = (0..<8000).map { Float(sin(2 * .pi * 1000 * Double($0) / 8000)) }
    let features = Spectrogram(settings, sampleRate: 8000).features(of: samples)
    let frame = Array(features[(50 * 40)..<(51 * 40)])
    let loudest = try #require(frame.indices.max { frame[$0] < frame[$1] })
    // Band b has its middle at (b + 1) of 41 steps in mels.
    let middle = MelFilters.hertz(
      MelFilters.mels(4000, .htk) * Double(loudest + 1) / 41, .htk)
    #expect(abs(middle - 1000) < 60)
  }

  @Test(arguments: SpectrogramSettings.Scale.allCases) func melsComeBackAsHertz(
    _ scale: SpectrogramSettings.Scale
  ) {
    for hertz in [0.0, 20, 440, 999, 1000, 1001, 8000] {
      #expect(abs(MelFilters.hertz(MelFilters.mels(hertz, scale), scale) - hertz) < 1e-8 * 8000)
    }
    #expect(abs(MelFilters.mels(1000, scale) - (scale == .htk ? 999.9855 : 15)) < 1e-3)
  }

  @Test func settingsThatCannotBeAreNamed() {
    func change(_ change: (inout SpectrogramSettings) -> Void) -> SpectrogramSettings {
      var settings = SpectrogramSettings()
      change(&settings)
      return settings
    }
    let wrong: [(SpectrogramSettings, String)] = [
      (
        change { $0.windowMilliseconds = 0 },
        "a window of 0.0 ms cannot be. Give windowMilliseconds from 1 to 1000"
      ),
      (
        change { $0.hopMilliseconds = 30 },
        "a hop of 30.0 ms cannot be. Give hopMilliseconds from 1 to the window's 25.0"
      ),
      (change { $0.bands = 3 }, "3 bands cannot be. Give bands from 4 to 256"),
      (
        change {
          $0.kind = .mfcc
          $0.coefficients = 41
        },
        "41 coefficients of 40 bands cannot be. Give coefficients from 4 to the number of bands"
      ),
      (
        change { $0.highestHertz = 5000 },
        "bands from 20.0 to 5000.0 Hz cannot be at 8000 samples a second. "
          + "Choose a range within 0 to 4000.0 Hz"
      ),
    ]
    for (settings, text) in wrong {
      expectError(text) { try settings.check(sampleRate: 8000) }
    }
  }
}
