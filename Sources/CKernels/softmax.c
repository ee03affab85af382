// Softmax over rows. oneDNN has one, but its exponential is good to about 10^-6 only, which shows
// in the loss of the very first step.

#include "mathematics.h"

enum { LANES = 16 };

typedef struct {
  const float *input;
  float *output;
  int64_t columns;
  bool logarithm;
} softmax_call;

FOVEA_KERNEL(softmax_rows, (const softmax_call *call, int64_t begin, int64_t end),
             (call, begin, end)) {
  int64_t columns = call->columns;
  for (int64_t r = begin; r < end; r++) {
    const float *x = call->input + r * columns;
    float *y = call->output + r * columns;
    float largest = -__builtin_inff();
    for (int64_t c = 0; c < columns; c++) largest = x[c] > largest ? x[c] : largest;
    // A row of nothing but -infinity has no maximum; any finite number avoids infinity - infinity.
    float reference = largest == -__builtin_inff() ? 0.0f : largest;
    float lanes[LANES] = {0};
    double sum = 0;
    int64_t c = 0;
    for (; c + LANES <= columns; c += LANES)
      for (int j = 0; j < LANES; j++) {
        y[c + j] = fovea_exp(x[c + j] - reference);
        lanes[j] += y[c + j];
      }
    for (; c < columns; c++) {
      y[c] = fovea_exp(x[c] - reference);
      sum += y[c];
    }
    for (int j = 0; j < LANES; j++) sum += lanes[j];
    if (call->logarithm) {
      float shift = fovea_log((float)sum);
      for (c = 0; c < columns; c++) y[c] = x[c] - reference - shift;
    } else {
      float inverse = (float)(1 / sum);
      for (c = 0; c < columns; c++) y[c] *= inverse;
    }
  }
}

static void run_rows(void *context, int64_t begin, int64_t end) {
  softmax_rows(context, begin, end);
}

void fovea_softmax(const float *input, float *output, int64_t rows, int64_t columns,
                   bool logarithm) {
  softmax_call call = {input, output, columns, logarithm};
  fovea_parallel_ranges(rows, FOVEA_GRAIN / (4 * columns + 1) + 1, run_rows, &call);
}
