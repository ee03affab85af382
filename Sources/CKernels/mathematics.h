// Branch-free functions that the compiler can vectorise. Coefficients:
// Tests/References/polynomials.py. Errors are against float64, over the whole range, measured by a
// test: 2 units in the last place for exp, log, tanh and erf.
#pragma once

#include "parallel.h"

typedef union {
  float value;
  int32_t bits;
} fovea_word;

FOVEA_INLINE float fovea_power_of_two(int32_t exponent) {
  return (fovea_word){.bits = (exponent + 127) << 23}.value;
}

// exp(x) = 2^n exp(f) with |f| <= log(2) / 2; overflows to infinity, underflows through the
// denormal numbers to 0.
FOVEA_INLINE float fovea_exp(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  float n = __builtin_elementwise_roundeven(x * 1.44269504f);
  float f = x - n * 0.693359375f;  // log(2) in two parts, so that the product with n is exact
  f = f - n * -2.12194440e-4f;
  float p = 1.375115011e-03f;
  p = p * f + 8.368987590e-03f;
  p = p * f + 4.166954383e-02f;
  p = p * f + 1.666651815e-01f;
  p = p * f + 4.999998808e-01f;
  p = p * f * f + f + 1.0f;
  int32_t k = (int32_t)n,
          half = k >> 1;  // two factors, as 2^n alone may lie outside the normal numbers
  return p * fovea_power_of_two(half) * fovea_power_of_two(k - half);
}

// exp(x) of what is not above 0 but for rounding. Below -87 it is 0, so that no denormal number
// appears, and one factor is enough.
FOVEA_INLINE float fovea_exp_below_zero(float x) {
  float bounded = x < -87.0f ? -87.0f : x;
  float n = __builtin_elementwise_roundeven(bounded * 1.44269504f);
  float f = bounded - n * 0.693359375f;
  f = f - n * -2.12194440e-4f;
  float p = 1.375115011e-03f;
  p = p * f + 8.368987590e-03f;
  p = p * f + 4.166954383e-02f;
  p = p * f + 1.666651815e-01f;
  p = p * f + 4.999998808e-01f;
  p = p * f * f + f + 1.0f;
  return x < -87.0f ? 0.0f : p * fovea_power_of_two((int32_t)n);
}

// log(x) = e log(2) + log(m) with m in [sqrt(1/2), sqrt(2)); -infinity at 0, NaN below.
FOVEA_INLINE float fovea_log(float x) {
  float scaled = x < 1.17549435e-38f ? x * 8388608.0f : x;
  float shift = x < 1.17549435e-38f ? -23.0f : 0.0f;
  int32_t bits = (fovea_word){.value = scaled}.bits;
  int32_t exponent = (bits - 0x3F3504F3) >> 23;
  float m = (fovea_word){.bits = bits - (int32_t)((uint32_t)exponent << 23)}.value;
  float e = (float)exponent + shift;
  float s = (m - 1.0f) / (m + 1.0f), u = s * s;
  float p = 2.333366722e-01f;
  p = p * u + 2.855069637e-01f;
  p = p * u + 4.000012279e-01f;
  p = p * u + 6.666666865e-01f;
  float result = e * 0.693359375f + (2.0f * s + (s * u * p + e * -2.12194440e-4f));
  result = x > 3.40282347e+38f ? x : result;
  result = x == 0.0f ? -__builtin_inff() : result;
  return x >= 0.0f ? result : __builtin_nanf("");
}

FOVEA_INLINE float fovea_sigmoid(float x) { return 1.0f / (1.0f + fovea_exp(-x)); }

FOVEA_INLINE float fovea_tanh(float x) {
  float a = __builtin_fabsf(x), u = x * x;
  float p = -6.104947999e-03f;
  p = p * u + 2.100364119e-02f;
  p = p * u + -5.385249853e-02f;
  p = p * u + 1.333278269e-01f;
  p = p * u + -3.333332837e-01f;
  float small = x + x * u * p;
  float large = __builtin_copysignf(1.0f - 2.0f / (fovea_exp(2.0f * a) + 1.0f), x);
  return a < 0.625f ? small : large;
}

FOVEA_INLINE float fovea_erf(float x) {
  float a = __builtin_fabsf(x), u = x * x;
  float p = 7.882497448e-05f;
  p = p * u + -8.018855006e-04f;
  p = p * u + 5.189312156e-03f;
  p = p * u + -2.685432881e-02f;
  p = p * u + 1.128359735e-01f;
  p = p * u + -3.761262596e-01f;
  p = p * u + 1.128379107e+00f;
  float b = a > 4.0f ? 4.0f : a;
  float q = -2.179032163e-05f;
  q = q * b + 4.426076775e-04f;
  q = q * b + -4.211114254e-03f;
  q = q * b + 2.522662841e-02f;
  q = q * b + -1.084488481e-01f;
  q = q * b + -6.331905723e-01f;
  q = q * b + -1.129593968e+00f;
  q = q * b + 1.914784953e-04f;
  float large = __builtin_copysignf(1.0f - fovea_exp(q), x);
  return a < 1.0f ? x * p : (a >= 0.0f ? large : x);
}

// 1 - Phi(a) = exp(-a^2 / 2) P(1 / (1 + 0.3 a)) for a normal variable and a >= 0, from that
// exponential.
FOVEA_INLINE float fovea_normal_tail(float a, float exponential) {
  float t = 1.0f / (1.0f + 0.3f * a);
  float p = 3.884239867e-02f;
  p = p * t + -1.713091135e-01f;
  p = p * t + 2.328389883e-01f;
  p = p * t + -8.098638058e-02f;
  p = p * t + 1.454134881e-01f;
  p = p * t + 9.355267882e-02f;
  p = p * t + 1.221850142e-01f;
  p = p * t + 1.194540188e-01f;
  p = p * t + 8.950041774e-06f;
  return exponential * p;
}

// x Phi(x), its slope Phi(x) + x phi(x), and its approximation (Hendrycks and Gimpel 2016).
FOVEA_INLINE float fovea_gelu(float x) {
  float tail = fovea_normal_tail(__builtin_fabsf(x), fovea_exp_below_zero(-0.5f * x * x));
  return x * (x > 0.0f ? 1.0f - tail : tail);
}

FOVEA_INLINE float fovea_gelu_slope(float x) {
  float exponential = fovea_exp_below_zero(-0.5f * x * x);
  float tail = fovea_normal_tail(__builtin_fabsf(x), exponential);
  return (x > 0.0f ? 1.0f - tail : tail) + x * exponential * 0.398942280f;
}

FOVEA_INLINE float fovea_gelu_tanh(float x) {
  return 0.5f * x * (1.0f + fovea_tanh(0.797884561f * (x + 0.044715f * x * x * x)));
}
