// One pool for all: oneDNN computes on libgomp's threads, so kernels here do too.
#include "fk_base.h"

#include <stdatomic.h>

#if defined(__linux__)
// What a compiler emits for `#pragma omp parallel`, declared by hand so that no compiler flag is
// needed.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_in_parallel(void);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int);
#elif defined(__APPLE__)
#include <dispatch/dispatch.h>
#include <unistd.h>
#endif

// 0 stands for the default.
static atomic_int chosen_threads;

static int default_threads(void) {
#if defined(__linux__)
  static atomic_int known;
  int count = atomic_load_explicit(&known, memory_order_relaxed);
  if (count == 0) {
    // The processors this process may run on, unless OMP_NUM_THREADS says otherwise.
    count = omp_get_max_threads();
    if (count < 1) count = 1;
    atomic_store_explicit(&known, count, memory_order_relaxed);
  }
  return count;
#elif defined(__APPLE__)
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int)count;
#else
  return 1;
#endif
}

int fk_threads(void) {
  int chosen = atomic_load_explicit(&chosen_threads, memory_order_relaxed);
  return chosen > 0 ? chosen : default_threads();
}

void fk_set_threads(int count) {
  enum { MOST = 1024 };
  // What libgomp is told below must not be taken for its default afterwards.
  (void)default_threads();
  if (count < 0) count = 0;
  if (count > MOST) count = MOST;
  atomic_store_explicit(&chosen_threads, count, memory_order_relaxed);
  fk_adopt_threads();
}

void fk_adopt_threads(void) {
#if defined(__linux__)
  omp_set_num_threads(fk_threads());
#endif
}

struct work {
  fk_body body;
  void *context;
  int64_t tasks;
  int64_t pieces;
};

static void run_piece(const struct work *work, int64_t piece, int64_t pieces) {
  // Division first: tasks * piece might not fit.
  int64_t size = work->tasks / pieces;
  int64_t longer = work->tasks % pieces;
  int64_t begin = piece * size + (piece < longer ? piece : longer);
  int64_t end = begin + size + (piece < longer);
  if (begin < end) work->body(work->context, begin, end, (int)piece);
}

#if defined(__linux__)
static void run_on_team(void *data) {
  // libgomp may give fewer threads than asked for.
  run_piece(data, omp_get_thread_num(), omp_get_num_threads());
}
#elif defined(__APPLE__)
static _Thread_local int inside_parallel;

static void run_on_queue(void *data, size_t piece) {
  const struct work *work = data;
  inside_parallel = 1;
  run_piece(work, (int64_t)piece, work->pieces);
  inside_parallel = 0;
}
#endif

void fk_parallel_grain(int64_t tasks, int64_t grain, fk_body body, void *context) {
  if (tasks <= 0) return;
  int64_t pieces = fk_threads();
  int64_t useful = tasks / (grain > 1 ? grain : 1);
  if (pieces > useful) pieces = useful;
#if defined(__linux__)
  if (pieces > 1 && !omp_in_parallel()) {
    struct work work = {body, context, tasks, pieces};
    GOMP_parallel(run_on_team, &work, (unsigned)pieces, 0);
    return;
  }
#elif defined(__APPLE__)
  if (pieces > 1 && !inside_parallel) {
    struct work work = {body, context, tasks, pieces};
    dispatch_apply_f((size_t)pieces, DISPATCH_APPLY_AUTO, &work, run_on_queue);
    return;
  }
#endif
  body(context, 0, tasks, 0);
}

void fk_parallel(int64_t tasks, fk_body body, void *context) {
  fk_parallel_grain(tasks, 1, body, context);
}

int64_t fk_grain(double nanoseconds_per_task) {
  // Starting a team that is still awake, as it is between the steps of a plan, takes 1 to 2
  // microseconds; a thread's share should be above that.
  const double worthwhile = 4000;
  if (!(nanoseconds_per_task > 0)) return INT64_MAX;
  double grain = worthwhile / nanoseconds_per_task;
  return grain < 1 ? 1 : grain > 1e15 ? (int64_t)1e15 : (int64_t)grain;
}
