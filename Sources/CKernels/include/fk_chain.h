// Chains of element-wise operations, computed in one pass over memory.
//
// A chain is a program over at most 16 registers. It runs over every element of a nest of up to
// six extents; a block of elements at a time sits in each register, so all but the first loads and
// the last stores stay in the first cache, whatever the number of instructions.
#ifndef FK_CHAIN_H
#define FK_CHAIN_H

#include "fk_base.h"

// a, b, c and d stand for registers, i for the immediate. Comparisons and logic answer 1 or 0, and
// take anything but 0 (so NaN, too) for true. NaN goes through everything but comparisons, logic
// and the choice itself of select.
typedef enum fk_opcode {
  FK_OP_LOAD = 0,      // d = input number a
  FK_OP_STORE = 1,     // output number d = a
  FK_OP_CONSTANT = 2,  // d = i
  FK_OP_COPY = 3,
  FK_OP_NEGATE = 4,
  FK_OP_ABSOLUTE = 5,
  FK_OP_SIGN = 6,  // -1, 0 or 1
  FK_OP_RELU = 7,
  FK_OP_EXP = 8,
  FK_OP_EXPM1 = 9,
  FK_OP_LOG = 10,
  FK_OP_LOG1P = 11,
  FK_OP_SQRT = 12,
  FK_OP_RSQRT = 13,
  FK_OP_RECIPROCAL = 14,
  FK_OP_SQUARE = 15,
  FK_OP_SIGMOID = 16,
  FK_OP_TANH = 17,
  FK_OP_SOFTPLUS = 18,
  FK_OP_ERF = 19,
  FK_OP_SIN = 20,
  FK_OP_COS = 21,
  FK_OP_FLOOR = 22,
  FK_OP_CEIL = 23,
  FK_OP_ROUND = 24,  // halves to even
  FK_OP_TRUNCATE = 25,
  FK_OP_IS_NAN = 26,
  FK_OP_IS_FINITE = 27,
  FK_OP_NOT = 28,
  FK_OP_ADD = 29,
  FK_OP_SUBTRACT = 30,
  FK_OP_MULTIPLY = 31,
  FK_OP_DIVIDE = 32,
  FK_OP_MINIMUM = 33,
  FK_OP_MAXIMUM = 34,
  FK_OP_POWER = 35,
  FK_OP_REMAINDER = 36,  // with the sign of b: a - floor(a / b) * b
  FK_OP_EQUAL = 37,
  FK_OP_NOT_EQUAL = 38,
  FK_OP_LESS = 39,
  FK_OP_LESS_EQUAL = 40,
  FK_OP_GREATER = 41,
  FK_OP_GREATER_EQUAL = 42,
  FK_OP_AND = 43,
  FK_OP_OR = 44,
  FK_OP_XOR = 45,
  FK_OP_SELECT = 46,                  // c ? a : b
  FK_OP_MULTIPLY_ADD = 47,            // a * b + c, rounded once where the processor can
  FK_OP_ADD_IMMEDIATE = 48,           // a + i
  FK_OP_MULTIPLY_IMMEDIATE = 49,      // a * i
  FK_OP_MULTIPLY_ADD_IMMEDIATE = 50,  // a * i + b, rounded once where the processor can
  FK_OP_ATAN2 = 51,                   // the angle of the point (b, a)
} fk_opcode;

enum {
  FK_OPCODE_COUNT = 52,
  FK_CHAIN_REGISTERS = 16,
  FK_CHAIN_AXES = 6,
  FK_CHAIN_OPERANDS = 32,
  FK_CHAIN_INSTRUCTIONS = 256,
};

typedef struct fk_instruction {
  uint16_t opcode;
  uint16_t destination;
  uint16_t a;
  uint16_t b;
  uint16_t c;
  float immediate;
} fk_instruction;

// One array that is read or written. Strides count elements; 0 repeats an input along that axis.
typedef struct fk_chain_operand {
  void *data;
  fk_type type;
  int64_t stride[FK_CHAIN_AXES];
} fk_chain_operand;

enum {
  // Write contiguous f32 outputs around the caches: for large results nobody reads again soon.
  // Ignored when an output overlaps an input.
  FK_CHAIN_STREAM = 1,
};

// An output may be exactly an input (same address, type and strides): every element is then read
// before it is written. Any other overlap gives unspecified numbers.
//
// Loads convert to f32. Stores round to nearest even for floating types; integers are cut toward
// zero, saturate, and take NaN for 0; bool is 1 for anything but 0.
typedef struct fk_chain {
  const fk_instruction *instructions;
  int32_t instruction_count;
  int32_t rank;
  int64_t extent[FK_CHAIN_AXES];
  const fk_chain_operand *inputs;
  int32_t input_count;
  int32_t output_count;
  const fk_chain_operand *outputs;
  uint32_t flags;
} fk_chain;

// FK_BAD_ARGUMENT when the program reads what it has not written, names what does not exist, has
// an extent below 0 or repeats an output along an axis. Nothing is touched then.
fk_status fk_chain_check(const fk_chain *chain);

// Checks, then runs. The result does not depend on the number of threads.
fk_status fk_chain_run(const fk_chain *chain);

// The same program element by element in double, rounded only by the stores: what tests compare
// with. An output of type f64 is not rounded at all.
fk_status fk_chain_reference(const fk_chain *chain);

// One operation in double; LOAD and STORE copy a.
double fk_opcode_reference(fk_opcode opcode, double a, double b, double c, double immediate);

// The registers among a, b, c that an instruction reads: bit 0 for a, bit 1 for b, bit 2 for c.
// -1 for a value that is no opcode.
int fk_opcode_reads(uint32_t opcode);

#endif
