// The one-dimensional transforms of F(4, 3) at the points 0, ±P, ±Q and infinity, whose products
// x (x² - P²) (x² - Q²) lose fewer digits than with whole numbers.
// Barabasz, Anderson, Soodhalter, Gregg: Error analysis and improving the accuracy of Winograd
// convolution for deep neural networks (2018).
#define P 0.625f
#define Q 1.5f
#define PP (P * P)
#define QQ (Q * Q)

// Six pixels in a line to six points: the coefficients of the product above without each factor.
INLINE vec patch_at_zero(vec d0, vec d2, vec d4) {
  vec t = d4 - (PP + QQ) * d2;
  return t + (PP * QQ) * d0;
}

INLINE vec patch_at_infinity(vec d1, vec d3, vec d5) {
  return patch_at_zero(d1, d3, d5);
}

// Where `point` is P or Q, and `other` the square of the other one.
INLINE void patch_at(
  float point, float other, vec d1, vec d2, vec d3, vec d4, vec *plus, vec *minus) {
  vec even = d4 - other * d2;
  vec odd = d3 - other * d1;
  *plus = even + point * odd;
  *minus = even - point * odd;
}

// Six points to four outputs: powers of each point.
INLINE void outputs_of(const vec m[6], vec y[4]) {
  vec p = m[1] + m[2], p_odd = m[1] - m[2];
  vec q = m[3] + m[4], q_odd = m[3] - m[4];
  y[0] = m[0] + p;
  y[0] += q;
  y[1] = P * p_odd + Q * q_odd;
  y[2] = PP * p + QQ * q;
  y[3] = (P * PP) * p_odd + m[5];
  y[3] += (Q * QQ) * q_odd;
}

// Three weights to six points: powers over the product of the point's distances from the others.
INLINE void weights_at(const vec g[3], vec u[6]) {
  vec p = (g[0] + PP * g[2]) * (1 / (2 * PP * (PP - QQ)));
  vec p_odd = g[1] * (P / (2 * PP * (PP - QQ)));
  vec q = (g[0] + QQ * g[2]) * (1 / (2 * QQ * (QQ - PP)));
  vec q_odd = g[1] * (Q / (2 * QQ * (QQ - PP)));
  u[0] = g[0] * (1 / (PP * QQ));
  u[1] = p + p_odd;
  u[2] = p - p_odd;
  u[3] = q + q_odd;
  u[4] = q - q_odd;
  u[5] = g[2];
}
