#!/usr/bin/env bash
# golden.sh FILE TOLERANCE: trains a recorded run again; every loss must agree to the tolerance.
set -euo pipefail
result=$("$FOVEA" bench --golden "$1" --json)
echo "$result"
python3 - "$result" "$2" <<'PYTHON'
import json, sys

result, tolerance = json.loads(sys.argv[1]), float(sys.argv[2])
deviation = result["largestRelativeLossDeviation"]
assert len(result["losses"]) == 10, f"{len(result['losses'])} losses, not 10"
assert deviation <= tolerance, f"losses deviate by {deviation}, more than {tolerance}"
PYTHON
