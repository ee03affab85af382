#!/usr/bin/env bash
# Builds every program of Examples/ and runs it as its first lines say.
set -euo pipefail
swift=${SWIFT:-swift}
# Same folder as the outside package's: Fovea itself is then compiled once for both.
"$swift" build --package-path Examples --scratch-path .build-outside -c release
cd "$FOVEA_WORK"
examples=$OLDPWD/.build-outside/release
"$examples/train-on-scenes"
mapfile -t pictures < <(find scenes/test -name '*.png' | sort | sed -n 1,5p)
said=$("$examples/load-and-predict" run "${pictures[@]}")
echo "$said"
[ "$(wc -l <<<"$said")" -eq 6 ]
"$examples/compare-own-attention" own-attention
cat >text.txt <<'TEXT'
The city opened a new bridge on Monday. The bridge is long and cost much. A cat slept. The old bridge was closed.
TEXT
models=$OLDPWD/Tests/References/models
said=$("$examples/read-texts" text.txt "$models/bert" "$models/gpt2" "What did the bridge cost?")
echo "$said"
[ "$(grep -c '^summary' <<<"$said")" -eq 2 ]
grep '^nearest' <<<"$said"
grep '^written' <<<"$said"
"$examples/classify-sounds"
"$examples/classify-texts"
"$examples/hear-words"
