// Boxes, gather and scatter: bytes moved without arithmetic, but for the sums of scatter-add.

#include "parallel.h"

typedef struct {
  const fovea_box *box;
  const char *source;
  char *destination;
  int64_t rows;
} box_call;

FOVEA_INLINE void copy_run(char *destination, int64_t destination_step, const char *source,
                           int64_t source_step, int64_t count, int bytes) {
  if (destination_step == 1 && source_step == 1) {
    memcpy(destination, source, (size_t)(count * bytes));
  } else if (bytes == 4) {
    for (int64_t i = 0; i < count; i++)
      ((fovea_bits *)destination)[i * destination_step] =
          ((const fovea_bits *)source)[i * source_step];
  } else {
    for (int64_t i = 0; i < count; i++) destination[i * destination_step] = source[i * source_step];
  }
}

static void copy_rows(void *context, int64_t begin, int64_t end) {
  const box_call *call = context;
  const fovea_box *box = call->box;
  int last = box->rank - 1, bytes = box->element_bytes;
  for (int64_t row = begin; row < end; row++) {
    int64_t rest = row, source = box->source_offset, destination = box->destination_offset;
    for (int axis = last - 1; axis >= 0; axis--) {
      int64_t index = rest % box->sizes[axis];
      rest /= box->sizes[axis];
      source += index * box->source_strides[axis];
      destination += index * box->destination_strides[axis];
    }
    copy_run(call->destination + destination * bytes, box->destination_strides[last],
             call->source + source * bytes, box->source_strides[last], box->sizes[last], bytes);
  }
}

void fovea_copy_box(const fovea_box *box, const void *source, void *destination) {
  box_call call = {box, source, destination, 1};
  for (int axis = 0; axis < box->rank - 1; axis++) call.rows *= box->sizes[axis];
  int64_t inner = box->sizes[box->rank - 1];
  if (inner == 0) return;
  fovea_parallel_ranges(call.rows, FOVEA_GRAIN / inner + 1, copy_rows, &call);
}

typedef struct {
  char *destination;
  uint32_t bits;
  int bytes;
} fill_call;

static void fill_range(void *context, int64_t begin, int64_t end) {
  const fill_call *call = context;
  if (call->bytes == 1) {
    memset(call->destination + begin, (int)call->bits, (size_t)(end - begin));
  } else {
    for (int64_t i = begin; i < end; i++) ((fovea_bits *)call->destination)[i] = call->bits;
  }
}

void fovea_fill(void *destination, uint32_t bits, int32_t element_bytes, int64_t count) {
  fill_call call = {destination, bits, element_bytes};
  fovea_parallel_ranges(count, 4 * FOVEA_GRAIN, fill_range, &call);
}

typedef struct {
  const char *input;
  const int32_t *indices;
  char *output;
  int64_t size, index_count, row_bytes;
} gather_call;

static void gather_rows(void *context, int64_t begin, int64_t end) {
  const gather_call *call = context;
  for (int64_t row = begin; row < end; row++) {
    int64_t source = row / call->index_count * call->size + call->indices[row % call->index_count];
    memcpy(call->output + row * call->row_bytes, call->input + source * call->row_bytes,
           (size_t)call->row_bytes);
  }
}

static bool in_range(const int32_t *indices, int64_t count, int64_t size) {
  bool inside = true;
  for (int64_t i = 0; i < count; i++) inside &= indices[i] >= 0 && indices[i] < size;
  return inside;
}

int fovea_gather(const void *input, const int32_t *indices, void *output, int64_t outer,
                 int64_t size, int64_t index_count, int64_t inner, int32_t element_bytes) {
  if (!in_range(indices, index_count, size)) return FOVEA_INDEX_OUT_OF_RANGE;
  gather_call call = {input, indices, output, size, index_count, inner * element_bytes};
  fovea_parallel_ranges(outer * index_count, FOVEA_GRAIN / (inner + 1) + 1, gather_rows, &call);
  return FOVEA_SUCCESS;
}

typedef struct {
  const float *updates;
  const int32_t *indices;
  float *output;
  int64_t size, index_count, inner, column_blocks;
} scatter_call;

enum { SCATTER_COLUMNS = 32 };

// A thread owns whole columns of the result, so every sum is formed in the order of the indices.
static void scatter_columns(void *context, int64_t begin, int64_t end) {
  const scatter_call *call = context;
  for (int64_t unit = begin; unit < end; unit++) {
    int64_t outer = unit / call->column_blocks,
            first = unit % call->column_blocks * SCATTER_COLUMNS;
    int64_t width = fovea_smaller(SCATTER_COLUMNS, call->inner - first);
    float *output = call->output + outer * call->size * call->inner + first;
    const float *updates = call->updates + outer * call->index_count * call->inner + first;
    for (int64_t r = 0; r < call->size; r++)
      memset(output + r * call->inner, 0, (size_t)width * sizeof(float));
    for (int64_t i = 0; i < call->index_count; i++) {
      float *row = output + call->indices[i] * call->inner;
      for (int64_t j = 0; j < width; j++) row[j] += updates[i * call->inner + j];
    }
  }
}

int fovea_scatter_add(const float *updates, const int32_t *indices, float *output, int64_t outer,
                      int64_t size, int64_t index_count, int64_t inner) {
  if (!in_range(indices, index_count, size)) return FOVEA_INDEX_OUT_OF_RANGE;
  scatter_call call = {updates,
                       indices,
                       output,
                       size,
                       index_count,
                       inner,
                       (inner + SCATTER_COLUMNS - 1) / SCATTER_COLUMNS};
  int64_t grain = FOVEA_GRAIN / ((size + index_count) * SCATTER_COLUMNS) + 1;
  fovea_parallel_ranges(outer * call.column_blocks, grain, scatter_columns, &call);
  return FOVEA_SUCCESS;
}
