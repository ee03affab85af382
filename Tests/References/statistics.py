"""The golden numbers of Tests/FoveaMetricsTests, from scipy or from the definition.

    python3 Tests/References/statistics.py

Needs numpy and scipy (written with 2.4 and 1.17). Each line names the Swift test that holds it.
"""
import itertools

import numpy as np
from scipy import special, stats

from coverage import half_widths, mean_squares


def show(test, **values):
    for name, value in values.items():
        print(f"{test}: {name} = {value!r}")


print("# DistributionTests")
for a, b, x in [(0.5, 0.5, 0.3), (2, 3, 0.25), (5, 0.5, 0.9), (40, 60, 0.37), (0.7, 300, 0.001),
                (1e5, 0.5, 0.99998), (1e6, 1e6, 0.4995), (3, 2, 1e-8)]:
    print(f"beta({a}, {b}, {x}) = {special.betainc(a, b, x)!r}")
for p in [1e-12, 0.001, 0.025, 0.2, 0.5, 0.8, 0.975, 0.999999]:
    print(f"normal quantile({p}) = {stats.norm.ppf(p)!r}")
for z in [-8, -1.5, 0, 0.3, 2.5]:
    print(f"normal cumulative({z}) = {stats.norm.cdf(z)!r}")
for p, df in [(0.975, 1), (0.975, 2), (0.975, 2.37), (0.8, 2.37), (0.975, 4), (0.9, 11.5),
              (0.975, 299), (0.975, 1e6), (0.025, 3.5), (0.999999, 1), (0.51, 7)]:
    print(f"t quantile({p}, {df}) = {stats.t.ppf(p, df)!r}")
for k, n, p in [(0, 10, 0.5), (3, 10, 0.5), (40, 100, 0.5), (499, 1000, 0.5), (1, 43, 0.05),
                (100, 1000, 0.5)]:
    print(f"binomial({k}, {n}, {p}) = {stats.binom.cdf(k, n, p)!r}")

print("# WilsonIntervalTests")
for k, n in [(0, 43), (43, 43), (30, 43), (623, 1000), (1, 2)]:
    interval = stats.binomtest(k, n).proportion_ci(0.95, "wilson")
    print(f"wilson({k}, {n}) = {interval.low!r}, {interval.high!r}")

print("# ClassificationReportTests")
rng = np.random.default_rng(3)
labels = rng.integers(0, 3, 12)
logits = rng.integers(-4, 9, (12, 3)) / 4 + 1.5 * np.eye(3)[labels]
probabilities = np.round(np.exp(logits) / np.exp(logits).sum(1, keepdims=True) * 64) / 64
top, confidence = probabilities.argmax(1), probabilities.max(1)
bins = np.ceil(confidence * 15).astype(int) - 1
ece = sum(abs((top == labels)[bins == m].mean() - confidence[bins == m].mean()) * (bins == m).mean()
          for m in set(bins))
show("report", labels=labels.tolist(), sixtyFourths=(probabilities * 64).astype(int).tolist(),
     accuracy=(top == labels).mean(), ece=ece,
     nll=-np.log(np.maximum(probabilities[range(12), labels], np.finfo(np.float32).tiny)).mean(),
     confusion=[[int(((labels == r) & (top == c)).sum()) for c in range(3)] for r in range(3)])
for c in range(3):
    tp = ((labels == c) & (top == c)).sum()
    print(f"class {c}: precision {tp / (top == c).sum()!r}, recall {tp / (labels == c).sum()!r}, "
          f"f1 {2 * tp / ((labels == c).sum() + (top == c).sum())!r}")

print("# PairedTestTests")
for b, c in [(0, 0), (1, 0), (5, 0), (2, 9), (30, 31), (100, 160)]:
    p = 1.0 if b + c == 0 else stats.binomtest(b, b + c, 0.5).pvalue
    print(f"mcnemar({b}, {c}) = {p!r}")
for differences in [[3, 5, 2], [3, -5, 2], [4, 4, 4, -4], [0, 0, 0], [7, 1, 3, 0, 9, -2, 5]]:
    d = np.array(differences)
    sums = [abs((np.array(s) * d).sum()) for s in itertools.product([1, -1], repeat=len(d))]
    print(f"signFlip({differences}) = {np.mean(np.array(sums) >= abs(d.sum()))!r}")

print("# CrossedMeanTests")
tables = {
    "three seeds": np.array([[1, 0, 0, 1, -1, 0, 1, 0], [1, 0, 0, 0, 0, 0, 1, 0],
                             [1, 1, 0, 1, 0, -1, 1, 0]]),
    "two seeds, opposite items": np.array([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]]),
    "nothing differs": np.zeros((3, 43), int),
    "everything differs": np.ones((3, 43), int),
}
for name, d in tables.items():
    s, i = d.shape
    summary = mean_squares(d[None].astype(np.float32))
    half = half_widths(summary, s, i)
    print(f"{name}: mean {summary[0][0]!r}, mean squares {summary[1:4, 0].tolist()}, "
          f"half width {half['chosen'][0]!r}, detectable {half['detectable'][0]!r}")

print("# AreaUnderCurveTests")
def delong(x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    psi = (x[:, None] > y) + 0.5 * (x[:, None] == y)
    error = np.sqrt(psi.mean(1).var(ddof=1) / len(x) + psi.mean(0).var(ddof=1) / len(y))
    z = stats.norm.ppf(0.975)
    return psi.mean(), error, max(psi.mean() - z * error, 0), min(psi.mean() + z * error, 1)

print("small:", delong([0.8, 0.4, 0.7, 0.9], [0.3, 0.5, 0.7, 0.1, 0.2]))
i = np.arange(200)
x, y = np.floor((i * 37 % 101) / 4) + 6, np.floor((i[:150] * 53 % 89) / 4)
print("ties:", delong(x, y))
