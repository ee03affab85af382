// Sums and maxima over any axes of a strided array. Long sums go through short blocks in float into
// double totals, so that the error does not grow with the number of summands.

#include "parallel.h"
#include "transpose.h"

enum { COLUMNS = 64, BLOCK_ROWS = 128, BLOCK_COLUMNS = 4096, LANES = 16 };

typedef struct {
  // The axes that stay (without the innermost one if that stays) and the reduced ones (likewise),
  // as two odometers.
  int kept_rank, reduced_rank;
  int64_t kept_sizes[FOVEA_MAXIMUM_RANK], kept_strides[FOVEA_MAXIMUM_RANK];
  int64_t reduced_sizes[FOVEA_MAXIMUM_RANK], reduced_strides[FOVEA_MAXIMUM_RANK];
  int64_t items, reductions, inner, inner_blocks;
  bool inner_reduced;
  int operation;
  const float *input;
  float *output;
  float *partials;  // [threads, items · (inner when it stays)], where the reduced axes are divided
                    // among threads
  bool divide_reductions, divide_columns;
} reduction_call;

FOVEA_INLINE int64_t offset_of(int64_t index, int rank, const int64_t *sizes,
                               const int64_t *strides) {
  int64_t offset = 0;
  for (int axis = rank - 1; axis >= 0; axis--) {
    offset += index % sizes[axis] * strides[axis];
    index /= sizes[axis];
  }
  return offset;
}

FOVEA_INLINE float start_of(int operation) {
  return operation == FOVEA_MAX ? -__builtin_inff() : 0.0f;
}

FOVEA_INLINE float joined(int operation, float total, float x) {
  if (operation == FOVEA_MAX) return total > x || total != total ? total : x;
  return total + x;
}

FOVEA_INLINE float element(int operation, float x) {
  return operation == FOVEA_SUM_OF_SQUARES ? x * x : x;
}

// Reduces `count` neighbours, at most BLOCK_COLUMNS, in 64 lanes.
FOVEA_INLINE float reduce_run(int operation, const float *x, int64_t count) {
  float lanes[COLUMNS];
  for (int j = 0; j < COLUMNS; j++) lanes[j] = start_of(operation);
  int64_t i = 0;
  for (; i + COLUMNS <= count; i += COLUMNS)
    for (int j = 0; j < COLUMNS; j++)
      lanes[j] = joined(operation, lanes[j], element(operation, x[i + j]));
  for (int j = 0; i < count; i++, j++)
    lanes[j] = joined(operation, lanes[j], element(operation, x[i]));
  for (int width = COLUMNS / 2; width > 0; width /= 2)
    for (int j = 0; j < width; j++) lanes[j] = joined(operation, lanes[j], lanes[j + width]);
  return lanes[0];
}

// One item whose innermost axis is reduced: units [begin, end) of (reduction, block of the
// innermost axis).
FOVEA_INLINE float reduce_item(const reduction_call *call, int operation, int64_t item,
                               int64_t begin, int64_t end) {
  const float *base =
      call->input + offset_of(item, call->kept_rank, call->kept_sizes, call->kept_strides);
  double sum = 0;
  float maximum = start_of(operation);
  for (int64_t unit = begin; unit < end; unit++) {
    int64_t first = unit % call->inner_blocks * BLOCK_COLUMNS;
    const float *row = base + offset_of(unit / call->inner_blocks, call->reduced_rank,
                                        call->reduced_sizes, call->reduced_strides);
    float block =
        reduce_run(operation, row + first, fovea_smaller(BLOCK_COLUMNS, call->inner - first));
    if (operation == FOVEA_MAX) {
      maximum = joined(operation, maximum, block);
    } else {
      sum += block;
    }
  }
  return operation == FOVEA_MAX ? maximum : (float)sum;
}

typedef int32_t truths __attribute__((vector_size(64)));

// total = joined(total, x), 16 at a time.
FOVEA_INLINE void join(int operation, vector *total, const vector *x) {
  if (operation == FOVEA_MAX) {
    truths stays = (truths)(*total > *x) | (truths)(*total != *total);
    *total = (vector)((stays & (truths)*total) | (~stays & (truths)*x));
  } else {
    *total += *x;
  }
}

