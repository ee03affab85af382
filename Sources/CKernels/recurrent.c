// LSTM and GRU, one direction or both.
//
// Each thread takes some sequences of one direction through all steps, so that threads never wait
// for each other between steps. The recurrent weights are packed once a call.

#include "mathematics.h"
#include "tiles.h"

enum { ROWS_TOGETHER = 16 };

typedef struct {
  const fovea_recurrence *call;
  int64_t width;         // gates · size
  float *panels;         // of the weights
  int64_t panel_floats;  // of one direction
  // The gradient of what the states send to the gates. An LSTM's is that of what the input sends.
  fovea_steps through;
  int64_t shared_floats;
  float *scratch;          // behind what all threads share
  int64_t scratch_floats;  // of one thread
} recurrence_run;

FOVEA_INLINE int64_t whole_panels(int64_t columns) { return fovea_panels(columns) * FOVEA_PANEL; }

FOVEA_INLINE float *row_of(fovea_steps steps, int64_t time, int64_t b) {
  return steps.base + time * steps.time + b * steps.batch;
}

FOVEA_INLINE bool has_ended(const fovea_recurrence *call, int64_t b, int64_t time) {
  return call->lengths && call->lengths[b] <= time;
}

FOVEA_INLINE bool is_reversed(const fovea_recurrence *call, int64_t direction) {
  return direction == 1 || call->reversed;
}

FOVEA_INLINE void clear(float *x, int64_t count) { memset(x, 0, (size_t)count * sizeof(float)); }

// MARK: Gates of one sequence

FOVEA_KERNEL(lstm_row, (int64_t n, const float *restrict projected, const float *restrict sums,
                        const float *restrict previous, float *restrict gates,
                        float *restrict cell, float *restrict hidden),
             (n, projected, sums, previous, gates, cell, hidden)) {
  float *restrict input = gates, *restrict forget = gates + n, *restrict candidate = gates + 2 * n,
                  *restrict output = gates + 3 * n;
  for (int64_t j = 0; j < n; j++) {
    input[j] = fovea_sigmoid(projected[j] + sums[j]);
    candidate[j] = fovea_tanh(projected[2 * n + j] + sums[2 * n + j]);
    cell[j] = input[j] * candidate[j];
  }
  for (int64_t j = 0; j < n; j++) forget[j] = fovea_sigmoid(projected[n + j] + sums[n + j]);
  if (previous)
    for (int64_t j = 0; j < n; j++) cell[j] += forget[j] * previous[j];
  for (int64_t j = 0; j < n; j++) {
    output[j] = fovea_sigmoid(projected[3 * n + j] + sums[3 * n + j]);
    hidden[j] = output[j] * fovea_tanh(cell[j]);
  }
}

FOVEA_KERNEL(gru_row, (int64_t n, const float *restrict projected, const float *restrict sums,
                       const float *restrict bias, const float *restrict previous,
                       float *restrict gates, float *restrict recurrent, float *restrict hidden),
             (n, projected, sums, bias, previous, gates, recurrent, hidden)) {
  float *restrict reset = gates, *restrict update = gates + n, *restrict candidate = gates + 2 * n;
  for (int64_t j = 0; j < 3 * n; j++) recurrent[j] = sums[j] + bias[j];
  for (int64_t j = 0; j < n; j++) reset[j] = fovea_sigmoid(projected[j] + recurrent[j]);
  for (int64_t j = 0; j < n; j++) update[j] = fovea_sigmoid(projected[n + j] + recurrent[n + j]);
  for (int64_t j = 0; j < n; j++)
    candidate[j] = fovea_tanh(projected[2 * n + j] + reset[j] * recurrent[2 * n + j]);
  for (int64_t j = 0; j < n; j++) {
    float before = previous ? previous[j] : 0;
    hidden[j] = (1 - update[j]) * candidate[j] + update[j] * before;
  }
}

