import CCairo

/// A line in the letters that are built into Cairo: for machines without any font.
///
/// It has the characters of ASCII only; others become question marks.
@safe struct SpareText {
  private(set) var text: String
  private let size: Double
  private(set) var width = 0.0
  private(set) var isCut = false
  var height: Double { (1.25 * size).rounded(.up) }

  /// A line of at most `limit` pixels, cut at its end where it is longer.
  init(_ text: String, size: Double, width limit: Double?) {
    self.text = String(text.map { $0.isASCII ? $0 : "?" })
    self.size = size
    let surface = unsafe cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
    let context = unsafe cairo_create(surface)
    if let context = unsafe context {
      unsafe width = measured(self.text, in: context)
      while let limit, width > limit, !self.text.isEmpty {
        isCut = true
        self.text.removeLast()
        unsafe width = measured(self.text, in: context)
      }
    }
    unsafe cairo_destroy(context)
    unsafe cairo_surface_destroy(surface)
  }

  func draw(in context: OpaquePointer, x: Double, y: Double) {
    unsafe select(in: context)
    unsafe cairo_move_to(context, x, y + size)
    unsafe cairo_show_text(context, text)
  }

  private func select(in context: OpaquePointer) {
    // The name of Cairo's own font.
    unsafe cairo_select_font_face(
      context, "@cairo:", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
    unsafe cairo_set_font_size(context, size)
  }

  private func measured(_ text: String, in context: OpaquePointer) -> Double {
    unsafe select(in: context)
    var extents = cairo_text_extents_t()
    unsafe cairo_text_extents(context, text, &extents)
    return extents.x_advance.rounded(.up)
  }
}
