// Convolution with 3×3 windows and stride 1 by Winograd's minimal filtering F(4×4, 3×3): a tile of
// 6×6 inputs gives 4×4 results with 36 products a pair of channels where 144 are needed tap by tap
// (Lavin and Gray 2016, section 4).
//
//     Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A,   dg = Gᵀ [Σ (Bᵀ d B) ⊙ (A dY Aᵀ)] G
//
// The products over channels are 36 matrix products for a few tiles at once, which stay in the
// second-level cache together with what is made of them.

#include "tiles.h"
#include "winograd_lines.h"

// Of what is added up, as a share of its absolute values, that rounding alone may leave: what is
// not larger is 0. Where no source meets a result's gradient, a tap's gradient is exactly 0 that
// way, as it is in the direct form; Adam would make a step of the noise.
#define ROUNDING 0x1p-20f

enum {
  BLOCK = 16,          // channels that lie together
  POINTS = 36,         // of a transformed tile
  TILE_FLOATS = 75000  // of transformed inputs and results that a thread keeps
};

typedef struct {
  const fovea_winograd *call;
  const float *source, *weights, *bias, *upstream;
  float *result, *scratch;
  int64_t tiles, tile_rows, tile_columns, scratch_size;
  bool turned;
} winograd_run;

// Macros, as a function that takes or gives a vector has another calling convention for each
// instruction set.
#define load(from) (*(const unaligned_vector *)(from))
#define store(to, x) (*(unaligned_vector *)(to) = (x))

// MARK: Tiles

typedef struct {
  int64_t image, row, column;
} tile_place;

static tile_place place_of(const winograd_run *run, int64_t tile) {
  int64_t each = run->tile_rows * run->tile_columns, rest = tile % each;
  return (tile_place){tile / each, rest / run->tile_columns * 4, rest % run->tile_columns * 4};
}

// Transformed inputs of one tile, a block of channels: element k at to[k · step].
FOVEA_INLINE void input_tile(const fovea_winograd *call, const float *image, int64_t row,
                             int64_t column, float *to, int64_t step) {
  vector d[6], lines[6][6];
  int64_t row_stride = call->source.row, column_stride = call->source.column;
  bool inside = row >= 0 && column >= 0 && row + 6 <= call->height && column + 6 <= call->width;
  for (int j = 0; j < 6; j++) {
    const float *from = image + row * row_stride + (column + j) * column_stride;
    if (inside) {
      for (int i = 0; i < 6; i++) d[i] = load(from + i * row_stride);
    } else {
      bool seen = column + j >= 0 && column + j < call->width;
      for (int i = 0; i < 6; i++)
        d[i] = seen && row + i >= 0 && row + i < call->height ? load(from + i * row_stride)
                                                              : (vector){0};
    }
    vector t[6];
    transform_input(d, t);
    for (int i = 0; i < 6; i++) lines[i][j] = t[i];
  }
  for (int i = 0; i < 6; i++) {
    vector t[6];
    transform_input(lines[i], t);
    for (int j = 0; j < 6; j++) store(to + (i * 6 + j) * step, t[j]);
  }
}

// V [36, count, channels] of tiles from `first` on.
FOVEA_KERNEL(input_tiles, (const winograd_run *run, int64_t first, int64_t count, float *to),
             (run, first, count, to)) {
  const fovea_winograd *call = run->call;
  for (int64_t t = 0; t < count; t++) {
    tile_place place = place_of(run, first + t);
    for (int64_t c = 0; c < call->channels; c += BLOCK)
      input_tile(call,
                 run->source + place.image * call->source.image + c / BLOCK * call->source.block,
                 place.row - call->padding_top, place.column - call->padding_left,
                 to + t * call->channels + c, count * call->channels);
  }
}