FOVEA_KERNEL(lstm_row_gradient, (int64_t n, const float *restrict upstream,
                                 const float *restrict carried, const float *restrict gates,
                                 const float *restrict previous, const float *restrict cell,
                                 float *restrict carried_cell, float *restrict gradient),
             (n, upstream, carried, gates, previous, cell, carried_cell, gradient)) {
  const float *input = gates, *forget = gates + n, *candidate = gates + 2 * n,
              *output = gates + 3 * n;
  for (int64_t j = 0; j < n; j++) {
    float dh = upstream[j] + carried[j], t = fovea_tanh(cell[j]);
    float dc = carried_cell[j] + dh * output[j] * (1 - t * t);
    gradient[j] = dc * candidate[j] * input[j] * (1 - input[j]);
    gradient[2 * n + j] = dc * input[j] * (1 - candidate[j] * candidate[j]);
    gradient[3 * n + j] = dh * t * output[j] * (1 - output[j]);
    carried_cell[j] = dc;
  }
  for (int64_t j = 0; j < n; j++) {
    float before = previous ? previous[j] : 0;
    gradient[n + j] = carried_cell[j] * before * forget[j] * (1 - forget[j]);
    carried_cell[j] *= forget[j];
  }
}

FOVEA_KERNEL(gru_row_gradient, (int64_t n, const float *restrict upstream,
                                const float *restrict gates, const float *restrict recurrent,
                                const float *restrict previous, float *restrict carried,
                                float *restrict gradient, float *restrict through),
             (n, upstream, gates, recurrent, previous, carried, gradient, through)) {
  const float *reset = gates, *update = gates + n, *candidate = gates + 2 * n;
  for (int64_t j = 0; j < n; j++) {
    float before = previous ? previous[j] : 0;
    float dh = upstream[j] + carried[j];
    float dn = dh * (1 - update[j]) * (1 - candidate[j] * candidate[j]);
    float dr = dn * recurrent[2 * n + j] * reset[j] * (1 - reset[j]);
    float dz = dh * (before - candidate[j]) * update[j] * (1 - update[j]);
    gradient[j] = dr;
    gradient[n + j] = dz;
    gradient[2 * n + j] = dn;
    through[j] = dr;
    through[n + j] = dz;
    through[2 * n + j] = dn * reset[j];
    carried[j] = dh * update[j];
  }
}

// MARK: Sequences through all steps

typedef void sequence_function(const recurrence_run *run, int64_t direction, int64_t begin,
                               int64_t end, float *scratch);

// Calls `body` for the share of a thread in the sequences of all directions.
FOVEA_INLINE void share_sequences(const recurrence_run *run, int thread, int threads,
                                  sequence_function *body) {
  int64_t batch = run->call->batch, sequences = run->call->directions * batch;
  int64_t begin = fovea_share(sequences, thread, threads);
  int64_t end = fovea_share(sequences, thread + 1, threads);
  while (begin < end) {
    int64_t direction = begin / batch, last = fovea_smaller(end, (direction + 1) * batch);
    body(run, direction, begin - direction * batch, last - direction * batch,
         run->scratch + thread * run->scratch_floats);
    begin = last;
  }
}

static void forward_sequences(const recurrence_run *run, int64_t direction, int64_t begin,
                              int64_t end, float *sums) {
  const fovea_recurrence *call = run->call;
  int64_t n = call->size, width = run->width, stride = whole_panels(width);
  bool reversed = is_reversed(call, direction);
  const float *panels = run->panels + direction * run->panel_floats;
  for (int64_t index = 0; index < call->time; index++) {
    int64_t time = reversed ? call->time - 1 - index : index, before = time + (reversed ? 1 : -1);
    if (index == 0)
      clear(sums, (end - begin) * stride);
    else
      fovea_panel_product(end - begin, row_of(call->hidden, before, begin) + direction * n,
                          call->hidden.batch, 1, panels, n * FOVEA_PANEL, n, width, sums, stride,
                          false);
    for (int64_t b = begin; b < end; b++) {
      float *hidden = row_of(call->hidden, time, b) + direction * n;
      float *gates = row_of(call->gates, time, b) + direction * width;
      float *memory = row_of(call->memory, time, b) + direction * (call->gru ? width : n);
      if (has_ended(call, b, time)) {
        clear(hidden, n);
        clear(gates, width);
        clear(memory, call->gru ? width : n);
        continue;
      }
      const float *projected = row_of(call->projected, time, b) + direction * width;
      const float *sum = sums + (b - begin) * stride;
      if (call->gru)
        gru_row(n, projected, sum, call->bias + direction * width,
                index == 0 ? NULL : row_of(call->hidden, before, b) + direction * n, gates, memory,
                hidden);
      else
        lstm_row(n, projected, sum,
                 index == 0 ? NULL : row_of(call->memory, before, b) + direction * n, gates, memory,
                 hidden);
    }
  }
}

