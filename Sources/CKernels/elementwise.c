// Runs a chain of elementwise operations tile by tile: a tile of each register stays in the
// first-level cache, so a chain of any length reads its inputs and writes its output once.

#include <math.h>

#include "mathematics.h"

typedef struct {
  const fovea_chain *chain;
  const void *const *inputs;
  void *output;
  char *scratch;
  int64_t count, tiles;
} chain_call;

static const int64_t type_bytes[] = {4, 4, 1};

// An input that can be read where it lies: as long as the whole space is one run for it.
static bool reads_in_place(const fovea_chain *chain, int input) {
  if (chain->input_types[input] == FOVEA_BYTE) return false;
  int64_t run = 1;
  for (int axis = chain->rank - 1; axis >= 0; axis--) {
    if (chain->sizes[axis] != 1 && chain->strides[input][axis] != run) return false;
    run *= chain->sizes[axis];
  }
  return true;
}

// Channels that lie together, of AVX-512 and of less.
enum { WIDE_BLOCK = 16, NARROW_BLOCK = 8 };

FOVEA_INLINE void load_rows(const fovea_bits *restrict source, int64_t row_step, int64_t step,
                            int64_t rows, const int block, fovea_bits *restrict tile) {
  for (int64_t r = 0; r < rows; r++, source += row_step, tile += block) {
    if (step == 0)
      for (int i = 0; i < block; i++) tile[i] = source[0];
    else
      for (int i = 0; i < block; i++) tile[i] = source[i];
  }
}

// Rows of a block's length that are elements, or one value each: an input beside blocks of channels.
FOVEA_KERNEL(load_blocks, (const fovea_bits *restrict source, int64_t row_step, int64_t step,
                           int64_t rows, int64_t block, fovea_bits *restrict tile),
             (source, row_step, step, rows, block, tile)) {
  if (block == WIDE_BLOCK)
    load_rows(source, row_step, step, rows, WIDE_BLOCK, tile);
  else
    load_rows(source, row_step, step, rows, NARROW_BLOCK, tile);
}

// Copies elements [begin, begin + count) of the iteration space into a register, widening bytes.
static void load(const fovea_chain *chain, int input, const void *memory, int64_t begin,
                 int64_t count, fovea_bits *restrict tile) {
  int rank = chain->rank;
  const int64_t *sizes = chain->sizes, *strides = chain->strides[input];
  int64_t index[FOVEA_MAXIMUM_RANK], offset = 0, rest = begin;
  for (int axis = rank - 1; axis >= 0; axis--) {
    index[axis] = rest % sizes[axis];
    rest /= sizes[axis];
    offset += index[axis] * strides[axis];
  }
  int64_t inner = sizes[rank - 1], step = strides[rank - 1];
  bool is_block = rank > 1 && (inner == WIDE_BLOCK || inner == NARROW_BLOCK) && step <= 1 &&
                  chain->input_types[input] != FOVEA_BYTE;
  while (count > 0) {
    if (is_block && index[rank - 1] == 0 && count >= inner) {
      int64_t rows = fovea_smaller(sizes[rank - 2] - index[rank - 2], count / inner);
      load_blocks((const fovea_bits *)memory + offset, strides[rank - 2], step, rows, inner, tile);
      tile += rows * inner;
      count -= rows * inner;
      index[rank - 2] += rows;
      offset += rows * strides[rank - 2];
      for (int axis = rank - 2; axis > 0 && index[axis] == sizes[axis]; axis--) {
        offset += strides[axis - 1] - index[axis] * strides[axis];
        index[axis] = 0;
        index[axis - 1]++;
      }
      continue;
    }
    int64_t run = fovea_smaller(inner - index[rank - 1], count);
    if (chain->input_types[input] == FOVEA_BYTE) {
      const uint8_t *source = (const uint8_t *)memory + offset;
      for (int64_t i = 0; i < run; i++) tile[i] = source[i * step];
    } else {
      const fovea_bits *source = (const fovea_bits *)memory + offset;
      if (step == 1) {
        memcpy(tile, source, (size_t)run * 4);
      } else if (step == 0) {
        fovea_bits value = source[0];
        for (int64_t i = 0; i < run; i++) tile[i] = value;
      } else {
        for (int64_t i = 0; i < run; i++) tile[i] = source[i * step];
      }
    }
    tile += run;
    count -= run;
    index[rank - 1] += run;
    offset += run * step;
    for (int axis = rank - 1; axis > 0 && index[axis] == sizes[axis]; axis--) {
      offset += strides[axis - 1] - index[axis] * strides[axis];
      index[axis] = 0;
      index[axis - 1]++;
    }
  }
}

