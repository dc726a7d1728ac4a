// From a program to steps: axes are merged, registers take the place of copies where that is safe,
// and what is the same for every element is set apart.
#include "chain.h"

#include <string.h>

static struct fk_chain_view view_of(const fk_chain *chain, const fk_chain_operand *operand) {
  struct fk_chain_view view = {
    .data = operand->data, .size = fk_type_size(operand->type), .type = operand->type};
  for (int axis = 0; axis < chain->rank; axis++) {
    int64_t extent = chain->extent[axis];
    int64_t stride = operand->stride[axis];
    if (extent == 1) continue;
    int last = view.rank - 1;
    if (view.rank > 0 && view.stride[last] == stride * extent) {
      view.extent[last] *= extent;
      view.stride[last] = stride;
    } else {
      view.extent[view.rank] = extent;
      view.stride[view.rank] = stride;
      view.rank++;
    }
  }
  if (view.rank == 0) {
    view.rank = 1;
    view.extent[0] = 1;
  }
  return view;
}

// The bytes a view touches.
static void range(const struct fk_chain_view *view, char **low, char **high) {
  *low = *high = view->data;
  for (int axis = 0; axis < view->rank; axis++) {
    int64_t reach = view->stride[axis] * (view->extent[axis] - 1) * view->size;
    if (reach < 0) *low += reach;
    else *high += reach;
  }
  *high += view->size;
}

static int overlap(const struct fk_chain_view *x, const struct fk_chain_view *y) {
  char *low_x, *high_x, *low_y, *high_y;
  range(x, &low_x, &high_x);
  range(y, &low_y, &high_y);
  return low_x < high_y && low_y < high_x;
}

static int same_for_all(const struct fk_chain_view *view) {
  return view->rank == 1 && (view->extent[0] == 1 || view->stride[0] == 0);
}

static int reads_register(const struct fk_chain_step *step, int name) {
  int reads = fk_opcode_reads(step->opcode);
  return ((reads & 1) && step->a == name) || ((reads & 2) && step->b == name)
         || ((reads & 4) && step->c == name);
}

static int writes_register(const struct fk_chain_step *step, int name) {
  return step->opcode != FK_OP_STORE && step->destination == name;
}

// Marks what can be computed once: constants, inputs that are one number, and operations on such,
// in registers that are written only there.
static void mark_once(struct fk_chain_plan *plan) {
  int writes[FK_CHAIN_REGISTERS] = {0};
  for (int k = 0; k < plan->step_count; k++)
    if (plan->steps[k].opcode != FK_OP_STORE) writes[plan->steps[k].destination]++;
  uint32_t constant = 0;
  for (int k = 0; k < plan->step_count; k++) {
    struct fk_chain_step *step = &plan->steps[k];
    if (step->opcode == FK_OP_STORE || writes[step->destination] > 1) continue;
    int reads = fk_opcode_reads(step->opcode);
    int once = (!(reads & 1) || constant >> step->a & 1)
               && (!(reads & 2) || constant >> step->b & 1)
               && (!(reads & 4) || constant >> step->c & 1);
    if (step->opcode == FK_OP_LOAD) once = same_for_all(&plan->inputs[step->a]);
    if (!once) continue;
    step->once = 1;
    constant |= 1u << step->destination;
  }
}

// Lets an operation write to an output's memory instead of a register that is then stored. Not when
// an overlapping input is loaded between the two, nor when another output lies there, since the
// register goes on living in that memory. Streamed memory is not worth reading again.
static void write_through(struct fk_chain_plan *plan) {
  if ((plan->flags & FK_CHAIN_STREAM) != 0) return;
  for (int k = 0; k < plan->step_count; k++) {
    struct fk_chain_step *store = &plan->steps[k];
    if (store->opcode != FK_OP_STORE) continue;
    const struct fk_chain_view *output = &plan->outputs[store->destination];
    int safe = output->type == FK_F32;
    for (int other = 0; other < plan->step_count && safe; other++) {
      const struct fk_chain_step *step = &plan->steps[other];
      if (other != k && step->opcode == FK_OP_STORE)
        safe = !overlap(&plan->outputs[step->destination], output);
    }
    int source = k - 1;
    while (source >= 0 && !writes_register(&plan->steps[source], store->a)) {
      const struct fk_chain_step *between = &plan->steps[source--];
      if (between->opcode == FK_OP_LOAD && overlap(&plan->inputs[between->a], output)) safe = 0;
    }
    if (!safe || source < 0) continue;
    struct fk_chain_step *from = &plan->steps[source];
    if (from->opcode == FK_OP_LOAD || from->once || from->output >= 0) continue;
    from->output = (int16_t)store->destination;
    store->skipped = 1;
  }
}

