// The transforms of Winograd's F(4×4, 3×3) along one line of a tile, for 16 channels at once.
#pragma once

#include "vector.h"

// The points at which the polynomials are taken are 0, ±NEAR, ±FAR and infinity. The usual 1 and 2
// give smaller factors to write down and several times the rounding; with these, which are exact in
// a float and close to 1 from both sides, errors stay near those of the direct form.
#define NEAR 0.625f
#define FAR 1.5f
#define NEAR2 (NEAR * NEAR)
#define FAR2 (FAR * FAR)
// What the Lagrange polynomials of the points are divided by.
#define AT_ZERO (1 / (NEAR2 * FAR2))
#define AT_NEAR (1 / (2 * NEAR2 * (NEAR2 - FAR2)))
#define AT_FAR (1 / (2 * FAR2 * (FAR2 - NEAR2)))

FOVEA_INLINE void transform_input(const vector d[6], vector t[6]) {
  vector a = d[4] - FAR2 * d[2], b = NEAR * (d[3] - FAR2 * d[1]);
  vector c = d[4] - NEAR2 * d[2], e = FAR * (d[3] - NEAR2 * d[1]);
  t[0] = NEAR2 * FAR2 * d[0] + (d[4] - (NEAR2 + FAR2) * d[2]);
  t[1] = a + b;
  t[2] = a - b;
  t[3] = c + e;
  t[4] = c - e;
  t[5] = NEAR2 * FAR2 * d[1] + (d[5] - (NEAR2 + FAR2) * d[3]);
}

FOVEA_INLINE void transform_output(const vector m[6], vector y[4]) {
  vector p = m[1] + m[2], q = m[3] + m[4], r = m[1] - m[2], s = m[3] - m[4];
  y[0] = m[0] + p + q;
  y[1] = NEAR * r + FAR * s;
  y[2] = NEAR2 * p + FAR2 * q;
  y[3] = NEAR2 * NEAR * r + FAR2 * FAR * s + m[5];
}

FOVEA_INLINE void transform_upstream(const vector y[4], vector z[6]) {
  vector near = y[0] + NEAR2 * y[2], far = y[0] + FAR2 * y[2];
  vector near_odd = NEAR * y[1] + NEAR2 * NEAR * y[3], far_odd = FAR * y[1] + FAR2 * FAR * y[3];
  z[0] = y[0];
  z[1] = near + near_odd;
  z[2] = near - near_odd;
  z[3] = far + far_odd;
  z[4] = far - far_odd;
  z[5] = y[3];
}

FOVEA_INLINE void transform_weights(const vector g[3], vector u[6]) {
  vector near = g[0] + NEAR2 * g[2], far = g[0] + FAR2 * g[2];
  u[0] = AT_ZERO * g[0];
  u[1] = AT_NEAR * (near + NEAR * g[1]);
  u[2] = AT_NEAR * (near - NEAR * g[1]);
  u[3] = AT_FAR * (far + FAR * g[1]);
  u[4] = AT_FAR * (far - FAR * g[1]);
  u[5] = g[2];
}

FOVEA_INLINE void transform_weight_gradient(const vector u[6], vector g[3]) {
  vector near = AT_NEAR * (u[1] + u[2]), far = AT_FAR * (u[3] + u[4]);
  g[0] = AT_ZERO * u[0] + near + far;
  g[1] = NEAR * AT_NEAR * (u[1] - u[2]) + FAR * AT_FAR * (u[3] - u[4]);
  g[2] = NEAR2 * near + FAR2 * far + u[5];
}

// The sum of the absolute values of what `transform_weight_gradient` adds up.
FOVEA_INLINE void bound_weight_gradient(const vector u[6], vector g[3]) {
  vector near = -AT_NEAR * (u[1] + u[2]), far = AT_FAR * (u[3] + u[4]);
  g[0] = AT_ZERO * u[0] + near + far;
  g[1] = NEAR * near + FAR * far;
  g[2] = NEAR2 * near + FAR2 * far + u[5];
}

typedef int32_t bits __attribute__((vector_size(64)));

#define absolute(x) ((vector)((bits)(x) & 0x7fffffff))
