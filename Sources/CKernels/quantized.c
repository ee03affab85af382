// Dense layers whose weights are signed bytes. The numbers of a row become unsigned bytes just
// before their product, each row with a scale and an offset of its own; sums are 32-bit integers,
// the same on every processor.
//
// Weights lie in panels of 64 columns, [panel][depth / 4][64][4], so that four bytes of a row meet
// four of each column in one instruction (VNNI). Where there is none, bytes are widened to 16 bits
// first: the instruction that adds pairs of byte products would saturate.

#include "mathematics.h"
#include "vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { PANEL = 64, GROUP = 4, ROWS = 4, TOGETHER = 2, BLOCK_ROWS = 48, ALIGNMENT = 64 };

static const float SMALLEST_NORMAL = 1.17549435e-38f, LARGEST_FINITE = 3.40282347e+38f;

FOVEA_INLINE int64_t rounded_up(int64_t x, int64_t step) { return (x + step - 1) / step * step; }

int64_t fovea_quantized_weight_bytes(int64_t columns, int64_t depth) {
  return rounded_up(columns, PANEL) * rounded_up(depth, GROUP);
}

// Where weight [column, k] lies among the packed ones of `groups` · 4 numbers a column.
FOVEA_INLINE int64_t packed_place(int64_t groups, int64_t column, int64_t k) {
  return ((column / PANEL * groups + k / GROUP) * PANEL + column % PANEL) * GROUP + k % GROUP;
}

// The largest absolute value, by its bits: NaN is above infinity.
FOVEA_INLINE float largest_size(const float *x, int64_t count) {
  int32_t largest = 0;
  for (int64_t k = 0; k < count; k++) {
    int32_t bits = (fovea_word){.value = x[k]}.bits & 0x7FFFFFFF;
    largest = bits > largest ? bits : largest;
  }
  return (fovea_word){.bits = largest}.value;
}

void fovea_quantize_weights(const float *weights, int64_t columns, int64_t depth, int8_t *packed,
                            float *scales, float *sums) {
  int64_t groups = rounded_up(depth, GROUP) / GROUP;
  memset(packed, 0, (size_t)fovea_quantized_weight_bytes(columns, depth));
  for (int64_t column = 0; column < columns; column++) {
    const float *row = weights + column * depth;
    float largest = largest_size(row, depth), scale = largest / 127;
    bool is_usable = scale >= SMALLEST_NORMAL && largest <= LARGEST_FINITE;
    int32_t sum = 0;
    for (int64_t k = 0; k < depth && is_usable; k++) {
      int32_t q = (int32_t)__builtin_elementwise_roundeven(row[k] / scale);
      packed[packed_place(groups, column, k)] = (int8_t)q;
      sum += q;
    }
    // What is no number makes every result none; what is below the normal numbers counts as 0.
    scales[column] = is_usable ? scale : largest <= 1 ? 0 : __builtin_nanf("");
    sums[column] = (float)sum * scales[column];
  }
}

// MARK: Rows

// x ≈ scale · q + offset with q in 0…255; the error is at most scale / 2. `stride` bytes are
// written, those behind the row as zeros.
FOVEA_INLINE void quantize_row(const float *x, int64_t depth, int64_t stride, uint8_t *q,
                               float *scale, float *offset) {
  unaligned_vector lowest = {0}, highest = {0};
  lowest += x[0];
  highest += x[0];
  int64_t k = 0;
  for (; k + FOVEA_LANES <= depth; k += FOVEA_LANES) {
    unaligned_vector values = *(const unaligned_vector *)(x + k);
    lowest = __builtin_elementwise_min(lowest, values);
    highest = __builtin_elementwise_max(highest, values);
  }
  float low = x[0], high = x[0];
  for (int j = 0; j < FOVEA_LANES; j++) {
    low = lowest[j] < low ? lowest[j] : low;
    high = highest[j] > high ? highest[j] : high;
  }
  for (; k < depth; k++) {
    low = x[k] < low ? x[k] : low;
    high = x[k] > high ? x[k] : high;
  }
  float range = high - low;
  // An infinite range, or NaN among the numbers, makes the whole row NaN.
  if (!(largest_size(x, depth) <= LARGEST_FINITE && range <= LARGEST_FINITE)) {
    *scale = *offset = __builtin_nanf("");
    memset(q, 0, (size_t)stride);
    return;
  }
  // A range close to the denormal numbers is as good as none.
  float step = range >= 1e-35f ? range / 255 : 0, inverse = step > 0 ? 1 / step : 0;
  *scale = step;
  *offset = low;
  for (k = 0; k < depth; k++) {
    float place = (x[k] - low) * inverse + 0.5f;
    place = place < 255.0f ? place : 255.0f;
    q[k] = (uint8_t)(int32_t)place;
  }
  for (; k < stride; k++) q[k] = 0;
}

