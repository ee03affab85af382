// The product of a matrix with one vector, as each new token of a text needs it: the time is that of
// reading the matrix once. oneDNN's matrix product is made for many rows.

#include "mathematics.h"

typedef float lanes __attribute__((vector_size(64), aligned(4), may_alias));

enum { LANES = sizeof(lanes) / sizeof(float), ROWS_TOGETHER = 4 };

typedef struct {
  const float *matrix, *vector, *bias;
  float *result;
  int64_t columns;
  int32_t activation;
} vector_product;

FOVEA_INLINE float sum_of_lanes(const lanes *x) {
  float sum = 0;
  for (int j = 0; j < LANES; j++) sum += (*x)[j];
  return sum;
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

// Some rows at once: a number of the vector is loaded once for all of them, and their sums do not
// wait for each other. Each sum has the same order however many rows stand beside it.
FOVEA_INLINE void product_rows(const vector_product *call, int64_t row, int rows) {
  int64_t columns = call->columns, c = 0;
  const float *x = call->vector, *w = call->matrix + row * columns;
  lanes even[ROWS_TOGETHER] = {0}, odd[ROWS_TOGETHER] = {0};
  for (; c + 2 * LANES <= columns; c += 2 * LANES) {
    lanes first = *(const lanes *)(x + c), second = *(const lanes *)(x + c + LANES);
    for (int r = 0; r < rows; r++) {
      even[r] += first * *(const lanes *)(w + r * columns + c);
      odd[r] += second * *(const lanes *)(w + r * columns + c + LANES);
    }
  }
  for (int r = 0; r < rows; r++) {
    even[r] += odd[r];
    float sum = sum_of_lanes(&even[r]);
    for (int64_t rest = c; rest < columns; rest++) sum += x[rest] * w[r * columns + rest];
    call->result[row + r] = finished(call, row + r, sum);
  }
}

FOVEA_CLONES static void product_range(const vector_product *call, int64_t begin, int64_t end) {
  int64_t row = begin;
  for (; row + ROWS_TOGETHER <= end; row += ROWS_TOGETHER)
    product_rows(call, row, ROWS_TOGETHER);
  for (; row < end; row++) product_rows(call, row, 1);
}

static void run_range(void *context, int64_t begin, int64_t end) {
  product_range(context, begin, end);
}

void fovea_vector_product(const float *matrix, const float *vector, const float *bias,
                          float *result, int64_t rows, int64_t columns, int32_t activation) {
  vector_product call = {matrix, vector, bias, result, columns, activation};
  fovea_parallel_ranges(rows, FOVEA_GRAIN / (columns + 1) + 1, run_range, &call);
}
