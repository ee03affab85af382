#include "tiles.h"

#include "transpose.h"

enum { VECTOR = 16 };


// `rows` and `vectors` are constants where this is called, so that the sums are registers.
FOVEA_INLINE void tile(const int rows, const int vectors, const float *left, int64_t row_stride,
                       int64_t depth_stride, const float *panel, int64_t width, int64_t depth,
                       float *result, int64_t result_stride, bool adds) {
  vector sums[FOVEA_TILE_ROWS][2];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) {
      const float *from = result + r * result_stride + v * VECTOR;
      sums[r][v] = adds ? *(const unaligned_vector *)from : (vector){0};
    }
  const float *second = left + 4 * row_stride;
  for (int64_t k = 0; k < depth; k++) {
    vector right[2];
    for (int v = 0; v < vectors; v++)
      right[v] = *(const unaligned_vector *)(panel + k * width + v * VECTOR);
    for (int r = 0; r < rows; r++) {
      float x = r < 4 ? left[r * row_stride] : second[(r - 4) * row_stride];
      for (int v = 0; v < vectors; v++) sums[r][v] += x * right[v];
    }
    left += depth_stride;
    second += depth_stride;
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++)
      *(unaligned_vector *)(result + r * result_stride + v * VECTOR) = sums[r][v];
}

typedef void tile_function(const float *left, int64_t row_stride, int64_t depth_stride,
                           const float *panel, int64_t depth, float *result, int64_t result_stride,
                           bool adds);

#define PARAMETERS                                                                                \
  const float *left, int64_t row_stride, int64_t depth_stride, const float *panel, int64_t depth, \
      float *result, int64_t result_stride, bool adds

// A panel of 16 columns.
#define NARROW_TILE(name, target, rows)                                                        \
  target static void name##_narrow_##rows(PARAMETERS) {                                        \
    tile(rows, 1, left, row_stride, depth_stride, panel, VECTOR, depth, result, result_stride, \
         adds);                                                                                \
  }
// A panel of 32, at once where there are registers for it, in halves where there are not.
#define WHOLE_TILE(name, target, rows)                                               \
  target static void name##_##rows(PARAMETERS) {                                     \
    tile(rows, 2, left, row_stride, depth_stride, panel, FOVEA_PANEL, depth, result, \
         result_stride, adds);                                                       \
  }
#define HALVED_TILE(name, target, rows)                                                        \
  target static void name##_##rows(PARAMETERS) {                                               \
    for (int half = 0; half < 2; half++)                                                       \
      tile(rows, 1, left, row_stride, depth_stride, panel + half * VECTOR, FOVEA_PANEL, depth, \
           result + half * VECTOR, result_stride, adds);                                       \
  }
#define FOUR(make, name, target) \
  make(name, target, 1) make(name, target, 2) make(name, target, 3) make(name, target, 4)
#define EIGHT(make, name, target) \
  FOUR(make, name, target)        \
  make(name, target, 5) make(name, target, 6) make(name, target, 7) make(name, target, 8)

typedef struct {
  int most;
  tile_function *panel[FOVEA_TILE_ROWS], *narrow[FOVEA_TILE_ROWS];
} tile_set;

#define SET_OF_FOUR(name)                                                \
  {                                                                      \
    4, {name##_1, name##_2, name##_3, name##_4}, {                       \
      name##_narrow_1, name##_narrow_2, name##_narrow_3, name##_narrow_4 \
    }                                                                    \
  }

FOUR(HALVED_TILE, plain, )
FOUR(NARROW_TILE, plain, )
static const tile_set plain_tiles = SET_OF_FOUR(plain);

#if defined(__x86_64__)
#define TARGET_WIDE __attribute__((target("arch=x86-64-v4"), __min_vector_width__(512)))
#define TARGET_MIDDLE __attribute__((target("arch=x86-64-v3")))
EIGHT(WHOLE_TILE, wide, TARGET_WIDE)
EIGHT(NARROW_TILE, wide, TARGET_WIDE)
FOUR(HALVED_TILE, middle, TARGET_MIDDLE)
FOUR(NARROW_TILE, middle, TARGET_MIDDLE)
static const tile_set wide_tiles = {
    8,
    {wide_1, wide_2, wide_3, wide_4, wide_5, wide_6, wide_7, wide_8},
    {wide_narrow_1, wide_narrow_2, wide_narrow_3, wide_narrow_4, wide_narrow_5, wide_narrow_6,
     wide_narrow_7, wide_narrow_8}};