void fovea_quantize_row(const float *x, int64_t depth, uint8_t *q, float *scale, float *offset) {
  quantize_row(x, depth, depth, q, scale, offset);
}

// MARK: Tiles

typedef struct {
  const fovea_quantized *layer;
  const float *input;
  float *result;
  void *scratch;
  int64_t rows, groups, stride, block_bytes;
  int level;
  bool divides_panels;
} product_call;

FOVEA_INLINE void activate(int32_t activation, int64_t count, float *y) {
  switch (activation) {
    case FOVEA_VECTOR_RELU:
      for (int64_t j = 0; j < count; j++) y[j] = y[j] > 0 ? y[j] : 0;
      break;
    case FOVEA_VECTOR_GELU:
      for (int64_t j = 0; j < count; j++) y[j] = fovea_gelu(y[j]);
      break;
    case FOVEA_VECTOR_GELU_TANH:
      for (int64_t j = 0; j < count; j++) y[j] = fovea_gelu_tanh(y[j]);
  }
}

// From sums of integers to results: f(scale · column scale · sum + offset · column sum + bias).
FOVEA_INLINE void finish_columns(const fovea_quantized *layer, int64_t first, int64_t count,
                                 const int32_t *restrict sums, float scale, float offset,
                                 float *restrict y) {
  const float *scales = layer->scales + first, *column_sums = layer->sums + first,
              *bias = layer->bias + (layer->bias ? first : 0);
  if (layer->bias)
    for (int64_t j = 0; j < count; j++)
      y[j] = (scale * (float)sums[j]) * scales[j] + (offset * column_sums[j] + bias[j]);
  else
    for (int64_t j = 0; j < count; j++)
      y[j] = (scale * (float)sums[j]) * scales[j] + offset * column_sums[j];
  activate(layer->activation, count, y);
}

FOVEA_INLINE void finish_row(const fovea_quantized *layer, int64_t first, const int32_t *sums,
                             float scale, float offset, float *result) {
  // A constant count is worth more than what is saved at the edge.
  if (first + PANEL <= layer->columns)
    finish_columns(layer, first, PANEL, sums, scale, offset, result);
  else
    finish_columns(layer, first, layer->columns - first, sums, scale, offset, result);
}

#define TILE_PARAMETERS \
  int rows, const uint8_t *q, int64_t stride, const int8_t *panel, int64_t groups, int32_t *sums

FOVEA_INLINE int32_t four_bytes(const uint8_t *q) {
  int32_t bytes;
  memcpy(&bytes, q, sizeof bytes);
  return bytes;
}

typedef int8_t sixteen_bytes __attribute__((vector_size(16), may_alias));
typedef int16_t sixteen_shorts __attribute__((vector_size(32)));
typedef int32_t eight_words __attribute__((vector_size(32)));

// A product of two bytes fits into 16 bits; the products of two neighbours are added as 32 bits, so
// that each column has its sum in two halves until the end. Some rows share what is widened.
FOVEA_INLINE void plain_rows(TILE_PARAMETERS) {
  enum { COLUMNS = 4 };
  for (int first = 0; first < PANEL; first += COLUMNS) {
    eight_words total[TOGETHER] = {0};
    for (int64_t g = 0; g < groups; g++) {
      const int8_t *from = panel + (g * PANEL + first) * GROUP;
      sixteen_shorts w = __builtin_convertvector(*(const sixteen_bytes *)from, sixteen_shorts);
      for (int r = 0; r < rows; r++) {
        const uint8_t *b = q + r * stride + g * GROUP;
        sixteen_shorts x = {b[0], b[1], b[2], b[3], b[0], b[1], b[2], b[3],
                            b[0], b[1], b[2], b[3], b[0], b[1], b[2], b[3]};
        eight_words pairs = (eight_words)(x * w);
        total[r] += (pairs >> 16) + ((pairs << 16) >> 16);
      }
    }
    for (int r = 0; r < rows; r++)
      for (int j = 0; j < COLUMNS; j++)
        sums[r * PANEL + first + j] = total[r][2 * j] + total[r][2 * j + 1];
  }
}

