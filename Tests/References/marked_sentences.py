#!/usr/bin/env python3
"""Cuts marked texts into sentences, each with what is marked in it: so that a set in which nearly all texts are marked has
sentences without marks to tell them from.

  python3 marked_sentences.py MARKED.jsonl SENTENCES.jsonl

Reads JSON lines with `text` and `spans`, [[start, end], …] in Unicode code points; writes them with `label`, `marked` or
`clean`, and the spans as the sentence has them. A sentence ends behind . ! or ? and white space, or with its line; those of
fewer than three words are left out and counted.
"""
import json
import re
import sys

ENDS = re.compile(r"[.!?]+[\"”’)]*\s+|\n+")

source, target = sys.argv[1:3]
counts = {"marked": 0, "clean": 0, "short": 0}
with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as out:
    for item in map(json.loads, lines):
        text = item["text"]
        cuts = [0] + [end.end() for end in ENDS.finditer(text)] + [len(text)]
        for start, end in zip(cuts, cuts[1:]):
            sentence = text[start:end]
            if len(re.findall(r"\w+", sentence)) < 3:
                counts["short"] += 1
                continue
            spans = [(max(a - start, 0), b - start) for a, b in item["spans"] if a < end and b > start]
            label = "marked" if spans else "clean"
            counts[label] += 1
            kept = sentence.rstrip()
            inside = [[a, min(b, len(kept))] for a, b in spans if a < len(kept)]
            out.write(json.dumps({"text": kept, "label": label, "spans": inside}) + "\n")
print(f"{target}: {counts['marked']} marked, {counts['clean']} clean, {counts['short']} of fewer than three words left out")
