#!/usr/bin/env python3
"""Trains on ten small sets with given settings, some seeds each, and prints the table of docs/defaults.md.

  python3 defaults.py FOVEA DATA WORK [--seeds N] [--sets NAME,…] [--name WORD] [-- OPTIONS OF fovea train]

FOVEA is the command, DATA the folder of the sets, WORK a folder for cut sets and runs, which is kept: what is there
is not trained again. Large sets are cut to a few hundred examples, always the same ones, so that each stands for data that
one person has. OPTIONS beginning with `picture:`, `sound:` or `text:` go to sets of that medium alone
(`picture:--augment=none`). The result is that on the set's own test part, with the better of the two simple classifiers.
"""
import csv
import gzip
import json
import os
import random
import struct
import subprocess
import sys
import time

arguments, options = sys.argv[1:], []
if "--" in arguments:
    cut = arguments.index("--")
    arguments, options = arguments[:cut], arguments[cut + 1:]


def flag(name, usual):
    if name not in arguments:
        return usual
    place = arguments.index(name)
    value = arguments[place + 1]
    del arguments[place:place + 2]
    return value


seeds, chosen, word = int(flag("--seeds", "5")), flag("--sets", ""), flag("--name", "usual")
fovea, data, work = arguments


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def median(values):
    values = sorted(values)
    return values[len(values) // 2]


def read_idx(path):
    content = gzip.open(path).read()
    count = content[3]
    return struct.unpack(f">{count}I", content[4:4 + 4 * count]), content[4 + 4 * count:]


def write_idx(path, sizes, content):
    with gzip.open(path, "wb") as file:
        file.write(bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes) + bytes(content))


def cut_idx(source, counts):
    def make(folder):
        for part, count in zip(("train", "t10k"), counts):
            sizes, pictures = read_idx(f"{data}/{source}/{part}-images-idx3-ubyte.gz")
            _, labels = read_idx(f"{data}/{source}/{part}-labels-idx1-ubyte.gz")
            size = sizes[1] * sizes[2]
            rows = random.Random(1).sample(range(sizes[0]), count)
            write_idx(f"{folder}/{part}-images-idx3-ubyte.gz", (count, *sizes[1:]),
                      b"".join(pictures[row * size:(row + 1) * size] for row in rows))
            write_idx(f"{folder}/{part}-labels-idx1-ubyte.gz", (count,), [labels[row] for row in rows])
    return make


def cut_digits(folder):
    for part, name, count in (("train", "train", 400), ("test", "t10k", 263)):
        rows = list(csv.DictReader(open(f"{data}/digits8x8/{part}.csv")))
        random.Random(1).shuffle(rows)
        rows = rows[:count]
        pixels = [min(255, int(row[f"p{place}"]) * 16) for row in rows for place in range(64)]
        label = next(name for name in rows[0] if not name.startswith("p"))
        write_idx(f"{folder}/{name}-images-idx3-ubyte.gz", (len(rows), 8, 8), pixels)
        write_idx(f"{folder}/{name}-labels-idx1-ubyte.gz", (len(rows),), [int(row[label]) for row in rows])


def cut_folders(source, counts):
    def make(folder):
        for part, count in zip(("train", "test"), counts):
            for name in sorted(os.listdir(f"{data}/{source}/{part}")):
                files = sorted(os.listdir(f"{data}/{source}/{part}/{name}"))
                os.makedirs(f"{folder}/{part}/{name}")
                for file in random.Random(1).sample(files, min(count, len(files))):
                    os.symlink(f"{data}/{source}/{part}/{name}/{file}", f"{folder}/{part}/{name}/{file}")
    return make


def write_texts(folder, part, rows):
    with open(f"{folder}/{part}.csv", "w", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows])


def cut_news(folder):
    for part, count in (("train", 500), ("test", 1000)):
        rows = [(row["text"], row["label"]) for row in csv.DictReader(open(f"{data}/ag-news/{part}.csv"))]
        write_texts(folder, part, random.Random(1).sample(rows, count))


def cut_comments(folder):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "marked_sentences.py")
    for part, count in (("train", 600), ("test", 1000)):
        sentences = f"{folder}/{part}.jsonl"
        subprocess.run([sys.executable, script, f"{data}/toxic-spans/{part}.jsonl", sentences], check=True,
                       capture_output=True)
        rows = [(row["text"], row["label"]) for row in map(json.loads, open(sentences))]
        os.remove(sentences)
        random.Random(1).shuffle(rows)
        write_texts(folder, part, rows[:count])


# name: medium, how it is cut (None: as it is), what `train` is given
SETS = {
    "brain-tumour": ("picture", None, [f"{data}/brain-tumour"]),
    "breast-ultrasound": ("picture", None, [
        f"{data}/breast-ultrasound/cases.csv", "--image-column", "image", "--split-column", "split"]),
    "cifar10, 600": ("picture", cut_folders("cifar10", (60, 100)), ["."]),
    "fashion-mnist, 500": ("picture", cut_idx("fashion-mnist", (500, 1000)), ["."]),
    "mnist, 400": ("picture", cut_idx("mnist", (400, 1000)), ["."]),
    "digits8x8, 400": ("picture", cut_digits, ["."]),
    "spoken-digits, 400": ("sound", cut_folders("spoken-digits", (40, 20)), ["."]),
    "sound-scenes": ("sound", None, [f"{data}/sound-scenes"]),
    "ag-news, 500": ("text", cut_news, ["train.csv", "--test", "test.csv"]),
    "toxic-spans, 600 sentences": ("text", cut_comments, ["train.csv", "--test", "test.csv"]),
}

rows = []
for name, (medium, make, given) in SETS.items():
    if chosen and not any(name.startswith(start) for start in chosen.split(",")):
        continue
    folder = os.path.join(os.path.abspath(work), "sets", name.split(",")[0])
    if not os.path.exists(folder):
        os.makedirs(folder)
        if make:
            make(folder)
    own = [option.split(":", 1)[1] if option.split(":")[0] == medium else option for option in options
           if option.split(":")[0] in (medium,) or not option.startswith(("picture:", "sound:", "text:"))]
    results = []
    for seed in range(1, seeds + 1):
        run = os.path.join(os.path.abspath(work), f"{word}-{name.split(',')[0]}-{seed}")
        summary = run + ".json"
        if not os.path.exists(summary) or not os.path.getsize(summary):
            command = [os.path.abspath(fovea), "train", *given, "--output", run, "--overwrite", "--seed", str(seed),
                       "--skip-check", "--json", *own]
            if medium == "picture":
                command += ["--highlights", "none"]
            begun = time.time()
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stderr)
            result = json.loads(done.stdout) | {"wall": time.time() - begun}
            json.dump(result, open(summary, "w"))
        results.append(json.load(open(summary)))
    accuracies = [result["evaluation"]["accuracy"] for result in results]
    simple = {}
    for result in results:
        for baseline in result["baselines"]:
            simple.setdefault(baseline["name"], []).append(baseline["accuracy"])
    best = max(simple, key=lambda key: mean(simple[key])) if simple else ""
    rows.append((
        name, f"{100 * mean(accuracies):.1f}", f"{100 * min(accuracies):.1f}–{100 * max(accuracies):.1f}",
        f"{100 * mean(simple[best]):.1f} ({best})" if best else "",
        f"{median(result['wall'] for result in results):.0f} s"))
    print(f"{word}: " + " | ".join(rows[-1]), file=sys.stderr, flush=True)

print("| set | accuracy, mean | range | better simple classifier | time |\n| --- | --- | --- | --- | --- |")
for row in rows:
    print("| " + " | ".join(row) + " |")
