// Convolutions between a few planes, with stride 1: a window over one or two maps, as attention over
// places has it. oneDNN fills such channels up to 16, and computes 8 to 16 times too much.

#include "vector.h"

typedef struct {
  const fovea_planes *planes;
  const float *source, *weights, *bias, *upstream;
  float *result, *scratch;
  int64_t scratch_size;
  int threads;
} planes_run;

static int64_t whole_vectors(int64_t columns) { return (columns + FOVEA_LANES - 1) / FOVEA_LANES * FOVEA_LANES; }

// Rows and columns of a source plane with its padding, and with what the last vector of a row of
// results reads beyond it.
static int64_t padded_rows(const fovea_planes *p) { return p->result_height + p->window_height - 1; }
static int64_t padded_columns(const fovea_planes *p) {
  return whole_vectors(whole_vectors(p->result_width) + p->window_width - 1);
}

static void pad_plane(const fovea_planes *p, const float *plane, float *padded) {
  int64_t columns = padded_columns(p);
  memset(padded, 0, (size_t)(padded_rows(p) * columns) * sizeof(float));
  int64_t width = fovea_smaller(p->width, columns - p->padding_left);
  for (int64_t r = 0; r < p->height && r + p->padding_top < padded_rows(p); r++)
    memcpy(padded + (r + p->padding_top) * columns + p->padding_left, plane + r * p->width,
           (size_t)width * sizeof(float));
}

int64_t fovea_planes_scratch(const fovea_planes *p) {
  int64_t window = p->window_height * p->window_width;
  int64_t padded = p->channels * padded_rows(p) * padded_columns(p);
  int64_t upstream = p->outputs * p->result_height * whole_vectors(p->result_width);
  int64_t sums = (p->outputs * p->channels * window + p->outputs) * FOVEA_LANES;
  return padded + upstream + sums;
}

// MARK: Forward

// Weights as this direction needs them: turned by half a turn, and outputs changed with channels,
// for the gradient of the source.
static const float *turned_weights(const planes_run *run, float *space) {
  const fovea_planes *p = run->planes;
  if (!p->turned) return run->weights;
  int64_t window = p->window_height * p->window_width;
  for (int64_t o = 0; o < p->outputs; o++)
    for (int64_t c = 0; c < p->channels; c++)
      for (int64_t k = 0; k < window; k++)
        space[(o * p->channels + c) * window + k] =
            run->weights[(c * p->outputs + o) * window + window - 1 - k];
  return space;
}

FOVEA_KERNEL(forward_plane, (const fovea_planes *p, const float *padded, const float *weights,
                             float bias, float *result),
             (p, padded, weights, bias, result)) {
  int64_t columns = padded_columns(p), plane = padded_rows(p) * columns;
  for (int64_t r = 0; r < p->result_height; r++)
    for (int64_t first = 0; first < p->result_width; first += FOVEA_LANES) {
      vector sums[2] = {(vector){0} + bias, (vector){0}};
      const float *w = weights;
      for (int64_t c = 0; c < p->channels; c++)
        for (int64_t u = 0; u < p->window_height; u++) {
          const float *row = padded + c * plane + (r + u) * columns + first;
          int64_t v = 0;
          for (; v + 2 <= p->window_width; v += 2, w += 2) {
            sums[0] += w[0] * *(const unaligned_vector *)(row + v);
            sums[1] += w[1] * *(const unaligned_vector *)(row + v + 1);
          }
          if (v < p->window_width) sums[0] += *w++ * *(const unaligned_vector *)(row + v);
        }
      vector sum = sums[0] + sums[1];
      float *target = result + r * p->result_width + first;
      if (first + FOVEA_LANES <= p->result_width)
        *(unaligned_vector *)target = sum;
      else
        memcpy(target, &sum, (size_t)(p->result_width - first) * sizeof(float));
    }
}

static void forward_images(void *context, int thread, int threads) {
  const planes_run *run = context;
  const fovea_planes *p = run->planes;
  float *space = run->scratch + thread * run->scratch_size;
  int64_t source = p->height * p->width, plane = padded_rows(p) * padded_columns(p);
  int64_t result = p->result_height * p->result_width;
  int64_t window = p->window_height * p->window_width;
  const float *weights = turned_weights(run, space + p->channels * plane);
  for (int64_t b = fovea_share(p->batch, thread, threads),
               last = fovea_share(p->batch, thread + 1, threads);
       b < last; b++) {
    for (int64_t c = 0; c < p->channels; c++)
      pad_plane(p, run->source + (b * p->channels + c) * source, space + c * plane);
    for (int64_t o = 0; o < p->outputs; o++)
      forward_plane(p, space, weights + o * p->channels * window, run->bias ? run->bias[o] : 0,
                    run->result + (b * p->outputs + o) * result);
  }
}

// Threads that have enough to do.
static int useful_threads(const fovea_planes *p, int threads) {
  int64_t work = p->batch * p->outputs * p->channels * p->result_height * p->result_width *
                 p->window_height;
  return (int)fovea_smaller(threads, fovea_smaller(p->batch, 1 + work / FOVEA_GRAIN));
}

