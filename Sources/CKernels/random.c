// Dropout with counter-based random numbers: Philox4x32-10 of Salmon et al. 2011, the same numbers
// as FoveaArray's RandomKey.

#include "parallel.h"

typedef struct {
  const float *input;
  float *output;
  int64_t count;
  uint32_t key[2], stream;
  float rate;
} dropout_call;

enum { LANES = 16 };

// Four random words for each of 16 positions that follow `first`.
FOVEA_INLINE void philox(uint64_t first, uint32_t stream, const uint32_t *key,
                         uint32_t words[4][LANES]) {
  uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
  for (int j = 0; j < LANES; j++) {
    c0[j] = (uint32_t)(first + (uint64_t)j);
    c1[j] = (uint32_t)((first + (uint64_t)j) >> 32);
    c2[j] = stream;
    c3[j] = 0;
  }
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    for (int j = 0; j < LANES; j++) {
      uint64_t a = (uint64_t)c0[j] * 0xD2511F53u, b = (uint64_t)c2[j] * 0xCD9E8D57u;
      uint32_t n0 = (uint32_t)(b >> 32) ^ c1[j] ^ k0, n2 = (uint32_t)(a >> 32) ^ c3[j] ^ k1;
      c0[j] = n0;
      c1[j] = (uint32_t)b;
      c2[j] = n2;
      c3[j] = (uint32_t)a;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  memcpy(words[0], c0, sizeof c0);
  memcpy(words[1], c1, sizeof c1);
  memcpy(words[2], c2, sizeof c2);
  memcpy(words[3], c3, sizeof c3);
}

FOVEA_KERNEL(drop_blocks, (const dropout_call *call, int64_t begin, int64_t end),
             (call, begin, end)) {
  float scale = 1.0f / (1.0f - call->rate);
  for (int64_t block = begin; block < end; block++) {
    uint32_t words[4][LANES];
    philox((uint64_t)block * LANES, call->stream, call->key, words);
    float factors[4 * LANES];
    for (int j = 0; j < LANES; j++)
      for (int w = 0; w < 4; w++)
        factors[4 * j + w] = (float)(words[w][j] >> 8) * 0x1p-24f >= call->rate ? scale : 0.0f;
    int64_t first = block * 4 * LANES, n = fovea_smaller(4 * LANES, call->count - first);
    for (int64_t i = 0; i < n; i++)
      call->output[first + i] = factors[i] == 0.0f ? 0.0f : call->input[first + i] * factors[i];
  }
}

static void drop_range(void *context, int64_t begin, int64_t end) {
  drop_blocks(context, begin, end);
}

void fovea_dropout(const float *input, const int32_t *key, float *output, int64_t count, float rate,
                   uint32_t stream) {
  dropout_call call = {input, output, count, {(uint32_t)key[0], (uint32_t)key[1]}, stream, rate};
  fovea_parallel_ranges((count + 4 * LANES - 1) / (4 * LANES), 64, drop_range, &call);
}
