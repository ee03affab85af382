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

// MARK: The processor

// What kernels are compiled for: x86-64, and its levels v3 and v4.
enum fovea_level { FOVEA_BASELINE = 0, FOVEA_AVX2 = 1, FOVEA_AVX512 = 2 };

// The level in use: the processor's best, or what the environment variable FOVEA_CPU names
// (baseline, avx2, avx512) when the process starts.
int fovea_level(void);
// The best level of this processor.
int fovea_best_level(void);
// Whether the level in use has instructions for products of bytes (VNNI).
bool fovea_multiplies_bytes(void);
// What FOVEA_CPU holds where it is no level or none that this processor has, and the best is used;
// else NULL.
const char *_Nullable fovea_refused_level(void);

// MARK: The team

// Threads that the next parallel region of this thread will have.
int fovea_threads(void);
void fovea_set_threads(int threads);

// Processors that the process may use.
int fovea_processors(void);

// The system's number of the calling thread.
int fovea_thread_id(void);

// Whether all teams of the process wait for 100 turns only before they sleep; see `waiting.c`.
void fovea_wait_briefly(int briefly);

// Threads that sleep so that others wait briefly.
int fovea_sleeping_threads(void);

// Whether waits should be brief now, and since when; starts as zeros.
typedef struct {
  int briefly;
  double since, hold, ran, waited;
} fovea_wait_state;

// What follows from seconds that a team ran, and was ready to run without a processor, since the call
// before: brief waits where it waited for more than 15 % of the time, long ones again after half a
// second of less than 5 %, and later each time that it turns out too early.
int fovea_should_wait_briefly(fovea_wait_state *_Nonnull state, double now, double ran,
                              double waited);

// Every 20 ms does with the calling thread's team what the rule says, unless `OMP_WAIT_POLICY` or
// `GOMP_SPINCOUNT` is set: then their owner has decided.
void fovea_watch_team(void);

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
  FOVEA_GELU_GRADIENT_F,
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

// MARK: A matrix and one vector

enum {
  FOVEA_VECTOR_NOTHING,
  FOVEA_VECTOR_RELU,
  FOVEA_VECTOR_GELU,
  FOVEA_VECTOR_GELU_TANH,
};

// result[r] = f(sum over c of matrix[r, c] vector[c] + bias[r]); the result is of other memory.
void fovea_vector_product(const float *_Nonnull matrix, const float *_Nonnull vector,
                          const float *_Nullable bias, float *_Nonnull result, int64_t rows,
                          int64_t columns, int32_t activation);

// MARK: Dense layers of bytes

// Instructions that the product may use; those above `fovea_quantized_level` are not there.
enum { FOVEA_QUANTIZED_PLAIN, FOVEA_QUANTIZED_MIDDLE, FOVEA_QUANTIZED_WIDE };

// f(x Wᵀ + bias) with W[column, k] = scales[column] · q[column, k]; weights holds the signed bytes
// q in an order of its own, sums[column] the sum of W over k.
typedef struct {
  int64_t columns, depth;
  int32_t activation;  // FOVEA_VECTOR_…
  const int8_t *_Nullable weights;
  const float *_Nullable scales, *_Nullable sums, *_Nullable bias;
} fovea_quantized;

int fovea_quantized_level(void);
// Bytes that the weights take, which are 64-byte aligned.
int64_t fovea_quantized_weight_bytes(int64_t columns, int64_t depth);
// From weights [columns, depth]; the error of each is at most half of its column's scale.
void fovea_quantize_weights(const float *_Nonnull weights, int64_t columns, int64_t depth,
                            int8_t *_Nonnull packed, float *_Nonnull scales, float *_Nonnull sums);
// x ≈ scale · q + offset for a row of `depth` numbers; the error of each is at most scale / 2.
void fovea_quantize_row(const float *_Nonnull x, int64_t depth, uint8_t *_Nonnull q,
                        float *_Nonnull scale, float *_Nonnull offset);
// Bytes of scratch memory that each thread needs.
int64_t fovea_quantized_scratch(int64_t depth);
// input [rows, depth] → result [rows, columns]; sums of integers are exact up to a depth of 65,000.
void fovea_quantized_product(const fovea_quantized *_Nonnull layer, const float *_Nonnull input,
                             float *_Nonnull result, int64_t rows, void *_Nonnull scratch,
                             int threads, int level);