// Results of one tile, a block of outputs, from M at from[k · step].
FOVEA_INLINE void output_tile(const fovea_winograd *call, const float *from, int64_t step,
                              const float *bias, float *image, tile_place place) {
  vector lines[4][6];
  for (int j = 0; j < 6; j++) {
    vector m[6], y[4];
    for (int i = 0; i < 6; i++) m[i] = load(from + (i * 6 + j) * step);
    transform_output(m, y);
    for (int i = 0; i < 4; i++) lines[i][j] = y[i];
  }
  int64_t rows = fovea_smaller(4, call->result_height - place.row);
  int64_t columns = fovea_smaller(4, call->result_width - place.column);
  for (int64_t i = 0; i < rows; i++) {
    vector y[4];
    transform_output(lines[i], y);
    float *to = image + (place.row + i) * call->result.row + place.column * call->result.column;
    for (int64_t j = 0; j < columns; j++) {
      vector x = bias ? y[j] + load(bias) : y[j];
      if (call->relu)
        for (int k = 0; k < BLOCK; k++) x[k] = x[k] < 0 ? 0.0f : x[k];
      store(to + j * call->result.column, x);
    }
  }
}

FOVEA_KERNEL(output_tiles, (const winograd_run *run, int64_t first, int64_t count,
                            const float *from),
             (run, first, count, from)) {
  const fovea_winograd *call = run->call;
  for (int64_t t = 0; t < count; t++) {
    tile_place place = place_of(run, first + t);
    for (int64_t o = 0; o < call->outputs; o += BLOCK)
      output_tile(call, from + t * call->outputs + o, count * call->outputs,
                  run->bias ? run->bias + o : NULL,
                  run->result + place.image * call->result.image + o / BLOCK * call->result.block,
                  place);
  }
}

// Z [36, output blocks, count, 16] of the results' gradient, which is added up into `bias`.
FOVEA_KERNEL(upstream_tiles, (const winograd_run *run, int64_t first, int64_t count, float *to,
                              float *bias),
             (run, first, count, to, bias)) {
  const fovea_winograd *call = run->call;
  for (int64_t t = 0; t < count; t++) {
    tile_place place = place_of(run, first + t);
    int64_t rows = fovea_smaller(4, call->result_height - place.row);
    int64_t columns = fovea_smaller(4, call->result_width - place.column);
    for (int64_t o = 0; o < call->outputs; o += BLOCK) {
      const float *image =
          run->upstream + place.image * call->result.image + o / BLOCK * call->result.block;
      vector lines[6][4], sum = load(bias + o);
      for (int64_t j = 0; j < 4; j++) {
        vector y[4], z[6];
        for (int64_t i = 0; i < 4; i++) {
          y[i] = i < rows && j < columns ? load(image + (place.row + i) * call->result.row +
                                                (place.column + j) * call->result.column)
                                         : (vector){0};
          sum += y[i];
        }
        transform_upstream(y, z);
        for (int i = 0; i < 6; i++) lines[i][j] = z[i];
      }
      store(bias + o, sum);
      for (int i = 0; i < 6; i++) {
        vector z[6];
        transform_upstream(lines[i], z);
        for (int j = 0; j < 6; j++)
          store(to + ((i * 6 + j) * call->outputs / BLOCK + o / BLOCK) * count * BLOCK + t * BLOCK,
                z[j]);
      }
    }
  }
}

// MARK: Forward, and the gradient of the source

// Tiles that are worked on together.
static int64_t tiles_together(const fovea_winograd *call, int64_t tiles, int threads) {
  int64_t together = TILE_FLOATS / (POINTS * (call->channels + call->outputs)) / 8 * 8;
  together = together < 8 ? 8 : together;
  int64_t share = (tiles + threads - 1) / threads;
  return share < together ? share : together;
}

static int64_t tiles_of(const fovea_winograd *call) {
  return call->batch * ((call->result_height + 3) / 4) * ((call->result_width + 3) / 4);
}

static winograd_run run_of(const fovea_winograd *call, float *scratch) {
  winograd_run run = {.call = call, .scratch = scratch, .tiles = tiles_of(call)};
  run.tile_rows = (call->result_height + 3) / 4;
  run.tile_columns = (call->result_width + 3) / 4;
  return run;
}

