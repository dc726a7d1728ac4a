// What follows a convolution, while its results are in registers.

// e^x for x of at most 0 within a few units in the last place; the polynomial is the one of Moshier's
// Cephes library, expf.
INLINE vec exponential_below_one(vec x) {
  x = x < (vec)(-87.0f) ? (vec)(-87.0f) : x;
  // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
  const vec magic = (vec)(12582912.0f);
  vec shifted = x * (vec)(1.44269504088896341f) + magic;
  vec whole = shifted - magic;
  vec r = x - whole * (vec)(0.693359375f);
  r = r - whole * (vec)(-2.12194440e-4f);
  vec p = (vec)(1.9875691500e-4f);
  p = p * r + (vec)(1.3981999507e-3f);
  p = p * r + (vec)(8.3334519073e-3f);
  p = p * r + (vec)(4.1665795894e-2f);
  p = p * r + (vec)(1.6666665459e-1f);
  p = p * r + (vec)(5.0000001201e-1f);
  p = p * (r * r) + r + (vec)(1.0f);
  return p * (vec)(((ivec)shifted - (ivec)magic + 127) << 23);
}

// x / (1 + e^-x), by way of e^-|x|, which cannot overflow. A NaN stays one.
INLINE vec silu(vec x) {
  vec e = exponential_below_one(x < (vec)(0.0f) ? x : -x);
  return x * (x < (vec)(0.0f) ? e : (vec)(1.0f)) / ((vec)(1.0f) + e);
}

// x * clamp(x + 3, 0, 6) / 6. A NaN stays one.
INLINE vec hard_swish(vec x) {
  vec gate = x + (vec)(3.0f);
  gate = gate < (vec)(0.0f) ? (vec)(0.0f) : gate;
  gate = gate > (vec)(6.0f) ? (vec)(6.0f) : gate;
  return x * gate * (vec)(1.0f / 6.0f);
}

// Bounds for results in registers: those of a clamp, or none.
typedef struct bounds {
  vec low, high;
} bounds;

INLINE bounds bounds_of(fk_activation how) {
  int isClamp = how.kind == FK_EPILOGUE_CLAMP;
  return (bounds){
    (vec)(isClamp ? how.low : -__builtin_inff()), (vec)(isClamp ? how.high : __builtin_inff())};
}

// A NaN stays one.
INLINE vec within(vec x, bounds limits) {
  x = x < limits.low ? limits.low : x;
  return x > limits.high ? limits.high : x;
}

// The rest, for what has just been written: once, and not in every kind of tile.
static __attribute__((noinline)) void bend(float *p, int64_t pixels, fk_epilogue kind) {
  for (int64_t i = 0; i < pixels; i++) {
    vec x = at(p + i * LANES);
    put(p + i * LANES, kind == FK_EPILOGUE_SILU ? silu(x) : hard_swish(x));
  }
}

// The same for what stays in registers.
INLINE void bend_registers(vec *x, int count, fk_epilogue kind) {
  vec all[2 * PIXELS];
  UNROLL for (int i = 0; i < count; i++) all[i] = x[i];
  bend((float *)(void *)all, count, kind);
  UNROLL for (int i = 0; i < count; i++) x[i] = all[i];
}

INLINE int is_curved(fk_activation how) {
  return how.kind == FK_EPILOGUE_SILU || how.kind == FK_EPILOGUE_HARD_SWISH;
}
