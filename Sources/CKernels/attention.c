// softmax(scale · Q Kᵀ + mask) V, tile by tile, and its gradient (Milakov and Gimelshein 2018; Dao
// et al. 2022, algorithms 1 and 4). Neither pass holds more than a tile of scores a thread.

#include "scores.h"
#include "tiles.h"

enum {
  ROWS = 64,                // queries in a tile
  FORWARD_COLUMNS = 512,    // keys in a tile: with its values, half of a second-level cache
  BACKWARD_COLUMNS = 256,   // two tiles of [64, 256] floats, and the panels of five products
};

typedef struct {
  const fovea_attention *call;
  int64_t rows, row_tiles;  // how the queries are divided
  float *scratch;
  int64_t scratch_size;
} attention_run;

// How many of the keys query `row` may see.
FOVEA_INLINE int64_t seen_keys(const fovea_attention *call, int64_t group, int64_t row) {
  if (call->causal) return fovea_smaller(row + 1, call->keys);
  if (call->lengths == NULL) return call->keys;
  int64_t length = call->lengths[call->length_groups[group]];
  return length < 0 ? 0 : fovea_smaller(length, call->keys);
}

FOVEA_INLINE const float *mask_at(const fovea_attention *call, int64_t group, int64_t row,
                                  int64_t column) {
  return call->mask == NULL ? NULL
                            : call->mask + call->mask_groups[group] + row * call->mask_row +
                                  column * call->mask_column;
}

FOVEA_INLINE float *row_at(fovea_rows rows, int64_t group, int64_t row) {
  return rows.base + rows.groups[group] + row * rows.stride;
}

// MARK: Forward

// The sums of a row tile while its keys are gone through.
typedef struct {
  float *keys, *values;  // panels
  float *scores;         // [8, FORWARD_COLUMNS]
  float *sums;           // [rows, padded value size]
  float *largest, *total;
} forward_space;

static int64_t forward_size(const fovea_attention *call) {
  int64_t values = fovea_panels(call->value_size) * FOVEA_PANEL;
  return fovea_panels(call->keys) * FOVEA_PANEL * call->head_size + call->keys * values +
         FOVEA_TILE_ROWS * FORWARD_COLUMNS + ROWS * values + 2 * ROWS;
}

static forward_space forward_spaces(const fovea_attention *call, float *scratch) {
  int64_t values = fovea_panels(call->value_size) * FOVEA_PANEL;
  forward_space space = {.keys = scratch};
  space.values = space.keys + fovea_panels(call->keys) * FOVEA_PANEL * call->head_size;
  space.scores = space.values + call->keys * values;
  space.sums = space.scores + FOVEA_TILE_ROWS * FORWARD_COLUMNS;
  space.largest = space.sums + ROWS * values;
  space.total = space.largest + ROWS;
  return space;
}

// A few rows against the keys of one tile: scores, online softmax, weighted sum.
FOVEA_KERNEL(forward_rows, (const fovea_attention *call, const forward_space *space,
                            int64_t group, int64_t first, int64_t tile_row, int64_t rows,
                            int64_t key),
             (call, space, group, first, tile_row, rows, key)) {
  int64_t seen = fovea_smaller(seen_keys(call, group, first + rows - 1) - key, FORWARD_COLUMNS);
  if (seen <= 0) return;
  int64_t values = fovea_panels(call->value_size) * FOVEA_PANEL;
  float *sums = space->sums + tile_row * values;
  fovea_panel_product(rows, row_at(call->query, group, first), call->query.stride, 1,
                      space->keys + key * call->head_size, FOVEA_PANEL * call->head_size,
                      call->head_size, seen, space->scores, FORWARD_COLUMNS, false);
  for (int64_t r = 0; r < rows; r++) {
    float *x = space->scores + r * FORWARD_COLUMNS;
    int64_t columns = seen_keys(call, group, first + r) - key;
    columns = columns < 0 ? 0 : fovea_smaller(columns, seen);
    for (int64_t c = whole_vectors(columns); c < seen; c++) x[c] = 0;
    float before = space->largest[tile_row + r];
    float largest = scaled_row(x, columns, call->scale, mask_at(call, group, first + r, key),
                               call->mask_column);
    largest = largest > before ? largest : before;
    // A row that is masked out so far has no maximum; any finite number avoids infinity minus
    // infinity.
    float reference = largest == -__builtin_inff() ? 0.0f : largest;
    float total = exponential_row(x, columns, reference);
    float correction = fovea_exp_below_zero(before - reference);
    space->total[tile_row + r] = space->total[tile_row + r] * correction + total;
    space->largest[tile_row + r] = largest;
    if (key > 0)
      for (int64_t c = 0; c < values; c++) sums[r * values + c] *= correction;
  }
  fovea_panel_product(rows, space->scores, FORWARD_COLUMNS, 1, space->values + key * FOVEA_PANEL,
                      call->keys * FOVEA_PANEL, seen, call->value_size, sums, values, key > 0);
}

