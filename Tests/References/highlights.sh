#!/usr/bin/env bash
# Trains and explains all that the tables of docs/highlights.md are made of; highlights.py makes the
# tables. An hour or two on two cores.
#
#     highlights.sh DATA FOLDER
#
# DATA holds breast-ultrasound/, brain-tumour/ and cifar10/. What is in FOLDER already stays.
set -euo pipefail

fovea=${FOVEA:-fovea}
data=$(realpath "$1")
mkdir -p "$2" && cd "$2"

# explain RUN OUTPUT [OPTION…]: reads the pictures' paths from standard input.
explain() {
  local run=$1 output=$2
  shift 2
  [ -d "$output" ] || xargs -d '\n' "$fovea" explain "$run" --method all --output "$output" \
    --quiet "$@" >"$output.txt"
}
# first COUNT FOLDER: the first pictures of each class.
first() {
  for class in "$2"/*/; do find "$class" -type f | sort | head -n "$1"; done
}

ultrasound=$data/breast-ultrasound
for seed in 1 2 3; do
  [ -d us-$seed ] || "$fovea" train "$ultrasound/cases.csv" --images "$ultrasound/images" \
    --channels grey --image-size 48 --epochs 60 --schedule cosine --batch-size 16 --patience 0 \
    --augment flip,shift,brightness,contrast --seed $seed --output us-$seed --quiet
  awk -F, -v folder="$ultrasound/images" '$2 == "test" { print folder "/" $1 }' \
    "$ultrasound/cases.csv" | explain us-$seed us-h-$seed --truth "$ultrasound/masks"
done

[ -d tumour ] || "$fovea" train "$data/brain-tumour" --channels grey --image-size 48 --epochs 15 \
  --schedule cosine --patience 0 --output tumour --quiet
first 6 "$data/brain-tumour/test" | explain tumour tumour-h
[ -d cifar ] || "$fovea" train "$data/cifar10" --epochs 3 --patience 0 --output cifar --quiet
first 3 "$data/cifar10/test" | explain cifar cifar-h

scenes=(data scenes --noise 0.1 --quiet)
[ -d scenes ] || "$fovea" "${scenes[@]}" --count 1500 --contrast 0.6 --distractors 0-7 --output scenes
[ -d look ] || "$fovea" train scenes --kernel-sizes 5,3 --widths 16,32 --head mean --batch-size 32 \
  --learning-rate 0.003 --epochs 6 --output look --quiet
for place in 0.08-7 0.15-0 0.15-7 0.3-0 0.3-3 0.3-7 0.6-0 0.6-3; do
  [ -d "scenes-$place" ] || "$fovea" "${scenes[@]}" --count 24 --contrast "${place%-*}" \
    --distractors "${place#*-}" --seed 2 --output "scenes-$place"
  "$fovea" evaluate look "scenes-$place" >"look-$place.txt"
  find "scenes-$place" -name '*.png' | sort \
    | explain look "look-h-$place" --truth "scenes-$place/boxes.csv"
done