void fovea_planes_forward(const fovea_planes *planes, const float *source, const float *weights,
                          const float *bias, float *result, float *scratch, int threads) {
  planes_run run = {.planes = planes, .source = source, .weights = weights, .bias = bias,
                    .result = result, .scratch = scratch,
                    .scratch_size = fovea_planes_scratch(planes)};
  fovea_parallel_threads(useful_threads(planes, threads), forward_images, &run);
}

// MARK: Gradient of the weights

// Adds what `taps` neighbouring taps of one row of the window get; the number is a constant where
// this is called.
FOVEA_INLINE void add_taps(const int taps, const fovea_planes *p, const float *padded,
                           const float *upstream, float *sums) {
  int64_t columns = padded_columns(p), width = whole_vectors(p->result_width);
  vector sum[8];
  for (int v = 0; v < taps; v++) sum[v] = *(const unaligned_vector *)(sums + v * FOVEA_LANES);
  for (int64_t r = 0; r < p->result_height; r++)
    for (int64_t first = 0; first < width; first += FOVEA_LANES) {
      vector dy = *(const unaligned_vector *)(upstream + r * width + first);
      const float *row = padded + r * columns + first;
      for (int v = 0; v < taps; v++) sum[v] += dy * *(const unaligned_vector *)(row + v);
    }
  for (int v = 0; v < taps; v++) *(unaligned_vector *)(sums + v * FOVEA_LANES) = sum[v];
}

FOVEA_KERNEL(add_row_of_taps, (const fovea_planes *p, const float *padded, const float *upstream,
                               float *sums),
             (p, padded, upstream, sums)) {
  int64_t v = 0;
  for (; v + 7 <= p->window_width; v += 7)
    add_taps(7, p, padded + v, upstream, sums + v * FOVEA_LANES);
  for (; v + 3 <= p->window_width; v += 3)
    add_taps(3, p, padded + v, upstream, sums + v * FOVEA_LANES);
  for (; v < p->window_width; v++) add_taps(1, p, padded + v, upstream, sums + v * FOVEA_LANES);
}

static void add_bias(const fovea_planes *p, const float *upstream, float *sums) {
  int64_t count = p->result_height * whole_vectors(p->result_width);
  for (int64_t i = 0; i < count; i++) sums[i % FOVEA_LANES] += upstream[i];
}

static void weight_images(void *context, int thread, int threads) {
  const planes_run *run = context;
  const fovea_planes *p = run->planes;
  int64_t source = p->height * p->width, plane = padded_rows(p) * padded_columns(p);
  int64_t columns = padded_columns(p), width = whole_vectors(p->result_width);
  int64_t window = p->window_height * p->window_width;
  float *padded = run->scratch + thread * run->scratch_size;
  float *upstream = padded + p->channels * plane;
  float *sums = upstream + p->outputs * p->result_height * width;
  float *bias = sums + p->outputs * p->channels * window * FOVEA_LANES;
  memset(upstream, 0, (size_t)(bias + p->outputs * FOVEA_LANES - upstream) * sizeof(float));
  for (int64_t b = fovea_share(p->batch, thread, threads),
               last = fovea_share(p->batch, thread + 1, threads);
       b < last; b++) {
    for (int64_t c = 0; c < p->channels; c++)
      pad_plane(p, run->source + (b * p->channels + c) * source, padded + c * plane);
    for (int64_t row = 0; row < p->outputs * p->result_height; row++)
      memcpy(upstream + row * width,
             run->upstream + (b * p->outputs * p->result_height + row) * p->result_width,
             (size_t)p->result_width * sizeof(float));
    for (int64_t o = 0; o < p->outputs; o++) {
      const float *dy = upstream + o * p->result_height * width;
      add_bias(p, dy, bias + o * FOVEA_LANES);
      for (int64_t c = 0; c < p->channels; c++)
        for (int64_t u = 0; u < p->window_height; u++)
          add_row_of_taps(
              p, padded + c * plane + u * columns, dy,
              sums + ((o * p->channels + c) * window + u * p->window_width) * FOVEA_LANES);
    }
  }
}

void fovea_planes_weights(const fovea_planes *p, const float *source, const float *upstream,
                          float *weights, float *bias, float *scratch, int threads) {
  planes_run run = {.planes = p, .source = source, .upstream = upstream, .scratch = scratch,
                    .scratch_size = fovea_planes_scratch(p)};
  int team = useful_threads(p, threads);
  team = team < 1 ? 1 : team;
  fovea_parallel_threads(team, weight_images, &run);
  int64_t count = p->outputs * p->channels * p->window_height * p->window_width;
  int64_t start = p->channels * padded_rows(p) * padded_columns(p) +
                  p->outputs * p->result_height * whole_vectors(p->result_width);
  for (int64_t i = 0; i < count + p->outputs; i++) {
    float sum = 0;
    for (int t = 0; t < team; t++)
      for (int j = 0; j < FOVEA_LANES; j++)
        sum += scratch[t * run.scratch_size + start + i * FOVEA_LANES + j];
    if (i < count)
      weights[i] = sum;
    else if (bias != NULL)
      bias[i - count] = sum;
  }
}