FOVEA_KERNEL(finish_rows, (const fovea_attention *call, const forward_space *space, int64_t group,
                           int64_t first, int64_t rows),
             (call, space, group, first, rows)) {
  int64_t values = fovea_panels(call->value_size) * FOVEA_PANEL;
  for (int64_t r = 0; r < rows; r++) {
    float total = space->total[r], *result = row_at(call->result, group, first + r);
    bool sees = total > 0;
    float inverse = 1.0f / total;
    if (sees)
      for (int64_t c = 0; c < call->value_size; c++)
        result[c] = space->sums[r * values + c] * inverse;
    else
      memset(result, 0, (size_t)call->value_size * sizeof(float));
  }
  float *log_sum_exp = call->log_sum_exp + group * call->queries + first;
  for (int64_t r = 0; r < rows; r++)
    log_sum_exp[r] =
        space->total[r] > 0 ? space->largest[r] + fovea_log(space->total[r]) : __builtin_inff();
}

static void forward_share(void *context, int thread, int threads) {
  const attention_run *run = context;
  const fovea_attention *call = run->call;
  forward_space space = forward_spaces(call, run->scratch + thread * run->scratch_size);
  int64_t items = call->groups * run->row_tiles, packed = -1;
  for (int64_t item = fovea_share(items, thread, threads);
       item < fovea_share(items, thread + 1, threads); item++) {
    int64_t group = item / run->row_tiles, first = item % run->row_tiles * run->rows;
    int64_t rows = fovea_smaller(run->rows, call->queries - first);
    if (packed != group) {
      fovea_pack_transposed(row_at(call->key, group, 0), call->key.stride, call->keys,
                            call->head_size, space.keys);
      fovea_pack_rows(row_at(call->value, group, 0), call->value.stride, call->keys,
                      call->value_size, space.values);
      packed = group;
    }
    for (int64_t r = 0; r < rows; r++) {
      space.largest[r] = -__builtin_inff();
      space.total[r] = 0;
    }
    for (int64_t key = 0; key < call->keys; key += FORWARD_COLUMNS)
      for (int64_t r = 0; r < rows; r += FOVEA_TILE_ROWS)
        forward_rows(call, &space, group, first + r, r, fovea_smaller(FOVEA_TILE_ROWS, rows - r),
                     key);
    finish_rows(call, &space, group, first, rows);
  }
}

// MARK: Backward

typedef struct {
  // Panels: of Kᵀ and Vᵀ for the scores and the gradient of the probabilities, of K for the
  // gradient of Q, of Q and the result's gradient for those of K and V.
  float *transposed_keys, *transposed_values, *keys, *queries, *upstream;
  float *probability, *gradient;  // [ROWS, BACKWARD_COLUMNS]
  float *query_gradient;          // [queries, padded head size]
  float *key_gradient, *value_gradient;  // [BACKWARD_COLUMNS, padded size]
  float *dots;                           // [queries]: Σ dO · O
} backward_space;

// Lays the arrays out one behind the other and returns how many floats they take.
static int64_t backward_spaces(const fovea_attention *call, float *scratch,
                               backward_space *space) {
  int64_t heads = fovea_panels(call->head_size) * FOVEA_PANEL;
  int64_t values = fovea_panels(call->value_size) * FOVEA_PANEL;
  int64_t keys = fovea_panels(call->keys) * FOVEA_PANEL, size = 0;
  struct {
    float **array;
    int64_t count;
  } parts[] = {
      {&space->transposed_keys, keys * call->head_size},
      {&space->transposed_values, keys * call->value_size},
      {&space->keys, call->keys * heads},
      {&space->queries, call->queries * heads},
      {&space->upstream, call->queries * values},
      {&space->probability, ROWS * BACKWARD_COLUMNS},
      {&space->gradient, ROWS * BACKWARD_COLUMNS},
      {&space->query_gradient, call->queries * heads},
      {&space->key_gradient, BACKWARD_COLUMNS * heads},
      {&space->value_gradient, BACKWARD_COLUMNS * values},
      {&space->dots, (call->queries + 15) / 16 * 16},
  };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    *parts[i].array = scratch + size;
    size += parts[i].count;
  }
  return size;
}

