// Rows of scores on their way through a softmax. They lie in memory that reaches to whole vectors.
#pragma once

#include "mathematics.h"

FOVEA_INLINE int64_t whole_vectors(int64_t columns) { return (columns + 15) / 16 * 16; }

// x = scale · x + mask, and the largest value. Up to whole vectors the rest becomes -infinity.
FOVEA_INLINE float scaled_row(float *x, int64_t columns, float scale, const float *mask,
                              int64_t step) {
  float lanes[16], largest = -__builtin_inff();
  int64_t whole = whole_vectors(columns);
  if (mask == NULL)
    for (int64_t c = 0; c < whole; c++) x[c] *= scale;
  else
    for (int64_t c = 0; c < columns; c++) x[c] = x[c] * scale + mask[c * step];
  for (int64_t c = columns; c < whole; c++) x[c] = largest;
  for (int j = 0; j < 16; j++) lanes[j] = largest;
  for (int64_t c = 0; c < whole; c += 16)
    for (int j = 0; j < 16; j++) lanes[j] = x[c + j] > lanes[j] ? x[c + j] : lanes[j];
  for (int j = 0; j < 16; j++) largest = lanes[j] > largest ? lanes[j] : largest;
  return largest;
}

// x = exp(x - reference), and the sum; up to whole vectors the rest becomes 0.
FOVEA_INLINE float exponential_row(float *x, int64_t columns, float reference) {
  float lanes[16] = {0}, total = 0;
  for (int64_t c = 0; c < columns; c += 16)
    for (int j = 0; j < 16; j++) {
      x[c + j] = fovea_exp_below_zero(x[c + j] - reference);
      lanes[j] += x[c + j];
    }
  for (int j = 0; j < 16; j++) total += lanes[j];
  return total;
}

FOVEA_INLINE float dot(const float *a, const float *b, int64_t columns) {
  float lanes[16] = {0}, total = 0;
  int64_t c = 0;
  for (; c + 16 <= columns; c += 16)
    for (int j = 0; j < 16; j++) lanes[j] += a[c + j] * b[c + j];
  for (; c < columns; c++) total += a[c] * b[c];
  for (int j = 0; j < 16; j++) total += lanes[j];
  return total;
}
