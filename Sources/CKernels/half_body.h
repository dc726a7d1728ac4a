// bf16 in vectors of the compiler's own types: `vec` holds LANES floats. Included once per instruction
// set, by the bodies of a folder alone.

typedef uint16_t vec_half __attribute__((ext_vector_type(LANES), aligned(LANES * 2)));
typedef uint32_t vec_word __attribute__((ext_vector_type(LANES), aligned(LANES * 4)));
typedef int32_t vec_mask __attribute__((ext_vector_type(LANES), aligned(LANES * 4)));

INLINE vec widen(vec_half x) {
  return (vec)(__builtin_convertvector(x, vec_word) << 16);
}

// Rounds to nearest, ties to even; a NaN stays one.
INLINE vec_half narrow(vec x) {
  vec_word bits = (vec_word)x;
  vec_word rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  vec_word quiet = (bits >> 16) | 0x40;
  vec_mask number = x == x;
  return __builtin_convertvector(number ? rounded : quiet, vec_half);
}
