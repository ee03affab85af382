#include "parallel.h"

// GNU OpenMP's entry points, called by hand: the compiler that comes with Swift has no OpenMP of
// its own, and only this runtime shares its threads with oneDNN as Debian builds it.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);
extern int omp_get_num_threads(void);
extern int omp_get_thread_num(void);
extern void omp_set_num_threads(int threads);

int fovea_threads(void) { return omp_get_max_threads(); }

void fovea_set_threads(int threads) { omp_set_num_threads(threads); }

typedef struct {
  fovea_thread_body body;
  void *context;
} thread_call;

static void call_thread(void *data) {
  const thread_call *call = data;
  call->body(call->context, omp_get_thread_num(), omp_get_num_threads());
}

void fovea_parallel_threads(int threads, fovea_thread_body body, void *context) {
  if (threads <= 1) {
    body(context, 0, 1);
    return;
  }
  thread_call call = {body, context};
  GOMP_parallel(call_thread, &call, (unsigned)threads, 0);
}

typedef struct {
  fovea_range_body body;
  void *context;
  int64_t count;
} range_call;

static void call_range(void *data, int thread, int threads) {
  const range_call *call = data;
  int64_t begin = fovea_share(call->count, thread, threads),
          end = fovea_share(call->count, thread + 1, threads);
  if (begin < end) call->body(call->context, begin, end);
}

void fovea_parallel_ranges(int64_t count, int64_t grain, fovea_range_body body, void *context) {
  if (count <= 0) return;
  int64_t useful = grain > 0 ? (count + grain - 1) / grain : count;
  int threads = omp_get_max_threads();
  if (useful < threads) threads = (int)useful;
  if (threads <= 1) {
    body(context, 0, count);
    return;
  }
  range_call call = {body, context, count};
  fovea_parallel_threads(threads, call_range, &call);
}
