public import FoveaArray

/// Random changes that leave the meaning of a picture as it is, so that a network sees more
/// variety than there are pictures.
///
/// What happens to a picture depends on the key alone, which a trainer folds from the seed, the
/// epoch and the number of the example. Each kind draws from a key of its own: adding a kind does
/// not change what the others do.
public struct PictureAugmentation: Hashable, Sendable, CustomStringConvertible {
  /// One kind of change; they are applied in this order.
  public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
    /// A part of 80 to 100 % of the area, of the same ratio, resized back.
    case crop
    /// A shift by up to 1/8 of each side; what becomes free is filled by reflection.
    case shift
    /// Mirrored left to right, half of the time.
    case flip
    /// All values times 0.8 to 1.2.
    case brightness
    /// All distances from the mean luma times 0.8 to 1.2.
    case contrast
  }

  /// The kinds that are applied.
  public let kinds: Set<Kind>

  /// Nothing is changed.
  public static let none = PictureAugmentation([])

  /// An augmentation of these kinds.
  public init(_ kinds: Set<Kind>) { self.kinds = kinds }

  /// The augmentation that a person wrote: `none`, `flip`, `flip,crop,brightness`.
  ///
  /// - Throws: `InputError` that names the choices where a word is none of them.
  public init(parsing text: String) throws {
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined(separator: " ")
    }
    let choices = (["none"] + Kind.allCases.map(\.rawValue)).joined(separator: ", ")
    if words == ["none"] {
      self = .none
      return
    }
    kinds = try Set(
      words.map { word in
        guard let kind = Kind(rawValue: word) else {
          throw InputError(
            word == "none"
              ? "\"none\" stands among other augmentations"
              : "there is no augmentation \"\(word)\"",
            advice: "Choose from \(choices); separate several by commas")
        }
        return kind
      })
  }

  /// As a person would write it.
  public var description: String {
    let names = Kind.allCases.filter(kinds.contains).map(\.rawValue)
    return names.isEmpty ? "none" : names.joined(separator: ",")
  }

  /// The picture as `key` changes it; of the same size and channels.
  ///
  /// - Returns: `[height, width, channels]`
  public func callAsFunction(_ picture: Picture, key: RandomKey) -> Picture {
    Kind.allCases.reduce(picture) { picture, kind in
      guard kinds.contains(kind), !picture.pixels.isEmpty else { return picture }
      let key = key.folding(kind.rawValue)
      switch kind {
      case .crop: return Self.cropped(picture, key)
      case .shift: return Self.shifted(picture, key)
      case .flip: return key.uniform(at: 0) < 0.5 ? picture.upright(from: .topRight) : picture
      case .brightness:
        let factor = Self.factor(key)
        return picture.mapping { $0 * factor }
      case .contrast:
        let factor = Self.factor(key)
        let mean = picture.meanLuma
        return picture.mapping { mean + ($0 - mean) * factor }
      }
    }
  }

  private static func factor(_ key: RandomKey) -> Float { 0.8 + 0.4 * key.uniform(at: 0) }

  private static func cropped(_ picture: Picture, _ key: RandomKey) -> Picture {
    let side = (0.8 + 0.2 * Double(key.uniform(at: 0))).squareRoot()
    func axis(_ count: Int, _ position: UInt64) -> Resampling {
      let free = Double(count) * (1 - side)
      return Resampling(
        inputCount: count, outputCount: count, scale: side,
        origin: free * Double(key.uniform(at: position)))
    }
    return picture.resampled(
      vertical: axis(picture.height, 1), horizontal: axis(picture.width, 2))
  }

  private static func shifted(_ picture: Picture, _ key: RandomKey) -> Picture {
    func offset(_ count: Int, _ position: UInt64) -> Int {
      key.integer(below: 2 * (count / 8) + 1, at: position) - count / 8
    }
    /// The pixel at `index` of a line that is mirrored at its outermost pixels.
    func reflected(_ index: Int, _ count: Int) -> Int {
      index < 0 ? -index : index < count ? index : 2 * (count - 1) - index
    }
    let down = offset(picture.height, 0)
    let right = offset(picture.width, 1)
    let columns = (0..<picture.width).map { reflected($0 - right, picture.width) }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(picture.pixels.count)
    for y in 0..<picture.height {
      let row = reflected(y - down, picture.height) * picture.width
      for column in columns {
        let start = (row + column) * picture.channels
        for channel in 0..<picture.channels { pixels.append(picture.pixels[start + channel]) }
      }
    }
    return Picture(
      width: picture.width, height: picture.height, channels: picture.channels, made: pixels)
  }
}

extension Picture {
  /// The picture with each value replaced, rounded and clamped to 0…255.
  fileprivate func mapping(_ change: (Float) -> Float) -> Picture {
    let levels = (0..<256).map { UInt8(min(max(change(Float($0)) + 0.5, 0), 255)) }
    return Picture(
      width: width, height: height, channels: channels, made: pixels.map { levels[Int($0)] })
  }

  /// The mean of 0.299 R + 0.587 G + 0.114 B, or of grey.
  fileprivate var meanLuma: Float {
    var sums = [Int](repeating: 0, count: channels)
    for start in stride(from: 0, to: pixels.count, by: channels) {
      for channel in 0..<channels { sums[channel] += Int(pixels[start + channel]) }
    }
    let weights: [Float] = channels == 3 ? [0.299, 0.587, 0.114] : [1]
    return zip(sums, weights).reduce(0) { $0 + Float($1.0) * $1.1 } / Float(width * height)
  }
}
