import FoundationEssentials
import FoveaArray
import FoveaData
import Testing

private let expectation = "Fovea reads MP4, MOV, Matroska, WebM, AVI and GIF videos"

/// A folder that goes with the test.
private final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "fovea-video-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func url(_ name: String) -> URL { folder.appending(path: name) }

  func write(_ data: Data, _ name: String) throws -> URL {
    try data.write(to: url(name))
    return url(name)
  }
}

struct VideoTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func meanDifference(_ left: Picture, _ right: Picture) -> Double {
    let sum = zip(left.pixels, right.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(left.pixels.count)
  }

  @Test(arguments: ["libx264", "mpeg4", "gif"])
  func whatIsWrittenComesBack(_ codec: String) throws {
    let url = scratch.url(codec == "gif" ? "a.gif" : "a.mp4")
    try MadeVideos.write(12, to: url, format: codec == "gif" ? .gif : .mp4, codec: codec)
    let facts = try VideoReader(contentsOf: url).facts
    #expect(facts.width == 96 && facts.height == 64)
    #expect(abs((facts.duration ?? 0) - 1.2) < 0.11)
    let frames = try MadeVideos.frames(url)
    #expect(frames.count == 12)
    for (index, frame) in frames.enumerated() {
      #expect(abs(frame.seconds - Double(index) / 10) < 0.011)
      // Lossy codecs; chroma at half resolution. Another frame differs by 7 and more.
      let made = MadeVideos.frame(index, of: 12)
      #expect(meanDifference(frame.picture, made) < 2.5, "\(codec), frame \(index)")
    }
  }

