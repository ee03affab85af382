#!/usr/bin/env python3
"""The tables of docs/highlights.md from the folders that `fovea explain` wrote.

    highlights.py FOLDER…            one row a method, over the pictures of all folders
    highlights.py --seeds FOLDER…    the folders explain the same pictures with runs of other seeds

With --seeds a picture's numbers are averaged over the seeds first, so that the interval over
pictures does not take three looks at one picture for three pictures; behind the mean stand the
seeds' own values.
"""

import glob
import json
import math
import sys
from collections import defaultdict


def quantile(df):
    """The 97.5 % point of Student's t, by Cornish-Fisher's expansion; exact to 0.1 % from 7 on."""
    z = 1.959964
    return (
        z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * df**3)
    )


def interval(values):
    n = len(values)
    mean = sum(values) / n
    if n < 3:
        return mean, float("nan")
    variance = sum((v - mean) ** 2 for v in values) / (n - 1)
    return mean, quantile(n - 1) * math.sqrt(variance / n)


def beats_by_rank(entry):
    """Whether a map is better than all its controls, by whatever little, and reads the weights: what the
    tables count, so that networks of any strength can be compared. A verdict asks for more."""
    scores = entry["scores"]
    for name in ("deletion", "insertion"):
        score = scores[name]
        sign = -1 if score["isLowerBetter"] else 1
        if any(sign * score["value"] <= sign * other for other in score["shifted"] + [score["middle"]]):
            return False
    return not any("made random" in reason for reason in entry["verdict"]["reasons"])


def read(folder):
    """{method: {picture: numbers}}"""
    found = defaultdict(dict)
    for path in sorted(glob.glob(f"{folder}/*.json")):
        document = json.load(open(path))
        for entry in document["highlights"]:
            scores = entry["scores"]
            numbers = {"refused": float(not beats_by_rank(entry))}
            for name in ("deletion", "insertion"):
                score = scores[name]
                mean = sum(score["shifted"]) / len(score["shifted"])
                sign = -1 if name == "deletion" else 1
                numbers[f"{name} gain"] = sign * (score["value"] - mean)
            numbers["stability"] = scores["stability"]
            truth = scores.get("truth")
            if truth:
                numbers["points"] = float(truth["pointsInside"])
                numbers["shifted"] = truth["shiftedPointsInside"]
                numbers["middle"] = float(truth["middlePointsInside"])
                numbers["inside"] = truth["shareInside"]
                numbers["covered"] = truth["truthShare"]
            found[entry["method"]][document["picture"]] = numbers
    return found


def cell(per_seed, name, percent, digits):
    """The mean over pictures with its interval, and the seeds' own means."""
    pictures = [p for p in per_seed[0] if all(name in s.get(p, {}) for s in per_seed)]
    if not pictures:
        return "–", 0
    means = [sum(s[p][name] for s in per_seed) / len(per_seed) for p in pictures]
    mean, half = interval(means)
    scale = 100 if percent else 1
    text = f"{mean * scale:.{digits}f} ± {half * scale:.{digits}f}"
    if len(per_seed) > 1:
        seeds = [sum(s[p][name] for p in pictures) / len(pictures) for s in per_seed]
        text += " (" + ", ".join(f"{v * scale:.{digits}f}" for v in seeds) + ")"
    return text, len(pictures)


def main():
    arguments = sys.argv[1:]
    seeds = arguments[:1] == ["--seeds"]
    folders = arguments[seeds:]
    runs = [read(folder) for folder in folders]
    if not seeds:
        joined = defaultdict(dict)
        for folder, run in zip(folders, runs):
            for method, pictures in run.items():
                joined[method].update({f"{folder}/{p}": v for p, v in pictures.items()})
        runs = [joined]
    columns = [
        ("refused", True, 0), ("deletion gain", False, 2), ("insertion gain", False, 2),
        ("stability", False, 2), ("points", True, 0), ("shifted", True, 0), ("middle", True, 0),
        ("inside", True, 0), ("covered", True, 0),
    ]
    print("| method | pictures | " + " | ".join(c[0] for c in columns) + " |")
    print("|---" * (len(columns) + 2) + "|")
    for method in runs[0]:
        per_seed = [run[method] for run in runs]
        cells = [cell(per_seed, *column)[0] for column in columns]
        print(f"| {method} | {len(per_seed[0])} | " + " | ".join(cells) + " |")


main()
