"""Reads a run's event file with TensorBoard itself and holds it against the run's metrics.csv.

    pip install tensorboard
    python3 check_events.py runs/flowers

Prints what was compared; exits with 1 where a number is missing or another.
"""

import csv
import struct
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

COLUMNS = {
    "loss/training": "trainingLoss",
    "accuracy/training": "trainingAccuracy",
    "loss/validation": "validationLoss",
    "accuracy/validation": "validationAccuracy",
    "learning rate": "learningRate",
}


def as_float32(text):
    """The number as the event file stores it."""
    return struct.unpack("<f", struct.pack("<f", float(text)))[0]


def main(run):
    with open(f"{run}/metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    events = EventAccumulator(run)
    events.Reload()
    tags = events.Tags()["scalars"]
    expected = {
        tag: {int(row["epoch"]): as_float32(row[column]) for row in rows if row[column]}
        for tag, column in COLUMNS.items()
    }
    expected = {tag: values for tag, values in expected.items() if values}
    problems = []
    if sorted(tags) != sorted(expected):
        problems.append(f"tags are {sorted(tags)}, not {sorted(expected)}")
    for tag, values in expected.items():
        read = {event.step: event.value for event in events.Scalars(tag)} if tag in tags else {}
        if read != values:
            problems.append(f"{tag}: {read}, not {values}")
    print(f"{run}: {len(rows)} epochs, {sum(map(len, expected.values()))} scalars of {len(tags)} tags")
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems or not rows else 0


if __name__ == "__main__":
    sys.exit(max(main(run) for run in sys.argv[1:]))
