import CCairo
import FoveaArray
package import FoveaData

/// A picture being drawn: the one owner of Cairo's surface and context.
///
/// All pointers of drawing are in this folder. Coordinates are pixels; lines are
/// antialiased; what lies outside is cut off.
@safe package struct Canvas: ~Copyable {
  /// Cairo's own limit to a side.
  package static let largestSide = 32_767

  package let width: Int
  package let height: Int
  private let surface: OpaquePointer
  private let context: OpaquePointer

  /// A canvas filled with one colour.
  ///
  /// - Throws: `InputError` where a side is not from 1 to 32,767 or memory is short.
  package init(width: Int, height: Int, background: Color = .paper) throws {
    let sides = 1...Self.largestSide
    guard sides.contains(width), sides.contains(height) else {
      throw InputError(
        "a drawing of \(width)×\(height) pixels cannot be made",
        advice: "Its sides must be from 1 to \(Self.largestSide)")
    }
    let surface = unsafe cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    guard let surface = unsafe surface,
      unsafe cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS,
      let context = unsafe cairo_create(surface)
    else {
      unsafe cairo_surface_destroy(surface)
      throw InputError("a drawing of \(width)×\(height) pixels takes more memory than there is")
    }
    self.width = width
    self.height = height
    unsafe self.surface = surface
    unsafe self.context = context
    unsafe cairo_set_antialias(context, CAIRO_ANTIALIAS_GOOD)
    unsafe cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    fill(
      Rectangle(x: 0, y: 0, width: Double(width), height: Double(height)), with: background)
  }

  deinit {
    unsafe cairo_destroy(context)
    unsafe cairo_surface_destroy(surface)
  }

  // MARK: Areas and lines

  /// Fills a rectangle whose corners may be round.
  package func fill(_ area: Rectangle, with color: Color, radius: Double = 0) {
    use(color)
    outline(area, radius: radius)
    unsafe cairo_fill(context)
  }

  /// Draws the border of a rectangle, the line's middle on it.
  ///
  /// - Parameter dash: lengths of line and gap; empty for a whole line.
  package func stroke(
    _ area: Rectangle, with color: Color, lineWidth: Double, radius: Double = 0,
    dash: [Double] = []
  ) {
    use(color)
    outline(area, radius: radius)
    finishStroke(lineWidth, dash)
  }

  /// Draws a line through the points.
  package func stroke(
    through points: [(x: Double, y: Double)], with color: Color, lineWidth: Double
  ) {
    guard let first = points.first else { return }
    use(color)
    unsafe cairo_new_path(context)
    unsafe cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { unsafe cairo_line_to(context, point.x, point.y) }
    unsafe cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    finishStroke(lineWidth, [])
    unsafe cairo_set_line_cap(context, CAIRO_LINE_CAP_BUTT)
  }

  /// Fills a disc.
  package func fillDisc(x: Double, y: Double, radius: Double, with color: Color) {
    use(color)
    unsafe cairo_new_path(context)
    unsafe cairo_arc(context, x, y, radius, 0, 2 * Double.pi)
    unsafe cairo_fill(context)
  }

  /// Draws what `body` draws, cut to `area` less `hole`.
  package func clipped(
    to area: Rectangle, without hole: Rectangle? = nil, _ body: (borrowing Canvas) -> Void
  ) {
    unsafe cairo_save(context)
    unsafe cairo_new_path(context)
    unsafe cairo_rectangle(context, area.x, area.y, area.width, area.height)
    if let hole {
      unsafe cairo_rectangle(context, hole.x, hole.y, hole.width, hole.height)
      unsafe cairo_set_fill_rule(context, CAIRO_FILL_RULE_EVEN_ODD)
    }
    unsafe cairo_clip(context)
    unsafe cairo_set_fill_rule(context, CAIRO_FILL_RULE_WINDING)
    body(self)
    unsafe cairo_restore(context)
  }

  /// Draws text with its upper left corner at (x, y).
  package func draw(_ text: TextBlock, x: Double, y: Double) {
    use(text.style.color)
    unsafe text.draw(in: context, x: x, y: y)
  }

  // MARK: Pixels

  /// Copies a picture, grey or colour, pixel by pixel; what lies outside is left out.
  package func place(_ picture: Picture, x left: Int, y top: Int) {
    let columns = max(left, 0)..<max(min(left + picture.width, width), max(left, 0))
    let rows = max(top, 0)..<max(min(top + picture.height, height), max(top, 0))
    let channels = picture.channels
    let green = channels == 3 ? 1 : 0
    let blue = channels == 3 ? 2 : 0
    let source = picture.pixels.span
    withWords { words, stride in
      for y in rows {
        var position = ((y - top) * picture.width + columns.lowerBound - left) * channels
        for x in columns {
          words[y * stride + x] =
            UInt32(source[position]) << 16 | UInt32(source[position + green]) << 8
            | UInt32(source[position + blue])
          position += channels
        }
      }
    }
  }

  /// What has been drawn, in three channels.
  package func picture() -> Picture {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    withWords { words, stride in
      for y in 0..<height {
        for x in 0..<width {
          let word = words[y * stride + x]
          pixels.append(UInt8(truncatingIfNeeded: word >> 16))
          pixels.append(UInt8(truncatingIfNeeded: word >> 8))
          pixels.append(UInt8(truncatingIfNeeded: word))
        }
      }
    }
    return Picture(width: width, height: height, channels: 3, made: pixels)
  }

  /// Gives `body` the surface's words 0x00RRGGBB and the words from a row to the next.
  private func withWords(_ body: (inout MutableSpan<UInt32>, _ stride: Int) -> Void) {
    unsafe cairo_surface_flush(surface)
    let stride = unsafe Int(cairo_image_surface_get_stride(surface)) / 4
    guard let bytes = unsafe cairo_image_surface_get_data(surface) else {
      fatalError("canvas: the surface has no pixels")
    }
    // Cairo aligns rows of this format to whole words, in the machine's own order.
    unsafe UnsafeMutableRawPointer(bytes).withMemoryRebound(
      to: UInt32.self, capacity: stride * height
    ) { start in
      var words = unsafe UnsafeMutableBufferPointer(start: start, count: stride * height)
        .mutableSpan
      body(&words, stride)
    }
    unsafe cairo_surface_mark_dirty(surface)
  }

  // MARK: Paths

  private func use(_ color: Color) {
    unsafe cairo_set_source_rgba(context, color.red, color.green, color.blue, color.opacity)
  }

  private func outline(_ area: Rectangle, radius: Double) {
    unsafe cairo_new_path(context)
    let radius = min(radius, area.width / 2, area.height / 2)
    guard radius > 0 else {
      unsafe cairo_rectangle(context, area.x, area.y, area.width, area.height)
      return
    }
    let quarter = Double.pi / 2
    let corners = [
      (area.right - radius, area.y + radius), (area.right - radius, area.bottom - radius),
      (area.x + radius, area.bottom - radius), (area.x + radius, area.y + radius),
    ]
    for (index, corner) in corners.enumerated() {
      let start = quarter * Double(index - 1)
      unsafe cairo_arc(context, corner.0, corner.1, radius, start, start + quarter)
    }
    unsafe cairo_close_path(context)
  }

  private func finishStroke(_ lineWidth: Double, _ dash: [Double]) {
    unsafe cairo_set_line_width(context, lineWidth)
    unsafe dash.withUnsafeBufferPointer {
      unsafe cairo_set_dash(context, $0.baseAddress, Int32($0.count), 0)
    }
    unsafe cairo_stroke(context)
  }
}