FOVEA_INLINE void plain_tile(TILE_PARAMETERS) {
  int r = 0;
  for (; r + TOGETHER <= rows; r += TOGETHER)
    plain_rows(TOGETHER, q + r * stride, stride, panel, groups, sums + r * PANEL);
  for (; r < rows; r++) plain_rows(1, q + r * stride, stride, panel, groups, sums + r * PANEL);
}

#if defined(__x86_64__)

#define TARGET_WIDE __attribute__((target("arch=x86-64-v4,avx512vnni"), __min_vector_width__(512)))
#define TARGET_MIDDLE __attribute__((target("arch=x86-64-v3")))
#define INLINE_FOR(target) target __attribute__((always_inline)) static inline

// `rows` is a constant where this is called, so that the sums are registers. Six rows would fit
// too, but the compiler then keeps some of them in memory.
INLINE_FOR(TARGET_WIDE) void wide_rows(TILE_PARAMETERS) {
  enum { VECTORS = PANEL / 16 };
  __m512i total[ROWS][VECTORS];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < VECTORS; v++) total[r][v] = _mm512_setzero_si512();
  for (int64_t g = 0; g < groups; g++) {
    __m512i w[VECTORS];
    for (int v = 0; v < VECTORS; v++) w[v] = _mm512_load_si512(panel + v * 64);
    for (int r = 0; r < rows; r++) {
      __m512i x = _mm512_set1_epi32(four_bytes(q + r * stride));
      for (int v = 0; v < VECTORS; v++) total[r][v] = _mm512_dpbusd_epi32(total[r][v], x, w[v]);
    }
    q += GROUP;
    panel += PANEL * GROUP;
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < VECTORS; v++) _mm512_storeu_si512(sums + r * PANEL + v * 16, total[r][v]);
}

INLINE_FOR(TARGET_WIDE) void wide_tile(TILE_PARAMETERS) {
  switch (rows) {
    case 1: wide_rows(1, q, stride, panel, groups, sums); break;
    case 2: wide_rows(2, q, stride, panel, groups, sums); break;
    case 3: wide_rows(3, q, stride, panel, groups, sums); break;
    default: wide_rows(4, q, stride, panel, groups, sums);
  }
}

// Two rows and 16 columns at a time; each sum in two halves until the end.
INLINE_FOR(TARGET_MIDDLE) void middle_rows(TILE_PARAMETERS) {
  enum { VECTORS = 4, COLUMNS = 4 };
  for (int first = 0; first < PANEL; first += VECTORS * COLUMNS) {
    __m256i total[TOGETHER][VECTORS];
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < VECTORS; v++) total[r][v] = _mm256_setzero_si256();
    for (int64_t g = 0; g < groups; g++) {
      __m256i x[TOGETHER];
      for (int r = 0; r < rows; r++) {
        __m128i bytes = _mm_cvtsi32_si128(four_bytes(q + r * stride + g * GROUP));
        x[r] = _mm256_broadcastq_epi64(_mm_cvtepu8_epi16(bytes));
      }
      for (int v = 0; v < VECTORS; v++) {
        const int8_t *from = panel + (g * PANEL + first + v * COLUMNS) * GROUP;
        __m256i w = _mm256_cvtepi8_epi16(_mm_load_si128((const __m128i *)from));
        for (int r = 0; r < rows; r++)
          total[r][v] = _mm256_add_epi32(total[r][v], _mm256_madd_epi16(x[r], w));
      }
    }
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < VECTORS; v++) {
        int32_t halves[8];
        _mm256_storeu_si256((__m256i *)halves, total[r][v]);
        for (int j = 0; j < COLUMNS; j++)
          sums[r * PANEL + first + v * COLUMNS + j] = halves[2 * j] + halves[2 * j + 1];
      }
  }
}

INLINE_FOR(TARGET_MIDDLE) void middle_tile(TILE_PARAMETERS) {
  int r = 0;
  for (; r + TOGETHER <= rows; r += TOGETHER)
    middle_rows(TOGETHER, q + r * stride, stride, panel, groups, sums + r * PANEL);
  for (; r < rows; r++) middle_rows(1, q + r * stride, stride, panel, groups, sums + r * PANEL);
}

#endif

