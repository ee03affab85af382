"""Coverage and width of intervals for a difference between two networks, over seeds and items.

Made-up studies with a known true difference are drawn from the model of docs/numerics.md, and every
candidate's 95 % interval is asked whether it holds the truth. The tables of docs/numerics.md are
what this prints:

    python3 Tests/References/coverage.py main       # table 1, about six minutes on two cores
    python3 Tests/References/coverage.py bootstrap  # table 2, about eight minutes
    python3 Tests/References/coverage.py ceiling    # table 3: accuracies near 1
    python3 Tests/References/coverage.py power      # table 4: the detectable difference
    python3 Tests/References/coverage.py tails      # table 5: seed effects that are not normal

Needs numpy and scipy. Seeds are fixed; the numbers repeat.
"""
import sys
from multiprocessing import Pool

import numpy as np
from scipy import stats

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(200)

# Seed deviations on the logit scale (plain, augmented).
DEVIATIONS = [(0, 0), (0.02, 0.09), (0.03, 0.14), (0.14, 0.14), (0.3, 0.3)]

# (mean, gain, item deviation, item x arm deviation, item x seed x arm deviation), logit scale.
MODELS = {
    "accuracy 0.63, no gain": (0.9, 0.0, 2.0, 0.5, 0.5),
    "accuracy 0.63, gain 0.05": (0.9, 0.4, 2.0, 1.0, 0.5),
    "accuracy 0.60, no interaction": (0.55, 0.0, 1.0, 0.0, 0.0),
    "accuracy 0.58, gain 0.08": (0.75, 0.8, 3.0, 1.0, 1.0),
    "accuracy 0.82, gain 0.04": (2.5, 0.5, 2.0, 0.7, 0.5),
    "accuracy 0.44, gain 0.48": (-0.4, 4.5, 2.0, 1.0, 0.5),
}
CEILING = {
    "0.93 and 0.95": (4.0, 0.5, 2.0, 0.5, 0.5),
    "0.96 and 0.96": (5.0, 0.0, 2.0, 0.5, 0.5),
    "0.97 and 0.99": (5.5, 2.0, 2.0, 1.0, 0.5),
    "0.993 and 0.993": (7.0, 0.0, 2.0, 0.5, 0.5),
    "0.98 and 1.00": (4.0, 5.0, 0.5, 0.1, 0.0),
    "0.95 and 1.00, the same items": (10.0, 8.0, 6.0, 0.1, 0.0),
}


def accuracy(mean, deviation):
    """E[logistic(mean + deviation Z)], by Gauss-Hermite quadrature."""
    return (WEIGHTS / (1 + np.exp(-mean - deviation * NODES))).sum() / WEIGHTS.sum()


def true_difference(model, deviations):
    mean, gain, item, interaction, residual = model
    spread = item**2 + interaction**2 + residual**2
    plain, augmented = deviations
    return accuracy(mean + gain, np.sqrt(spread + augmented**2)) - accuracy(
        mean, np.sqrt(spread + plain**2))


def draw(model, deviations, seeds, items, studies, rng):
    """Differences augmented - plain, [studies, seeds, items], each -1, 0 or 1."""
    mean, gain, item, interaction, residual = model
    normal = lambda *shape: rng.standard_normal(shape, dtype=np.float32)
    shared = mean + item * normal(studies, 1, items)
    correct = []
    for deviation, shift in zip(deviations, (0.0, gain)):
        logit = (shared + shift + interaction * normal(studies, 1, items)
                 + deviation * normal(studies, seeds, 1)
                 + residual * normal(studies, seeds, items))
        correct.append(rng.random(logit.shape, dtype=np.float32) < 1 / (1 + np.exp(-logit)))
    return correct[1].astype(np.float32) - correct[0].astype(np.float32)


def mean_squares(d):
    """Mean; MS of seeds, items, the rest; q of docs/numerics.md; whether all entries are equal."""
    seeds, items = d.shape[1:]
    count = seeds * items
    by_seed, by_item = d.sum(2, dtype=float), d.sum(1, dtype=float)
    total = by_seed.sum(1)
    correction = total**2 / count
    squares = (d**2).sum((1, 2), dtype=float)
    between_seeds, between_items = (by_seed**2).sum(1) / items, (by_item**2).sum(1) / seeds
    differing = (d != 0).any(1).sum(1)
    extra = (between_items / seeds + 2) / (differing + 2)
    return np.stack([
        total / count,
        np.maximum(between_seeds - correction, 0) / (seeds - 1),
        np.maximum(between_items - correction, 0) / (items - 1),
        np.maximum(squares - between_seeds - between_items + correction, 0)
        / ((seeds - 1) * (items - 1)),
        extra,
        ((squares == 0) | (abs(total) == count)).astype(float)])


