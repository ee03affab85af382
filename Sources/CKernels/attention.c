// The softmax of attention, tile by tile, and its gradient. One thread works on one tile; the
// caller divides tiles among threads.

#include "mathematics.h"

// scale · score + mask, in place, and the largest value of the row.
FOVEA_INLINE float masked_row(float *row, int64_t columns, float scale, const float *mask,
                              int64_t step) {
  float lanes[16], largest = -__builtin_inff();
  for (int j = 0; j < 16; j++) lanes[j] = largest;
  if (mask == NULL) {
    for (int64_t c = 0; c < columns; c++) row[c] *= scale;
  } else if (step == 1) {
    for (int64_t c = 0; c < columns; c++) row[c] = row[c] * scale + mask[c];
  } else {
    for (int64_t c = 0; c < columns; c++) row[c] = row[c] * scale + mask[c * step];
  }
  int64_t c = 0;
  for (; c + 16 <= columns; c += 16)
    for (int j = 0; j < 16; j++) lanes[j] = row[c + j] > lanes[j] ? row[c + j] : lanes[j];
  for (; c < columns; c++) largest = row[c] > largest ? row[c] : largest;
  for (int j = 0; j < 16; j++) largest = lanes[j] > largest ? lanes[j] : largest;
  return largest;
}

// How many columns row `r` may see.
FOVEA_INLINE int64_t visible_columns(fovea_visibility visible, int64_t r, int64_t columns) {
  int64_t count = visible.first + r * visible.step;
  return count < 0 ? 0 : fovea_smaller(count, columns);
}

FOVEA_CLONES void fovea_softmax_tile(float *scores, int64_t rows, int64_t width, float scale,
                                     const float *mask, int64_t mask_row_stride,
                                     int64_t mask_column_stride, fovea_visibility visible,
                                     float *maximum, float *sum, float *correction) {
  for (int64_t r = 0; r < rows; r++) {
    float *row = scores + r * width;
    int64_t columns = visible_columns(visible, r, width);
    for (int64_t c = columns; c < width; c++) row[c] = 0;
    float largest = masked_row(row, columns, scale, mask ? mask + r * mask_row_stride : NULL,
                               mask_column_stride);
    largest = largest > maximum[r] ? largest : maximum[r];
    // A row that is masked out so far has no maximum; any finite number avoids infinity minus
    // infinity.
    float reference = largest == -__builtin_inff() ? 0.0f : largest;
    float lanes[16] = {0}, total = 0;
    int64_t c = 0;
    for (; c + 16 <= columns; c += 16)
      for (int j = 0; j < 16; j++) {
        row[c + j] = fovea_exp(row[c + j] - reference);
        lanes[j] += row[c + j];
      }
    for (; c < columns; c++) {
      row[c] = fovea_exp(row[c] - reference);
      total += row[c];
    }
    for (int j = 0; j < 16; j++) total += lanes[j];
    correction[r] = fovea_exp(maximum[r] - reference);
    sum[r] = sum[r] * correction[r] + total;
    maximum[r] = largest;
  }
}

FOVEA_CLONES void fovea_scale_rows(float *accumulated, const float *factor, int64_t rows,
                                   int64_t columns) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) accumulated[r * columns + c] *= factor[r];
}

FOVEA_CLONES void fovea_finish_rows(float *accumulated, const float *maximum, const float *sum,
                                    float *log_sum_exp, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    bool sees = sum[r] > 0;
    float inverse = sees ? 1.0f / sum[r] : 0.0f;
    for (int64_t c = 0; c < columns; c++) accumulated[r * columns + c] *= inverse;
    log_sum_exp[r] = sees ? maximum[r] + fovea_log(sum[r]) : __builtin_inff();
  }
}

FOVEA_CLONES void fovea_probability_tile(float *scores, int64_t rows, int64_t width, float scale,
                                         const float *mask, int64_t mask_row_stride,
                                         int64_t mask_column_stride, fovea_visibility visible,
                                         const float *log_sum_exp) {
  for (int64_t r = 0; r < rows; r++) {
    float *row = scores + r * width;
    int64_t columns = visible_columns(visible, r, width);
    for (int64_t c = columns; c < width; c++) row[c] = 0;
    const float *bias = mask ? mask + r * mask_row_stride : NULL;
    float shift = log_sum_exp[r];
    if (bias == NULL) {
      for (int64_t c = 0; c < columns; c++) row[c] = fovea_exp(row[c] * scale - shift);
    } else {
      for (int64_t c = 0; c < columns; c++)
        row[c] = fovea_exp(row[c] * scale + bias[c * mask_column_stride] - shift);
    }
  }
}

FOVEA_CLONES void fovea_score_gradient_tile(float *gradient, const float *probability,
                                            const float *dot, int64_t rows, int64_t columns,
                                            float scale) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) {
      int64_t i = r * columns + c;
      gradient[i] = scale * probability[i] * (gradient[i] - dot[r]);
    }
}

FOVEA_CLONES void fovea_row_dots(const float *a, const float *b, float *dot, int64_t rows,
                                 int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    float lanes[16] = {0}, total = 0;
    int64_t c = 0;
    for (; c + 16 <= columns; c += 16)
      for (int j = 0; j < 16; j++) lanes[j] += a[r * columns + c + j] * b[r * columns + c + j];
    for (; c < columns; c++) total += a[r * columns + c] * b[r * columns + c];
    for (int j = 0; j < 16; j++) total += lanes[j];
    dot[r] = total;
  }
}