static void forward_share(void *context, int thread, int threads) {
  const winograd_run *run = context;
  const fovea_winograd *call = run->call;
  int64_t together = tiles_together(call, run->tiles, threads);
  float *inputs = run->scratch + thread * run->scratch_size;
  float *products = inputs + POINTS * together * call->channels;
  int64_t last = fovea_share(run->tiles, thread + 1, threads);
  for (int64_t first = fovea_share(run->tiles, thread, threads); first < last; first += together) {
    int64_t count = fovea_smaller(together, last - first);
    input_tiles(run, first, count, inputs);
    for (int64_t k = 0; k < POINTS; k++)
      for (int64_t o = 0; o < call->outputs; o += BLOCK)
        fovea_narrow_tile_product(count, inputs + k * count * call->channels, call->channels, 1,
                                  run->weights + (k * call->outputs + o) * call->channels,
                                  call->channels, products + k * count * call->outputs + o,
                                  call->outputs, false);
    output_tiles(run, first, count, products);
  }
}

int64_t fovea_winograd_scratch(const fovea_winograd *call, int threads, bool weights) {
  int64_t together = tiles_together(call, tiles_of(call), threads);
  int64_t floats = POINTS * together * (call->channels + call->outputs);
  if (weights) floats += POINTS * call->channels * call->outputs + call->outputs;
  return (floats + 15) / 16 * 16;
}

void fovea_winograd_forward(const fovea_winograd *call, const float *source, const float *weights,
                            const float *bias, float *result, float *scratch, int threads) {
  winograd_run run = run_of(call, scratch);
  run.source = source;
  run.weights = weights;
  run.bias = bias;
  run.result = result;
  run.scratch_size = fovea_winograd_scratch(call, threads, false);
  fovea_parallel_threads(threads, forward_share, &run);
}

// MARK: Weights

FOVEA_KERNEL(weight_blocks, (const winograd_run *run, int64_t begin, int64_t end),
             (run, begin, end)) {
  const fovea_winograd *call = run->call;
  int64_t channels = call->channels, outputs = call->outputs;
  for (int64_t item = begin; item < end; item++) {
    int64_t block = item / channels, c = item % channels;
    vector g[9], lines[6][3];
    for (int n = 0; n < BLOCK; n++) {
      int64_t o = block * BLOCK + n;
      // Turned: outputs and channels change places, and so do the first and the last tap.
      const float *taps = run->weights + 9 * (run->turned ? c * outputs + o : o * channels + c);
      for (int k = 0; k < 9; k++) g[k][n] = taps[run->turned ? 8 - k : k];
    }
    for (int j = 0; j < 3; j++) {
      vector line[3] = {g[j], g[3 + j], g[6 + j]}, u[6];
      transform_weights(line, u);
      for (int i = 0; i < 6; i++) lines[i][j] = u[i];
    }
    for (int i = 0; i < 6; i++) {
      vector u[6];
      transform_weights(lines[i], u);
      for (int j = 0; j < 6; j++)
        store(run->result + ((i * 6 + j) * outputs + block * BLOCK) * channels + c * BLOCK, u[j]);
    }
  }
}

static void run_weight_blocks(void *context, int64_t begin, int64_t end) {
  weight_blocks(context, begin, end);
}

void fovea_winograd_transform(int64_t outputs, int64_t channels, bool turned, const float *weights,
                              float *transformed) {
  fovea_winograd call = {.channels = channels, .outputs = outputs};
  winograd_run run = {.call = &call, .weights = weights, .result = transformed, .turned = turned};
  fovea_parallel_ranges(outputs / BLOCK * channels, 64, run_weight_blocks, &run);
}

// MARK: Gradient of the weights

