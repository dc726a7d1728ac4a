// Element types, the choice of instruction set, threads and memory.
#ifndef FK_BASE_H
#define FK_BASE_H

#include <stddef.h>
#include <stdint.h>

// The order is part of the interface: raw values 0 to 8.
typedef enum fk_type {
  FK_F32 = 0,
  FK_F64 = 1,
  FK_BF16 = 2,
  FK_F16 = 3,
  FK_S8 = 4,
  FK_U8 = 5,
  FK_S32 = 6,
  FK_S64 = 7,
  FK_BOOL = 8,
} fk_type;

enum { FK_TYPE_COUNT = 9 };

// Bytes of one element; 0 for a value that is no type.
int64_t fk_type_size(fk_type type);

// What a call that can refuse answers.
typedef enum fk_status {
  FK_OK = 0,
  FK_BAD_ARGUMENT = 1,
  FK_OUT_OF_MEMORY = 2,
} fk_status;

// Variants of every vectorised kernel. FK_ISA_PORTABLE is compiled with the compiler's baseline:
// SSE2 on x86-64, NEON on arm64.
typedef enum fk_isa {
  FK_ISA_PORTABLE = 0,
  FK_ISA_AVX2 = 1,
  FK_ISA_AVX512 = 2,
} fk_isa;

// The variant in use: the best this processor runs, unless one was forced.
fk_isa fk_active_isa(void);

// Forces a variant for kernels called from this thread (tests do), or with -1 the best one again.
// Answers whether this processor can run it; when it cannot, nothing changes.
int fk_force_isa(int isa);

// The best variant that FOVEA_INSTRUCTIONS (avx512, avx2 or portable) allows in this process. What
// is above it does not exist for anyone who asks the functions here.
fk_isa fk_isa_limit(void);

int fk_cpu_has_avx512(void);
int fk_cpu_has_bf16(void);
// Whether products of bytes are summed in 32 bits by one instruction that oneDNN uses.
int fk_cpu_has_byte_products(void);

// Writes the processor's marketing name, always terminated; answers its length.
int fk_cpu_name(char *name, size_t size);

// Bytes of cache: level 2 of one core, level 3 as one core sees it. A careful guess where the
// system does not say.
int64_t fk_cpu_level2_bytes(void);
int64_t fk_cpu_level3_bytes(void);

// The number of threads parallel kernels use; 0 or less restores the default: the processors this
// process may run on, or what OMP_NUM_THREADS says. On Linux it also sets what oneDNN will use when
// called from the same thread, since both share libgomp.
void fk_set_threads(int count);
int fk_threads(void);

// Repeats on the calling thread what fk_set_threads did on another: libgomp keeps its setting, and
// its pool, per calling thread. Cheap enough to be called before every run.
void fk_adopt_threads(void);

typedef void (*fk_body)(void *context, int64_t begin, int64_t end, int thread);

// Calls body over [0, tasks) cut into one contiguous piece per thread; `thread` counts from 0 and
// is below fk_threads(). Runs inline with one task, with one thread, or inside another parallel
// call.
void fk_parallel(int64_t tasks, fk_body body, void *context);

// The same with at least `grain` tasks for every thread, so that small work is never handed out.
void fk_parallel_grain(int64_t tasks, int64_t grain, fk_body body, void *context);

// A grain for tasks that take about this many nanoseconds each on one thread.
int64_t fk_grain(double nanoseconds_per_task);

// Memory aligned to 64 bytes, or from 4 MiB on to 2 MiB with the advice to use huge pages. NULL
// when there is none or size is negative; give it back with fk_free.
void *fk_allocate(int64_t size);
void fk_free(void *memory);

#endif
