// The gates of recurrent networks; the products between them are oneDNN's.

#include "mathematics.h"

// Sequences with as many states have work for a second thread.
static int64_t grain(int64_t size) { return FOVEA_GRAIN / (8 * size + 1) + 1; }

FOVEA_INLINE bool has_ended(const int32_t *lengths, int64_t b, int64_t time) {
  return lengths && lengths[b] <= time;
}

FOVEA_INLINE void clear(float *x, int64_t count) { memset(x, 0, (size_t)count * sizeof(float)); }

// MARK: LSTM

typedef struct {
  float *gates, *cell, *hidden;
  const float *previous_cell;
  const int32_t *lengths;
  int64_t time, size;
} lstm_call;

FOVEA_CLONES static void lstm_rows(const lstm_call *call, int64_t begin, int64_t end) {
  int64_t n = call->size;
  for (int64_t b = begin; b < end; b++) {
    float *restrict input = call->gates + b * 4 * n, *restrict forget = input + n,
                    *restrict candidate = forget + n, *restrict output = candidate + n;
    float *restrict cell = call->cell + b * n, *restrict hidden = call->hidden + b * n;
    const float *previous = call->previous_cell ? call->previous_cell + b * n : NULL;
    if (has_ended(call->lengths, b, call->time)) {
      clear(input, 4 * n);
      clear(cell, n);
      clear(hidden, n);
      continue;
    }
    for (int64_t j = 0; j < n; j++) {
      input[j] = fovea_sigmoid(input[j]);
      candidate[j] = fovea_tanh(candidate[j]);
      cell[j] = input[j] * candidate[j];
    }
    for (int64_t j = 0; j < n; j++) forget[j] = fovea_sigmoid(forget[j]);
    if (previous)
      for (int64_t j = 0; j < n; j++) cell[j] += forget[j] * previous[j];
    for (int64_t j = 0; j < n; j++) {
      output[j] = fovea_sigmoid(output[j]);
      hidden[j] = output[j] * fovea_tanh(cell[j]);
    }
  }
}

static void run_lstm(void *context, int64_t begin, int64_t end) { lstm_rows(context, begin, end); }

void fovea_lstm_step(float *gates, const float *previous_cell, float *cell, float *hidden,
                     const int32_t *lengths, int64_t time, int64_t batch, int64_t size) {
  lstm_call call = {gates, cell, hidden, previous_cell, lengths, time, size};
  fovea_parallel_ranges(batch, grain(size), run_lstm, &call);
}

typedef struct {
  const float *hidden_gradient, *carried_hidden, *gates, *previous_cell, *cell;
  float *carried_cell, *input_gradient;
  const int32_t *lengths;
  int64_t time, size;
} lstm_gradient_call;

