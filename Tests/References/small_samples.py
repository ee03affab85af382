"""Coverage of intervals for one evaluation with few items, or few groups of items.

Made-up samples of known truth; the tables of docs/numerics.md, "Groups and small samples", are what this
prints, about five minutes on one core:

    python3 Tests/References/small_samples.py [groups|words|means|area|study|calibration]

Needs numpy and scipy. Seeds are fixed; the numbers repeat. The formulas are those of
Sources/FoveaMetrics/Intervals, AreaUnderCurve.swift, CalibrationInterval.swift and CrossedMean.swift.
"""
import sys

import numpy as np
from scipy import stats

SAMPLES = 4000
SIZES = (8, 10, 20, 50)


def held(lower, upper, truth):
    return 100 * np.mean((lower <= truth) & (truth <= upper))


def show(name, count, rates):
    print(f"{name:28} {count:5} {min(rates):6.1f} to {max(rates):5.1f}, mean {np.mean(rates):5.1f}")


def spread(x, n):
    """Ratio, sum of sizes, and the variance of the ratio, made larger for few units."""
    units = x.shape[1]
    total = n.sum(1)
    ratio = x.sum(1) / total
    rest = x - ratio[:, None] * n
    return ratio, total, (1 + 1 / units) * units / (units - 1) * (rest**2).sum(1) / total**2


def groups(rng):
    for count in SIZES:
        rates = []
        for share in (0.6, 0.8, 0.9):
            for correlation in (0, 0.1, 0.3):
                for equal in (True, False):
                    n = (np.full((SAMPLES, count), 10) if equal
                         else rng.integers(2, 25, (SAMPLES, count)))
                    scale = (1 - correlation) / correlation if correlation else 0
                    chance = (rng.beta(share * scale, (1 - share) * scale, n.shape)
                              if correlation else np.full(n.shape, share))
                    ratio, total, variance = spread(rng.binomial(n, chance), n)
                    own = ratio * (1 - ratio) / total
                    factor = np.where(own > 0, np.maximum(variance / np.maximum(own, 1e-12), 1),
                                      total / count)
                    k = stats.t.ppf(0.975, count - 1)**2 * factor / total
                    half = np.sqrt(k * ratio * (1 - ratio) + k * k / 4)
                    rates.append(held((ratio + k / 2 - half) / (1 + k),
                                      (ratio + k / 2 + half) / (1 + k), share))
        show("accuracy over groups", count, rates)


def words(rng):
    kinds = [(.05, 5, 3, 8), (.1, 5, 3, 8), (.3, 1, 3, 8), (.3, 5, 1, 12), (.1, 1, 3, 12),
             (.6, 3, 1, 8), (.1, 3, 10, 40), (.2, 5, 10, 40)]
    for count in SIZES:
        rates = []
        for share, evenness, shortest, longest in kinds:
            n = rng.integers(shortest, longest + 1, (SAMPLES, count))
            chance = rng.beta(2 * share * evenness, 2 * (1 - share) * evenness, n.shape)
            errors = rng.binomial(n, chance) + rng.poisson(0.02 * n)
            rate, total, variance = spread(errors, n)
            factor = np.where(rate > 0, total * variance / np.maximum(rate, 1e-12), 1)
            k = (stats.t.ppf(0.975, count - 1)**2
                 * np.maximum(factor, np.clip(1 - rate, 0.1, 1)) / total)
            half = np.sqrt(k * rate + k * k / 4)
            rates.append(held(rate + k / 2 - half, rate + k / 2 + half, share + 0.02))
        show("word error rate", count, rates)


def means(rng):
    kinds = {
        "normal or heavy tails": [lambda s: rng.normal(.05, .15, s), lambda s: rng.laplace(.05, .1, s)],
        "skewed by 1": [lambda s: rng.gamma(4, .08, s) - .25],
        "skewed by 1.6": [lambda s: rng.gamma(1.5, .12, s) - .12],
    }
    truths = {"normal or heavy tails": .05, "skewed by 1": .07, "skewed by 1.6": .06}
    for name, draws in kinds.items():
        for zeros in ((0, .3), (.6,)):
            for count in SIZES:
                rates = []
                for draw in draws:
                    for share in zeros:
                        x = np.where(rng.random((SAMPLES, count)) < share, 0, draw((SAMPLES, count)))
                        differing = (x != 0).sum(1)
                        unseen = (x**2).sum(1) / np.maximum(differing, 1)
                        half = stats.t.ppf(0.975, count - 1) * np.sqrt(
                            x.var(1, ddof=1) / count + unseen / count**2)
                        given = differing >= 6
                        if given.sum() < 100:
                            continue
                        mean = x.mean(1)
                        rates.append(held((mean - half)[given], (mean + half)[given],
                                          truths[name] * (1 - share)))
                if rates:
                    show(f"{name}, {zeros[-1]} zeros", count, rates)


def modelled(theta, m, n):
    return theta * (1 - theta) / (m * n) * (
        1 + ((m + n) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta)))


