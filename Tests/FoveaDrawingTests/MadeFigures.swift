import FoveaArray
import FoveaData
import FoveaDrawing

/// Figures made for tests.
enum MadeFigures {
  /// A picture of soft stripes with a bright disc in its upper right part.
  static func picture(width: Int, height: Int, channels: Int = 3) -> Picture {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let dx = Double(x) / Double(width) - 0.7
        let dy = Double(y) / Double(height) - 0.3
        let isDisc = dx * dx + dy * dy < 0.03
        let stripe = 60 + 50 * ((8 * x / width + 6 * y / height) % 2)
        for channel in 0..<channels {
          pixels.append(isDisc ? UInt8(225 - 40 * channel) : UInt8(stripe + 20 * channel))
        }
      }
    }
    return Picture(width: width, height: height, channels: channels, made: pixels)
  }

  /// A map of 14 × 14 with a peak over the disc and a lower one at the left.
  static func map() -> HeatMap {
    var values: [Float] = []
    for y in 0..<14 {
      for x in 0..<14 {
        func peak(_ cx: Float, _ cy: Float, _ width: Float) -> Float {
          let (dx, dy) = (Float(x) - cx, Float(y) - cy)
          return max(0, 1 - (dx * dx + dy * dy) / (width * width))
        }
        values.append(max(peak(9.3, 3.7, 3.5), 0.55 * peak(2.5, 9, 2.5)))
      }
    }
    return HeatMap(width: 14, height: 14, values: values)
  }

  static func figure(
    width: Int, height: Int, channels: Int = 3, prediction: String = "cat, 87.3 %",
    faithful: Bool? = true, method: String = "attention-gradient"
  ) -> HighlightFigure {
    let (w, h) = (Double(width), Double(height))
    return HighlightFigure(
      picture: picture(width: width, height: height, channels: channels), map: map(),
      regions: [
        .init(
          area: Rectangle(x: 0.5 * w, y: 0.1 * h, width: 0.4 * w, height: 0.4 * h),
          text: "31 % of the highlight"),
        .init(
          area: Rectangle(x: 0.05 * w, y: 0.55 * h, width: 0.25 * w, height: 0.25 * h),
          text: "12 % of the highlight"),
      ], prediction: prediction, method: method,
      scores: [
        .init(
          name: "deletion ↓", value: "0.124", shifted: "0.201", middle: "0.187", passes: true),
        .init(
          name: "insertion ↑", value: "0.913", shifted: "0.854",
          middle: faithful == true ? "0.802" : "0.921", passes: faithful),
        .init(name: "stability ↑", value: "0.97"),
      ],
      verdict: .init(
        faithful: faithful,
        reason: faithful == true
          ? "Deletion and insertion beat all 19 shifted maps (p = 0.05) and a spot in the middle."
          : "Insertion does not beat a spot in the middle."))
  }
}
