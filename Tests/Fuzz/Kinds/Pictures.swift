import FoundationEssentials
import FoveaData

extension Kind {
  /// Pictures by their formats, and videos frame by frame.
  static let pictures: [Kind] = [
    picture("png", .png), picture("jpeg", .jpeg), picture("webp", .riff), picture("tiff", .tiff),
    picture("bmp", nil), picture("gif", nil),
    Kind("mp4", changed: { ChunkedFile.changedBoxes($0, &$1) }, read: readVideo),
    Kind("video-gif", changed: { ByteMutation.changed($0, &$1) }, read: readVideo),
  ]

  private static func picture(_ name: String, _ layout: ChunkedFile.Layout?) -> Kind {
    Kind(
      name,
      changed: { bytes, dice in
        guard let layout, !dice.one(in: 3) else { return ByteMutation.changed(bytes, &dice) }
        return ChunkedFile.changed(bytes, layout, &dice)
      },
      read: { url in
        let data = try Data(contentsOf: url)
        _ = try? PictureHeader(data, name: "mutant")
        for channels in [PictureChannels.rgb, .grey] {
          let picture = try PictureDecoder(channels: channels).decode(data, name: "mutant")
          guard picture.pixels.count == picture.width * picture.height * picture.channels else {
            throw Fault(description: "the picture has \(picture.pixels.count) values")
          }
        }
      })
  }

  private static let readVideo: @Sendable (URL) async throws -> Void = { url in
    let reader = try VideoReader(contentsOf: url)
    while try reader.next() != nil {}
  }
}