// A few rows against the keys of one tile: their probabilities, the gradient of their scores, and
// what it adds to the gradient of the queries. The rest of the tile's `width` columns becomes 0.
FOVEA_KERNEL(backward_rows, (const fovea_attention *call, const backward_space *space,
                             int64_t group, int64_t first, int64_t tile_row, int64_t rows,
                             int64_t key, int64_t width),
             (call, space, group, first, tile_row, rows, key, width)) {
  float *probability = space->probability + tile_row * BACKWARD_COLUMNS;
  float *gradient = space->gradient + tile_row * BACKWARD_COLUMNS;
  int64_t seen = fovea_smaller(seen_keys(call, group, first + rows - 1) - key, width);
  seen = seen < 0 ? 0 : seen;
  fovea_panel_product(rows, row_at(call->query, group, first), call->query.stride, 1,
                      space->transposed_keys + key * call->head_size,
                      FOVEA_PANEL * call->head_size, call->head_size, seen, probability,
                      BACKWARD_COLUMNS, false);
  fovea_panel_product(rows, row_at(call->upstream, group, first), call->upstream.stride, 1,
                      space->transposed_values + key * call->value_size,
                      FOVEA_PANEL * call->value_size, call->value_size, seen, gradient,
                      BACKWARD_COLUMNS, false);
  for (int64_t r = 0; r < rows; r++) {
    float *p = probability + r * BACKWARD_COLUMNS, *g = gradient + r * BACKWARD_COLUMNS;
    const float *mask = mask_at(call, group, first + r, key);
    float shift = call->log_sum_exp[group * call->queries + first + r];
    float scale = call->scale, dot = space->dots[first + r];
    int64_t columns = seen_keys(call, group, first + r) - key;
    columns = columns < 0 ? 0 : fovea_smaller(columns, seen);
    // Whole vectors, and zeros where too much was computed.
    int64_t whole = whole_vectors(columns);
    if (mask != NULL)
      for (int64_t c = 0; c < columns; c++)
        p[c] = p[c] * scale + mask[c * call->mask_column] - shift;
    else
      for (int64_t c = 0; c < whole; c++) p[c] = p[c] * scale - shift;
    for (int64_t c = 0; c < whole; c++) {
      p[c] = fovea_exp_below_zero(p[c]);
      g[c] = scale * p[c] * (g[c] - dot);
    }
    for (int64_t c = columns; c < width; c++) p[c] = g[c] = 0;
  }
  int64_t heads = fovea_panels(call->head_size) * FOVEA_PANEL;
  fovea_panel_product(rows, gradient, BACKWARD_COLUMNS, 1, space->keys + key * FOVEA_PANEL,
                      call->keys * FOVEA_PANEL, seen, call->head_size,
                      space->query_gradient + first * heads, heads, key > 0);
}

// What a tile of `rows` queries adds to the gradients of `width` keys and values.
static void backward_columns(const fovea_attention *call, const backward_space *space,
                             int64_t first, int64_t rows, int64_t key, int64_t width, bool adds) {
  int64_t heads = fovea_panels(call->head_size) * FOVEA_PANEL;
  int64_t values = fovea_panels(call->value_size) * FOVEA_PANEL;
  for (int64_t c = 0; c < width; c += FOVEA_TILE_ROWS) {
    int64_t count = fovea_smaller(FOVEA_TILE_ROWS, width - c);
    // Under a causal mask the first rows see none of these keys.
    int64_t skipped = call->causal && adds && key + c > first ? key + c - first : 0;
    skipped = fovea_smaller(skipped, rows);
    const float *p = space->probability + skipped * BACKWARD_COLUMNS + c;
    const float *g = space->gradient + skipped * BACKWARD_COLUMNS + c;
    int64_t row = first + skipped;
    fovea_panel_product(count, p, 1, BACKWARD_COLUMNS, space->upstream + row * FOVEA_PANEL,
                        call->queries * FOVEA_PANEL, rows - skipped, call->value_size,
                        space->value_gradient + c * values, values, adds);
    fovea_panel_product(count, g, 1, BACKWARD_COLUMNS, space->queries + row * FOVEA_PANEL,
                        call->queries * FOVEA_PANEL, rows - skipped, call->head_size,
                        space->key_gradient + c * heads, heads, adds);
  }
}

static void store_rows(const float *source, int64_t source_stride, fovea_rows target,
                       int64_t group, int64_t first, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++)
    memcpy(row_at(target, group, first + r), source + r * source_stride,
           (size_t)columns * sizeof(float));
}

