// The program's own malloc takes the place of the C library's for every library that it loads, and
// hands on to it. Memory is freed by the C library's `free`, which knows it.

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "CAllocationCounter.h"

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Thread_local bool counting;
static _Thread_local allocation_count counted;

static void note(size_t bytes) {
  if (!counting) return;
  counted.count++;
  if ((int64_t)bytes > counted.largest) counted.largest = (int64_t)bytes;
}

void *malloc(size_t bytes) {
  note(bytes);
  return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t size) {
  note(count * size);
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t bytes) {
  note(bytes);
  return __libc_realloc(memory, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  note(bytes);
  return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  note(bytes);
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  note(bytes);
  void *found = __libc_memalign(alignment, bytes);
  if (found == NULL) return ENOMEM;
  *memory = found;
  return 0;
}

void allocation_counter_start(void) {
  counted = (allocation_count){0, 0};
  counting = true;
}

allocation_count allocation_counter_stop(void) {
  counting = false;
  return counted;
}
