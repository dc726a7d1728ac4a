// What each variant provides, as tables of functions.
#ifndef FK_TABLES_H
#define FK_TABLES_H

#include "fk_chain.h"
#include "fk_random.h"
#include "isa.h"

// Converts n contiguous elements of some type to or from f32, following the rules of fk_chain.
typedef void (*fk_load_function)(float *to, const void *from, int64_t n);
typedef void (*fk_store_function)(void *to, const float *from, int64_t n);

struct fk_convert_table {
  fk_load_function load[FK_TYPE_COUNT];
  fk_store_function store[FK_TYPE_COUNT];
  // `rows` rows of `n` contiguous f32 each, the rows `stride` elements apart, packed.
  void (*load_rows)(float *to, const float *from, int64_t n, int64_t rows, int64_t stride);
  // `rows` numbers, `stride` elements apart, each repeated n times.
  void (*repeat)(float *to, const float *from, int64_t n, int64_t rows, int64_t stride);
};

typedef void (*fk_op_function)(
  float *d, const float *a, const float *b, const float *c, float immediate, int64_t n);

struct fk_chain_table {
  fk_op_function op[FK_OPCODE_COUNT];
  void (*stream)(float *d, const float *a, int64_t n);
};

struct fk_copy_table {
  // to[i, j] = from[j, i] for m x n elements of 1, 2, 4 and 8 bytes; strides are those of rows.
  void (*transpose[4])(
    void *to, int64_t to_stride, const void *from, int64_t from_stride, int64_t m, int64_t n);
};

enum fk_random_kind {
  FK_RANDOM_WORDS,
  FK_RANDOM_UNIFORM,
  FK_RANDOM_NORMAL,
  FK_RANDOM_BERNOULLI,
};

struct fk_random_table {
  // n elements from the first word of counter + block on.
  void (*fill[4])(const fk_philox *state, uint64_t block, float p, float *to, int64_t n);
};

extern const struct fk_random_table fk_random_table_portable;
// How one reduction is made of passes over the elements.
enum fk_reduce_pass {
  FK_PASS_SUM,
  FK_PASS_SQUARES,
  FK_PASS_PRODUCT,
  FK_PASS_MAXIMUM,
  FK_PASS_MINIMUM,
  FK_PASS_EXPONENTIALS,  // the sum of exp(x - shift)
  FK_PASS_COUNT,
};

struct fk_reduce_table {
  // n contiguous elements to one number.
  double (*row[FK_PASS_COUNT])(const float *from, int64_t n, float shift);
  // Takes rows of `width` contiguous elements, `stride` apart, into `width` numbers.
  void (*columns[FK_PASS_COUNT])(
    double *to, const float *from, int64_t rows, int64_t stride, int64_t width,
    const float *shifts);
};

extern const struct fk_reduce_table fk_reduce_table_portable;
extern const struct fk_convert_table fk_convert_table_portable;
extern const struct fk_copy_table fk_copy_table_portable;
extern const struct fk_chain_table fk_chain_table_portable;
#if FK_X86
extern const struct fk_copy_table fk_copy_table_avx2;
extern const struct fk_copy_table fk_copy_table_avx512;
extern const struct fk_random_table fk_random_table_avx2;
extern const struct fk_random_table fk_random_table_avx512;
extern const struct fk_reduce_table fk_reduce_table_avx2;
extern const struct fk_reduce_table fk_reduce_table_avx512;
extern const struct fk_convert_table fk_convert_table_avx2;
extern const struct fk_convert_table fk_convert_table_avx512;
extern const struct fk_chain_table fk_chain_table_avx2;
extern const struct fk_chain_table fk_chain_table_avx512;
#endif

#endif
