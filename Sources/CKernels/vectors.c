// The product of a matrix with one vector, as each new token of a text needs it: the time is that
// of reading the matrix once. oneDNN's matrix product is made for many rows.

#include "mathematics.h"
#include "vector.h"

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

FOVEA_INLINE void product_rows(const vector_product *call, int64_t row, int64_t apart, int count) {
  float sums[FOVEA_STREAMS];
  fovea_dot_rows(call->vector, call->matrix + row * call->columns, apart * call->columns, count,
                 call->columns, sums);
  for (int r = 0; r < count; r++)
    call->result[row + r * apart] = finished(call, row + r * apart, sums[r]);
}

FOVEA_KERNEL(product_range, (const vector_product *call, int64_t begin, int64_t end),
             (call, begin, end)) {
  int64_t apart = (end - begin) / FOVEA_STREAMS;
  for (int64_t row = begin; row < begin + apart; row++)
    product_rows(call, row, apart, FOVEA_STREAMS);
  for (int64_t row = begin + FOVEA_STREAMS * apart; row < end; row++) product_rows(call, row, 0, 1);
}

static void run_range(void *context, int64_t begin, int64_t end) {
  product_range(context, begin, end);
}

void fovea_vector_product(const float *matrix, const float *vector, const float *bias,
                          float *result, int64_t rows, int64_t columns, int32_t activation) {
  vector_product call = {matrix, vector, bias, result, columns, activation};
  fovea_parallel_ranges(rows, FOVEA_GRAIN / (columns + 1) + 1, run_range, &call);
}
