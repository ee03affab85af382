#!/usr/bin/env bash
# The way of a user from made scenes to a verdict, by the command alone. Leaves the scenes and a
# trained run in FOVEA_WORK for the checks that follow.
set -euo pipefail
cd "$FOVEA_WORK"

# Every reader of a pipe reads it to its end, or the writer would fail.
# get 'python expression of the object r': reads JSON from standard input.
get() { python3 -c "import json, sys; r = json.load(sys.stdin); print($1)"; }
# expect NAME VALUE PYTHON-CONDITION-ON-v
expect() {
  python3 -c "import sys; v = float(sys.argv[1]); sys.exit(0 if $3 else 1)" "$2" \
    || { echo "error: $1 is $2, which is not $3" >&2; exit 1; }
  echo "$1: $2"
}
# fails STATUS COMMAND…: the command must end with this status.
fails() {
  local wanted=$1 status=0
  shift
  "$@" >fails.out 2>fails.err || status=$?
  [ $status -eq "$wanted" ] || { echo "error: $* ended with $status, not $wanted" >&2; exit 1; }
}

"$FOVEA" data scenes --kind feature --count 1000 --test-count 200 --contrast 0.6 --noise 0.05 \
  --distractors 0-3 --seed 3 --output scenes --json \
  | get 'r["trainingCount"] + r["testCount"]' | grep -x 1200
"$FOVEA" data check scenes --json | get 'r["training"]["pictureCount"]' | grep -x 1000

network=(--kernel-sizes 5,3 --head mean --batch-size 32 --learning-rate 0.003)
"$FOVEA" train scenes --output run "${network[@]}" --epochs 2 --quiet
[ -s run/weights.safetensors ] && [ -s run/config.json ] && [ -s run/metrics.csv ]
ls run/events.out.tfevents.* >/dev/null
accuracy=$("$FOVEA" evaluate run scenes --json | get 'r["accuracy"]')
# Four orientations with little noise: guessing is right in a quarter, two epochs in all.
expect "accuracy after 2 epochs" "$accuracy" "v > 0.8"
"$FOVEA" evaluate run scenes | grep '95 % interval'

pictures=$(find scenes/test -name '*.png' | wc -l)
"$FOVEA" predict run scenes/test --json >predicted.jsonl
[ "$(wc -l <predicted.jsonl)" -eq "$pictures" ]
"$FOVEA" predict run scenes/test --format csv >predicted.csv
sed -n 1p predicted.csv | grep '^path,label,probability'
# What predict says of the test pictures one by one is what evaluate counts.
python3 - "$accuracy" <<'PYTHON'
import json, sys

lines = [json.loads(line) for line in open("predicted.jsonl")]
right = sum(line["path"].split("/")[-2] == line["label"] for line in lines) / len(lines)
assert abs(right - float(sys.argv[1])) < 1e-9, (right, sys.argv[1])
assert all(abs(sum(line["probabilities"].values()) - 1) < 1e-5 for line in lines)
PYTHON

# The same seed gives the same weights, and a resumed run that is done stays as it is.
"$FOVEA" train scenes --output again "${network[@]}" --epochs 2 --quiet
cmp run/weights.safetensors again/weights.safetensors
"$FOVEA" train scenes --output again --resume --quiet
cmp run/weights.safetensors again/weights.safetensors

"$FOVEA" compare scenes --seeds 2 --epochs 1 "${network[@]}" --output study --json >study.json
get 'r["verdict"]' <study.json \
  | grep -Ex 'attention helps|more parameters help|undecided|attention hurts|no proven gain'
get 'len(r["networks"])' <study.json | grep -x 3
# The table of single results, fed back, gives the same verdict.
"$FOVEA" compare --results study/results.csv --json >results.json
[ "$(get 'r["verdict"]' <results.json)" = "$(get 'r["verdict"]' <study.json)" ]

"$FOVEA" inspect run | grep 'attention.query' >/dev/null
"$FOVEA" explain run "$(find scenes/test -name '*.png' | sort | sed -n 1p)" --method grad-cam \
  --truth scenes/boxes.csv --output highlights --quiet | grep -E 'faithful|not judged'
find highlights -name '*.json' | wc -l | grep -x 1
find highlights -name '*.png' | wc -l | grep -x 1

fails 64 "$FOVEA" train
fails 1 "$FOVEA" train nowhere --output other
fails 1 "$FOVEA" train scenes --output run --quiet
fails 1 "$FOVEA" train nowhere --output other --json
get 'r["error"]["message"]' <fails.out
echo "command line: all as expected"
