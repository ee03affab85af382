/// Turns a decoder's frame into a picture: one row at a time, colours first, then opacity.
struct PixelConversion {
  let channels: PictureChannels
  let facts: PictureFacts

  private let width: Int
  private let height: Int
  private let layout: PixelLayout
  private let readers: [ComponentReader]
  private let palette: [SIMD4<UInt8>]
  /// Bytes from a row to the next, for each plane.
  private let strides: [Int]

  /// The picture that `frame` holds.
  static func picture(
    of frame: borrowing CodecFrame, facts: PictureFacts, channels: PictureChannels
  ) -> Picture {
    let conversion = PixelConversion(frame, facts, channels)
    let planes = Set(frame.layout.components.map(\.plane)).count
    // Planes that do not exist are empty spans of the first one.
    return frame.withPlane(0) { first in
      let none = first.extracting(0..<0)
      if planes == 1 { return conversion.picture(first, none, none, none) }
      return frame.withPlane(1) { second in
        frame.withPlane(2) { third in
          if planes == 3 { return conversion.picture(first, second, third, none) }
          return frame.withPlane(3) { conversion.picture(first, second, third, $0) }
        }
      }
    }
  }

  private init(_ frame: borrowing CodecFrame, _ facts: PictureFacts, _ channels: PictureChannels) {
    self.channels = channels
    self.facts = facts
    width = frame.width
    height = frame.height
    let layout = frame.layout
    self.layout = layout
    readers = layout.components.map { ComponentReader($0, of: layout) }
    palette = layout.kind == .palette ? frame.palette() : []
    var strides: [Int] = []
    for plane in 0..<4 { strides.append(frame.stride(ofPlane: plane)) }
    self.strides = strides
  }

  /// Channels of a row before the last step: 1 where the source, or what is asked, is grey.
  private var colors: Int {
    switch layout.kind {
    case .grey: 1
    case .rgb, .palette: 3
    case .yCbCr: channels == .grey && !facts.hasPlainColors ? 1 : 3
    }
  }

  private func picture(
    _ first: Span<UInt8>, _ second: Span<UInt8>, _ third: Span<UInt8>, _ fourth: Span<UInt8>
  ) -> Picture {
    let hasAlpha = layout.hasAlpha && facts.alpha != .ignored
    var row = [UInt8](repeating: 0, count: width * colors)
    var alpha = [UInt8](repeating: 255, count: width)
    var chroma = ChromaUpsampler(
      shift: layout.chromaShift, lumaWidth: width, lumaHeight: height,
      roundsHalfUp: facts.hasLimitedRange)
    var blue = [UInt8](repeating: 0, count: chroma.outputCount)
    var red = blue
    var finished = [UInt8](repeating: 0, count: width * channels.rawValue)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * channels.rawValue)
    for y in 0..<height {
      switch layout.kind {
      case .palette:
        readPalette(first, y, into: &row, alpha: &alpha)
      case .yCbCr where colors == 3:
        let luma = first.extracting((y * strides[0])..<(y * strides[0] + width))
        if layout.chromaShift == (0, 0) {
          convert(
            luma, second.extracting((y * strides[1])..<(y * strides[1] + width)),
            third.extracting((y * strides[2])..<(y * strides[2] + width)), into: &row)
        } else {
          chroma.row(y, of: second, stride: strides[1], into: &blue)
          chroma.row(y, of: third, stride: strides[2], into: &red)
          convert(luma, blue.span, red.span, into: &row)
        }
      case .grey, .rgb, .yCbCr:
        for index in 0..<colors {
          read(index, y, first, second, third, fourth, into: &row, first: index, spacing: colors)
        }
        if layout.kind == .yCbCr, facts.hasLimitedRange {
          for x in 0..<width { row[x] = YCbCr.fullLuma(ofLimited: row[x]) }
        }
      }
      if hasAlpha {
        if layout.kind != .palette {
          let index = layout.components.count - 1
          read(index, y, first, second, third, fourth, into: &alpha, first: 0, spacing: 1)
        }
        compositeOverWhite(&row, alpha)
      }
      if colors == channels.rawValue {
        pixels.append(contentsOf: row)
      } else {
        finish(row, into: &finished)
        pixels.append(contentsOf: finished)
      }
    }
    return Picture(width: width, height: height, channels: channels.rawValue, made: pixels)
  }

  private func convert(
    _ luma: Span<UInt8>, _ blue: Span<UInt8>, _ red: Span<UInt8>, into row: inout [UInt8]
  ) {
    var row = row.mutableSpan
    if facts.hasPlainColors {
      for x in 0..<width {
        row[3 * x] = luma[x]
        row[3 * x + 1] = blue[x]
        row[3 * x + 2] = red[x]
      }
    } else if facts.hasLimitedRange {
      YCbCr.limitedRange(luma: luma, blue: blue, red: red, into: &row)
    } else {
      YCbCr.fullRange(luma: luma, blue: blue, red: red, into: &row)
    }
  }

  /// Reads the component at `index` from the plane that holds it.
  private func read(
    _ index: Int, _ y: Int, _ p0: Span<UInt8>, _ p1: Span<UInt8>, _ p2: Span<UInt8>,
    _ p3: Span<UInt8>, into row: inout [UInt8], first: Int, spacing: Int
  ) {
    let reader = readers[index]
    let plane = reader.component.plane
    let start = y * strides[plane]
    switch plane {
    case 0: reader.read(p0, from: start, width: width, into: &row, first: first, spacing: spacing)
    case 1: reader.read(p1, from: start, width: width, into: &row, first: first, spacing: spacing)
    case 2: reader.read(p2, from: start, width: width, into: &row, first: first, spacing: spacing)
    default: reader.read(p3, from: start, width: width, into: &row, first: first, spacing: spacing)
    }
  }

  private func readPalette(
    _ plane: Span<UInt8>, _ y: Int, into row: inout [UInt8], alpha: inout [UInt8]
  ) {
    let start = y * strides[0]
    for x in 0..<width {
      let color = palette[Int(plane[start + x])]
      row[3 * x] = color.x
      row[3 * x + 1] = color.y
      row[3 * x + 2] = color.z
      alpha[x] = color.w
    }
  }

  /// c ↦ α c + (1 − α) 255, rounded; without the product where it is done already.
  ///
  /// White, because pictures with transparency are mostly drawings and cut-outs made for a white
  /// page, and because every file must give the same numbers wherever it is shown.
  private func compositeOverWhite(_ row: inout [UInt8], _ alpha: [UInt8]) {
    let colors = colors
    let isPremultiplied = facts.alpha == .premultiplied
    for x in 0..<width where alpha[x] != 255 {
      let opacity = Int(alpha[x])
      for index in (x * colors)..<(x * colors + colors) {
        let color = isPremultiplied ? Int(row[index]) * 255 : Int(row[index]) * opacity
        row[index] = UInt8(min((color + 255 * (255 - opacity) + 127) / 255, 255))
      }
    }
  }

  /// Brings a finished row to the channels that are asked for.
  private func finish(_ row: [UInt8], into finished: inout [UInt8]) {
    let row = row.span
    var finished = finished.mutableSpan
    precondition(row.count == width * colors && finished.count == width * channels.rawValue)
    if channels == .grey {
      for x in 0..<width {
        finished[x] = YCbCr.luma(red: row[3 * x], green: row[3 * x + 1], blue: row[3 * x + 2])
      }
    } else {
      for x in 0..<width {
        finished[3 * x] = row[x]
        finished[3 * x + 1] = row[x]
        finished[3 * x + 2] = row[x]
      }
    }
  }
}