def half_widths(summary, seeds, items):
    _, ms_seed, ms_item, ms_rest, extra, same = summary
    count = seeds * items
    quantile = lambda df: stats.t.ppf(0.975, df)
    t_seed, t_item = quantile(seeds - 1), quantile(items - 1)
    tiny = 1e-300
    out = {}
    out["items only"] = t_item * np.sqrt(ms_item / count)
    out["seeds only"] = t_seed * np.sqrt(ms_seed / count)
    out["sum of both"] = np.sqrt((t_seed**2 * ms_seed + t_item**2 * ms_item) / count)
    # Crossed random effects, every term kept.
    variance = np.maximum(ms_seed + ms_item - ms_rest, 0)
    df = variance**2 / (ms_seed**2 / (seeds - 1) + ms_item**2 / (items - 1)
                        + ms_rest**2 / ((seeds - 1) * (items - 1)) + tiny)
    out["ANOVA, Satterthwaite"] = quantile(np.maximum(df, 1)) * np.sqrt(variance / count)
    # Components of variance cut off at zero.
    seed_part = np.maximum(ms_seed - ms_rest, 0)
    out["ANOVA, cut at 0"] = np.sqrt((t_seed**2 * seed_part + t_item**2 * ms_item) / count)
    # Seeds' mean square whole, only the surplus of the items'.
    a = ms_seed / count
    b = np.maximum(ms_item - ms_rest, 0) / count
    out["squares add"] = np.sqrt(t_seed**2 * a + t_item**2 * b)
    b = b + extra / items**2
    variance = a + b
    df = variance**2 / (a**2 / (seeds - 1) + b**2 / (items - 1))
    out["Satterthwaite of parts"] = quantile(df) * np.sqrt(variance)
    both = (np.sqrt(t_seed**2 * a + t_item**2 * b) + quantile(df) * np.sqrt(variance)) / 2
    out["mean of the two"] = both
    # Seeds that agree by chance must not make the noise of the items vanish.
    noise = 0.6 * np.sqrt(np.maximum(ms_item, ms_rest) / count)
    out["chosen"] = np.maximum.reduce(
        [both, t_item * noise, np.where(same == 1, 1 - 0.025 ** (1 / items), 0)])
    out["detectable"] = out["chosen"] + stats.t.ppf(0.8, df) * np.maximum(
        np.sqrt(variance), noise)
    return out


