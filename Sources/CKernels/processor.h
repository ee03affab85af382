// One binary for several instruction sets.
#pragma once

#include <string.h>

#include "CKernels.h"

#define FOVEA_INLINE static inline __attribute__((always_inline))

// `enum fovea_level`; set before main.
extern int fovea_level_in_use __attribute__((visibility("hidden")));

#if defined(__x86_64__)
// x86-64-v3 and v4 by their parts: by their names they would bring a tuning that avoids vectors of
// 512 bits.
#define FOVEA_TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt")))
#define FOVEA_TARGET_AVX512                                                                     \
  __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,bmi,bmi2,f16c,fma,lzcnt," \
                        "movbe,popcnt")))

// FOVEA_KERNEL(name, (int a, float b), (a, b)) { … } defines a static function that is compiled for
// every level, and runs as the level in use has it. The compiler's own `target_clones` would ask
// the processor and nobody else.
#define FOVEA_KERNEL(name, parameters, arguments)            \
  FOVEA_INLINE void name##_body parameters;                  \
  FOVEA_TARGET_AVX512 static void name##_avx512 parameters { \
    name##_body arguments;                                   \
  }                                                          \
  FOVEA_TARGET_AVX2 static void name##_avx2 parameters {     \
    name##_body arguments;                                   \
  }                                                          \
  static void name##_baseline parameters {                   \
    name##_body arguments;                                   \
  }                                                          \
  static void name parameters {                              \
    switch (fovea_level_in_use) {                            \
      case FOVEA_AVX512: name##_avx512 arguments; break;     \
      case FOVEA_AVX2: name##_avx2 arguments; break;         \
      default: name##_baseline arguments;                    \
    }                                                        \
  }                                                          \
  FOVEA_INLINE void name##_body parameters
#else
#define FOVEA_KERNEL(name, parameters, arguments) static void name parameters
#endif
