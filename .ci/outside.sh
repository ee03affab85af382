#!/usr/bin/env bash
# A package outside the tree of targets: depends on Fovea by path, loads the run that the check of
# the command line trained, predicts as the command does, and trains by public names alone.
set -euo pipefail
swift=${SWIFT:-swift}
"$swift" build --package-path Tests/OutsidePackage --scratch-path .build-outside -c release
picture=$(find "$FOVEA_WORK/scenes/test" -name '*.png' | sort | sed -n 1p)
expected=$("$FOVEA" predict "$FOVEA_WORK/run" "$picture" --json)
actual=$(.build-outside/release/outside "$FOVEA_WORK/run" "$picture" "$FOVEA_WORK/scenes")
echo "$actual"
python3 - "$expected" "$actual" <<'PYTHON'
import json, sys

expected = json.loads(sys.argv[1])
label, probability = sys.argv[2].splitlines()[0].split("\t")
assert label == expected["label"], (label, expected)
assert float(probability) == expected["probability"], (probability, expected)
assert sys.argv[2].splitlines()[-1] == "trained"
PYTHON
