#!/usr/bin/env bash
# A package of somebody else: depends on a tagged clone of what is committed, by version, and on
# both products. It loads the run that the check of the command line trained, predicts as the
# command does, explains, and trains, by public names alone.
set -euo pipefail
swift=${SWIFT:-swift}
export FOVEA_REPOSITORY=file://$FOVEA_WORK/Fovea
rm -rf "$FOVEA_WORK/Fovea" # a fresh clone: tags of an earlier try would hide what is committed now
git clone --quiet --no-local . "$FOVEA_WORK/Fovea"
version=$("$FOVEA" --version | awk '{ print $NF; exit }')
git -C "$FOVEA_WORK/Fovea" -c user.name=ci -c user.email=ci@example.com \
  tag --force --annotate "$version" --message "as it will be released"
# SwiftPM keeps what a version once was; here it is something else each time.
export XDG_CACHE_HOME=$FOVEA_WORK/cache
rm -f Tests/OutsidePackage/Package.resolved
rm -rf .build-outside/repositories .build-outside/checkouts .build-outside/workspace-state.json
"$swift" build --package-path Tests/OutsidePackage --scratch-path .build-outside -c release
grep -q "\"version\" *: *\"$version\"" Tests/OutsidePackage/Package.resolved

picture=$(find "$FOVEA_WORK/scenes/test" -name '*.png' | sort | sed -n 1p)
expected=$("$FOVEA" predict "$FOVEA_WORK/run" "$picture" --json)
actual=$(.build-outside/release/outside "$FOVEA_WORK/run" "$picture" "$FOVEA_WORK/scenes")
served=$(.build-outside/release/server "$FOVEA_WORK/run" "$picture")
echo "$actual"
echo "$served"
python3 - "$expected" "$actual" "$served" <<'PYTHON'
import json, sys

expected, actual, served = json.loads(sys.argv[1]), *(a.splitlines() for a in sys.argv[2:])
for line in (actual[0], served[0]):
    label, probability = line.split("\t")
    assert label == expected["label"], (label, expected)
    assert float(probability) == expected["probability"], (probability, expected)
assert actual[-1] == "trained"
assert served[1].startswith("refused upload: "), served
assert served[2].startswith("verdict "), served
PYTHON