// A loop over a tile. Output and inputs are the same memory or apart, never shifted against each
// other, so iterations are independent.
#define TILE(type, result, expression)                                                    \
  do {                                                                                    \
    result *d = (result *)destination;                                                    \
    const type *a = (const type *)first;                                                  \
    const type *b = (const type *)second;                                                 \
    (void)a;                                                                              \
    (void)b;                                                                              \
    _Pragma("clang loop vectorize(assume_safety)") for (int64_t i = 0; i < n; i++) d[i] = \
        (expression);                                                                     \
  } while (0)

FOVEA_KERNEL(run_instruction, (int opcode, void *destination, const void *first,
                               const void *second, const void *third, int64_t n),
             (opcode, destination, first, second, third, n)) {
  switch (opcode) {
    case FOVEA_ADD_F: TILE(float, float, a[i] + b[i]); break;
    case FOVEA_SUBTRACT_F: TILE(float, float, a[i] - b[i]); break;
    case FOVEA_MULTIPLY_F: TILE(float, float, a[i] * b[i]); break;
    case FOVEA_DIVIDE_F: TILE(float, float, a[i] / b[i]); break;
    case FOVEA_POWER_F:  // a library call for each element: nothing to vectorise
      for (int64_t i = 0; i < n; i++)
        ((float *)destination)[i] = powf(((const float *)first)[i], ((const float *)second)[i]);
      break;
    case FOVEA_MINIMUM_F: TILE(float, float, a[i] < b[i] || a[i] != a[i] ? a[i] : b[i]); break;
    case FOVEA_MAXIMUM_F: TILE(float, float, a[i] > b[i] || a[i] != a[i] ? a[i] : b[i]); break;
    case FOVEA_NEGATE_F: TILE(float, float, -a[i]); break;
    case FOVEA_ABSOLUTE_F: TILE(float, float, __builtin_fabsf(a[i])); break;
    case FOVEA_SIGN_F: TILE(float, float, (float)(a[i] > 0) - (float)(a[i] < 0)); break;
    case FOVEA_SQRT_F: TILE(float, float, __builtin_elementwise_sqrt(a[i])); break;
    case FOVEA_EXP_F: TILE(float, float, fovea_exp(a[i])); break;
    case FOVEA_LOG_F: TILE(float, float, fovea_log(a[i])); break;
    case FOVEA_RELU_F: TILE(float, float, a[i] < 0 ? 0.0f : a[i]); break;
    case FOVEA_SIGMOID_F: TILE(float, float, fovea_sigmoid(a[i])); break;
    case FOVEA_TANH_F: TILE(float, float, fovea_tanh(a[i])); break;
    case FOVEA_ERF_F: TILE(float, float, fovea_erf(a[i])); break;
    case FOVEA_GELU_F: TILE(float, float, fovea_gelu(a[i])); break;
    case FOVEA_GELU_TANH_F: TILE(float, float, fovea_gelu_tanh(a[i])); break;
    case FOVEA_GELU_GRADIENT_F: TILE(float, float, a[i] * fovea_gelu_slope(b[i])); break;
    case FOVEA_RELU_GRADIENT_F: TILE(float, float, b[i] > 0 ? a[i] : 0.0f); break;
    case FOVEA_EQUAL_F: TILE(float, int32_t, a[i] == b[i]); break;
    case FOVEA_LESS_F: TILE(float, int32_t, a[i] < b[i]); break;
    case FOVEA_LESS_OR_EQUAL_F: TILE(float, int32_t, a[i] <= b[i]); break;
    // Unsigned arithmetic wraps, where signed would be undefined.
    case FOVEA_ADD_I: TILE(uint32_t, uint32_t, a[i] + b[i]); break;
    case FOVEA_SUBTRACT_I: TILE(uint32_t, uint32_t, a[i] - b[i]); break;
    case FOVEA_MULTIPLY_I: TILE(uint32_t, uint32_t, a[i] * b[i]); break;
    case FOVEA_MINIMUM_I: TILE(int32_t, int32_t, a[i] < b[i] ? a[i] : b[i]); break;
    case FOVEA_MAXIMUM_I: TILE(int32_t, int32_t, a[i] > b[i] ? a[i] : b[i]); break;
    case FOVEA_NEGATE_I: TILE(uint32_t, uint32_t, 0u - a[i]); break;
    case FOVEA_ABSOLUTE_I: TILE(uint32_t, uint32_t, (int32_t)a[i] < 0 ? 0u - a[i] : a[i]); break;
    case FOVEA_SIGN_I: TILE(int32_t, int32_t, (a[i] > 0) - (a[i] < 0)); break;
    case FOVEA_EQUAL_I: TILE(int32_t, int32_t, a[i] == b[i]); break;
    case FOVEA_LESS_I: TILE(int32_t, int32_t, a[i] < b[i]); break;
    case FOVEA_LESS_OR_EQUAL_I: TILE(int32_t, int32_t, a[i] <= b[i]); break;
    case FOVEA_NOT_I: TILE(int32_t, int32_t, a[i] == 0); break;
    case FOVEA_AND_I: TILE(int32_t, int32_t, (a[i] != 0) & (b[i] != 0)); break;
    case FOVEA_OR_I: TILE(int32_t, int32_t, (a[i] != 0) | (b[i] != 0)); break;
    case FOVEA_SELECT: {
      const int32_t *c =
          (const int32_t *)third;  // rotated so that the macro's a and b are the two values
      TILE(int32_t, int32_t, c[i] != 0 ? a[i] : b[i]);
      break;
    }
    case FOVEA_FLOAT_FROM_INT: TILE(int32_t, float, (float)a[i]); break;
    case FOVEA_INT_FROM_FLOAT: TILE(float, int32_t, (int32_t)a[i]); break;
    case FOVEA_TRUTH_FROM_FLOAT: TILE(float, int32_t, a[i] != 0); break;
    case FOVEA_TRUTH_FROM_INT: TILE(int32_t, int32_t, a[i] != 0); break;
  }
}