// Items [first, last) whose innermost axis is reduced and 16 or 8 long, as blocks of channels are,
// and at most one other: each is added up in 16 lanes, and the lanes of 16 items together at the end.
FOVEA_INLINE void reduce_blocks(const reduction_call *call, int operation, const int block,
                                int64_t first, int64_t last, int64_t begin, int64_t end,
                                float *output) {
  vector lanes[LANES], turned[LANES], start = start_of(operation) - (vector){0};
  int axis = call->kept_rank - 1;
  int64_t size = axis < 0 ? 1 : call->kept_sizes[axis];
  int64_t step = axis < 0 ? 0 : call->kept_strides[axis], depth = call->reduced_strides[0];
  for (int64_t item = first; item < last;) {
    int64_t count = fovea_smaller(fovea_smaller(LANES, size - item % size), last - item);
    const float *row =
        call->input + offset_of(item, call->kept_rank, call->kept_sizes, call->kept_strides);
    for (int64_t i = 0; i < LANES; i++) lanes[i] = start;
    for (int64_t i = 0; i < count; i++, row += step) {
      vector sums = start;
      for (int64_t r = begin; r < end; r++) {
        vector x = start;
        if (block == LANES)
          x = *(const unaligned_vector *)(row + r * depth);
        else
          memcpy(&x, row + r * depth, (size_t)block * sizeof(float));
        if (operation == FOVEA_SUM_OF_SQUARES) x *= x;
        join(operation, &sums, &x);
      }
      lanes[i] = sums;
    }
    fovea_transpose_block((const float *)lanes, LANES, (float *)turned, LANES);
    for (int width = LANES / 2; width > 0; width /= 2)
      for (int j = 0; j < width; j++) join(operation, &turned[j], &turned[j + width]);
    memcpy(output + item, turned, (size_t)count * sizeof(float));
    item += count;
  }
}

// Whether `reduce_blocks` can; sums are short enough to be formed in floats alone.
FOVEA_INLINE bool has_blocks(const reduction_call *call) {
  return call->inner_reduced && (call->inner == LANES || call->inner == LANES / 2) &&
         call->reduced_rank == 1 && call->reductions <= BLOCK_ROWS;
}

// Columns [first, first + width) of one item whose innermost axis stays, over reductions [begin,
// end).
FOVEA_INLINE void reduce_columns(const reduction_call *call, int operation, int64_t item,
                                 int64_t first, int64_t width, int64_t begin, int64_t end,
                                 float *output) {
  const float *base =
      call->input + offset_of(item, call->kept_rank, call->kept_sizes, call->kept_strides) + first;
  double totals[COLUMNS];
  float lanes[COLUMNS];
  for (int j = 0; j < COLUMNS; j++) totals[j] = start_of(operation);
  int last = call->reduced_rank - 1;
  for (int64_t block = begin; block < end; block += BLOCK_ROWS) {
    int64_t stop = fovea_smaller(block + BLOCK_ROWS, end);
    for (int j = 0; j < COLUMNS; j++) lanes[j] = start_of(operation);
    for (int64_t r = block; r < stop;) {
      const float *row =
          base + offset_of(r, call->reduced_rank, call->reduced_sizes, call->reduced_strides);
      int64_t run =
          fovea_smaller(call->reduced_sizes[last] - r % call->reduced_sizes[last], stop - r);
      int64_t stride = call->reduced_strides[last];
      if (width == COLUMNS) {
        for (int64_t k = 0; k < run; k++, row += stride)
          for (int j = 0; j < COLUMNS; j++)
            lanes[j] = joined(operation, lanes[j], element(operation, row[j]));
      } else if (width == LANES) {
        for (int64_t k = 0; k < run; k++, row += stride)
          for (int j = 0; j < LANES; j++)
            lanes[j] = joined(operation, lanes[j], element(operation, row[j]));
      } else if (width == LANES / 2) {
        for (int64_t k = 0; k < run; k++, row += stride)
          for (int j = 0; j < LANES / 2; j++)
            lanes[j] = joined(operation, lanes[j], element(operation, row[j]));
      } else {
        for (int64_t k = 0; k < run; k++, row += stride)
          for (int64_t j = 0; j < width; j++)
            lanes[j] = joined(operation, lanes[j], element(operation, row[j]));
      }
      r += run;
    }
    for (int j = 0; j < COLUMNS; j++) {
      totals[j] = operation == FOVEA_MAX ? joined(operation, (float)totals[j], lanes[j])
                                         : totals[j] + lanes[j];
    }
  }
  for (int64_t j = 0; j < width; j++) output[first + j] = (float)totals[j];
}

