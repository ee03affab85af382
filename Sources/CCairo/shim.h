// Cairo (lines and areas) and Pango (text in any script), as Swift sees them.
#pragma once

#include <cairo/cairo.h>

// Pango's headers lie in folders, with GLib's and HarfBuzz's, that a compiler finds only with flags
// from pkg-config, of which SwiftPM warns at every build. The few functions that are used have
// been the same through all of Pango 1.x (its symbols are frozen), and are declared here.

typedef struct _PangoContext PangoContext;
typedef struct _PangoFontDescription PangoFontDescription;
typedef struct _PangoFontMap PangoFontMap;
typedef struct _PangoLayout PangoLayout;

typedef struct {
  int x, y, width, height;
} PangoRectangle;

enum { fovea_pango_scale = 1024 };
enum { fovea_pango_weight_bold = 700 };
enum { fovea_pango_wrap_word_char = 2 };
enum { fovea_pango_ellipsize_end = 3 };
enum { fovea_pango_align_left = 0, fovea_pango_align_center = 1, fovea_pango_align_right = 2 };

void g_object_unref(void *object);

PangoContext *pango_font_map_create_context(PangoFontMap *map);
PangoFontMap *pango_cairo_font_map_get_default(void);

PangoFontDescription *pango_font_description_new(void);
void pango_font_description_free(PangoFontDescription *font);
void pango_font_description_set_absolute_size(PangoFontDescription *font, double size);
void pango_font_description_set_family(PangoFontDescription *font, const char *family);
void pango_font_description_set_weight(PangoFontDescription *font, int weight);

PangoLayout *pango_layout_new(PangoContext *context);
void pango_layout_get_pixel_extents(
    PangoLayout *layout, PangoRectangle *ink, PangoRectangle *logical);
int pango_layout_get_unknown_glyphs_count(PangoLayout *layout);
int pango_layout_is_ellipsized(PangoLayout *layout);
void pango_layout_set_auto_dir(PangoLayout *layout, int isAutomatic);
void pango_layout_set_alignment(PangoLayout *layout, int alignment);
void pango_layout_set_ellipsize(PangoLayout *layout, int mode);
void pango_layout_set_font_description(PangoLayout *layout, const PangoFontDescription *font);
void pango_layout_set_height(PangoLayout *layout, int height);
void pango_layout_set_single_paragraph_mode(PangoLayout *layout, int setting);
void pango_layout_set_text(PangoLayout *layout, const char *text, int length);
void pango_layout_set_width(PangoLayout *layout, int width);
void pango_layout_set_wrap(PangoLayout *layout, int mode);

void pango_cairo_show_layout(cairo_t *context, PangoLayout *layout);
void pango_cairo_update_layout(cairo_t *context, PangoLayout *layout);