static const tile_set middle_tiles = SET_OF_FOUR(middle);

static const tile_set *tiles(void) {
  switch (fovea_level_in_use) {
    case FOVEA_AVX512: return &wide_tiles;
    case FOVEA_AVX2: return &middle_tiles;
    default: return &plain_tiles;
  }
}
#else
static const tile_set *tiles(void) { return &plain_tiles; }
#endif

void fovea_tile_product(int64_t rows, const float *left, int64_t row_stride, int64_t depth_stride,
                        const float *panel, int64_t depth, float *result, int64_t result_stride,
                        bool adds) {
  const tile_set *set = tiles();
  for (int64_t r = 0; r < rows; r += set->most) {
    int64_t count = fovea_smaller(set->most, rows - r);
    set->panel[count - 1](left + r * row_stride, row_stride, depth_stride, panel, depth,
                          result + r * result_stride, result_stride, adds);
  }
}

void fovea_narrow_tile_product(int64_t rows, const float *left, int64_t row_stride,
                               int64_t depth_stride, const float *panel, int64_t depth,
                               float *result, int64_t result_stride, bool adds) {
  const tile_set *set = tiles();
  for (int64_t r = 0; r < rows; r += set->most) {
    int64_t count = fovea_smaller(set->most, rows - r);
    set->narrow[count - 1](left + r * row_stride, row_stride, depth_stride, panel, depth,
                           result + r * result_stride, result_stride, adds);
  }
}

void fovea_panel_product(int64_t rows, const float *left, int64_t row_stride, int64_t depth_stride,
                         const float *panels, int64_t panel_stride, int64_t depth, int64_t columns,
                         float *result, int64_t result_stride, bool adds) {
  for (int64_t p = 0; p < fovea_panels(columns); p++)
    fovea_tile_product(rows, left, row_stride, depth_stride, panels + p * panel_stride, depth,
                       result + p * FOVEA_PANEL, result_stride, adds);
}

void fovea_pack_rows(const float *source, int64_t stride, int64_t rows, int64_t columns,
                     float *panels) {
  for (int64_t first = 0; first < columns; first += FOVEA_PANEL) {
    int64_t count = fovea_smaller(FOVEA_PANEL, columns - first);
    for (int64_t r = 0; r < rows; r++, panels += FOVEA_PANEL) {
      const float *row = source + r * stride + first;
      if (count == FOVEA_PANEL) {
        memcpy(panels, row, FOVEA_PANEL * sizeof(float));
      } else {
        memcpy(panels, row, (size_t)count * sizeof(float));
        memset(panels + count, 0, (size_t)(FOVEA_PANEL - count) * sizeof(float));
      }
    }
  }
}

FOVEA_KERNEL(pack_transposed, (const float *source, int64_t stride, int64_t rows, int64_t columns,
                               float *panels),
             (source, stride, rows, columns, panels)) {
  for (int64_t first = 0; first < rows; first += FOVEA_PANEL, panels += columns * FOVEA_PANEL) {
    for (int64_t half = 0; half < FOVEA_PANEL; half += VECTOR) {
      const float *from = source + (first + half) * stride;
      int64_t count = fovea_smaller(VECTOR, rows - first - half), c = 0;
      if (count == VECTOR)
        for (; c + VECTOR <= columns; c += VECTOR)
          fovea_transpose_block(from + c, stride, panels + c * FOVEA_PANEL + half, FOVEA_PANEL);
      for (; c < columns; c++)
        for (int64_t j = 0; j < VECTOR; j++)
          panels[c * FOVEA_PANEL + half + j] = j < count ? from[j * stride + c] : 0;
    }
  }
}

void fovea_pack_transposed(const float *source, int64_t stride, int64_t rows, int64_t columns,
                           float *panels) {
  pack_transposed(source, stride, rows, columns, panels);
}
