#!/bin/sh
# Writes docs/sentences.md: every sentence that the terminal and reports can print, with the condition
# under which the code prints it. Read it from top to bottom after changes: what stands in the second
# column must be what the first one says.
set -eu
cd "$(dirname "$0")/.."
{
  cat <<'HEAD'
# Sentences

Every sentence that the terminal and the reports can print, by the file that prints it, with the nearest condition
around it in the code. `…` stands for a value. Made by `make sentences`; help texts are left out, `fovea VERB --help`
prints them.

HEAD
  find Sources -name '*.swift' | grep -v -e /Workloads/ -e FoveaGraph/ -e FoveaKernels/ -e CKernels/ \
    | LC_ALL=C sort | while read -r file; do perl Scripts/sentences.pl "$file"; done
} > docs/sentences.md
