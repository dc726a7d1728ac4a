// Functions of sixteen lanes.

// e^x within about one unit in the last place; 0 below -104, infinity above 89, NaN for NaN. The polynomial is
// the one of Moshier's Cephes library, expf.
INLINE v16 exponential(v16 x) {
  x = x < splat(-104) ? splat(-104) : x;
  x = x > splat(89) ? splat(89) : x;
  // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
  const v16 magic = splat(12582912);
  v16 shifted = x * splat(1.44269504088896341f) + magic;
  v16 whole = shifted - magic;
  i16 n = (i16)shifted - (i16)magic;
  v16 r = x - whole * splat(0.693359375f);
  r = r - whole * splat(-2.12194440e-4f);
  v16 p = splat(1.9875691500e-4f);
  p = p * r + splat(1.3981999507e-3f);
  p = p * r + splat(8.3334519073e-3f);
  p = p * r + splat(4.1665795894e-2f);
  p = p * r + splat(1.6666665459e-1f);
  p = p * r + splat(5.0000001201e-1f);
  p = p * (r * r) + r + splat(1);
  // In two steps, since 2^n alone may lie outside the range of f32.
  i16 half = n >> 1, rest = n - half;
  return p * (v16)((half + 127) << 23) * (v16)((rest + 127) << 23);
}

// The largest lane; which one counts is open when there is a NaN.
INLINE float top(v16 x) {
  x = larger(x, __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  x = larger(x, __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  x = larger(x, __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  x = larger(x, __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  return x[0];
}

// The first n lanes, and `other` in the rest.
INLINE v16 first_or(int64_t n, v16 x, v16 other) {
  return n == 16 ? x : lanes_below(n) ? x : other;
}