// MARK: Attention

// Matrices of one size, one for each group: element (group, row, column) lies at
// base[groups[group] + row · stride + column].
typedef struct {
  float *_Nullable base;
  const int64_t *_Nonnull groups;
  int64_t stride;
} fovea_rows;

// `groups` attentions of `queries` queries to `keys` keys, softmax(scale · Q Kᵀ + mask) V.
//
// Under `causal` query i sees the keys 0…i; with `lengths` those of a group see the first
// lengths[length_groups[group]]. The mask may be NULL; its element lies at
// mask[mask_groups[group] + query · mask_row + key · mask_column]. A query that sees nothing gets
// zeros. log_sum_exp is [groups, queries], infinity for a query that sees nothing.
typedef struct {
  int64_t groups, queries, keys, head_size, value_size;
  float scale;
  bool causal;
  fovea_rows query, key, value, result;
  float *_Nullable log_sum_exp;
  const float *_Nullable mask;
  const int64_t *_Nullable mask_groups;
  int64_t mask_row, mask_column;
  const int32_t *_Nullable lengths;
  const int64_t *_Nullable length_groups;
  // For the gradient: that of the result, and what is written.
  fovea_rows upstream, query_gradient, key_gradient, value_gradient;
} fovea_attention;

// Floats of scratch memory that each thread needs; they grow with queries and keys, not with their
// product.
int64_t fovea_attention_scratch(const fovea_attention *_Nonnull call, bool backward);
// Writes result and log_sum_exp.
void fovea_attention_forward(const fovea_attention *_Nonnull call, int threads,
                             float *_Nonnull scratch);
// Writes the three gradients; result and log_sum_exp are those of the forward pass.
void fovea_attention_backward(const fovea_attention *_Nonnull call, int threads,
                              float *_Nonnull scratch);

// Causal attention of some positions that follow those in a cache: their keys and values are written
// into the cache behind the first `*place`, then each attends to all before it and to itself.
//
// parts is [positions, 3, heads, head_size]: queries, keys, values; keys and values are [heads,
// capacity, head_size], result is [positions, heads, head_size].
typedef struct {
  int64_t positions, heads, head_size, capacity;
  float scale;
  const float *_Nonnull parts;
  const int32_t *_Nonnull place;
  float *_Nonnull keys, *_Nonnull values, *_Nonnull result;
} fovea_cached_attention;

// Floats of scratch memory that each thread needs.
int64_t fovea_cached_attention_scratch(const fovea_cached_attention *_Nonnull call);
// FOVEA_INDEX_OUT_OF_RANGE when the positions do not fit into the cache.
int fovea_cached_attend(const fovea_cached_attention *_Nonnull call, int threads,
                        float *_Nonnull scratch);

// MARK: Convolutions between a few planes

// A convolution with stride 1 from `channels` planes to `outputs` planes for each of `batch` images,
// row-major: weights [outputs, channels, window_height, window_width]. Where `turned` is set, they
// are those of the convolution whose source's gradient is wanted: [channels, outputs, …], and each
// window is turned by half a turn.
typedef struct {
  int64_t batch, channels, outputs, height, width, result_height, result_width;
  int64_t window_height, window_width, padding_top, padding_left;
  bool turned;
} fovea_planes;

// Floats of scratch memory that each thread needs.
int64_t fovea_planes_scratch(const fovea_planes *_Nonnull planes);
void fovea_planes_forward(const fovea_planes *_Nonnull planes, const float *_Nonnull source,
                          const float *_Nonnull weights, const float *_Nullable bias,
                          float *_Nonnull result, float *_Nonnull scratch, int threads);
// The gradients of weights and bias from that of the result.
void fovea_planes_weights(const fovea_planes *_Nonnull planes, const float *_Nonnull source,
                          const float *_Nonnull upstream, float *_Nonnull weights,
                          float *_Nullable bias, float *_Nonnull scratch, int threads);

// MARK: Winograd's convolution

