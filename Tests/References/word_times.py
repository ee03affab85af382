#!/usr/bin/env python3
"""How often the moment at which a word is heard lies within the time at which it is said.

  fovea predict RUN CLIPS... --json > heard.jsonl;  word_times.py STRINGS heard.jsonl

STRINGS is a folder of `fovea data digit-strings`. Words heard are aligned with words said by least edits; the right ones count, with
the middle of their time, and with 0.1 s of grace on both sides.
"""
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

folder, heard = Path(sys.argv[1]), Path(sys.argv[2])
said = defaultdict(list)
with open(folder / "times.csv", newline="") as file:
    for row in csv.DictReader(file):
        said[Path(row["clip"]).name].append((row["label"], float(row["onset"]), float(row["offset"])))


def pairs(reference, words):
    """The places of equal words in an alignment with the fewest edits."""
    rows, columns = len(reference) + 1, len(words) + 1
    cost = [[max(i, j) if 0 in (i, j) else 0 for j in range(columns)] for i in range(rows)]
    for i in range(1, rows):
        for j in range(1, columns):
            cost[i][j] = min(cost[i - 1][j - 1] + (reference[i - 1][0] != words[j - 1]["word"]), cost[i - 1][j] + 1, cost[i][j - 1] + 1)
    i, j = rows - 1, columns - 1
    while i and j:
        equal = reference[i - 1][0] == words[j - 1]["word"]
        if cost[i][j] == cost[i - 1][j - 1] + (not equal):
            i, j = i - 1, j - 1
            if equal:
                yield reference[i], words[j]
        elif cost[i][j] == cost[i - 1][j] + 1:
            i -= 1
        else:
            j -= 1


count = inside = near = 0
for line in open(heard):
    item = json.loads(line)
    for (_, onset, offset), word in pairs(said[Path(item["path"]).name], item["words"]):
        middle = (word["start"] + word["end"]) / 2
        count += 1
        inside += onset <= middle <= offset
        near += onset - 0.1 <= middle <= offset + 0.1
print(f"{count} words heard right, {100 * inside / count:.1f} % within their time, {100 * near / count:.1f} % within 0.1 s of it")
