// What a program must satisfy.
#include "fk_chain.h"

#include <stddef.h>

int fk_opcode_reads(uint32_t opcode) {
  if (opcode >= FK_OPCODE_COUNT) return -1;
  switch (opcode) {
  case FK_OP_LOAD:
  case FK_OP_CONSTANT:
    return 0;
  case FK_OP_SELECT:
  case FK_OP_MULTIPLY_ADD:
    return 7;
  case FK_OP_ADD_IMMEDIATE:
  case FK_OP_MULTIPLY_IMMEDIATE:
    return 1;
  case FK_OP_MULTIPLY_ADD_IMMEDIATE:
  case FK_OP_ATAN2:
    return 3;
  default:
    return opcode >= FK_OP_ADD && opcode <= FK_OP_XOR ? 3 : 1;
  }
}

static int good_operands(
  const fk_chain *chain, const fk_chain_operand *operands, int count, int write) {
  if (count < 0 || count > FK_CHAIN_OPERANDS || (count > 0 && operands == NULL)) return 0;
  for (int k = 0; k < count; k++) {
    if (fk_type_size(operands[k].type) == 0) return 0;
    for (int axis = 0; axis < chain->rank; axis++)
      if (write && operands[k].stride[axis] == 0 && chain->extent[axis] > 1) return 0;
  }
  return 1;
}

static int good_instructions(const fk_chain *chain) {
  uint32_t written = 0;
  for (int k = 0; k < chain->instruction_count; k++) {
    const fk_instruction *i = &chain->instructions[k];
    int reads = fk_opcode_reads(i->opcode);
    if (reads < 0) return 0;
    const uint16_t sources[3] = {i->a, i->b, i->c};
    for (int s = 0; s < 3; s++) {
      if (!(reads >> s & 1)) continue;
      if (sources[s] >= FK_CHAIN_REGISTERS || !(written >> sources[s] & 1)) return 0;
    }
    if (i->opcode == FK_OP_STORE) {
      if (i->destination >= chain->output_count) return 0;
      continue;
    }
    if (i->opcode == FK_OP_LOAD && i->a >= chain->input_count) return 0;
    if (i->destination >= FK_CHAIN_REGISTERS) return 0;
    written |= 1u << i->destination;
  }
  return 1;
}

fk_status fk_chain_check(const fk_chain *chain) {
  if (chain == NULL || chain->rank < 0 || chain->rank > FK_CHAIN_AXES) return FK_BAD_ARGUMENT;
  int64_t total = 1;
  int empty = 0;
  for (int axis = 0; axis < chain->rank; axis++) {
    if (chain->extent[axis] < 0) return FK_BAD_ARGUMENT;
    empty |= chain->extent[axis] == 0;
  }
  for (int axis = 0; axis < chain->rank && !empty; axis++)
    if (__builtin_mul_overflow(total, chain->extent[axis], &total)) return FK_BAD_ARGUMENT;
  int count = chain->instruction_count;
  if (count < 0 || count > FK_CHAIN_INSTRUCTIONS) return FK_BAD_ARGUMENT;
  if (count > 0 && chain->instructions == NULL) return FK_BAD_ARGUMENT;
  int good = good_operands(chain, chain->inputs, chain->input_count, 0)
             && good_operands(chain, chain->outputs, chain->output_count, 1)
             && good_instructions(chain);
  if (!good) return FK_BAD_ARGUMENT;
  for (int k = 0; k < chain->input_count && !empty; k++)
    if (chain->inputs[k].data == NULL) return FK_BAD_ARGUMENT;
  for (int k = 0; k < chain->output_count && !empty; k++)
    if (chain->outputs[k].data == NULL) return FK_BAD_ARGUMENT;
  return FK_OK;
}