FOVEA_INLINE void reduce_thread(const reduction_call *call, int operation, int thread,
                                int threads) {
  int64_t width = call->inner_reduced ? 1 : call->inner;
  int64_t units = call->inner_reduced ? call->reductions * call->inner_blocks : call->reductions;
  int64_t first_item = 0, last_item = call->items, begin = 0, end = units;
  int64_t column_blocks = (call->inner + COLUMNS - 1) / COLUMNS, first_block = 0,
          last_block = column_blocks;
  float *output = call->output;
  if (call->divide_reductions) {
    begin = fovea_share(units, thread, threads);
    end = fovea_share(units, thread + 1, threads);
    output = call->partials + thread * call->items * width;
  } else if (call->divide_columns) {
    first_block = fovea_share(column_blocks, thread, threads);
    last_block = fovea_share(column_blocks, thread + 1, threads);
  } else {
    first_item = fovea_share(call->items, thread, threads);
    last_item = fovea_share(call->items, thread + 1, threads);
  }
  if (has_blocks(call)) {
    if (call->inner == LANES)
      reduce_blocks(call, operation, LANES, first_item, last_item, begin, end, output);
    else
      reduce_blocks(call, operation, LANES / 2, first_item, last_item, begin, end, output);
    return;
  }
  for (int64_t item = first_item; item < last_item; item++) {
    if (call->inner_reduced) {
      output[item] = reduce_item(call, operation, item, begin, end);
      continue;
    }
    for (int64_t b = first_block; b < last_block; b++) {
      int64_t first = b * COLUMNS;
      reduce_columns(call, operation, item, first, fovea_smaller(COLUMNS, call->inner - first),
                     begin, end, output + item * width);
    }
  }
}

FOVEA_KERNEL(run_reduction, (const reduction_call *call, int thread, int threads),
             (call, thread, threads)) {
  switch (call->operation) {
    case FOVEA_SUM: reduce_thread(call, FOVEA_SUM, thread, threads); break;
    case FOVEA_MAX: reduce_thread(call, FOVEA_MAX, thread, threads); break;
    case FOVEA_SUM_OF_SQUARES: reduce_thread(call, FOVEA_SUM_OF_SQUARES, thread, threads); break;
  }
}

static void run_thread(void *context, int thread, int threads) {
  run_reduction(context, thread, threads);
}

static reduction_call call_for(const fovea_reduction_plan *plan, int *threads) {
  reduction_call call = {.items = 1,
                         .reductions = 1,
                         .inner = plan->sizes[plan->rank - 1],
                         .operation = plan->operation};
  call.inner_reduced = plan->reduced[plan->rank - 1];
  for (int axis = 0; axis < plan->rank - 1; axis++) {
    if (plan->reduced[axis]) {
      call.reduced_sizes[call.reduced_rank] = plan->sizes[axis];
      call.reduced_strides[call.reduced_rank++] = plan->strides[axis];
      call.reductions *= plan->sizes[axis];
    } else {
      call.kept_sizes[call.kept_rank] = plan->sizes[axis];
      call.kept_strides[call.kept_rank++] = plan->strides[axis];
      call.items *= plan->sizes[axis];
    }
  }
  if (call.reduced_rank == 0) {
    call.reduced_sizes[0] = 1;
    call.reduced_strides[0] = 0;
    call.reduced_rank = 1;
  }
  call.inner_blocks = (call.inner + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS;
  int64_t useful = call.items * call.reductions * call.inner / FOVEA_GRAIN + 1;
  if (useful < *threads) *threads = (int)useful;
  if (*threads > 1 && call.items < 2 * *threads) {
    int64_t units = call.inner_reduced ? call.reductions * call.inner_blocks : call.reductions;
    if (!call.inner_reduced && call.inner >= 4 * COLUMNS * *threads) {
      call.divide_columns = true;
    } else if (units >= *threads) {
      call.divide_reductions = true;
    }
  }
  return call;
}

int64_t fovea_reduction_scratch(const fovea_reduction_plan *plan, int threads) {
  reduction_call call = call_for(plan, &threads);
  if (!call.divide_reductions) return 0;
  return threads * call.items * (call.inner_reduced ? 1 : call.inner) * (int64_t)sizeof(float);
}

void fovea_reduce(const fovea_reduction_plan *plan, const float *input, float *output,
                  void *scratch, int threads) {
  reduction_call call = call_for(plan, &threads);
  call.input = input;
  call.output = output;
  call.partials = scratch;
  fovea_parallel_threads(threads, run_thread, &call);
  if (!call.divide_reductions) return;
  int64_t width = call.items * (call.inner_reduced ? 1 : call.inner);
  for (int64_t i = 0; i < width; i++) {
    float total = call.partials[i];
    for (int thread = 1; thread < threads; thread++)
      total = joined(call.operation == FOVEA_MAX ? FOVEA_MAX : FOVEA_SUM, total,
                     call.partials[thread * width + i]);
    output[i] = total;
  }
}

void fovea_arg_max(const float *input, int32_t *output, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    const float *row = input + r * columns;
    int64_t best = 0;
    for (int64_t c = 1; c < columns; c++)
      if (row[c] > row[best] || (row[c] != row[c] && row[best] == row[best])) best = c;
    output[r] = (int32_t)best;
  }
}
