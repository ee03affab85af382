// The loss of connectionist temporal classification: forward–backward in log space.
//
// In double precision: a sequence of hundreds of steps adds up as many logarithms. Each thread takes
// whole sequences, so that its results do not depend on how many threads there are.

#include <math.h>

#include "parallel.h"

typedef struct {
  const fovea_ctc *call;
  double *scratch;
} ctc_run;

FOVEA_INLINE double log_sum(double a, double b) {
  double high = a > b ? a : b, low = a > b ? b : a;
  return low == -INFINITY ? high : high + log1p(exp(low - high));
}

// The symbol of a place in the target with blanks around each word.
FOVEA_INLINE int64_t symbol_at(const fovea_ctc *call, const int32_t *target, int64_t place) {
  return place % 2 ? target[place / 2] : call->symbols - 1;
}

// Whether a path may come to a place from the word before, past the blank between.
FOVEA_INLINE bool may_skip(const int32_t *target, int64_t place) {
  return place % 2 && place >= 3 && target[place / 2] != target[place / 2 - 1];
}

static bool is_in_range(const fovea_ctc *call, int64_t item) {
  int64_t words = call->target_lengths[item];
  if (call->input_lengths[item] < 0 || call->input_lengths[item] > call->steps || words < 0 ||
      words > call->words)
    return false;
  const int32_t *target = call->targets + item * call->words;
  for (int64_t w = 0; w < words; w++)
    if (target[w] < 0 || target[w] >= call->symbols - 1) return false;
  return true;
}

static void log_softmax(const float *logits, double *result, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    const float *x = logits + r * columns;
    double *y = result + r * columns, largest = -INFINITY, sum = 0;
    for (int64_t c = 0; c < columns; c++) largest = x[c] > largest ? x[c] : largest;
    for (int64_t c = 0; c < columns; c++) sum += exp(x[c] - largest);
    double shift = largest + log(sum);
    for (int64_t c = 0; c < columns; c++) y[c] = x[c] - shift;
  }
}

static void one_item(const fovea_ctc *call, int64_t item, double *scratch) {
  int64_t steps = call->input_lengths[item], places = 2 * (int64_t)call->target_lengths[item] + 1,
          symbols = call->symbols;
  const int32_t *target = call->targets + item * call->words;
  float *gradient = call->gradient + item * call->steps * symbols;
  memset(gradient, 0, (size_t)(call->steps * symbols) * sizeof(float));
  if (steps == 0) {
    call->losses[item] = places == 1 ? 0 : INFINITY;
    return;
  }
  double *emission = scratch, *alpha = emission + steps * symbols, *beta = alpha + steps * places,
         *next = beta + places, *heard = next + places;
  log_softmax(call->logits + item * call->steps * symbols, emission, steps, symbols);

  // alpha[t, s]: the logarithm of the probability of all beginnings that stand at place s after step
  // t.
  for (int64_t s = 0; s < places; s++)
    alpha[s] = s < 2 ? emission[symbol_at(call, target, s)] : -INFINITY;
  for (int64_t t = 1; t < steps; t++) {
    const double *before = alpha + (t - 1) * places, *log_p = emission + t * symbols;
    double *now = alpha + t * places;
    for (int64_t s = 0; s < places; s++) {
      double sum = before[s];
      if (s >= 1) sum = log_sum(sum, before[s - 1]);
      if (may_skip(target, s)) sum = log_sum(sum, before[s - 2]);
      now[s] = sum + log_p[symbol_at(call, target, s)];
    }
  }
  const double *last = alpha + (steps - 1) * places;
  double total = last[places - 1];
  if (places > 1) total = log_sum(total, last[places - 2]);
  call->losses[item] = (float)-total;
  // No path has room for the target: nothing can be learnt from it.
  if (total == -INFINITY) return;

  // beta[s]: the same of all ends that begin behind step t at place s.
  for (int64_t s = 0; s < places; s++) beta[s] = s >= places - 2 ? 0 : -INFINITY;
  for (int64_t t = steps - 1; t >= 0; t--) {
    const double *now = alpha + t * places, *log_p = emission + t * symbols;
    for (int64_t k = 0; k < symbols; k++) heard[k] = 0;
    for (int64_t s = 0; s < places; s++)
      heard[symbol_at(call, target, s)] += exp(now[s] + beta[s] - total);
    for (int64_t k = 0; k < symbols; k++)
      gradient[t * symbols + k] = (float)(exp(log_p[k]) - heard[k]);
    for (int64_t s = 0; s < places; s++) next[s] = beta[s] + log_p[symbol_at(call, target, s)];
    for (int64_t s = 0; s < places; s++) {
      double sum = next[s];
      if (s + 1 < places) sum = log_sum(sum, next[s + 1]);
      if (s + 2 < places && may_skip(target, s + 2)) sum = log_sum(sum, next[s + 2]);
      beta[s] = sum;
    }
  }
}

int64_t fovea_ctc_scratch(const fovea_ctc *call) {
  int64_t places = 2 * call->words + 1;
  return call->steps * (call->symbols + places) + 2 * places + call->symbols;
}

static void run_thread(void *context, int thread, int threads) {
  const ctc_run *run = context;
  const fovea_ctc *call = run->call;
  double *scratch = run->scratch + thread * fovea_ctc_scratch(call);
  int64_t begin = fovea_share(call->batch, thread, threads),
          end = fovea_share(call->batch, thread + 1, threads);
  for (int64_t item = begin; item < end; item++) one_item(call, item, scratch);
}

int fovea_ctc_loss(const fovea_ctc *call, double *scratch, int threads) {
  for (int64_t item = 0; item < call->batch; item++)
    if (!is_in_range(call, item)) return FOVEA_INDEX_OUT_OF_RANGE;
  ctc_run run = {call, scratch};
  fovea_parallel_threads(threads, run_thread, &run);
  return FOVEA_SUCCESS;
}