static void run_tiles(void *context, int thread, int threads) {
  const chain_call *call = context;
  const fovea_chain *chain = call->chain;
  fovea_bits *buffers =
      (fovea_bits *)(call->scratch + (int64_t)thread * chain->registers * FOVEA_TILE * 4);
  void *registers[128];
  bool in_place[FOVEA_MAXIMUM_OPERANDS];
  for (int r = 0; r < chain->registers; r++) registers[r] = buffers + (int64_t)r * FOVEA_TILE;
  for (int i = 0; i < chain->inputs; i++) in_place[i] = reads_in_place(chain, i);
  for (int c = 0; c < chain->constants; c++) {
    fovea_bits *tile = registers[chain->inputs + c];
    for (int i = 0; i < FOVEA_TILE; i++) tile[i] = chain->constant_bits[c];
  }
  int64_t output_bytes = type_bytes[chain->output_type];
  for (int64_t t = fovea_share(call->tiles, thread, threads),
               last = fovea_share(call->tiles, thread + 1, threads);
       t < last; t++) {
    int64_t begin = t * FOVEA_TILE, n = fovea_smaller(FOVEA_TILE, call->count - begin);
    for (int i = 0; i < chain->inputs; i++) {
      if (in_place[i]) {
        registers[i] = (char *)call->inputs[i] + begin * 4;
      } else {
        load(chain, i, call->inputs[i], begin, n, registers[i]);
      }
    }
    char *output = (char *)call->output + begin * output_bytes;
    for (int k = 0; k < chain->instructions; k++) {
      fovea_instruction step = chain->program[k];
      bool stores = k == chain->instructions - 1 && output_bytes == 4;
      void *destination = stores ? (void *)output : registers[step.destination];
      if (step.opcode == FOVEA_SELECT) {
        run_instruction(step.opcode, destination, registers[step.second], registers[step.third],
                        registers[step.first], n);
      } else {
        run_instruction(step.opcode, destination, registers[step.first], registers[step.second],
                        registers[step.third], n);
      }
    }
    if (output_bytes == 1) {
      const fovea_bits *result = registers[chain->output_register];
      for (int64_t i = 0; i < n; i++) ((uint8_t *)output)[i] = (uint8_t)result[i];
    } else if (chain->instructions == 0) {
      memcpy(output, registers[chain->output_register], (size_t)n * 4);
    }
  }
}

int64_t fovea_chain_scratch(const fovea_chain *chain, int threads) {
  return (int64_t)threads * chain->registers * FOVEA_TILE * 4;
}

void fovea_run_chain(const fovea_chain *chain, const void *const *inputs, void *output,
                     void *scratch, int threads) {
  int64_t count = 1;
  for (int axis = 0; axis < chain->rank; axis++) count *= chain->sizes[axis];
  if (count == 0) return;
  int64_t tiles = (count + FOVEA_TILE - 1) / FOVEA_TILE;
  int64_t useful = count * (chain->instructions + 1) / FOVEA_GRAIN + 1;
  if (useful < threads) threads = (int)useful;
  if (tiles < threads) threads = (int)tiles;
  chain_call call = {chain, inputs, output, scratch, count, tiles};
  fovea_parallel_threads(threads, run_tiles, &call);
}