// Lets a load answer the input's own memory, unless that is overwritten while still needed.
static void read_through(struct fk_chain_plan *plan) {
  for (int k = 0; k < plan->step_count; k++) {
    struct fk_chain_step *load = &plan->steps[k];
    if (load->opcode != FK_OP_LOAD || plan->inputs[load->a].type != FK_F32) continue;
    int overwritten = 0;
    load->in_place = 1;
    for (int after = k + 1; after < plan->step_count; after++) {
      const struct fk_chain_step *next = &plan->steps[after];
      if (overwritten && reads_register(next, load->destination)) load->in_place = 0;
      if (writes_register(next, load->destination)) break;
      int output = next->opcode == FK_OP_STORE ? next->destination : next->output;
      if (output >= 0 && overlap(&plan->inputs[load->a], &plan->outputs[output])) overwritten = 1;
    }
  }
}

static void choose_blocks(const fk_chain *chain, struct fk_chain_plan *plan, int64_t total) {
  // Rows are the innermost axes that are contiguous for all operands together. Short rows are
  // not worth blocks of their own: blocks then run across them.
  enum { SHORT_ROW = 384, LONG_BLOCK = 1024, SHORT_BLOCK = 512 };
  int64_t row = total;
  for (int k = 0; k < chain->input_count + chain->output_count; k++) {
    const struct fk_chain_view *view =
      k < chain->input_count ? &plan->inputs[k] : &plan->outputs[k - chain->input_count];
    int64_t extent = view->extent[view->rank - 1];
    if (!same_for_all(view) && extent < row) row = extent;
  }
  if (row < SHORT_ROW) row = total;
  plan->row = row;
  plan->rows = total / row;
  // All registers together stay in the first cache.
  int64_t block = plan->scratch_registers > 6 ? SHORT_BLOCK : LONG_BLOCK;
  plan->blocks_per_row = (row + block - 1) / block;
  int64_t even = (row + plan->blocks_per_row - 1) / plan->blocks_per_row;
  plan->block = (even + 15) / 16 * 16;
  plan->blocks_per_row = (row + plan->block - 1) / plan->block;
}

// How large arrays are met. Measured on Zen 4: fetching ahead makes Adam 1.3 times faster, as its
// arithmetic and its memory then overlap, but costs a chain of one or two operations a fifth.
// Streaming saves a sixth where outputs are arrays of their own, and costs a third in place, where
// the lines have been read anyway.
static void choose_memory(struct fk_chain_plan *plan, int64_t total) {
  enum { LARGE = 8 << 20, BUSY = 6 };
  int64_t bytes = 0;
  int operations = 0;
  for (int k = 0; k < plan->input_count; k++)
    if (!same_for_all(&plan->inputs[k])) bytes += plan->inputs[k].size;
  for (int k = 0; k < plan->step_count; k++)
    operations += plan->steps[k].opcode != FK_OP_LOAD && plan->steps[k].opcode != FK_OP_STORE;
  plan->prefetch = total >= LARGE / (bytes > 0 ? bytes : 1) && operations >= BUSY;
  for (int k = 0; k < plan->output_count; k++)
    for (int input = 0; input < plan->input_count; input++)
      if (overlap(&plan->outputs[k], &plan->inputs[input]))
        plan->flags &= ~(uint32_t)FK_CHAIN_STREAM;
}

int64_t fk_chain_prepare(const fk_chain *chain, struct fk_chain_plan *plan) {
  int64_t total = 1;
  for (int axis = 0; axis < chain->rank; axis++) total *= chain->extent[axis];
  if (total == 0) return 0;
  plan->convert = FK_SELECT(fk_convert_table);
  plan->table = FK_SELECT(fk_chain_table);
  plan->flags = chain->flags;
  plan->input_count = chain->input_count;
  plan->output_count = chain->output_count;
  for (int k = 0; k < chain->input_count; k++) plan->inputs[k] = view_of(chain, &chain->inputs[k]);
  for (int k = 0; k < chain->output_count; k++)
    plan->outputs[k] = view_of(chain, &chain->outputs[k]);
  plan->step_count = chain->instruction_count;
  uint32_t used = 0;
  for (int k = 0; k < plan->step_count; k++) {
    const fk_instruction *i = &chain->instructions[k];
    plan->steps[k] = (struct fk_chain_step){
      .opcode = i->opcode, .destination = i->destination, .a = i->a, .b = i->b, .c = i->c,
      .output = -1, .immediate = i->immediate};
    if (i->opcode != FK_OP_STORE) used |= 1u << i->destination;
  }
  plan->scratch_registers = __builtin_popcount(used);
  choose_memory(plan, total);
  mark_once(plan);
  write_through(plan);
  read_through(plan);
  choose_blocks(chain, plan, total);
  return total;
}
