// Loops for which oneDNN has no kernel or only a reference one.
//
// Every function runs on the OpenMP team of the calling thread, the one that oneDNN uses too.
// Arrays are dense unless strides are given; strides count elements; no function allocates. Work is
// divided by element counts alone, so the same machine, thread count and input give the same bits.
// A status of 0 is success; other values are named in `enum fovea_status`.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#if __has_attribute(noescape)
#define FOVEA_NOESCAPE __attribute__((noescape))
#else
#define FOVEA_NOESCAPE
#endif

enum { FOVEA_MAXIMUM_RANK = 12, FOVEA_MAXIMUM_OPERANDS = 16, FOVEA_TILE = 512 };

enum fovea_status { FOVEA_SUCCESS = 0, FOVEA_INDEX_OUT_OF_RANGE = 1 };

// MARK: The team

// Threads that the next parallel region of this thread will have.
int fovea_threads(void);
void fovea_set_threads(int threads);

// Calls `body(context, begin, end)` so that the ranges cover 0..<count, on as many threads as have
// `grain` elements each.
typedef void (*fovea_range_body)(void *_Nullable context, int64_t begin, int64_t end);
void fovea_parallel_ranges(int64_t count, int64_t grain, fovea_range_body _Nonnull body,
                           void *_Nullable context);

// Calls `body(context, thread, threads)` once on every thread of the team.
typedef void (*fovea_thread_body)(void *_Nullable context, int thread, int threads);
void fovea_parallel_threads(int threads, fovea_thread_body _Nonnull body, void *_Nullable context);

// MARK: Elementwise chains

// Element types in memory.
enum fovea_type { FOVEA_FLOAT32 = 0, FOVEA_INT32 = 1, FOVEA_BYTE = 2 };

// Operations on tiles of 32-bit registers. F works on floats, I on integers; a comparison gives the
// integer 0 or 1.
enum fovea_opcode {
  FOVEA_ADD_F,
  FOVEA_SUBTRACT_F,
  FOVEA_MULTIPLY_F,
  FOVEA_DIVIDE_F,
  FOVEA_POWER_F,
  FOVEA_MINIMUM_F,
  FOVEA_MAXIMUM_F,
  FOVEA_NEGATE_F,
  FOVEA_ABSOLUTE_F,
  FOVEA_SIGN_F,
  FOVEA_SQRT_F,
  FOVEA_EXP_F,
  FOVEA_LOG_F,
  FOVEA_RELU_F,
  FOVEA_SIGMOID_F,
  FOVEA_TANH_F,
  FOVEA_ERF_F,
  FOVEA_GELU_F,
  FOVEA_GELU_TANH_F,
  FOVEA_RELU_GRADIENT_F,
  FOVEA_EQUAL_F,
  FOVEA_LESS_F,
  FOVEA_LESS_OR_EQUAL_F,
  FOVEA_ADD_I,
  FOVEA_SUBTRACT_I,
  FOVEA_MULTIPLY_I,
  FOVEA_MINIMUM_I,
  FOVEA_MAXIMUM_I,
  FOVEA_NEGATE_I,
  FOVEA_ABSOLUTE_I,
  FOVEA_SIGN_I,
  FOVEA_EQUAL_I,
  FOVEA_LESS_I,
  FOVEA_LESS_OR_EQUAL_I,
  FOVEA_NOT_I,
  FOVEA_AND_I,
  FOVEA_OR_I,
  FOVEA_SELECT,  // first (integer) nonzero ? second : third, either type
  FOVEA_FLOAT_FROM_INT,
  FOVEA_INT_FROM_FLOAT,
  FOVEA_TRUTH_FROM_FLOAT,
  FOVEA_TRUTH_FROM_INT,
};

// One step of a chain: registers[destination] = opcode(registers[first], registers[second],
// registers[third]).
typedef struct {
  uint8_t opcode, destination, first, second, third;
} fovea_instruction;

// A chain over an iteration space of `rank` axes. Registers 0..<inputs hold the inputs, the next
// `constants` ones the constants (by bits), then temporaries; `output_register` is stored. An
// input's stride is 0 along axes over which it is repeated.
typedef struct {
  int32_t rank, inputs, constants, instructions, registers, output_register;
  int32_t output_type;
  int32_t input_types[FOVEA_MAXIMUM_OPERANDS];
  int64_t sizes[FOVEA_MAXIMUM_RANK];
  int64_t strides[FOVEA_MAXIMUM_OPERANDS][FOVEA_MAXIMUM_RANK];
  uint32_t constant_bits[FOVEA_MAXIMUM_OPERANDS];
  fovea_instruction program[64];
} fovea_chain;

// Bytes of scratch that `fovea_run_chain` needs.
int64_t fovea_chain_scratch(const fovea_chain *_Nonnull chain, int threads);
void fovea_run_chain(const fovea_chain *_Nonnull chain, const void *_Nonnull const *_Nonnull inputs,
                     void *_Nonnull output, void *_Nonnull scratch, int threads);