// Where blocks of 16 channels lie: channel c of a place at image · i + block · (c / 16) + row · r +
// column · s + c % 16. Channels last and oneDNN's blocks of 16 are both of this kind.
typedef struct {
  int64_t image, block, row, column;
} fovea_blocks;

// A convolution with windows of 3×3 and stride 1; channels and outputs are multiples of 16.
typedef struct {
  int64_t batch, channels, outputs, height, width, result_height, result_width;
  int64_t padding_top, padding_left;
  fovea_blocks source, result;
  bool relu;
} fovea_winograd;

// Floats of scratch memory that each thread needs, for the gradient of the weights or the rest.
int64_t fovea_winograd_scratch(const fovea_winograd *_Nonnull call, int threads, bool weights);
// weights [outputs, channels, 3, 3] → [36, outputs / 16, channels, 16]. Where `turned` is set, they
// are those of the convolution whose source's gradient is wanted, [channels, outputs, 3, 3].
void fovea_winograd_transform(int64_t outputs, int64_t channels, bool turned,
                              const float *_Nonnull weights, float *_Nonnull transformed);
// From transformed weights.
void fovea_winograd_forward(const fovea_winograd *_Nonnull call, const float *_Nonnull source,
                            const float *_Nonnull weights, const float *_Nullable bias,
                            float *_Nonnull result, float *_Nonnull scratch, int threads);
// The gradients of weights [outputs, channels, 3, 3] and bias from that of the result.
void fovea_winograd_weights(const fovea_winograd *_Nonnull call, const float *_Nonnull source,
                            const float *_Nonnull upstream, float *_Nonnull weights,
                            float *_Nullable bias, float *_Nonnull scratch, int threads);

// MARK: Recurrent networks

// Rows for each step and sequence: that of sequence b at step t begins at base + t · time +
// b · batch, and holds what belongs to the directions one behind the other.
typedef struct {
  float *_Nullable base;
  int64_t time, batch;
} fovea_steps;

// A recurrent layer over `time` steps of `batch` sequences, in one direction or both, the second of
// which begins at the end.
//
// LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000): four gates,
// input, forget, candidate, output; memory holds the cells. GRU (Cho et al. 2014, in the form whose
// reset gate follows the product): three gates, reset, update, candidate; memory holds what the
// states send to them, bias included. weights [directions · gates · size, size], bias [directions ·
// gates · size] of a GRU. A sequence with lengths[b] <= t has ended: its states are 0. lengths may
// be NULL.
typedef struct {
  bool gru, reversed;  // whether the first direction begins at the end
  int64_t time, batch, size, directions;
  const float *_Nullable weights, *_Nullable bias;
  const int32_t *_Nullable lengths;
  // What the input sends to the gates; results.
  fovea_steps projected, hidden, gates, memory;
  // The gradients of hidden, given, and of projected, weights and bias.
  fovea_steps upstream, gradient;
  float *_Nullable weight_gradient, *_Nullable bias_gradient;
} fovea_recurrence;

// Floats of scratch memory.
int64_t fovea_recurrence_scratch(const fovea_recurrence *_Nonnull call, int threads, bool backward);
void fovea_recurrence_forward(const fovea_recurrence *_Nonnull call, float *_Nonnull scratch,
                              int threads);
void fovea_recurrence_backward(const fovea_recurrence *_Nonnull call, float *_Nonnull scratch,
                               int threads);

// MARK: Connectionist temporal classification

// −log p(target | logits) of each sequence, summed over all alignments (Graves et al. 2006), and its
// gradient: logits [batch, steps, symbols], of which the last symbol is the blank; targets [batch,
// words]; of item i the first input_lengths[i] steps and target_lengths[i] words count. A target
// that no alignment has room for has an infinite loss and a gradient of 0.
typedef struct {
  int64_t batch, steps, symbols, words;
  const float *_Nullable logits;
  const int32_t *_Nullable targets, *_Nullable input_lengths, *_Nullable target_lengths;
  float *_Nullable losses, *_Nullable gradient;
} fovea_ctc;

// Doubles of scratch memory for each thread.
int64_t fovea_ctc_scratch(const fovea_ctc *_Nonnull call);
int fovea_ctc_loss(const fovea_ctc *_Nonnull call, double *_Nonnull scratch, int threads);

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
