import CCairo

/// How text looks.
package struct TextStyle: Hashable, Sendable {
  /// Pixels of an em.
  package var size: Double
  package var isBold: Bool
  package var color: Color
  package var alignment: Alignment

  package enum Alignment: Hashable, Sendable { case left, center, right }

  package init(
    size: Double, isBold: Bool = false, color: Color = .ink, alignment: Alignment = .left
  ) {
    self.size = size
    self.isBold = isBold
    self.color = color
    self.alignment = alignment
  }
}

/// A text set in lines: it knows its size before anything is drawn.
///
/// Pango chooses a font for each script among those installed and sets right-to-left and joined
/// scripts properly. A character that no font has is shown as a box with its number. Where no font
/// is installed at all, Cairo's own letters take their place (`SpareText`).
@safe package final class TextBlock {
  package let style: TextStyle
  /// Pixels across and down, rounded up.
  package let width: Double
  package let height: Double
  /// The text had to be cut to fit its lines, and ends in an ellipsis.
  package let isCut: Bool
  /// Where ink goes, the block's upper left corner being (0, 0); accents and tails may leave the
  /// block by a pixel or two.
  package let ink: Rectangle
  private let layout: OpaquePointer
  private let spare: SpareText?

  /// Sets `text` in one line, or within `width` in at most `lines` lines, broken between words
  /// where that is possible.
  ///
  /// - Parameter usesFonts: whether installed fonts are used, or Cairo's own letters.
  package init(
    _ text: String, _ style: TextStyle, width: Double? = nil, lines: Int = 1,
    usesFonts: Bool = hasFonts
  ) {
    self.style = style
    let map = unsafe pango_cairo_font_map_get_default()
    let context = unsafe pango_font_map_create_context(map)
    unsafe layout = pango_layout_new(context)
    unsafe g_object_unref(UnsafeMutableRawPointer(context))
    let font = unsafe pango_font_description_new()
    unsafe pango_font_description_set_family(font, "DejaVu Sans, Noto Sans, Sans")
    unsafe pango_font_description_set_absolute_size(font, style.size * Double(fovea_pango_scale))
    if style.isBold {
      unsafe pango_font_description_set_weight(font, Int32(fovea_pango_weight_bold))
    }
    unsafe pango_layout_set_font_description(layout, font)
    unsafe pango_font_description_free(font)
    // Lines read from the left, whatever script the first word has: a name stands in a sentence.
    unsafe pango_layout_set_auto_dir(layout, 0)
    // A line break or tab within a name must not change the layout.
    unsafe pango_layout_set_single_paragraph_mode(layout, 1)
    let text = String(text.map { $0.isNewline || $0 == "\t" || $0 == "\0" ? " " : $0 })
    unsafe pango_layout_set_text(layout, text, Int32(truncatingIfNeeded: text.utf8.count))
    if let width {
      unsafe pango_layout_set_width(layout, Int32(width) * Int32(fovea_pango_scale))
      unsafe pango_layout_set_wrap(layout, Int32(fovea_pango_wrap_word_char))
      unsafe pango_layout_set_height(layout, -Int32(lines))
      unsafe pango_layout_set_ellipsize(layout, Int32(fovea_pango_ellipsize_end))
    }
    let alignment =
      switch style.alignment {
      case .left: fovea_pango_align_left
      case .center: fovea_pango_align_center
      case .right: fovea_pango_align_right
      }
    unsafe pango_layout_set_alignment(layout, Int32(alignment))
    var inked = PangoRectangle()
    var logical = PangoRectangle()
    unsafe pango_layout_get_pixel_extents(layout, &inked, &logical)
    if !usesFonts {
      let spare = SpareText(text, size: style.size, width: width)
      self.spare = spare
      self.width = spare.width
      height = spare.height
      ink = Rectangle(x: 0, y: 0, width: spare.width, height: spare.height)
      isCut = spare.isCut
    } else {
      spare = nil
      self.width = Double(logical.width)
      height = Double(logical.height)
      ink = Rectangle(
        x: Double(inked.x), y: Double(inked.y), width: Double(inked.width),
        height: Double(inked.height))
      isCut = unsafe pango_layout_is_ellipsized(layout) != 0
    }
  }

  /// Whether any font is installed; without one Pango's sizes are nonsense.
  package static let hasFonts: Bool = {
    let context = unsafe pango_font_map_create_context(pango_cairo_font_map_get_default())
    let layout = unsafe pango_layout_new(context)
    unsafe pango_layout_set_text(layout, "Ag", 2)
    let unknown = unsafe pango_layout_get_unknown_glyphs_count(layout)
    unsafe g_object_unref(UnsafeMutableRawPointer(layout))
    unsafe g_object_unref(UnsafeMutableRawPointer(context))
    return unknown == 0
  }()

  deinit { unsafe g_object_unref(UnsafeMutableRawPointer(layout)) }

  /// Draws the text in `context`, its upper left corner at (x, y), in the colour set there.
  func draw(in context: OpaquePointer, x: Double, y: Double) {
    unsafe cairo_new_path(context)
    if let spare {
      unsafe spare.draw(in: context, x: x, y: y)
    } else {
      unsafe cairo_move_to(context, x, y)
      unsafe pango_cairo_update_layout(context, layout)
      unsafe pango_cairo_show_layout(context, layout)
    }
    unsafe cairo_new_path(context)
  }
}
