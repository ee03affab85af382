import FoundationEssentials
import FoveaData
import FoveaDrawing

extension Kind {
  /// Recordings by their formats.
  static let sounds: [Kind] = [
    sound("wav", .riff), sound("flac", nil), sound("mp3", nil), sound("ogg", nil),
    sound("m4a", .boxes), sound("aac", nil),
  ]

  private static func sound(_ name: String, _ layout: ChunkedFile.Layout?) -> Kind {
    Kind(
      name,
      changed: { bytes, dice in
        guard let layout, !dice.one(in: 2) else { return ByteMutation.changed(bytes, &dice) }
        return layout == .boxes
          ? ChunkedFile.changedBoxes(bytes, &dice) : ChunkedFile.changed(bytes, layout, &dice)
      },
      read: { url in
        _ = try SoundDecoder(sampleRate: 8000).decode(contentsOf: url)
        let input = try SoundInput(sampleRate: 8000, mostFrames: 40)
        var windows = try SoundWindows(contentsOf: url, input: input)
        while let window = try windows.next() {
          // Drawn first, as an explanation would, whatever its numbers are.
          let features = input.features(of: window.sound)
          _ = try SoundPicture.drawn(
            window.sound, features: features, count: input.featureCount)
          _ = input.picture(of: features)
          try Fault.check(features.lazy.map(Double.init), "a feature")
        }
      })
  }
}