// MARK: Reductions

enum fovea_reduction { FOVEA_SUM, FOVEA_MAX, FOVEA_SUM_OF_SQUARES };

// Reduces an array of `rank` axes. Axes come outermost first in memory order; `reduced[axis]` says
// which vanish; result is dense over the axes that stay, in the same order. The innermost axis has
// stride 1.
typedef struct {
  int32_t rank, operation;
  int64_t sizes[FOVEA_MAXIMUM_RANK];
  int64_t strides[FOVEA_MAXIMUM_RANK];
  bool reduced[FOVEA_MAXIMUM_RANK];
} fovea_reduction_plan;

int64_t fovea_reduction_scratch(const fovea_reduction_plan *_Nonnull plan, int threads);
void fovea_reduce(const fovea_reduction_plan *_Nonnull plan, const float *_Nonnull input,
                  float *_Nonnull output, void *_Nonnull scratch, int threads);

// Index of the first largest element of each row of `columns` floats.
void fovea_arg_max(const float *_Nonnull input, int32_t *_Nonnull output, int64_t rows,
                   int64_t columns);

// MARK: Copies

// Copies a box of elements of `element_bytes` (1 or 4) between arrays with strides.
typedef struct {
  int32_t rank, element_bytes;
  int64_t sizes[FOVEA_MAXIMUM_RANK];
  int64_t source_strides[FOVEA_MAXIMUM_RANK];
  int64_t destination_strides[FOVEA_MAXIMUM_RANK];
  int64_t source_offset, destination_offset;
} fovea_box;

void fovea_copy_box(const fovea_box *_Nonnull box, const void *_Nonnull source,
                    void *_Nonnull destination);
void fovea_fill(void *_Nonnull destination, uint32_t bits, int32_t element_bytes, int64_t count);

// output[o, i, n] = input[o, indices[i], n] for `outer` × `indices` × `inner`; the status is
// FOVEA_INDEX_OUT_OF_RANGE when an index is not in 0..<size.
int fovea_gather(const void *_Nonnull input, const int32_t *_Nonnull indices, void *_Nonnull output,
                 int64_t outer, int64_t size, int64_t index_count, int64_t inner,
                 int32_t element_bytes);
// output[o, indices[i], n] += updates[o, i, n], starting from zeros; in the order of i whatever the
// thread count.
int fovea_scatter_add(const float *_Nonnull updates, const int32_t *_Nonnull indices,
                      float *_Nonnull output, int64_t outer, int64_t size, int64_t index_count,
                      int64_t inner);

// MARK: Random numbers

// output[i] = input[i] / (1 - rate) where the uniform number of (key, stream, i) is at least
// `rate`, else 0. Philox4x32-10.
void fovea_dropout(const float *_Nonnull input, const int32_t *_Nonnull key, float *_Nonnull output,
                   int64_t count, float rate, uint32_t stream);

// MARK: Pixels

// output[b, c, y, x] = (input[b, y, x, c] / 255 - mean[c]) / deviation[c].
void fovea_normalize_pixels(const uint8_t *_Nonnull input, const float *_Nonnull mean,
                            const float *_Nonnull deviation, float *_Nonnull output, int64_t batch,
                            int64_t pixels, int64_t channels);

// MARK: Softmax

// output = exp(input - max) / sum, or its logarithm, along rows of `columns` floats.
void fovea_softmax(const float *_Nonnull input, float *_Nonnull output, int64_t rows,
                   int64_t columns, bool logarithm);

// MARK: Attention

// Which columns of a tile its rows may see: row r the first `first + r · step` of them.
typedef struct {
  int64_t first, step;
} fovea_visibility;

// One tile of the online softmax (Milakov and Gimelshein 2018; Dao et al. 2022, algorithm 1).
// scores [rows, columns] holds Q Kᵀ on entry and exp(scale · score + mask - maximum) on return, 0
// where nothing may be seen; maximum and sum [rows] go from those of the earlier tiles to those
// that include this one, and correction [rows] is the factor for what was accumulated before. mask
// may be NULL; its strides count elements.
void fovea_softmax_tile(float *_Nonnull scores, int64_t rows, int64_t columns, float scale,
                        const float *_Nullable mask, int64_t mask_row_stride,
                        int64_t mask_column_stride, fovea_visibility visible,
                        float *_Nonnull maximum, float *_Nonnull sum, float *_Nonnull correction);
// accumulated [rows, columns] *= factor [rows].
void fovea_scale_rows(float *_Nonnull accumulated, const float *_Nonnull factor, int64_t rows,
                      int64_t columns);
// accumulated [rows, columns] /= sum [rows]; log_sum_exp = maximum + log(sum). A row that sees
// nothing becomes 0, and its log_sum_exp infinity, with which all its probabilities are 0.
void fovea_finish_rows(float *_Nonnull accumulated, const float *_Nonnull maximum,
                       const float *_Nonnull sum, float *_Nonnull log_sum_exp, int64_t rows,
                       int64_t columns);
