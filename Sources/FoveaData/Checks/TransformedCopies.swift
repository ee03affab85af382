import FoveaArray

/// Finds pictures that are others mirrored left to right, or shifted or cropped at their edges by up to 4 pixels;
/// not both together, and none that are upside-down or rotated.
///
/// Each picture is looked at through windows that leave out up to 4 pixels at its edges. What is a crop of
/// it looks like one of them as a whole; what is it, shifted, shows through the window in its middle what
/// one of them shows. Candidates come from an index of fingerprints, and are held against each other in
/// 32 × 32 places, as what looks alike from afar need not be the same.
struct TransformedCopies {
  /// How one picture came from the other.
  enum Kind: String, CaseIterable { case mirrored, shifted }

  struct Pair {
    let first: Int
    let second: Int
    let kind: Kind
  }

  /// How far pictures are shifted or cropped at most, in pixels.
  static let largestShift = 4
  /// Smaller pictures show too little through a window.
  static let smallestSide = 16.0
  /// How alike candidates are in 16 × 16 places, and what is the same is in 32 × 32.
  private static let (least, leastInDetail): (Float, Float) = (0.97, 0.985)
  /// Levels of chroma by which pictures may differ in the mean: where one is shifted, edges of colour are in
  /// other places.
  private static let largestChroma: Float = 24

  private let miniatures: [PictureMiniature]
  private let whole: [PictureFingerprint]

  /// - Parameters:
  ///   - miniatures: the pictures.
  ///   - whole: what each looks like from afar.
  init(_ miniatures: [PictureMiniature], _ whole: [PictureFingerprint]) {
    self.miniatures = miniatures
    self.whole = whole
  }

  /// All pairs, by their first picture.
  ///
  /// - Throws: `CancellationError`.
  func pairs(progress: ReadingProgress? = nil) throws -> [Pair] {
    let all = miniatures.indices
    let middles = all.map { fingerprint(Window(insets: Self.middle, of: miniatures[$0]), of: $0) }
    let wholes = all.map {
      fingerprint(Window(insets: Insets(), of: miniatures[$0]), of: $0)
    }
    let (wholeIndex, middleIndex) = (NearDuplicateIndex(wholes), NearDuplicateIndex(middles))
    return try Parallel.map(all.count, progress: progress) { first in
      self.pairs(of: first, wholes, wholeIndex, middles, middleIndex)
    }.flatMap { $0 }
  }

  // MARK: Windows

  /// Pixels that are left out at each edge.
  struct Insets: Hashable {
    var left = 0.0
    var right = 0.0
    var top = 0.0
    var bottom = 0.0
  }

  private static let middle: Insets = {
    let most = Double(largestShift)
    return Insets(left: most, right: most, top: most, bottom: most)
  }()

  /// A part of a miniature.
  fileprivate struct Window {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>

    init(insets: Insets, of miniature: PictureMiniature) {
      let (across, down) = miniature.scale
      let sides = (Double(miniature.width) * across, Double(miniature.height) * down)
      let insets = min(sides.0, sides.1) < TransformedCopies.smallestSide ? Insets() : insets
      x = insets.left / across...Double(miniature.width) - insets.right / across
      y = insets.top / down...Double(miniature.height) - insets.bottom / down
    }
  }

  /// Shifts of the middle: every pixel of a small picture, every eighth of a coarse place of a large one.
  private static func shifts(_ scale: Double) -> [Double] {
    let step = max(1, min(Double(largestShift), (scale * 0.75).rounded()))
    return Array(stride(from: -Double(largestShift), through: Double(largestShift), by: step))
  }

  /// As many pixels at each of some edges: at all of them, at opposite ones, at one, or at two that meet.
  private static func crops(_ scale: Double) -> [Insets] {
    shifts(scale).filter { $0 > 0 }.flatMap { count in
      [0b1111, 0b0011, 0b1100, 1, 2, 4, 8, 0b0101, 0b0110, 0b1001, 0b1010].map { edges in
        func at(_ edge: Int) -> Double { edges & edge == 0 ? 0 : count }
        return Insets(left: at(1), right: at(2), top: at(4), bottom: at(8))
      }
    }
  }

