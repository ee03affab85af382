// Attention of a text's next positions to all before them, whose keys and values lie in a cache.
// Queries are few, so that keys and values are read where they lie: packing them into panels, as
// attention.c does, would take longer than all the rest.

#include "scores.h"
#include "vector.h"

typedef struct {
  const fovea_cached_attention *call;
  int64_t place;
  float *scratch;
  int64_t scratch_size;
} cached_run;

enum { MOST_VECTORS = 4 };

// `vectors` vectors of the sum of all values, each with its weight; one after the other in
// registers.
FOVEA_INLINE void weighted_sum(const float *weights, const float *values, int64_t count,
                               int64_t size, float factor, float *result, int vectors) {
  vector sums[MOST_VECTORS] = {0};
  for (int64_t key = 0; key < count; key++)
    for (int v = 0; v < vectors; v++)
      sums[v] += weights[key] * *(const unaligned_vector *)(values + key * size + v * FOVEA_LANES);
  for (int v = 0; v < vectors; v++)
    *(unaligned_vector *)(result + v * FOVEA_LANES) = factor * sums[v];
}

FOVEA_INLINE void weighted_values(const float *weights, const float *values, int64_t count,
                                  int64_t size, float factor, float *result) {
  int64_t c = 0;
  for (; c + MOST_VECTORS * FOVEA_LANES <= size; c += MOST_VECTORS * FOVEA_LANES)
    weighted_sum(weights, values + c, count, size, factor, result + c, MOST_VECTORS);
  for (; c + FOVEA_LANES <= size; c += FOVEA_LANES)
    weighted_sum(weights, values + c, count, size, factor, result + c, 1);
  for (; c < size; c++) {
    float sum = 0;
    for (int64_t key = 0; key < count; key++) sum += weights[key] * values[key * size + c];
    result[c] = factor * sum;
  }
}

FOVEA_KERNEL(attend_head, (const cached_run *run, int64_t head, float *scores),
             (run, head, scores)) {
  const fovea_cached_attention *call = run->call;
  int64_t size = call->head_size, width = call->heads * size;
  float *keys = call->keys + head * call->capacity * size;
  float *values = call->values + head * call->capacity * size;
  const float *parts = call->parts + head * size;
  for (int64_t p = 0; p < call->positions; p++) {
    const float *position = parts + p * 3 * width;
    memcpy(keys + (run->place + p) * size, position + width, (size_t)size * sizeof(float));
    memcpy(values + (run->place + p) * size, position + 2 * width, (size_t)size * sizeof(float));
  }
  for (int64_t p = 0; p < call->positions; p++) {
    int64_t seen = run->place + p + 1;
    for (int64_t key = 0; key < seen; key++)
      fovea_dot_rows(parts + p * 3 * width, keys + key * size, 0, 1, size, scores + key);
    float largest = scaled_row(scores, seen, call->scale, NULL, 0);
    float total = exponential_row(scores, seen, largest);
    weighted_values(scores, values, seen, size, 1 / total, call->result + p * width + head * size);
  }
}

static void attend_share(void *context, int thread, int threads) {
  const cached_run *run = context;
  int64_t heads = run->call->heads;
  for (int64_t head = fovea_share(heads, thread, threads);
       head < fovea_share(heads, thread + 1, threads); head++)
    attend_head(run, head, run->scratch + thread * run->scratch_size);
}

int64_t fovea_cached_attention_scratch(const fovea_cached_attention *call) {
  return whole_vectors(call->capacity);
}

int fovea_cached_attend(const fovea_cached_attention *call, int threads, float *scratch) {
  int64_t place = *call->place;
  if (place < 0 || place + call->positions > call->capacity) return FOVEA_INDEX_OUT_OF_RANGE;
  cached_run run = {call, place, scratch, fovea_cached_attention_scratch(call)};
  int64_t products = 2 * call->heads * call->positions * (place + 1) * call->head_size;
  int64_t useful = fovea_smaller(call->heads, products / FOVEA_GRAIN + 1);
  fovea_parallel_threads((int)fovea_smaller(threads, useful), attend_share, &run);
  return 0;
}