static void gradient_share(void *context, int thread, int threads) {
  const winograd_run *run = context;
  const fovea_winograd *call = run->call;
  int64_t channels = call->channels, outputs = call->outputs;
  int64_t together = tiles_together(call, run->tiles, threads);
  float *sums = run->scratch + thread * run->scratch_size;
  float *bias = sums + POINTS * channels * outputs;
  float *inputs = bias + outputs;
  float *upstream = inputs + POINTS * together * channels;
  int64_t begin = fovea_share(run->tiles, thread, threads);
  int64_t last = fovea_share(run->tiles, thread + 1, threads);
  memset(bias, 0, (size_t)outputs * sizeof(float));
  if (begin == last) memset(sums, 0, (size_t)(POINTS * channels * outputs) * sizeof(float));
  for (int64_t first = begin; first < last; first += together) {
    int64_t count = fovea_smaller(together, last - first);
    input_tiles(run, first, count, inputs);
    upstream_tiles(run, first, count, upstream, bias);
    for (int64_t k = 0; k < POINTS; k++)
      for (int64_t o = 0; o < outputs; o += BLOCK)
        fovea_narrow_tile_product(channels, inputs + k * count * channels, 1, channels,
                                  upstream + (k * outputs + o) * count, count,
                                  sums + (k * outputs + o) * channels, BLOCK, first > begin);
  }
}

typedef struct {
  const winograd_run *run;
  float *weights;
  int threads;
} gradient_sum;

FOVEA_KERNEL(gradient_blocks, (const gradient_sum *sum, int64_t begin, int64_t end),
             (sum, begin, end)) {
  const winograd_run *run = sum->run;
  int64_t channels = run->call->channels, outputs = run->call->outputs;
  for (int64_t item = begin; item < end; item++) {
    int64_t block = item / channels, c = item % channels;
    vector lines[3][6], sizes[3][6], g[3], size[3];
    for (int j = 0; j < 6; j++) {
      vector u[6];
      for (int i = 0; i < 6; i++) {
        const float *from =
            run->scratch + ((i * 6 + j) * outputs + block * BLOCK) * channels + c * BLOCK;
        u[i] = load(from);
        for (int t = 1; t < sum->threads; t++) u[i] += load(from + t * run->scratch_size);
      }
      transform_weight_gradient(u, g);
      for (int i = 0; i < 6; i++) u[i] = absolute(u[i]);
      bound_weight_gradient(u, size);
      for (int i = 0; i < 3; i++) {
        lines[i][j] = g[i];
        sizes[i][j] = size[i];
      }
    }
    for (int i = 0; i < 3; i++) {
      transform_weight_gradient(lines[i], g);
      bound_weight_gradient(sizes[i], size);
      for (int j = 0; j < 3; j++)
        for (int n = 0; n < BLOCK; n++) {
          bool isNoise = __builtin_fabsf(g[j][n]) <= ROUNDING * size[j][n];
          sum->weights[((block * BLOCK + n) * channels + c) * 9 + i * 3 + j] =
              isNoise ? 0 : g[j][n];
        }
    }
  }
}

static void run_gradient_blocks(void *context, int64_t begin, int64_t end) {
  gradient_blocks(context, begin, end);
}

void fovea_winograd_weights(const fovea_winograd *call, const float *source, const float *upstream,
                            float *weights, float *bias, float *scratch, int threads) {
  winograd_run run = run_of(call, scratch);
  run.source = source;
  run.upstream = upstream;
  run.scratch_size = fovea_winograd_scratch(call, threads, true);
  fovea_parallel_threads(threads, gradient_share, &run);
  gradient_sum sum = {&run, weights, threads};
  fovea_parallel_ranges(call->outputs / BLOCK * call->channels, 64, run_gradient_blocks, &sum);
  for (int64_t o = 0; bias != NULL && o < call->outputs; o++) {
    bias[o] = 0;
    for (int t = 0; t < threads; t++)
      bias[o] += scratch[t * run.scratch_size + POINTS * call->channels * call->outputs + o];
  }
}
