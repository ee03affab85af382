// How threads of a team wait for each other: by spinning on a machine of their own, by sleeping where
// others want the processors.
//
// GNU OpenMP lets a thread spin for 300,000 turns, some milliseconds, before it sleeps: fastest on an
// idle machine, and many times slower as soon as somebody else computes, because the thread that is
// waited for does not run while others spin. It reads its settings once, when it is loaded, before
// a library can say anything. But it spins for 100 turns only while it manages more threads than
// there are processors (`gomp_managed_threads > gomp_available_cpus` in its wait.h). So a second
// team, which sleeps inside a region of its own and computes nothing, makes all waits of the process
// short; when it leaves, they are long again. Results do not depend on it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "parallel.h"

extern int omp_get_num_procs(void);

int fovea_processors(void) { return omp_get_num_procs(); }

int fovea_thread_id(void) { return (int)syscall(SYS_gettid); }

// MARK: The sleeping team

static pthread_mutex_t sleep_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t sleep_end = PTHREAD_COND_INITIALIZER;
static int sleep_is_wanted = 0, sleepers = 0;

static void sleep_in_region(void *context, int thread, int threads) {
  (void)context, (void)thread, (void)threads;
  pthread_mutex_lock(&sleep_mutex);
  sleepers++;
  while (sleep_is_wanted) pthread_cond_wait(&sleep_end, &sleep_mutex);
  sleepers--;
  pthread_mutex_unlock(&sleep_mutex);
}

static void *open_region(void *context) {
  (void)context;
  // One more than processors is enough whatever other teams there are.
  fovea_parallel_threads(fovea_processors() + 1, sleep_in_region, NULL);
  return NULL;
}

void fovea_wait_briefly(int briefly) {
  pthread_mutex_lock(&sleep_mutex);
  int starts = briefly && !sleep_is_wanted && sleepers == 0;
  // The last team must have left before another comes; until then the answer is as before.
  if (starts) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 << 10);
    // Signals are for the program's own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, &attributes, open_region, NULL) == 0) {
      pthread_detach(thread);
      sleep_is_wanted = 1;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
  } else if (!briefly && sleep_is_wanted) {
    sleep_is_wanted = 0;
    pthread_cond_broadcast(&sleep_end);
  }
  pthread_mutex_unlock(&sleep_mutex);
}

int fovea_sleeping_threads(void) {
  pthread_mutex_lock(&sleep_mutex);
  int count = sleepers;
  pthread_mutex_unlock(&sleep_mutex);
  return count;
}

// MARK: When

int fovea_should_wait_briefly(fovea_wait_state *state, double now, double ran, double waited) {
  // Less says nothing: a thread that was just started shares a processor with its maker for some
  // milliseconds. Threads that sleep wait to be woken, too, also with nobody beside them: on a
  // machine of one's own that was up to a tenth of the time of small steps, and beside another
  // program of as many threads a half.
  const double least = 0.100, crowded = 0.25, free = 0.15;
  const double shortest_hold = 0.5, longest_hold = 8;
  if (state->hold == 0) state->hold = shortest_hold;
  state->ran += ran;
  state->waited += waited;
  if (state->ran + state->waited < least) return state->briefly;
  double share = state->waited / (state->ran + state->waited);
  state->ran = state->waited = 0;
  if (!state->briefly) {
    if (share > crowded) {
      // Crowded again soon after: the next try costs as much as this one, so it comes later.
      int soon = state->since > 0 && now - state->since < 2 * state->hold;
      state->hold = soon ? 2 * state->hold : shortest_hold;
      if (state->hold > longest_hold) state->hold = longest_hold;
      state->briefly = 1;
      state->since = now;
    }
  } else if (share > free) {
    state->since = now;
  } else if (now - state->since > state->hold) {
    state->briefly = 0;
    state->since = now;
  }
  return state->briefly;
}

// MARK: The team's time

// More threads of a team than this say nothing new.
enum { MOST_WATCHED = 16 };

typedef struct {
  int id;
  double ran, waited;
} thread_time;

static void note_id(void *context, int thread, int threads) {
  (void)threads;
  if (thread < MOST_WATCHED) ((thread_time *)context)[thread].id = fovea_thread_id();
}

// Seconds that a thread has run, and been ready to run without a processor, by the kernel's
// accounting; 0 where it is not to be had.
static int read_time(thread_time *time) {
  char path[64], text[96];
  snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", time->id);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return 0;
  text[count] = 0;
  char *end = text;
  time->ran = 1e-9 * (double)strtoull(text, &end, 10);
  time->waited = 1e-9 * (double)strtoull(end, NULL, 10);
  return 1;
}

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void fovea_watch_team(void) {
  const double interval = 0.020;
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static double next = 0;
  static int is_decided = -1;
  static thread_time before[MOST_WATCHED];
  static fovea_wait_state state;
  double now = seconds(CLOCK_MONOTONIC_COARSE);
  if (pthread_mutex_trylock(&mutex) != 0) return;
  if (is_decided < 0) {
    // Whoever set one of these has decided.
    is_decided = getenv("OMP_WAIT_POLICY") != NULL || getenv("GOMP_SPINCOUNT") != NULL;
  }
  int threads = fovea_threads();
  if (!is_decided && threads > 1 && now >= next) {
    next = now + interval;
    thread_time times[MOST_WATCHED] = {0};
    fovea_parallel_threads(threads, note_id, times);
    if (threads > MOST_WATCHED) threads = MOST_WATCHED;
    double ran = 0, waited = 0;
    for (int thread = 0; thread < threads; thread++) {
      if (!read_time(&times[thread])) continue;
      for (int other = 0; other < MOST_WATCHED; other++) {
        if (before[other].id != times[thread].id) continue;
        ran += times[thread].ran - before[other].ran;
        waited += times[thread].waited - before[other].waited;
      }
    }
    for (int thread = 0; thread < MOST_WATCHED; thread++) before[thread] = times[thread];
    fovea_wait_briefly(fovea_should_wait_briefly(&state, now, ran, waited));
  }
  pthread_mutex_unlock(&mutex);
}
