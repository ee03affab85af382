#!/usr/bin/env python3
"""Fits the polynomials of Sources/CKernels/mathematics.h and prints them with their largest error.

  pip install mpmath numpy;  polynomials.py

Each is a least-squares fit on Chebyshev nodes in 50-digit arithmetic, of the relative error unless a line says otherwise; rounded
to float32, then checked on 200,001 points in float64 with float32 coefficients.
"""
import mpmath as mp
import numpy as np

mp.mp.dps = 50


def fit(function, low, high, degree, weight=lambda x: 1):
    """Coefficients c0 ... c_degree that minimise the weighted squared error."""
    nodes = [mp.mpf(low + high) / 2 + mp.mpf(high - low) / 2 * mp.cos(mp.pi * (2 * k + 1) / 400) for k in range(200)]
    matrix = mp.matrix(len(nodes), degree + 1)
    right = mp.matrix(len(nodes), 1)
    for i, x in enumerate(nodes):
        w = weight(x)
        for j in range(degree + 1):
            matrix[i, j] = w * x ** j
        right[i] = w * function(x)
    return [np.float32(float(c)) for c in mp.lu_solve(matrix.T * matrix, matrix.T * right)]


def show(name, coefficients, exact, approximate, low, high, relative=True):
    x = np.linspace(low, high, 200_001)
    truth = np.array([float(exact(mp.mpf(float(v)))) for v in x[::100]])
    error = np.abs(approximate(coefficients, x[::100]) - truth)
    if relative:
        error = error / np.maximum(np.abs(truth), 1e-300)
    print(f"{name}: largest {'relative' if relative else 'absolute'} error {np.nanmax(error):.2e}")
    for power, c in enumerate(coefficients):
        print(f"  c{power} = {float(c):.9e}f")


def horner(c, x):
    y = np.zeros_like(x) + float(c[-1])
    for value in c[-2::-1]:
        y = y * x + float(value)
    return y


half = float(mp.log(2) / 2) * 1.001
# exp(f) = 1 + f + f^2 P(f), so that exp(0) is exactly 1.
c = fit(lambda f: (mp.exp(f) - 1 - f) / f ** 2 if f else mp.mpf(0.5), -half, half, 4, lambda f: f ** 2 / mp.exp(f))
show("exp", c, mp.exp, lambda c, f: 1 + f + f * f * horner(c, f), -half, half)

# log(m) = 2 s + s^3 P(s^2), s = (m - 1) / (m + 1), m in [sqrt(1/2), sqrt(2)].
s = float((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) * 1.001
c = fit(lambda u: (2 * mp.atanh(mp.sqrt(u)) - 2 * mp.sqrt(u)) / mp.sqrt(u) ** 3 if u else mp.mpf(2) / 3, 1e-9, s * s, 3)
show("log", c, lambda v: 2 * mp.atanh(v), lambda c, v: 2 * v + v ** 3 * horner(c, v * v), 1e-4, s)

# tanh(x) = x + x^3 P(x^2) below 0.625.
c = fit(lambda u: (mp.tanh(mp.sqrt(u)) - mp.sqrt(u)) / mp.sqrt(u) ** 3, 1e-9, 0.625 ** 2, 4)
show("tanh, small", c, mp.tanh, lambda c, v: v + v ** 3 * horner(c, v * v), 1e-4, 0.625)

# erf(x) = x P(x^2) below 1.
c = fit(lambda u: mp.erf(mp.sqrt(u)) / mp.sqrt(u), 1e-9, 1, 6)
show("erf, small", c, mp.erf, lambda c, v: v * horner(c, v * v), 1e-4, 1)

# erf(x) = 1 - exp(P(x)) from 1 to 4; above 4 it is 1 in float32. Absolute error.
c = fit(lambda v: mp.log(mp.erfc(v)), 1, 4, 7, lambda v: mp.erfc(v))
show("erf, large", c, mp.erf, lambda c, v: 1 - np.exp(horner(c, v)), 1, 4, relative=False)

# The upper tail of the normal distribution, 1 - Phi(a) = exp(-a^2 / 2) P(t) with t = 1 / (1 + 0.3 a), up to where the exponential
# is 0.
tail = lambda a: mp.erfc(a / mp.sqrt(2)) / 2 * mp.exp(a * a / 2)
c = fit(lambda t: tail((1 / t - 1) / mp.mpf("0.3")), 1 / (1 + 0.3 * 13.3), 1, 8, lambda t: 1 / tail((1 / t - 1) / mp.mpf("0.3")))
show("normal tail", c, tail, lambda c, v: horner(c, 1 / (1 + 0.3 * v)), 0, 13.3)