static void backward_sequences(const recurrence_run *run, int64_t direction, int64_t begin,
                               int64_t end, float *carried) {
  const fovea_recurrence *call = run->call;
  int64_t n = call->size, width = run->width, stride = whole_panels(n);
  bool reversed = is_reversed(call, direction);
  const float *panels = run->panels + direction * run->panel_floats;
  float *carried_cell = carried + call->batch * stride;
  clear(carried, (end - begin) * stride);
  clear(carried_cell, (end - begin) * n);
  for (int64_t index = call->time - 1; index >= 0; index--) {
    int64_t time = reversed ? call->time - 1 - index : index, before = time + (reversed ? 1 : -1);
    for (int64_t b = begin; b < end; b++) {
      float *gradient = row_of(call->gradient, time, b) + direction * width;
      float *through = row_of(run->through, time, b) + direction * width;
      float *row = carried + (b - begin) * stride, *cell_row = carried_cell + (b - begin) * n;
      if (has_ended(call, b, time)) {
        clear(gradient, width);
        clear(through, width);
        clear(row, n);
        clear(cell_row, n);
        continue;
      }
      const float *upstream = row_of(call->upstream, time, b) + direction * n;
      const float *gates = row_of(call->gates, time, b) + direction * width;
      if (call->gru)
        gru_row_gradient(n, upstream, gates, row_of(call->memory, time, b) + direction * width,
                         index == 0 ? NULL : row_of(call->hidden, before, b) + direction * n, row,
                         gradient, through);
      else
        lstm_row_gradient(n, upstream, row, gates,
                          index == 0 ? NULL : row_of(call->memory, before, b) + direction * n,
                          row_of(call->memory, time, b) + direction * n, cell_row, gradient);
    }
    if (index > 0)
      fovea_panel_product(end - begin, row_of(run->through, time, begin) + direction * width,
                          run->through.batch, 1, panels, width * FOVEA_PANEL, width, n, carried,
                          stride, call->gru);
  }
}

// MARK: Gradients of weights and bias

// dW[r, j] = Σ through[t, b, r] h[before t, b, j]: for each sequence a product along time, whose
// operands are gathered from the steps first.
FOVEA_KERNEL(gather, (const float *from, int64_t stride, int64_t depth, int64_t columns,
                      int64_t width, float *to),
             (from, stride, depth, columns, width, to)) {
  for (int64_t k = 0; k < depth; k++, from += stride, to += width) {
    for (int64_t j = 0; j < columns; j++) to[j] = from[j];
    for (int64_t j = columns; j < width; j++) to[j] = 0;
  }
}

static void weight_rows(const recurrence_run *run, int64_t direction, int64_t begin, int64_t end,
                        float *sums) {
  const fovea_recurrence *call = run->call;
  int64_t n = call->size, width = run->width, stride = whole_panels(n), depth = call->time - 1;
  int64_t rows = (end - begin + ROWS_TOGETHER - 1) / ROWS_TOGETHER * ROWS_TOGETHER;
  float *panels = sums + (width + ROWS_TOGETHER) * stride, *left = panels + call->time * stride;
  bool reversed = is_reversed(call, direction);
  if (depth < 1 || call->batch == 0) clear(sums, rows * stride);
  for (int64_t b = 0; depth > 0 && b < call->batch; b++) {
    const float *states = row_of(call->hidden, reversed ? 1 : 0, b) + direction * n;
    for (int64_t j = 0; j < n; j += FOVEA_PANEL)
      gather(states + j, call->hidden.time, depth, fovea_smaller(FOVEA_PANEL, n - j), FOVEA_PANEL,
             panels + j * depth);
    for (int64_t r = 0; r < rows; r += ROWS_TOGETHER) {
      gather(row_of(run->through, reversed ? 0 : 1, b) + direction * width + begin + r,
             run->through.time, depth, fovea_smaller(ROWS_TOGETHER, end - begin - r), ROWS_TOGETHER,
             left);
      fovea_panel_product(ROWS_TOGETHER, left, 1, ROWS_TOGETHER, panels, depth * FOVEA_PANEL, depth,
                          n, sums + r * stride, stride, b > 0);
    }
  }
  for (int64_t r = begin; r < end; r++)
    memcpy(call->weight_gradient + (direction * width + r) * n, sums + (r - begin) * stride,
           (size_t)n * sizeof(float));
}

