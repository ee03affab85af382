// Counts what the calling thread takes from the heap, for tests.
#pragma once

#include <stdint.h>

typedef struct {
  int64_t count;    // calls that take memory
  int64_t largest;  // bytes of the largest one
} allocation_count;

// From now on the calling thread's allocations are counted, from 0.
void allocation_counter_start(void);
// What was counted since the start; counting ends.
allocation_count allocation_counter_stop(void);
