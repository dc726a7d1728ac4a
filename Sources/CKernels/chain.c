// Runs prepared chains.
#include "chain.h"

#include <stdatomic.h>

enum { LARGEST_BLOCK = 1024 };

static void run_step(const struct fk_chain_plan *plan, const struct fk_chain_step *step,
                     float **at, float (*scratch)[LARGEST_BLOCK], int64_t begin, int64_t n) {
  if (step->opcode == FK_OP_LOAD) {
    const struct fk_chain_view *view = &plan->inputs[step->a];
    float *memory = step->in_place && !step->once ? fk_chain_contiguous(view, begin, n) : NULL;
    if (memory == NULL) {
      memory = scratch[step->destination];
      fk_chain_read(plan->convert, view, begin, n, memory);
    }
    if (plan->prefetch && memory != scratch[step->destination]) {
      const char *next = (const char *)(memory + n);
      for (int64_t line = 0; line < n * 4; line += 64) __builtin_prefetch(next + line, 0, 2);
    }
    at[step->destination] = memory;
    return;
  }
  if (step->opcode == FK_OP_STORE) {
    const struct fk_chain_view *view = &plan->outputs[step->destination];
    float *memory = fk_chain_contiguous(view, begin, n);
    // The result is there already when the operation found the output contiguous, too.
    if (step->skipped && memory != NULL) return;
    if (memory != NULL && (plan->flags & FK_CHAIN_STREAM) != 0 && ((uintptr_t)memory & 63) == 0)
      plan->table->stream(memory, at[step->a], n);
    else fk_chain_write(plan->convert, view, begin, n, at[step->a]);
    return;
  }
  float *memory = NULL;
  if (step->output >= 0) memory = fk_chain_contiguous(&plan->outputs[step->output], begin, n);
  if (memory == NULL) memory = scratch[step->destination];
  int reads = fk_opcode_reads(step->opcode);
  plan->table->op[step->opcode](
    memory, reads & 1 ? at[step->a] : NULL, reads & 2 ? at[step->b] : NULL,
    reads & 4 ? at[step->c] : NULL, step->immediate, n);
  at[step->destination] = memory;
}

static void run_blocks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct fk_chain_plan *plan = context;
  _Alignas(64) float scratch[FK_CHAIN_REGISTERS][LARGEST_BLOCK];
  float *at[FK_CHAIN_REGISTERS];
  for (int k = 0; k < plan->step_count; k++) {
    const struct fk_chain_step *step = &plan->steps[k];
    if (!step->once) continue;
    // Inputs that are one number answer it at every index, so index 0 serves for a whole block.
    run_step(plan, step, at, scratch, 0, step->opcode == FK_OP_LOAD ? 1 : plan->block);
    if (step->opcode == FK_OP_LOAD)
      plan->convert->repeat(
        scratch[step->destination], scratch[step->destination], plan->block, 1, 0);
  }
  for (int64_t index = begin; index < end; index++) {
    int64_t row = index / plan->blocks_per_row;
    int64_t within = (index - row * plan->blocks_per_row) * plan->block;
    int64_t n = plan->row - within < plan->block ? plan->row - within : plan->block;
    for (int k = 0; k < plan->step_count; k++) {
      const struct fk_chain_step *step = &plan->steps[k];
      if (!step->once) run_step(plan, step, at, scratch, row * plan->row + within, n);
    }
  }
  // Streaming stores are not ordered by whatever tells the other threads that this one is done.
  if ((plan->flags & FK_CHAIN_STREAM) != 0) atomic_thread_fence(memory_order_seq_cst);
}

fk_status fk_chain_run(const fk_chain *chain) {
  fk_status status = fk_chain_check(chain);
  if (status != FK_OK) return status;
  struct fk_chain_plan plan;
  if (fk_chain_prepare(chain, &plan) == 0) return FK_OK;
  // About 10 GB/s of memory and 16 elements per instruction and nanosecond.
  double bytes = 0;
  for (int k = 0; k < plan.input_count; k++) bytes += (double)plan.inputs[k].size;
  for (int k = 0; k < plan.output_count; k++) bytes += (double)plan.outputs[k].size;
  double nanoseconds = (double)plan.block * (bytes / 20 + plan.step_count / 16.0);
  fk_parallel_grain(plan.rows * plan.blocks_per_row, fk_grain(nanoseconds), run_blocks, &plan);
  return FK_OK;
}