FOVEA_CLONES static void lstm_gradient_rows(const lstm_gradient_call *call, int64_t begin,
                                            int64_t end) {
  int64_t n = call->size;
  for (int64_t b = begin; b < end; b++) {
    const float *input = call->gates + b * 4 * n, *forget = input + n, *candidate = forget + n,
                *output = candidate + n, *cell = call->cell + b * n;
    const float *upstream = call->hidden_gradient + b * n, *carried = call->carried_hidden + b * n;
    const float *previous = call->previous_cell ? call->previous_cell + b * n : NULL;
    float *restrict carried_cell = call->carried_cell + b * n;
    float *restrict gradient = call->input_gradient + b * 4 * n;
    if (has_ended(call->lengths, b, call->time)) {
      clear(gradient, 4 * n);
      clear(carried_cell, n);
      continue;
    }
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
}

static void run_lstm_gradient(void *context, int64_t begin, int64_t end) {
  lstm_gradient_rows(context, begin, end);
}

void fovea_lstm_step_gradient(const float *hidden_gradient, const float *carried_hidden,
                              float *carried_cell, const float *gates, const float *previous_cell,
                              const float *cell, float *input_gradient, const int32_t *lengths,
                              int64_t time, int64_t batch, int64_t size) {
  lstm_gradient_call call = {hidden_gradient, carried_hidden, gates, previous_cell, cell,
                             carried_cell,    input_gradient, lengths, time, size};
  fovea_parallel_ranges(batch, grain(size), run_lstm_gradient, &call);
}

// MARK: GRU

typedef struct {
  const float *projected, *recurrent, *previous;
  float *gates, *hidden;
  const int32_t *lengths;
  int64_t time, size;
} gru_call;

FOVEA_CLONES static void gru_rows(const gru_call *call, int64_t begin, int64_t end) {
  int64_t n = call->size;
  for (int64_t b = begin; b < end; b++) {
    const float *projected = call->projected + b * 3 * n, *recurrent = call->recurrent + b * 3 * n;
    const float *previous = call->previous ? call->previous + b * n : NULL;
    float *restrict reset = call->gates + b * 3 * n, *restrict update = reset + n,
                    *restrict candidate = update + n, *restrict hidden = call->hidden + b * n;
    if (has_ended(call->lengths, b, call->time)) {
      clear(reset, 3 * n);
      clear(hidden, n);
      continue;
    }
    for (int64_t j = 0; j < n; j++) reset[j] = fovea_sigmoid(projected[j] + recurrent[j]);
    for (int64_t j = 0; j < n; j++)
      update[j] = fovea_sigmoid(projected[n + j] + recurrent[n + j]);
    for (int64_t j = 0; j < n; j++)
      candidate[j] = fovea_tanh(projected[2 * n + j] + reset[j] * recurrent[2 * n + j]);
    for (int64_t j = 0; j < n; j++) {
      float before = previous ? previous[j] : 0;
      hidden[j] = (1 - update[j]) * candidate[j] + update[j] * before;
    }
  }
}

static void run_gru(void *context, int64_t begin, int64_t end) { gru_rows(context, begin, end); }

void fovea_gru_step(const float *projected, const float *recurrent, const float *previous,
                    float *gates, float *hidden, const int32_t *lengths, int64_t time,
                    int64_t batch, int64_t size) {
  gru_call call = {projected, recurrent, previous, gates, hidden, lengths, time, size};
  fovea_parallel_ranges(batch, grain(size), run_gru, &call);
}

typedef struct {
  const float *hidden_gradient, *gates, *recurrent, *previous;
  float *carried, *projected_gradient, *recurrent_gradient;
  const int32_t *lengths;
  int64_t time, size;
} gru_gradient_call;

FOVEA_CLONES static void gru_gradient_rows(const gru_gradient_call *call, int64_t begin,
                                           int64_t end) {
  int64_t n = call->size;
  for (int64_t b = begin; b < end; b++) {
    const float *reset = call->gates + b * 3 * n, *update = reset + n, *candidate = update + n;
    const float *recurrent = call->recurrent + b * 3 * n + 2 * n;
    const float *previous = call->previous ? call->previous + b * n : NULL;
    const float *upstream = call->hidden_gradient + b * n;
    float *restrict carried = call->carried + b * n;
    float *restrict projected = call->projected_gradient + b * 3 * n;
    float *restrict through = call->recurrent_gradient + b * 3 * n;
    if (has_ended(call->lengths, b, call->time)) {
      clear(projected, 3 * n);
      clear(through, 3 * n);
      clear(carried, n);
      continue;
    }
    for (int64_t j = 0; j < n; j++) {
      float before = previous ? previous[j] : 0;
      float dh = upstream[j] + carried[j];
      float dn = dh * (1 - update[j]) * (1 - candidate[j] * candidate[j]);
      float dr = dn * recurrent[j] * reset[j] * (1 - reset[j]);
      float dz = dh * (before - candidate[j]) * update[j] * (1 - update[j]);
      projected[j] = dr;
      projected[n + j] = dz;
      projected[2 * n + j] = dn;
      through[j] = dr;
      through[n + j] = dz;
      through[2 * n + j] = dn * reset[j];
      carried[j] = dh * update[j];
    }
  }
}

static void run_gru_gradient(void *context, int64_t begin, int64_t end) {
  gru_gradient_rows(context, begin, end);
}

void fovea_gru_step_gradient(const float *hidden_gradient, float *carried, const float *gates,
                             const float *recurrent, const float *previous,
                             float *projected_gradient, float *recurrent_gradient,
                             const int32_t *lengths, int64_t time, int64_t batch, int64_t size) {
  gru_gradient_call call = {hidden_gradient,    gates,   recurrent, previous, carried,
                            projected_gradient, recurrent_gradient, lengths, time, size};
  fovea_parallel_ranges(batch, grain(size), run_gru_gradient, &call);
}