def summaries(job):
    seeds, items, model, deviations, studies, stream = job
    rng = np.random.default_rng(stream)
    chunk = max(1, 4_000_000 // (seeds * items))
    parts, left = [], studies
    while left > 0:
        d = draw(model, deviations, seeds, items, min(chunk, left), rng)
        parts.append(mean_squares(d))
        left -= chunk
    summary = np.concatenate(parts, axis=1)
    truth = true_difference(model, deviations)
    return seeds, items, {
        name: (float((abs(summary[0] - truth) <= half).mean()), float(half.mean()))
        for name, half in half_widths(summary, seeds, items).items()}


def table(models, deviations, sizes, studies, names):
    jobs = [(s, i, m, d, studies(s, i), (s, i, k, n))
            for s, i in sizes for k, m in enumerate(models) for n, d in enumerate(deviations)]
    with Pool(2) as pool:
        results = pool.map(summaries, jobs, chunksize=1)
    print("| seeds | items | " + " | ".join(names) + " |")
    print("|" + "---|" * (len(names) + 2))
    for size in sizes:
        cells = []
        for name in names:
            found = [r[2][name] for r in results if r[:2] == size]
            coverage = [100 * c for c, _ in found]
            width = np.mean([w for _, w in found])
            cells.append(f"{min(coverage):.1f}–{max(coverage):.1f} · {width:.3f}")
        print(f"| {size[0]} | {size[1]} | " + " | ".join(cells) + " |", flush=True)


def main():
    sizes = [(s, i) for s in (3, 5, 10) for i in (43, 300, 2000)]
    table(list(MODELS.values()), DEVIATIONS, sizes, lambda s, i: 10_000 if i < 2000 else 4_000,
          ["items only", "seeds only", "sum of both", "ANOVA, Satterthwaite", "ANOVA, cut at 0",
           "squares add", "Satterthwaite of parts", "mean of the two", "chosen"])
    print("\nOther sizes:\n")
    table(list(MODELS.values()), DEVIATIONS, [(2, 43), (2, 300), (3, 20), (5, 20), (10, 20),
                                              (20, 43), (20, 300)],
          lambda s, i: 10_000, ["squares add", "chosen"])


def ceiling():
    sizes = [(s, i) for s in (3, 5, 10) for i in (43, 300, 1500)]
    for name, model in CEILING.items():
        print(f"\n{name}\n")
        table([model], DEVIATIONS[::2], sizes, lambda s, i: 8_000 if i < 1500 else 3_000,
              ["items only", "squares add", "chosen"])


def bootstrap():
    """Percentile bootstraps, which need the whole table of differences."""
    print("| seeds | items | items resampled | seeds and items resampled | chosen |\n" + "|---" * 5
          + "|")
    for seeds, items in [(3, 43), (3, 300), (5, 43), (5, 300), (10, 300)]:
        found = {"items": [], "both": [], "chosen": []}
        for k, model in enumerate(list(MODELS.values())[:2]):
            for n, deviations in enumerate([(0, 0), (0.03, 0.14), (0.3, 0.3)]):
                rng = np.random.default_rng((seeds, items, k, n, 7))
                truth = true_difference(model, deviations)
                d = draw(model, deviations, seeds, items, 2000, rng)
                inside, width = {x: 0 for x in found}, {x: 0.0 for x in found}
                for study in d:
                    item_weights = rng.multinomial(items, np.full(items, 1 / items), 600) / items
                    seed_weights = rng.multinomial(seeds, np.full(seeds, 1 / seeds), 600) / seeds
                    drawn = {"items": item_weights @ study.mean(0),
                             "both": ((seed_weights @ study) * item_weights).sum(1)}
                    for name, means in drawn.items():
                        low, high = np.quantile(means, [0.025, 0.975])
                        inside[name] += low <= truth <= high
                        width[name] += (high - low) / 2
                summary = mean_squares(d)
                half = half_widths(summary, seeds, items)["chosen"]
                inside["chosen"] = (abs(summary[0] - truth) <= half).sum()
                width["chosen"] = half.sum()
                for name in found:
                    found[name].append((100 * inside[name] / len(d), width[name] / len(d)))
        cells = [f"{min(f)[0]:.1f}–{max(f)[0]:.1f} · {np.mean([w for _, w in f]):.3f}"
                 for f in found.values()]
        print(f"| {seeds} | {items} | " + " | ".join(cells) + " |", flush=True)


def power():
    """How often a difference as large as the mean detectable difference is proven."""
    print("| seeds | items | seed deviations | true difference | mean detectable | proven |\n"
          + "|---" * 6 + "|")
    for seeds, items in [(3, 43), (3, 300), (5, 43), (5, 300), (10, 43), (10, 300), (5, 2000)]:
        for n, deviations in enumerate([(0, 0), (0.03, 0.14), (0.3, 0.3)]):
            low, high = 0.0, 8.0
            for step in range(12):  # find the gain whose true difference is the detectable one
                gain = (low + high) / 2
                model = (0.0, gain, 2.0, 1.0, 0.5)
                rng = np.random.default_rng((seeds, items, n, step))
                d = draw(model, deviations, seeds, items, 2000 if items < 2000 else 400, rng)
                summary = mean_squares(d)
                half = half_widths(summary, seeds, items)
                truth = true_difference(model, deviations)
                if truth < half["detectable"].mean():
                    low = gain
                else:
                    high = gain
            proven = 100 * (summary[0] - half["chosen"] > 0).mean()
            print(f"| {seeds} | {items} | {deviations} | {truth:.3f} "
                  f"| {half['detectable'].mean():.3f} | {proven:.0f} % |", flush=True)


def tails():
    """Seed effects of the augmented network that are not normal; those of the plain one are 0."""
    def student(rng, shape):
        return rng.standard_t(3, shape) * 0.3 / np.sqrt(3)

    def failing(rng, shape):
        return np.where(rng.random(shape) < 0.1, -2.0, 0.1 * rng.standard_normal(shape))

    print("| seed effects | seeds | items | held | wholly above |\n" + "|---" * 5 + "|")
    for name, effect in (("Student's t, 3 degrees", student), ("one in ten fails", failing)):
        draws = effect(np.random.default_rng(1), 200_000)
        grid = np.quantile(draws, (np.arange(2000) + 0.5) / 2000)
        with_attention = np.mean([accuracy(0.9 + x, np.sqrt(4.25)) for x in grid])
        truth = with_attention - accuracy(0.9, np.sqrt(4.25))
        for seeds in (3, 5, 10):
            for items in (43, 300, 2000):
                rng = np.random.default_rng((seeds, items, 11))
                studies = 4000 if items < 2000 else 1500
                parts = []
                for _ in range(studies // 100):
                    shared = 0.9 + 2 * rng.standard_normal((100, 1, items))
                    correct = []
                    for seed in (np.zeros((100, seeds, 1)), effect(rng, (100, seeds, 1))):
                        logit = shared + 0.5 * rng.standard_normal((100, 1, items)) + seed
                        correct.append(rng.random(logit.shape) < 1 / (1 + np.exp(-logit)))
                    parts.append(mean_squares(correct[1].astype(float) - correct[0]))
                summary = np.concatenate(parts, axis=1)
                half = half_widths(summary, seeds, items)["chosen"]
                held = 100 * (abs(summary[0] - truth) <= half).mean()
                above = 100 * (summary[0] - half > truth).mean()
                print(f"| {name} | {seeds} | {items} | {held:.1f} | {above:.1f} |", flush=True)


if __name__ == "__main__":
    {"main": main, "bootstrap": bootstrap, "ceiling": ceiling, "power": power, "tails": tails}[
        sys.argv[1]]()