  private func fingerprint(_ window: Window, of picture: Int) -> PictureFingerprint {
    fingerprint(window, miniatures[picture].sums, chroma: whole[picture].chroma)
  }

  private func fingerprint(
    _ window: Window, _ sums: LumaSums, chroma: [Float]
  ) -> PictureFingerprint {
    PictureFingerprint(
      luma: sums.means(x: window.x, y: window.y, columns: 16, rows: 16), chroma: chroma)
  }

  // MARK: Pairs

  private func pairs(
    of first: Int, _ wholes: [PictureFingerprint], _ wholeIndex: NearDuplicateIndex,
    _ middles: [PictureFingerprint], _ middleIndex: NearDuplicateIndex
  ) -> [Pair] {
    guard !wholes[first].isFeatureless else { return [] }
    var found: [Int: Kind] = [:]
    let own = miniatures[first]
    let sums = own.sums
    func look(
      _ view: PictureFingerprint, _ index: NearDuplicateIndex, _ others: [PictureFingerprint],
      _ kind: Kind, _ window: Window, _ insets: Insets
    ) {
      guard !view.isFeatureless else { return }
      index.near(view.hash) { second in
        guard second != first, found[second] == nil,
          view.correlation(with: others[second]) >= Self.least,
          Self.difference(view.chroma, others[second].chroma) <= Self.largestChroma
        else { return }
        let other = miniatures[second]
        let detail = Self.correlation(
          sums.means(x: window.x, y: window.y, columns: 32, rows: 32),
          other.detail(Window(insets: insets, of: other)), isMirrored: kind == .mirrored)
        if detail >= Self.leastInDetail { found[second] = kind }
      }
    }
    let all = Window(insets: Insets(), of: own)
    let mirrored = wholes[first].mirrored
    // What is its own mirror image is no copy of anything by being one.
    if wholes[first].correlation(with: mirrored) < 0.9 {
      look(mirrored, wholeIndex, wholes, .mirrored, all, Insets())
    }
    let side = Double(min(own.width, own.height)) * min(own.scale.x, own.scale.y)
    guard side >= Self.smallestSide else { return Self.pairs(first, found) }
    let most = Double(Self.largestShift)
    for down in Self.shifts(own.scale.y) {
      for across in Self.shifts(own.scale.x) where across != 0 || down != 0 {
        let window = Window(
          insets: Insets(
            left: most + across, right: most - across, top: most + down, bottom: most - down),
          of: own)
        look(
          fingerprint(window, sums, chroma: whole[first].chroma), middleIndex, middles, .shifted,
          window, Self.middle)
      }
    }
    for insets in Self.crops(min(own.scale.x, own.scale.y)) {
      let window = Window(insets: insets, of: own)
      look(
        fingerprint(window, sums, chroma: whole[first].chroma), wholeIndex, wholes, .shifted,
        window, Insets())
    }
    return Self.pairs(first, found)
  }

  private static func pairs(_ first: Int, _ found: [Int: Kind]) -> [Pair] {
    found.sorted { $0.key < $1.key }.map { Pair(first: first, second: $0.key, kind: $0.value) }
  }

  private static func difference(_ first: [Float], _ second: [Float]) -> Float {
    zip(first, second).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(first.count)
  }

  private static func correlation(
    _ first: [Float], _ second: [Float], isMirrored: Bool
  ) -> Float {
    let second =
      isMirrored ? second.indices.map { second[$0 / 32 * 32 + 31 - $0 % 32] } : second
    let means = (first.reduce(0, +) / 1024, second.reduce(0, +) / 1024)
    var (product, squares) = (Float(0), (Float(0), Float(0)))
    for index in first.indices {
      let (a, b) = (first[index] - means.0, second[index] - means.1)
      product += a * b
      squares.0 += a * a
      squares.1 += b * b
    }
    let norm = (squares.0 * squares.1).squareRoot()
    return norm > 0 ? product / norm : 0
  }
}

extension PictureMiniature {
  fileprivate func detail(_ window: TransformedCopies.Window) -> [Float] {
    sums.means(x: window.x, y: window.y, columns: 32, rows: 32)
  }
}
