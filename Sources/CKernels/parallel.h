// What the kernels share: how work is divided.
#pragma once

#include <stddef.h>

#include "processor.h"

// 32 bits of any type: memory is written as floats and moved as bits, or the other way round.
typedef uint32_t __attribute__((may_alias)) fovea_bits;

// Elements below which a second thread costs more than it saves (an empty parallel region takes
// about a microsecond).
enum { FOVEA_GRAIN = 8192 };

// Where the share of `thread` begins when `count` elements are divided among `threads`.
FOVEA_INLINE int64_t fovea_share(int64_t count, int64_t thread, int64_t threads) {
  return count * thread / threads;
}

FOVEA_INLINE int64_t fovea_smaller(int64_t a, int64_t b) { return a < b ? a : b; }
