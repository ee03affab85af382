// The product of a matrix with one vector, as each new token of a text needs it: the time is that
// of reading the matrix once. oneDNN's matrix product is made for many rows.

#include "mathematics.h"
#include "vector.h"

enum {
  SUMS = 2,
  TOGETHER = 3,
};

typedef struct {
  const float *matrix, *vector, *bias;
  float *result;
  int64_t columns;
  int32_t activation;
} vector_product;

FOVEA_INLINE float finished(const vector_product *call, int64_t row, float sum) {
  float y = call->bias ? sum + call->bias[row] : sum;
  switch (call->activation) {
    case FOVEA_VECTOR_RELU: return y > 0 ? y : 0;
    case FOVEA_VECTOR_GELU: return fovea_gelu(y);
    case FOVEA_VECTOR_GELU_TANH: return fovea_gelu_tanh(y);
    default: return y;
  }
}

// The rows `row`, `row + apart` … of the matrix, `count` of them, each with some sums at once, so
// that none waits for itself.
//
// Rows that lie far apart are three streams, which the processor fetches ahead faster than one;
// neighbouring short rows would be stretches too short for that. Asking for numbers ahead of time
// in the program makes it slower.
FOVEA_INLINE void product_rows(const vector_product *call, int64_t row, int64_t apart, int count) {
  int64_t columns = call->columns, c = 0;
  const float *x = call->vector, *w = call->matrix + row * columns;
  vector sums[TOGETHER][SUMS] = {0};
  for (; c + SUMS * FOVEA_LANES <= columns; c += SUMS * FOVEA_LANES)
    for (int i = 0; i < SUMS; i++) {
      vector numbers = *(const unaligned_vector *)(x + c + i * FOVEA_LANES);
      for (int r = 0; r < count; r++)
        sums[r][i] +=
            numbers * *(const unaligned_vector *)(w + r * apart * columns + c + i * FOVEA_LANES);
    }
  for (int r = 0; r < count; r++) {
    const float *weights = w + r * apart * columns;
    vector all = sums[r][0] + sums[r][1];
    int64_t k = c;
    for (; k + FOVEA_LANES <= columns; k += FOVEA_LANES)
      all += *(const unaligned_vector *)(x + k) * *(const unaligned_vector *)(weights + k);
    float sum = fovea_sum_of_lanes(&all);
    for (; k < columns; k++) sum += x[k] * weights[k];
    call->result[row + r * apart] = finished(call, row + r * apart, sum);
  }
}

FOVEA_CLONES static void product_range(const vector_product *call, int64_t begin, int64_t end) {
  int64_t apart = (end - begin) / TOGETHER;
  for (int64_t row = begin; row < begin + apart; row++) product_rows(call, row, apart, TOGETHER);
  for (int64_t row = begin + TOGETHER * apart; row < end; row++) product_rows(call, row, 0, 1);
}

static void run_range(void *context, int64_t begin, int64_t end) {
  product_range(context, begin, end);
}

void fovea_vector_product(const float *matrix, const float *vector, const float *bias,
                          float *result, int64_t rows, int64_t columns, int32_t activation) {
  vector_product call = {matrix, vector, bias, result, columns, activation};
  fovea_parallel_ranges(rows, FOVEA_GRAIN / (columns + 1) + 1, run_range, &call);
}
