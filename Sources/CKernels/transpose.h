// A square of floats, turned in registers.
#pragma once

#include "vector.h"

// 16 rows of 16 columns, transposed in four rounds that each exchange blocks of half the size.
FOVEA_INLINE void fovea_transpose_block(const float *source, int64_t stride, float *result,
                                        int64_t result_stride) {
  vector x[16], y[16];
  for (int i = 0; i < 16; i++) x[i] = *(const unaligned_vector *)(source + i * stride);
  for (int i = 0; i < 8; i++) {
    y[i] = FOVEA_SHUFFLE(x[i], x[i + 8], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    y[i + 8] =
        FOVEA_SHUFFLE(x[i], x[i + 8], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
  for (int h = 0; h < 16; h += 8)
    for (int i = h; i < h + 4; i++) {
      x[i] =
          FOVEA_SHUFFLE(y[i], y[i + 4], 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
      x[i + 4] =
          FOVEA_SHUFFLE(y[i], y[i + 4], 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
    }
  for (int h = 0; h < 16; h += 4)
    for (int i = h; i < h + 2; i++) {
      y[i] =
          FOVEA_SHUFFLE(x[i], x[i + 2], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
      y[i + 2] =
          FOVEA_SHUFFLE(x[i], x[i + 2], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
  for (int i = 0; i < 16; i += 2) {
    x[i] = FOVEA_SHUFFLE(y[i], y[i + 1], 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    x[i + 1] =
        FOVEA_SHUFFLE(y[i], y[i + 1], 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
  }
  for (int i = 0; i < 16; i++) *(vector *)(result + i * result_stride) = x[i];
}
