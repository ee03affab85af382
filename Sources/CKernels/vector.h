// 16 floats as one value: loops over them keep their sums in registers whatever the compiler makes
// of the code around them.
#pragma once

#include "parallel.h"

typedef float vector __attribute__((vector_size(64)));
// Where memory is aligned as floats are.
typedef float unaligned_vector __attribute__((vector_size(64), aligned(4), may_alias));

enum { FOVEA_LANES = sizeof(vector) / sizeof(float) };

#define FOVEA_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

// By halves, as a chain of 16 additions would take longer than a short row. Through a pointer, as a
// function that takes a vector has another calling convention for each instruction set.
FOVEA_INLINE float fovea_sum_of_lanes(const vector *x) {
  typedef float eight_lanes __attribute__((vector_size(32)));
  typedef float four_lanes __attribute__((vector_size(16)));
  eight_lanes eight = FOVEA_SHUFFLE(*x, *x, 0, 1, 2, 3, 4, 5, 6, 7) +
                      FOVEA_SHUFFLE(*x, *x, 8, 9, 10, 11, 12, 13, 14, 15);
  four_lanes four =
      FOVEA_SHUFFLE(eight, eight, 0, 1, 2, 3) + FOVEA_SHUFFLE(eight, eight, 4, 5, 6, 7);
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// Rows that lie far apart are read as so many streams, which the processor fetches ahead faster
// than one; neighbouring short rows would be stretches too short for that. Asking for numbers ahead
// of time in the program makes it slower.
enum { FOVEA_STREAMS = 3 };

// sums[r] = x · rows[r · apart …] for `count` rows of `columns` numbers, `apart` floats from each
// other. Each has two sums at work, so that none waits for itself.
FOVEA_INLINE void fovea_dot_rows(const float *x, const float *rows, int64_t apart, int count,
                                 int64_t columns, float *sums) {
  vector parts[FOVEA_STREAMS][2] = {0};
  int64_t c = 0;
  for (; c + 2 * FOVEA_LANES <= columns; c += 2 * FOVEA_LANES)
    for (int i = 0; i < 2; i++) {
      vector numbers = *(const unaligned_vector *)(x + c + i * FOVEA_LANES);
      for (int r = 0; r < count; r++)
        parts[r][i] +=
            numbers * *(const unaligned_vector *)(rows + r * apart + c + i * FOVEA_LANES);
    }
  for (int r = 0; r < count; r++) {
    const float *row = rows + r * apart;
    vector all = parts[r][0] + parts[r][1];
    int64_t k = c;
    for (; k + FOVEA_LANES <= columns; k += FOVEA_LANES)
      all += *(const unaligned_vector *)(x + k) * *(const unaligned_vector *)(row + k);
    sums[r] = fovea_sum_of_lanes(&all);
    for (; k < columns; k++) sums[r] += x[k] * row[k];
  }
}
