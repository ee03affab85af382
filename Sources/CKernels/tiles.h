// Products of small matrices on one thread, for kernels that keep their tiles in the caches.
//
// The right operand is packed in panels of 32 columns, [panel][depth][32], 64-byte aligned and
// filled up with zeros; the left one is read where it lies, through two strides. One tile of the
// result, a few rows of one panel, stays in registers while the depth runs.
#pragma once

#include "parallel.h"

enum { FOVEA_PANEL = 32, FOVEA_TILE_ROWS = 8 };

FOVEA_INLINE int64_t fovea_panels(int64_t columns) {
  return (columns + FOVEA_PANEL - 1) / FOVEA_PANEL;
}

// result [rows, 32] (+)= left [rows, depth] · panel [depth, 32], for any number of rows. left[r, k]
// lies at r · row_stride + k · depth_stride.
void fovea_tile_product(int64_t rows, const float *left, int64_t row_stride, int64_t depth_stride,
                        const float *panel, int64_t depth, float *result, int64_t result_stride,
                        bool adds);

// The same with a panel of 16 columns.
void fovea_narrow_tile_product(int64_t rows, const float *left, int64_t row_stride,
                               int64_t depth_stride, const float *panel, int64_t depth,
                               float *result, int64_t result_stride, bool adds);

// result [rows, columns] (+)= left [rows, depth] · right, for any number of rows, whose panels lie
// `panel_stride` floats apart. The result has whole panels of columns.
void fovea_panel_product(int64_t rows, const float *left, int64_t row_stride, int64_t depth_stride,
                         const float *panels, int64_t panel_stride, int64_t depth, int64_t columns,
                         float *result, int64_t result_stride, bool adds);

// Panels of source [rows, columns] as it stands: depth is its rows. Row r lies at r · stride.
void fovea_pack_rows(const float *source, int64_t stride, int64_t rows, int64_t columns,
                     float *panels);

// Panels of sourceᵀ: depth is its columns, and a panel holds 32 of its rows.
void fovea_pack_transposed(const float *source, int64_t stride, int64_t rows, int64_t columns,
                           float *panels);
