// The only place that asks the processor and the environment. FOVEA_CPU limits what is used, so
// that a strong machine can compute as a weak one does.

#include "processor.h"

#include <stdlib.h>

int fovea_level_in_use = FOVEA_BASELINE;
static int best_level = FOVEA_BASELINE;
static bool has_byte_products = false;
static const char *refused_word = NULL;

static const char *const words[] = {"baseline", "avx2", "avx512"};
enum { LEVELS = sizeof words / sizeof words[0] };

// Before main, when nothing has computed yet: a level that changed in between would give a network
// two kinds of rounding.
__attribute__((constructor)) static void choose_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  // The level of the ABI holds whatever the compiler uses in a function that is made for it.
  if (__builtin_cpu_supports("x86-64-v4"))
    best_level = FOVEA_AVX512;
  else if (__builtin_cpu_supports("x86-64-v3"))
    best_level = FOVEA_AVX2;
  has_byte_products = __builtin_cpu_supports("avx512vnni");
#endif
  fovea_level_in_use = best_level;
  const char *word = getenv("FOVEA_CPU");
  if (word == NULL || word[0] == '\0') return;
  int level = 0;
  while (level < LEVELS && strcmp(word, words[level]) != 0) level++;
  if (level <= best_level)
    fovea_level_in_use = level;
  else
    refused_word = word;
}

int fovea_level(void) { return fovea_level_in_use; }

int fovea_best_level(void) { return best_level; }

bool fovea_multiplies_bytes(void) {
  return has_byte_products && fovea_level_in_use == FOVEA_AVX512;
}

const char *fovea_refused_level(void) { return refused_word; }
