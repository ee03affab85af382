import FoveaArray

/// The 256 colours that stand best for a picture's own: median cut.
///
/// Heckbert 1982, "Color image quantization for frame buffer display": the box of colours with the
/// largest spread is cut in half by its pixels' count until there are as many boxes as colours; a
/// colour is the mean of its box. Colours are counted with five bits a channel.
struct GIFPalette {
  /// Red, green, blue; 256 at most.
  private(set) var colors: [SIMD3<UInt8>] = []
  /// For each colour of five bits a channel, the index of the one that stands for it.
  private var indices = [UInt8](repeating: 0, count: 1 << 15)

  private struct Box {
    var bins: [Int]
    var count: Int
  }

  /// The palette of a picture in three channels.
  init(_ picture: Picture) {
    require(picture.channels == 3, "GIF palette: a picture in colour is needed")
    var counts = [Int](repeating: 0, count: 1 << 15)
    var sums = [SIMD3<Int>](repeating: .zero, count: 1 << 15)
    let pixels = picture.pixels.span
    for start in stride(from: 0, to: pixels.count, by: 3) {
      let bin = Self.bin(pixels[start], pixels[start + 1], pixels[start + 2])
      counts[bin] += 1
      sums[bin] &+= SIMD3(Int(pixels[start]), Int(pixels[start + 1]), Int(pixels[start + 2]))
    }
    let used = counts.indices.filter { counts[$0] > 0 }
    var boxes = [Box(bins: used, count: picture.width * picture.height)]
    while boxes.count < 256, let widest = Self.widest(boxes) {
      let (low, high) = Self.halves(of: boxes[widest], counts)
      boxes[widest] = low
      boxes.append(high)
    }
    for (index, box) in boxes.enumerated() {
      let sum = box.bins.reduce(SIMD3<Int>.zero) { $0 &+ sums[$1] }
      let count = SIMD3(repeating: max(box.count, 1))
      colors.append(SIMD3<UInt8>(truncatingIfNeeded: (sum &+ count / 2) / count))
      for bin in box.bins { indices[bin] = UInt8(index) }
    }
  }

  /// The index of the colour that stands for another; the colour must be of the picture.
  func index(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    indices[Self.bin(red, green, blue)]
  }

  private static func bin(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    Int(red >> 3) << 10 | Int(green >> 3) << 5 | Int(blue >> 3)
  }

  private static func part(_ bin: Int, _ axis: Int) -> Int { bin >> (10 - 5 * axis) & 31 }

  private static func spread(_ box: Box, _ axis: Int) -> Int {
    let parts = box.bins.lazy.map { part($0, axis) }
    return (parts.max() ?? 0) - (parts.min() ?? 0)
  }

  private static func longestAxis(_ box: Box) -> Int {
    (0..<3).max { spread(box, $0) < spread(box, $1) } ?? 0
  }

  /// The box to cut next: the one whose pixels times spread is largest, so that large areas get
  /// finer colours; `nil` where each box has a single colour.
  private static func widest(_ boxes: [Box]) -> Int? {
    var best: (index: Int, weight: Int)?
    for (index, box) in boxes.enumerated() where box.bins.count > 1 {
      let weight = box.count * (spread(box, longestAxis(box)) + 1)
      if weight > best?.weight ?? 0 { best = (index, weight) }
    }
    return best?.index
  }

  private static func halves(of box: Box, _ counts: [Int]) -> (Box, Box) {
    let axis = longestAxis(box)
    let bins = box.bins.sorted { (part($0, axis), $0) < (part($1, axis), $1) }
    var below = 0
    var cut = 0
    // Both halves keep a bin.
    while cut < bins.count - 1, cut == 0 || below + counts[bins[cut]] / 2 < box.count / 2 {
      below += counts[bins[cut]]
      cut += 1
    }
    return (
      Box(bins: Array(bins[..<cut]), count: below),
      Box(bins: Array(bins[cut...]), count: box.count - below)
    )
  }
}
