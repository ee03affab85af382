// The product of a matrix with one vector, as each new token of a text needs it: the time is that
// of reading the matrix once. oneDNN's matrix product is made for many rows.

#include "mathematics.h"

typedef float lanes __attribute__((vector_size(64), aligned(4), may_alias));

enum {
  LANES = sizeof(lanes) / sizeof(float),
  SUMS = 4,
  LONG_ROW = 2048,  // numbers from which on the processor sees by itself what comes next
  AHEAD = 1024,     // how far ahead of those in work the numbers of shorter rows are asked for
};

typedef struct {
  const float *matrix, *vector, *bias;
  float *result;
  int64_t columns;
  int32_t activation;
} vector_product;

#define HALF(x, ...) __builtin_shufflevector(x, x, __VA_ARGS__)

// By halves, as the chain of 16 additions would take longer than a short row.
FOVEA_INLINE float sum_of_lanes(const lanes *x) {
  typedef float eight_lanes __attribute__((vector_size(32)));
  typedef float four_lanes __attribute__((vector_size(16)));
  eight_lanes eight = HALF(*x, 0, 1, 2, 3, 4, 5, 6, 7) + HALF(*x, 8, 9, 10, 11, 12, 13, 14, 15);
  four_lanes four = HALF(eight, 0, 1, 2, 3) + HALF(eight, 4, 5, 6, 7);
  return (four[0] + four[2]) + (four[1] + four[3]);
}

FOVEA_INLINE float finished(const vector_product *call, int64_t row, float sum) {
  float y = call->bias ? sum + call->bias[row] : sum;
  switch (call->activation) {
    case FOVEA_VECTOR_RELU: return y > 0 ? y : 0;
    case FOVEA_VECTOR_GELU: return fovea_gelu(y);
    case FOVEA_VECTOR_GELU_TANH: return fovea_gelu_tanh(y);
    default: return y;
  }
}

// Some sums at once, so that none waits for itself; in the same order as in `product_pair`.
FOVEA_INLINE void product_row(const vector_product *call, int64_t row) {
  int64_t columns = call->columns, c = 0;
  const float *x = call->vector, *w = call->matrix + row * columns;
  lanes sums[SUMS] = {0};
  for (; c + SUMS * LANES <= columns; c += SUMS * LANES)
    for (int i = 0; i < SUMS; i++)
      sums[i] += *(const lanes *)(x + c + i * LANES) * *(const lanes *)(w + c + i * LANES);
  for (; c + LANES <= columns; c += LANES)
    sums[0] += *(const lanes *)(x + c) * *(const lanes *)(w + c);
  lanes all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  float sum = sum_of_lanes(&all);
  for (; c < columns; c++) sum += x[c] * w[c];
  call->result[row] = finished(call, row, sum);
}

// Two rows that lie `apart` rows from each other. Neighbouring short rows at once would be
// stretches too short for the processor's prefetching, and half as fast.
FOVEA_INLINE void product_pair(const vector_product *call, int64_t row, int64_t apart) {
  int64_t columns = call->columns, c = 0;
  const float *x = call->vector, *w = call->matrix + row * columns, *v = w + apart * columns;
  lanes sums[SUMS] = {0}, others[SUMS] = {0};
  for (; c + SUMS * LANES <= columns; c += SUMS * LANES)
    for (int i = 0; i < SUMS; i++) {
      const float *first = w + c + i * LANES, *second = v + c + i * LANES;
      __builtin_prefetch(first + AHEAD);
      __builtin_prefetch(second + AHEAD);
      lanes numbers = *(const lanes *)(x + c + i * LANES);
      sums[i] += numbers * *(const lanes *)first;
      others[i] += numbers * *(const lanes *)second;
    }
  for (; c + LANES <= columns; c += LANES) {
    sums[0] += *(const lanes *)(x + c) * *(const lanes *)(w + c);
    others[0] += *(const lanes *)(x + c) * *(const lanes *)(v + c);
  }
  lanes all = (sums[0] + sums[1]) + (sums[2] + sums[3]),
        rest = (others[0] + others[1]) + (others[2] + others[3]);
  float sum = sum_of_lanes(&all), other = sum_of_lanes(&rest);
  for (; c < columns; c++) {
    sum += x[c] * w[c];
    other += x[c] * v[c];
  }
  call->result[row] = finished(call, row, sum);
  call->result[row + apart] = finished(call, row + apart, other);
}

FOVEA_CLONES static void product_range(const vector_product *call, int64_t begin, int64_t end) {
  int64_t row = begin;
  if (call->columns < LONG_ROW) {
    int64_t half = (end - begin) / 2;
    for (; row < begin + half; row++) product_pair(call, row, half);
    row += half;
  }
  for (; row < end; row++) product_row(call, row);
}

static void run_range(void *context, int64_t begin, int64_t end) {
  product_range(context, begin, end);
}

void fovea_vector_product(const float *matrix, const float *vector, const float *bias,
                          float *result, int64_t rows, int64_t columns, int32_t activation) {
  vector_product call = {matrix, vector, bias, result, columns, activation};
  fovea_parallel_ranges(rows, FOVEA_GRAIN / (columns + 1) + 1, run_range, &call);
}
