import FoveaArray

/// One picture of a video and when it is shown.
package struct VideoFrame: Sendable {
  /// Upright, in three channels.
  package let picture: Picture
  /// Seconds from the video's beginning.
  package let seconds: Double

  package init(picture: Picture, seconds: Double) {
    self.picture = picture
    self.seconds = seconds
  }
}

/// What is known of a video before its frames are read.
package struct VideoFacts: Hashable, Sendable {
  /// The path as it was given.
  package let name: String
  /// Pixels of an upright frame.
  package let width: Int
  package let height: Int
  /// Frames a second, on average where they are not even.
  package let frameRate: Double
  /// Seconds, where the file tells.
  package let duration: Double?

  package init(name: String, width: Int, height: Int, frameRate: Double, duration: Double?) {
    self.name = name
    self.width = width
    self.height = height
    self.frameRate = frameRate
    self.duration = duration
  }
}

/// Frames in the order of time, one after the other, so that a video of any length needs the
/// memory of a few pictures.
package protocol FrameSource: AnyObject {
  var facts: VideoFacts { get }

  /// The next frame; `nil` after the last.
  ///
  /// - Throws: `InputError` that names the video, and the second where it is damaged.
  func next() throws -> VideoFrame?
}

/// How long and large a video may be.
package struct VideoLimits: Hashable, Sendable {
  /// Width times height of a frame.
  package let pixels: Int
  /// Seconds from the first frame to the last.
  package let seconds: Double
  /// Frames in all.
  package let frames: Int

  /// Limits; by default frames of 9 megapixels (4K is 8.3), an hour, 216,000 frames.
  package init(pixels: Int = 9_000_000, seconds: Double = 3600, frames: Int = 216_000) {
    require(pixels > 0 && seconds > 0 && frames > 0, "video limits: all must be positive")
    self.pixels = pixels
    self.seconds = seconds
    self.frames = frames
  }

  /// Fails where frames are too large.
  func check(width: Int, height: Int, at name: String) throws {
    guard width > 0, height > 0 else {
      throw InputError(
        "is cut short or broken: it does not tell how large its frames are", at: name,
        advice: "Copy or download the file again")
    }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= pixels else {
      throw InputError(
        "its frames are too large: \(width)×\(height), over the limit of "
          + "\(NumberText.fixed(Double(pixels) / 1e6, decimals: 1)) megapixels", at: name,
        advice: "Scale the video down first")
    }
  }

  /// Fails where there is too much.
  func check(seconds: Double, frames: Int = 0, at name: String) throws {
    guard seconds <= self.seconds else {
      throw InputError(
        "is too long: \(NumberText.fixed(seconds, decimals: 0)) seconds, over the limit of "
          + NumberText.fixed(self.seconds, decimals: 0), at: name,
        advice: "Cut the part out that matters")
    }
    guard frames <= self.frames else {
      throw InputError(
        "has more than \(NumberText.count(self.frames, "frame"))", at: name,
        advice: "Cut the part out that matters")
    }
  }
}