static void bias_rows(const recurrence_run *run, int64_t begin, int64_t end) {
  const fovea_recurrence *call = run->call;
  clear(call->bias_gradient + begin, end - begin);
  for (int64_t t = 0; t < call->time; t++)
    for (int64_t b = 0; b < call->batch; b++) {
      const float *row = row_of(run->through, t, b);
      for (int64_t r = begin; r < end; r++) call->bias_gradient[r] += row[r];
    }
}

// MARK: Calls

// Floats rounded up to whole cache lines.
FOVEA_INLINE int64_t in_lines(int64_t floats) { return (floats + 15) / 16 * 16; }

static void forward_share(void *context, int thread, int threads) {
  share_sequences(context, thread, threads, forward_sequences);
}

static void backward_share(void *context, int thread, int threads) {
  share_sequences(context, thread, threads, backward_sequences);
}

static void weight_share(void *context, int thread, int threads) {
  const recurrence_run *run = context;
  int64_t rows = run->call->directions * run->width;
  int64_t begin = fovea_share(rows, thread, threads), end = fovea_share(rows, thread + 1, threads);
  if (run->call->bias_gradient) bias_rows(run, begin, end);
  while (begin < end) {
    int64_t direction = begin / run->width, start = direction * run->width;
    int64_t last = fovea_smaller(end, start + run->width);
    weight_rows(run, direction, begin - start, last - start,
                run->scratch + thread * run->scratch_floats);
    begin = last;
  }
}

static void pack_forward(void *context, int64_t begin, int64_t end) {
  const recurrence_run *run = context;
  int64_t n = run->call->size, count = fovea_panels(run->width);
  for (int64_t item = begin; item < end; item++) {
    int64_t direction = item / count, first = item % count * FOVEA_PANEL;
    fovea_pack_transposed(run->call->weights + (direction * run->width + first) * n, n,
                          fovea_smaller(FOVEA_PANEL, run->width - first), n,
                          run->panels + direction * run->panel_floats + first * n);
  }
}

static void pack_backward(void *context, int64_t begin, int64_t end) {
  const recurrence_run *run = context;
  int64_t n = run->call->size, count = fovea_panels(n);
  for (int64_t item = begin; item < end; item++) {
    int64_t direction = item / count, first = item % count * FOVEA_PANEL;
    fovea_pack_rows(run->call->weights + direction * run->width * n + first, n, run->width,
                    fovea_smaller(FOVEA_PANEL, n - first),
                    run->panels + direction * run->panel_floats + first * run->width);
  }
}

static recurrence_run run_of(const fovea_recurrence *call, bool backward, float *scratch) {
  recurrence_run run = {.call = call, .width = (call->gru ? 3 : 4) * call->size};
  int64_t n = call->size, states = whole_panels(n), width = run.width;
  int64_t row = call->directions * width;
  run.panel_floats = backward ? states * width : whole_panels(width) * n;
  run.panels = scratch;
  run.through = call->gradient;
  run.shared_floats = call->directions * run.panel_floats;
  run.scratch_floats = call->batch * whole_panels(width);
  if (backward) {
    if (call->gru) {
      if (scratch) run.through = (fovea_steps){scratch + run.shared_floats, call->batch * row, row};
      run.shared_floats += in_lines(call->time * call->batch * row);
    }
    int64_t carried = call->batch * (states + n);
    int64_t sums = (width + ROWS_TOGETHER) * states + call->time * (states + ROWS_TOGETHER);
    run.scratch_floats = carried > sums ? carried : sums;
  }
  run.scratch_floats = in_lines(run.scratch_floats);
  run.scratch = scratch ? scratch + run.shared_floats : NULL;
  return run;
}

int64_t fovea_recurrence_scratch(const fovea_recurrence *call, int threads, bool backward) {
  recurrence_run run = run_of(call, backward, NULL);
  return run.shared_floats + threads * run.scratch_floats;
}

void fovea_recurrence_forward(const fovea_recurrence *call, float *scratch, int threads) {
  recurrence_run run = run_of(call, false, scratch);
  fovea_parallel_ranges(call->directions * fovea_panels(run.width), 4, pack_forward, &run);
  fovea_parallel_threads(threads, forward_share, &run);
}

void fovea_recurrence_backward(const fovea_recurrence *call, float *scratch, int threads) {
  recurrence_run run = run_of(call, true, scratch);
  fovea_parallel_ranges(call->directions * fovea_panels(call->size), 1, pack_backward, &run);
  fovea_parallel_threads(threads, backward_share, &run);
  fovea_parallel_threads(threads, weight_share, &run);
}
