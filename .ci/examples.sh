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
