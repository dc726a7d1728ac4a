// A chain made ready to run.
#ifndef FK_CHAIN_PLAN_H
#define FK_CHAIN_PLAN_H

#include "fk_chain.h"
#include "tables.h"

// An operand with its own axes merged as far as its strides allow, innermost last.
struct fk_chain_view {
  char *data;
  int64_t size;  // of an element
  fk_type type;
  int rank;
  int64_t extent[FK_CHAIN_AXES];
  int64_t stride[FK_CHAIN_AXES];
};

struct fk_chain_step {
  uint16_t opcode;
  uint16_t destination;
  uint16_t a, b, c;
  // Loads: the register may be the input's memory itself.
  uint8_t in_place;
  // Once per thread instead of once per block.
  uint8_t once;
  // Operations: the output whose memory the result is written to at once, else -1. Stores that
  // have been replaced so are skipped.
  int16_t output;
  uint8_t skipped;
  float immediate;
};

struct fk_chain_plan {
  const struct fk_convert_table *convert;
  const struct fk_chain_table *table;
  int step_count;
  int input_count;
  int output_count;
  int scratch_registers;
  uint32_t flags;
  // Ask for the next block of the inputs while computing this one.
  int prefetch;
  // The elements are `rows` rows of `row` in memory order; blocks do not cross the end of a row.
  int64_t rows;
  int64_t row;
  int64_t block;
  int64_t blocks_per_row;
  struct fk_chain_view inputs[FK_CHAIN_OPERANDS];
  struct fk_chain_view outputs[FK_CHAIN_OPERANDS];
  struct fk_chain_step steps[FK_CHAIN_INSTRUCTIONS];
};

// The plan of a chain that has been checked. Answers the number of elements.
int64_t fk_chain_prepare(const fk_chain *chain, struct fk_chain_plan *plan);

// n elements from linear index `begin` on, packed as f32.
void fk_chain_read(
  const struct fk_convert_table *convert, const struct fk_chain_view *view, int64_t begin,
  int64_t n, float *to);
void fk_chain_write(
  const struct fk_convert_table *convert, const struct fk_chain_view *view, int64_t begin,
  int64_t n, const float *from);

// The address of element `begin` when the n from there on are contiguous f32, else NULL.
float *fk_chain_contiguous(const struct fk_chain_view *view, int64_t begin, int64_t n);

#endif