def area(rng):
    kinds = {"AUC, halves": [(8, 4), (10, 5), (20, 10), (50, 25)],
             "AUC, fewer positive": [(8, 3), (10, 3), (20, 6), (20, 4), (50, 15), (50, 10)]}
    for name, sizes in kinds.items():
        for count, m in sizes:
            n = count - m
            rates = []
            for shift in (0, .7, 1.5, 2.5):
                for deviation in (.5, 1, 2):
                    truth = stats.norm.cdf(shift / np.sqrt(1 + deviation**2))
                    above = (rng.normal(shift, deviation, (SAMPLES, m, 1))
                             > rng.normal(0, 1, (SAMPLES, 1, n)))
                    found = above.mean((1, 2))
                    variance = (above.mean(2).var(1, ddof=1) / m
                                + above.mean(1).var(1, ddof=1) / n)
                    here, weight = modelled(found, m, n), 3 / min(m, n)
                    factor = np.maximum(np.where(
                        here > 0, (variance + weight * here)
                        / ((1 + weight) * np.maximum(here, 1e-12)), 1), 1)
                    reach = 1.959964 * np.sqrt(factor * modelled(truth, m, n))
                    rates.append(held(found - reach, found + reach, truth))
            show(f"{name} ({m} of {count})", count, rates)


def crossed(table, worths, most):
    """Half the width of FoveaMetrics' CrossedMean, and the ratio, of tables [samples, seeds, items]."""
    _, seeds, items = table.shape
    ratio = table.sum((1, 2)) / (seeds * worths.sum(1))
    mean = worths.mean(1)
    e = table - ratio[:, None, None] * (worths - mean[:, None])[:, None, :]
    count = seeds * items
    correction = e.sum((1, 2))**2 / count
    by_seed, by_item = (e.sum(2)**2).sum(1) / items, (e.sum(1)**2).sum(1) / seeds
    rest = (e**2).sum((1, 2)) - by_seed - by_item + correction
    ms_seed = np.maximum(by_seed - correction, 0) / (seeds - 1)
    ms_item = np.maximum(by_item - correction, 0) / (items - 1)
    ms_rest = np.maximum(rest, 0) / ((seeds - 1) * (items - 1))
    unseen = ((table.mean(1)**2).sum(1) + 2) / ((table != 0).any(1).sum(1) + 2)
    a = ms_seed / count
    b = np.maximum(ms_item - ms_rest, 0) / count + unseen / items**2
    degrees = (a + b)**2 / (a * a / (seeds - 1) + b * b / (items - 1))
    t_seed, t_item = stats.t.ppf(0.975, seeds - 1), stats.t.ppf(0.975, items - 1)
    half = np.maximum(
        (np.sqrt(t_seed**2 * a + t_item**2 * b) + stats.t.ppf(0.975, degrees) * np.sqrt(a + b)) / 2,
        t_item * 0.6 * np.sqrt(np.maximum(ms_item, ms_rest) / count))
    same = (e == e[:, :1, :1]).all((1, 2))
    half = np.where(same, np.maximum(half, most * (1 - 0.025**(1 / items))), half)
    return ratio, half / mean


def study(rng):
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)

    def accuracy(mean, deviation):
        return (weights / (1 + np.exp(-mean - deviation * nodes))).sum() / weights.sum()

    for size in ("items", "groups"):
        for count in SIZES:
            rates = []
            for seeds in (3, 5):
                for deviation, interaction in ((1, .5), (2, 1)):
                    for equal in ((True,) if size == "items" else (True, False)):
                        shape = (SAMPLES // 2, count)
                        n = (np.ones(shape, int) if size == "items" else np.full(shape, 10)
                             if equal else rng.integers(2, 25, shape))
                        shared = rng.normal(0, deviation, shape)
                        right = []
                        for mean in (.9, 1.4):
                            logit = (mean + (shared + rng.normal(0, interaction, shape))[:, None, :]
                                     + rng.normal(0, .1, (shape[0], seeds, 1)))
                            right.append(rng.binomial(
                                np.broadcast_to(n[:, None, :], logit.shape), 1 / (1 + np.exp(-logit))))
                        total = np.sqrt(deviation**2 + interaction**2 + .01)
                        truth = accuracy(1.4, total) - accuracy(.9, total)
                        ratio, half = crossed((right[1] - right[0]).astype(float), n.astype(float),
                                              n.mean())
                        rates.append(held(ratio - half, ratio + half, truth))
            show(f"difference over {size}", count, rates)


def calibration(rng):
    bins = 15

    def error(bin_of, surplus):
        return np.abs(np.bincount(bin_of, surplus, bins)).sum() / len(surplus)

    def draw(count, excess):
        confidence = 1 - .5 * rng.beta(1, 2, count)
        right = rng.random(count) < np.clip(confidence - excess * (confidence - .3), 0, 1)
        return confidence, np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1), right

    for count in (20, 50, 100, 200, 1000):
        rates = []
        for excess in (0, .05, .1, .2):
            confidence, bin_of, right = draw(2_000_000, excess)
            truth = error(bin_of, right - confidence)
            inside = 0
            for _ in range(400):
                confidence, bin_of, right = draw(count, excess)
                found = error(bin_of, right - confidence)
                one_hot = np.zeros((count, bins))
                one_hot[np.arange(count), bin_of] = 1
                again = rng.multinomial(count, [1 / count] * count, 300)
                drawn = np.abs(again @ (one_hot * (right - confidence)[:, None])).sum(1) / count
                by_chance = np.abs(((rng.random((300, count)) < confidence) - confidence)
                                   @ one_hot).sum(1) / count
                reach = 1.96 * drawn.std()
                lower = (0 if found <= np.quantile(by_chance, .975)
                         else max(2 * found - drawn.mean() - reach, 0))
                inside += lower <= truth <= found + reach
            rates.append(inside / 4)
        show("calibration error", count, rates)


if __name__ == "__main__":
    kinds = [groups, words, means, area, study, calibration]
    for kind in kinds:
        if len(sys.argv) < 2 or sys.argv[1] == kind.__name__:
            kind(np.random.default_rng(1))