static void pack_group(const fovea_attention *call, const backward_space *space, int64_t group) {
  int64_t keys = call->keys, queries = call->queries;
  const float *key = row_at(call->key, group, 0), *value = row_at(call->value, group, 0);
  fovea_pack_transposed(key, call->key.stride, keys, call->head_size, space->transposed_keys);
  fovea_pack_transposed(value, call->value.stride, keys, call->value_size,
                        space->transposed_values);
  fovea_pack_rows(key, call->key.stride, keys, call->head_size, space->keys);
  fovea_pack_rows(row_at(call->query, group, 0), call->query.stride, queries, call->head_size,
                  space->queries);
  fovea_pack_rows(row_at(call->upstream, group, 0), call->upstream.stride, queries,
                  call->value_size, space->upstream);
  for (int64_t r = 0; r < queries; r++)
    space->dots[r] =
        dot(row_at(call->upstream, group, r), row_at(call->result, group, r), call->value_size);
}

static void backward_group(const fovea_attention *call, const backward_space *space,
                           int64_t group) {
  int64_t heads = fovea_panels(call->head_size) * FOVEA_PANEL;
  int64_t values = fovea_panels(call->value_size) * FOVEA_PANEL;
  pack_group(call, space, group);
  for (int64_t key = 0; key < call->keys; key += BACKWARD_COLUMNS) {
    int64_t columns = fovea_smaller(BACKWARD_COLUMNS, call->keys - key);
    bool adds = false;
    for (int64_t first = 0; first < call->queries; first += ROWS) {
      int64_t rows = fovea_smaller(ROWS, call->queries - first);
      int64_t width = fovea_smaller(seen_keys(call, group, first + rows - 1) - key, columns);
      // The first keys are gone through whatever is seen of them: so every gradient is written.
      if (width <= 0 && key > 0) continue;
      width = width < 0 ? 0 : width;
      for (int64_t r = 0; r < rows; r += FOVEA_TILE_ROWS)
        backward_rows(call, space, group, first + r, r, fovea_smaller(FOVEA_TILE_ROWS, rows - r),
                      key, width);
      if (!adds) {
        memset(space->key_gradient, 0, (size_t)(columns * heads) * sizeof(float));
        memset(space->value_gradient, 0, (size_t)(columns * values) * sizeof(float));
        adds = true;
      }
      backward_columns(call, space, first, rows, key, width, adds);
    }
    if (!adds) {
      memset(space->key_gradient, 0, (size_t)(columns * heads) * sizeof(float));
      memset(space->value_gradient, 0, (size_t)(columns * values) * sizeof(float));
    }
    store_rows(space->key_gradient, heads, call->key_gradient, group, key, columns,
               call->head_size);
    store_rows(space->value_gradient, values, call->value_gradient, group, key, columns,
               call->value_size);
  }
  store_rows(space->query_gradient, heads, call->query_gradient, group, 0, call->queries,
             call->head_size);
}

static void backward_share(void *context, int thread, int threads) {
  const attention_run *run = context;
  backward_space space;
  backward_spaces(run->call, run->scratch + thread * run->scratch_size, &space);
  for (int64_t group = fovea_share(run->call->groups, thread, threads);
       group < fovea_share(run->call->groups, thread + 1, threads); group++)
    backward_group(run->call, &space, group);
}

// MARK: Entry

int64_t fovea_attention_scratch(const fovea_attention *call, bool backward) {
  backward_space space;
  int64_t size = backward ? backward_spaces(call, NULL, &space) : forward_size(call);
  return (size + 15) / 16 * 16;
}

void fovea_attention_forward(const fovea_attention *call, int threads, float *scratch) {
  attention_run run = {.call = call, .rows = ROWS, .scratch = scratch};
  // Few and long items leave threads without work at the end.
  while (run.rows > FOVEA_TILE_ROWS &&
         call->groups * ((call->queries + run.rows - 1) / run.rows) < 4 * threads)
    run.rows /= 2;
  run.row_tiles = (call->queries + run.rows - 1) / run.rows;
  run.scratch_size = fovea_attention_scratch(call, false);
  int useful = (int)fovea_smaller(threads, call->groups * run.row_tiles);
  fovea_parallel_threads(useful, forward_share, &run);
}

void fovea_attention_backward(const fovea_attention *call, int threads, float *scratch) {
  attention_run run = {.call = call, .scratch = scratch};
  run.scratch_size = fovea_attention_scratch(call, true);
  fovea_parallel_threads((int)fovea_smaller(threads, call->groups), backward_share, &run);
}
