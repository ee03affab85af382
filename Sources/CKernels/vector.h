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