// scores [rows, columns]: Q Kᵀ → probabilities exp(scale · score + mask - log_sum_exp), 0 where
// nothing may be seen.
void fovea_probability_tile(float *_Nonnull scores, int64_t rows, int64_t columns, float scale,
                            const float *_Nullable mask, int64_t mask_row_stride,
                            int64_t mask_column_stride, fovea_visibility visible,
                            const float *_Nonnull log_sum_exp);
// gradient [rows, columns]: dP → scale · P ⊙ (dP - dot [rows]).
void fovea_score_gradient_tile(float *_Nonnull gradient, const float *_Nonnull probability,
                               const float *_Nonnull dot, int64_t rows, int64_t columns,
                               float scale);
// dot[r] = Σ a[r, c] b[r, c].
void fovea_row_dots(const float *_Nonnull a, const float *_Nonnull b, float *_Nonnull dot,
                    int64_t rows, int64_t columns);

// MARK: Recurrent networks

// One step of an LSTM for `batch` sequences (Hochreiter and Schmidhuber 1997, with the forget gate
// of Gers et al. 2000). gates [batch, 4 · size] holds what goes into the gates input, forget, cell,
// output on entry, and what comes out of them on return; cell = forget · previous + input ·
// candidate; hidden = output · tanh(cell). previous_cell may be NULL for zeros. A sequence with
// lengths[b] <= time has ended: its states are 0. lengths may be NULL.
void fovea_lstm_step(float *_Nonnull gates, const float *_Nullable previous_cell,
                     float *_Nonnull cell, float *_Nonnull hidden,
                     const int32_t *_Nullable lengths, int64_t time, int64_t batch, int64_t size);
// The step's gradient. hidden_gradient [batch, size] is that of the result, carried_hidden and
// carried_cell come from the step that follows; on return carried_cell is for the step before, and
// input_gradient [batch, 4 · size] is that of what went into the gates.
void fovea_lstm_step_gradient(const float *_Nonnull hidden_gradient,
                              const float *_Nonnull carried_hidden, float *_Nonnull carried_cell,
                              const float *_Nonnull gates, const float *_Nullable previous_cell,
                              const float *_Nonnull cell, float *_Nonnull input_gradient,
                              const int32_t *_Nullable lengths, int64_t time, int64_t batch,
                              int64_t size);

// One step of a GRU (Cho et al. 2014, in the form whose reset gate follows the product). projected
// and recurrent [batch, 3 · size] are what the input and the previous state send to the gates
// reset, update, candidate; gates [batch, 3 · size] are the results, and hidden = (1 - update) ·
// candidate + update · previous. previous may be NULL for zeros.
void fovea_gru_step(const float *_Nonnull projected, const float *_Nonnull recurrent,
                    const float *_Nullable previous, float *_Nonnull gates,
                    float *_Nonnull hidden, const int32_t *_Nullable lengths, int64_t time,
                    int64_t batch, int64_t size);
// The step's gradient. carried [batch, size] comes from the step that follows; on return it holds
// the part for the step before that does not pass through the product.
void fovea_gru_step_gradient(const float *_Nonnull hidden_gradient, float *_Nonnull carried,
                             const float *_Nonnull gates, const float *_Nonnull recurrent,
                             const float *_Nullable previous, float *_Nonnull projected_gradient,
                             float *_Nonnull recurrent_gradient,
                             const int32_t *_Nullable lengths, int64_t time, int64_t batch,
                             int64_t size);

// MARK: Optimisers

// Adam (Kingma and Ba 2015, algorithm 1) and, with `decoupled`, AdamW (Loshchilov and Hutter 2019,
// algorithm 2). Numbers that change from step to step are read through pointers: learning rate,
// step counted from 1, factor on the gradient (clipping).
typedef struct {
  float beta1, beta2, epsilon, weight_decay;
  bool decoupled;
} fovea_adam_settings;

void fovea_adam(float *_Nonnull parameter, const float *_Nonnull gradient,
                float *_Nonnull first_moment, float *_Nonnull second_moment,
                const float *_Nonnull learning_rate, const float *_Nonnull step,
                const float *_Nullable gradient_factor, int64_t count,
                fovea_adam_settings settings);

typedef struct {
  float momentum, weight_decay;
  bool nesterov;
} fovea_sgd_settings;

// Stochastic gradient descent; `velocity` may be NULL when momentum is 0. The first step sets the
// velocity to the gradient.
void fovea_sgd(float *_Nonnull parameter, const float *_Nonnull gradient, float *_Nullable velocity,
               const float *_Nonnull learning_rate, const float *_Nonnull step,
               const float *_Nullable gradient_factor, int64_t count, fovea_sgd_settings settings);

// state = momentum · state + (1 - momentum) · factor · value.
void fovea_moving_average(float *_Nonnull state, const float *_Nonnull value, int64_t count,
                          float momentum, float factor);