  @Test(arguments: VideoWriter.Format.allCases)
  func equalFramesGiveEqualFiles(_ format: VideoWriter.Format) throws {
    try MadeVideos.write(5, to: scratch.url("a"), format: format)
    try MadeVideos.write(5, to: scratch.url("b"), format: format)
    let (first, second) = try (
      [UInt8](Data(contentsOf: scratch.url("a"))), [UInt8](Data(contentsOf: scratch.url("b")))
    )
    let places = zip(first, second).enumerated().filter { $1.0 != $1.1 }
    let pictures = try ["a", "b"].map { try MadeVideos.frames(scratch.url($0)).map(\.picture) }
    #expect(
      first == second,
      """
      \(first.count) and \(second.count) bytes, of which \(places.count) differ from \
      \(places.first?.offset ?? -1) on; pictures alike: \(pictures[0] == pictures[1])
      """)
  }

  @Test func oddSidesLoseARowAndAColumn() throws {
    let url = scratch.url("odd.mp4")
    try MadeVideos.write(3, to: url, width: 97, height: 65)
    let frames = try MadeVideos.frames(url)
    #expect(frames.allSatisfy { $0.picture.width == 96 && $0.picture.height == 64 })
  }

  @Test func framesMayComeAtAnyTimes() throws {
    let url = scratch.url("times.mp4")
    let writer = try VideoWriter(to: url, format: .mp4, width: 96, height: 64, frameRate: 10)
    let times = [0, 0.04, 0.5, 2.25, 2.25, 7]
    for (index, time) in times.enumerated() {
      try writer.append(MadeVideos.frame(index, of: 6), at: time)
    }
    try writer.finish()
    let read = try MadeVideos.frames(url).map(\.seconds)
    #expect(read.count == 6)
    // Two frames of one time are a tick apart.
    for (seconds, time) in zip(read, times) { #expect(abs(seconds - time) < 0.0015) }
  }

  @Test func aTurnedVideoIsUpright() throws {
    let url = scratch.url("turned.mp4")
    try MadeVideos.write(2, to: url)
    var bytes = [UInt8](try Data(contentsOf: url))
    let mark = Array("tkhd".utf8)
    let header = try #require(bytes.indices.first { bytes[$0...].starts(with: mark) })
    // The matrix of a quarter turn clockwise: x' = −y, y' = x, in 16.16 fixed point.
    let matrix: [UInt32] = [0, 0x1_0000, 0, 0xFFFF_0000, 0, 0]
    for (index, word) in matrix.enumerated() {
      for byte in 0..<4 {
        bytes[header + 4 + 40 + 4 * index + byte] =
          UInt8(truncatingIfNeeded: word >> (24 - 8 * byte))
      }
    }
    let turned = try MadeVideos.frames(scratch.write(Data(bytes), "turned2.mp4"))
    let plain = try MadeVideos.frames(url)
    #expect(turned.count == 2)
    #expect(turned[0].picture.width == 64 && turned[0].picture.height == 96)
    #expect(turned[0].picture == plain[0].picture.upright(from: .rightTop))
  }

  @Test func anUnfinishedVideoLeavesNothing() throws {
    do {
      let writer = try VideoWriter(
        to: scratch.url("x.mp4"), format: .mp4, width: 96, height: 64, frameRate: 10)
      try writer.append(MadeVideos.frame(0, of: 2), at: 0)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).isEmpty)
  }

  @Test func whereNothingCanBeWrittenIsAnError() {
    #expect(throws: InputError.self) {
      _ = try VideoWriter(
        to: scratch.url("missing/x.mp4"), format: .mp4, width: 96, height: 64, frameRate: 10)
    }
    expectError("a video of 1×64 cannot be written. Its sides must be from 2 to 16384") {
      _ = try VideoWriter(
        to: scratch.url("x.mp4"), format: .mp4, width: 1, height: 64, frameRate: 10)
    }
  }

  // MARK: Bad input

  @Test func whatIsNoVideoIsAnError() throws {
    let text = try scratch.write(Data("frame,label\n1,cat\n".utf8), "a.mp4")
    let picture = try scratch.write(MadePictures.png(MadeVideos.frame(0, of: 1)), "b.mp4")
    // Formats through which a file could name other files or addresses.
    let list = try scratch.write(Data("#EXTM3U\n#EXTINF:1,\nhttp://localhost/x.ts\n".utf8), "c.mp4")
    let concat = try scratch.write(Data("ffconcat version 1.0\nfile a.mp4\n".utf8), "d.mp4")
    for url in [text, picture, list, concat] {
      expectError("\(url.relativePath): is not a video that Fovea reads. \(expectation)") {
        try MadeVideos.frames(url)
      }
    }
    let empty = try scratch.write(Data(), "e.mp4")
    expectError("\(empty.relativePath): is empty. Copy or download the file again") {
      try MadeVideos.frames(empty)
    }
    expectError("\(scratch.folder.relativePath): is a folder, not a video file") {
      try MadeVideos.frames(scratch.folder)
    }
    expectError("/dev/null: is not an ordinary file") {
      try MadeVideos.frames(URL(filePath: "/dev/null"))
    }
    let missing = scratch.url("none.mp4")
    expectError("\(missing.relativePath): there is no such file or folder. Check the path") {
      try MadeVideos.frames(missing)
    }
  }

  @Test func aVideoWithoutPicturesIsAnError() throws {
    let sound = try scratch.write(MadeVideos.soundOnly, "sound.avi")
    expectError(
      "\(sound.relativePath): holds only sound, no pictures. \(expectation)"
    ) { try MadeVideos.frames(sound) }
    let none = scratch.url("none.mp4")
    try MadeVideos.write(0, to: none)
    do {
      _ = try MadeVideos.frames(none)
      Issue.record("a video of no frames was read")
    } catch let error as InputError {
      #expect(error.problem == "holds no frames")
    }
  }

  @Test func aVideoThatIsCutShortIsAnError() throws {
    let url = scratch.url("whole.mp4")
    try MadeVideos.write(60, to: url)
    let whole = try Data(contentsOf: url)
    var problems: Set<String> = []
    for part in 1..<12 {
      let cut = try scratch.write(whole.prefix(whole.count * part / 12), "cut.mp4")
      do {
        _ = try MadeVideos.frames(cut)
        Issue.record("\(part) twelfths of a video were read")
      } catch let error as InputError {
        #expect(error.problem.hasPrefix("is cut short"), "\(part): \(error)")
        #expect(error.advice == "Copy or download the file again")
        problems.insert(error.problem)
      }
    }
    // The list of frames is whole in the longer parts, which end at different seconds.
    #expect(problems.count > 3)
  }

  /// The same file gives the same result, whatever the bytes; nothing crashes.
  @Test(arguments: VideoWriter.Format.allCases)
  func flippedBitsNeverCrash(_ format: VideoWriter.Format) throws {
    let url = scratch.url("whole")
    try MadeVideos.write(6, to: url, format: format, width: 32, height: 24)
    let whole = [UInt8](try Data(contentsOf: url))
    let limits = VideoLimits(pixels: 100_000, seconds: 60, frames: 500)
    func outcome(_ url: URL) -> Result<[Picture], InputError> {
      do {
        return .success(try MadeVideos.frames(url, limits: limits).map(\.picture))
      } catch let error as InputError {
        return .failure(error)
      } catch {
        return .failure(InputError("another error: \(error)"))
      }
    }
    for trial in 0..<120 {
      let key = RandomKey(seed: 11).folding(format.rawValue).folding(trial)
      var bytes = whole
      for flip in 0..<(1 + trial % 6) {
        let position = key.integer(below: bytes.count, at: UInt64(2 * flip))
        bytes[position] ^= UInt8(1 << key.integer(below: 8, at: UInt64(2 * flip + 1)))
      }
      let damaged = try scratch.write(Data(bytes), "damaged")
      let first = outcome(damaged)
      #expect(first == outcome(damaged), "trial \(trial)")
      if case .failure(let error) = first { #expect(error.place == damaged.relativePath) }
    }
  }

  @Test func limitsAreKept() throws {
    let url = scratch.url("a.mp4")
    try MadeVideos.write(30, to: url)
    expectError(
      "\(url.relativePath): its frames are too large: 96×64, over the limit of 0.0 megapixels. "
        + "Scale the video down first"
    ) { try MadeVideos.frames(url, limits: VideoLimits(pixels: 5000)) }
    expectError(
      "\(url.relativePath): is too long: 3 seconds, over the limit of 2. "
        + "Cut the part out that matters"
    ) { try MadeVideos.frames(url, limits: VideoLimits(seconds: 2)) }
    expectError(
      "\(url.relativePath): has more than 20 frames. Cut the part out that matters"
    ) { try MadeVideos.frames(url, limits: VideoLimits(frames: 20)) }
  }

  @Test func videosAreToldFromPictures() throws {
    try MadeVideos.write(2, to: scratch.url("a"))
    try MadeVideos.write(2, to: scratch.url("b"), format: .gif)
    let photo = Data([0, 0, 0, 24] + Array("ftypheic".utf8) + [UInt8](repeating: 0, count: 12))
    #expect(VideoReader.recognises(scratch.url("a").path))
    #expect(VideoReader.recognises(try scratch.write(MadeVideos.soundOnly, "c").path))
    // A GIF may be either, and is a picture unless somebody says otherwise.
    #expect(!VideoReader.recognises(scratch.url("b").path))
    #expect(!VideoReader.recognises(try scratch.write(photo, "d").path))
    let png = try MadePictures.png(MadeVideos.frame(0, of: 1))
    #expect(!VideoReader.recognises(try scratch.write(png, "e.mp4").path))
    #expect(!VideoReader.recognises(scratch.folder.path))
    #expect(!VideoReader.recognises(scratch.url("none").path))
  }

  // MARK: Folders

  private func folder(_ names: [String], sizes: [(Int, Int)] = []) throws -> URL {
    let folder = scratch.url("frames")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (index, name) in names.enumerated() {
      let size = sizes.isEmpty ? (24, 16) : sizes[index]
      let picture = MadeVideos.frame(index, of: names.count, width: size.0, height: size.1)
      try MadePictures.png(picture).write(to: folder.appending(path: name))
    }
    return folder
  }

  @Test func aFolderIsReadInTheOrderOfItsNumbers() throws {
    let names = ["f1.png", "f2.png", "f9.png", "f10.png", "f011.png", "f100.png", "g1.png"]
    let source = try FrameFolder(folder(names), frameRate: 5)
    #expect(source.facts.duration == 1.4)
    for index in names.indices {
      let frame = try #require(try source.next())
      #expect(frame.picture == MadeVideos.frame(index, of: names.count, width: 24, height: 16))
      #expect(frame.seconds == Double(index) / 5)
    }
    #expect(try source.next() == nil)
  }

  @Test func foldersThatAreNoVideoAreErrors() throws {
    let empty = scratch.url("empty")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    expectError(
      "\(empty.relativePath): the folder has no frames. Give a folder of pictures, or a video file"
    ) { try FrameFolder(empty, frameRate: 5) }
    let mixed = try folder(["a.png", "b.png"], sizes: [(24, 16), (25, 16)])
    let source = try FrameFolder(mixed, frameRate: 5)
    _ = try source.next()
    expectError(
      "\(mixed.appending(path: "b.png").relativePath): is 25×16, but the first frame is 24×16. "
        + "Bring all frames to one size"
    ) { try source.next() }
    expectError("a video cannot have 0.0 frames a second. Give a rate from 0.01 to 240") {
      try FrameFolder(mixed, frameRate: 0)
    }
  }
}
