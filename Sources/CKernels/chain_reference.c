// The meaning of chains: one element at a time, in double, with the C library.
#include "chain.h"
#include "convert.h"

static double remainder_of(double a, double b) {
  double r = fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

static double unary(fk_opcode opcode, double a) {
  switch (opcode) {
  case FK_OP_NEGATE:
    return -a;
  case FK_OP_ABSOLUTE:
    return fabs(a);
  case FK_OP_SIGN:
    return a != a ? a : (a > 0) - (a < 0);
  case FK_OP_RELU:
    return a <= 0 ? 0 : a;
  case FK_OP_EXP:
    return exp(a);
  case FK_OP_EXPM1:
    return expm1(a);
  case FK_OP_LOG:
    return log(a);
  case FK_OP_LOG1P:
    return log1p(a);
  case FK_OP_SQRT:
    return sqrt(a);
  case FK_OP_RSQRT:
    return 1 / sqrt(a);
  case FK_OP_RECIPROCAL:
    return 1 / a;
  case FK_OP_SQUARE:
    return a * a;
  case FK_OP_SIGMOID:
    return 1 / (1 + exp(-a));
  case FK_OP_TANH:
    return tanh(a);
  case FK_OP_SOFTPLUS:
    return (a <= 0 ? 0 : a) + log1p(exp(-fabs(a)));
  case FK_OP_ERF:
    return erf(a);
  case FK_OP_SIN:
    return sin(a);
  case FK_OP_COS:
    return cos(a);
  case FK_OP_FLOOR:
    return floor(a);
  case FK_OP_CEIL:
    return ceil(a);
  case FK_OP_ROUND:
    return rint(a);
  case FK_OP_TRUNCATE:
    return trunc(a);
  case FK_OP_IS_NAN:
    return a != a;
  case FK_OP_IS_FINITE:
    return isfinite(a) != 0;
  case FK_OP_NOT:
    return a == 0;
  default:
    return a;
  }
}

static double binary(fk_opcode opcode, double a, double b) {
  switch (opcode) {
  case FK_OP_ADD:
    return a + b;
  case FK_OP_SUBTRACT:
    return a - b;
  case FK_OP_MULTIPLY:
    return a * b;
  case FK_OP_DIVIDE:
    return a / b;
  case FK_OP_MINIMUM:
    return a < b || a != a ? a : b;
  case FK_OP_MAXIMUM:
    return a > b || a != a ? a : b;
  case FK_OP_POWER:
    return pow(a, b);
  case FK_OP_REMAINDER:
    return remainder_of(a, b);
  case FK_OP_EQUAL:
    return a == b;
  case FK_OP_NOT_EQUAL:
    return a != b;
  case FK_OP_LESS:
    return a < b;
  case FK_OP_LESS_EQUAL:
    return a <= b;
  case FK_OP_GREATER:
    return a > b;
  case FK_OP_GREATER_EQUAL:
    return a >= b;
  case FK_OP_AND:
    return a != 0 && b != 0;
  case FK_OP_OR:
    return a != 0 || b != 0;
  case FK_OP_XOR:
    return (a != 0) != (b != 0);
  default:
    return atan2(a, b);
  }
}

double fk_opcode_reference(fk_opcode opcode, double a, double b, double c, double immediate) {
  switch (opcode) {
  case FK_OP_CONSTANT:
    return immediate;
  case FK_OP_SELECT:
    return c != 0 ? a : b;
  case FK_OP_MULTIPLY_ADD:
    return fma(a, b, c);
  case FK_OP_ADD_IMMEDIATE:
    return a + immediate;
  case FK_OP_MULTIPLY_IMMEDIATE:
    return a * immediate;
  case FK_OP_MULTIPLY_ADD_IMMEDIATE:
    return fma(a, immediate, b);
  default:
    return fk_opcode_reads(opcode) == 1 ? unary(opcode, a) : binary(opcode, a, b);
  }
}

static char *element(const fk_chain *chain, const fk_chain_operand *operand, const int64_t *at) {
  int64_t offset = 0;
  for (int axis = 0; axis < chain->rank; axis++) offset += at[axis] * operand->stride[axis];
  return (char *)operand->data + offset * fk_type_size(operand->type);
}

fk_status fk_chain_reference(const fk_chain *chain) {
  fk_status status = fk_chain_check(chain);
  if (status != FK_OK) return status;
  int64_t total = 1;
  for (int axis = 0; axis < chain->rank; axis++) total *= chain->extent[axis];
  for (int64_t index = 0; index < total; index++) {
    int64_t at[FK_CHAIN_AXES];
    int64_t rest = index;
    for (int axis = chain->rank - 1; axis >= 0; axis--) {
      at[axis] = rest % chain->extent[axis];
      rest /= chain->extent[axis];
    }
    double registers[FK_CHAIN_REGISTERS] = {0};
    for (int k = 0; k < chain->instruction_count; k++) {
      const fk_instruction *i = &chain->instructions[k];
      if (i->opcode == FK_OP_LOAD) {
        const fk_chain_operand *input = &chain->inputs[i->a];
        registers[i->destination] = fk_element_to_double(input->type, element(chain, input, at));
      } else if (i->opcode == FK_OP_STORE) {
        const fk_chain_operand *output = &chain->outputs[i->destination];
        fk_element_from_double(output->type, element(chain, output, at), registers[i->a]);
      } else {
        int reads = fk_opcode_reads(i->opcode);
        registers[i->destination] = fk_opcode_reference(
          (fk_opcode)i->opcode, registers[reads & 1 ? i->a : 0], registers[reads & 2 ? i->b : 0],
          registers[reads & 4 ? i->c : 0], i->immediate);
      }
    }
  }
  return FK_OK;
}