int fovea_quantized_level(void) {
  if (fovea_multiplies_bytes()) return FOVEA_QUANTIZED_WIDE;
  return fovea_level_in_use == FOVEA_BASELINE ? FOVEA_QUANTIZED_PLAIN : FOVEA_QUANTIZED_MIDDLE;
}

// MARK: The product

// A block of rows and some panels: the bytes of the rows stay in the cache while the panels pass.
#define PRODUCT_BLOCK(name, target)                                                                \
  target static void name##_block(const product_call *call, int64_t begin, int64_t end,            \
                                  int64_t first_panel, int64_t last_panel, uint8_t *scratch) {     \
    const fovea_quantized *layer = call->layer;                                                    \
    float scales[BLOCK_ROWS], offsets[BLOCK_ROWS];                                                 \
    int32_t sums[ROWS * PANEL];                                                                    \
    for (int64_t r = begin; r < end; r++)                                                          \
      quantize_row(call->input + r * layer->depth, layer->depth, call->stride,                     \
                   scratch + (r - begin) * call->stride, &scales[r - begin], &offsets[r - begin]); \
    for (int64_t p = first_panel; p < last_panel; p++) {                                           \
      const int8_t *panel = layer->weights + p * call->groups * PANEL * GROUP;                     \
      for (int64_t r = begin; r < end; r += ROWS) {                                                \
        int count = (int)fovea_smaller(ROWS, end - r);                                             \
        name##_tile(count, scratch + (r - begin) * call->stride, call->stride, panel,              \
                    call->groups, sums);                                                           \
        for (int i = 0; i < count; i++)                                                            \
          finish_row(layer, p * PANEL, sums + i * PANEL, scales[r - begin + i],                    \
                     offsets[r - begin + i], call->result + (r + i) * layer->columns + p * PANEL); \
      }                                                                                            \
    }                                                                                              \
  }

PRODUCT_BLOCK(plain, )
#if defined(__x86_64__)
PRODUCT_BLOCK(wide, TARGET_WIDE)
PRODUCT_BLOCK(middle, TARGET_MIDDLE)
#endif

static void run_thread(void *context, int thread, int threads) {
  const product_call *call = context;
  int64_t panels = rounded_up(call->layer->columns, PANEL) / PANEL;
  int64_t first_row = 0, last_row = call->rows, first_panel = 0, last_panel = panels;
  if (call->divides_panels) {
    first_panel = fovea_share(panels, thread, threads);
    last_panel = fovea_share(panels, thread + 1, threads);
  } else {
    // Whole tiles, but for the last.
    int64_t tiles = rounded_up(call->rows, ROWS) / ROWS;
    first_row = fovea_share(tiles, thread, threads) * ROWS;
    last_row = fovea_smaller(fovea_share(tiles, thread + 1, threads) * ROWS, call->rows);
  }
  if (first_panel >= last_panel) return;
  uint8_t *scratch = (uint8_t *)call->scratch + thread * call->block_bytes;
  for (int64_t r = first_row; r < last_row; r += BLOCK_ROWS) {
    int64_t end = fovea_smaller(r + BLOCK_ROWS, last_row);
    switch (call->level) {
#if defined(__x86_64__)
      case FOVEA_QUANTIZED_WIDE: wide_block(call, r, end, first_panel, last_panel, scratch); break;
      case FOVEA_QUANTIZED_MIDDLE:
        middle_block(call, r, end, first_panel, last_panel, scratch);
        break;
#endif
      default: plain_block(call, r, end, first_panel, last_panel, scratch);
    }
  }
}

int64_t fovea_quantized_scratch(int64_t depth) {
  return rounded_up(BLOCK_ROWS * rounded_up(depth, GROUP), ALIGNMENT);
}

void fovea_quantized_product(const fovea_quantized *layer, const float *input, float *result,
                             int64_t rows, void *scratch, int threads, int level) {
  int64_t stride = rounded_up(layer->depth, GROUP);
  product_call call = {.layer = layer,
                       .input = input,
                       .result = result,
                       .scratch = scratch,
                       .rows = rows,
                       .groups = stride / GROUP,
                       .stride = stride,
                       .block_bytes = fovea_quantized_scratch(layer->depth),
                       .level = level,
                       // Few rows: each thread makes bytes of all of them, for columns of its own.
                       .divides_panels = rows < 4 * ROWS * threads};
  bool is_small = rows * layer->columns * layer->depth < 32 * FOVEA_GRAIN;
  fovea_parallel_threads(is_small ? 1 : threads, run_thread, &call);
}
