#!/usr/bin/env bash
# Looks for sources that are not formatted as .swift-format and .clang-format say, and for imports
# that Package.swift does not declare; with --fix, formats them.
set -uo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
mapfile -t swift_files < <(find Package.swift Sources Tests Examples -name '*.swift' \
  -not -path '*/.build*' | sort)
mapfile -t c_files < <(find Sources/CKernels Sources/CMedia Sources/COneDNN \
  -name '*.c' -o -name '*.h' | sort)
failed=0

if [ "${1:-}" = --fix ]; then
  "$swift" format format --in-place --parallel "${swift_files[@]}" || failed=1
else
  "$swift" format lint --strict --parallel "${swift_files[@]}" || failed=1
fi
if command -v clang-format >/dev/null; then
  if [ "${1:-}" = --fix ]; then
    clang-format -i "${c_files[@]}" || failed=1
  else
    clang-format --dry-run --Werror "${c_files[@]}" || failed=1
  fi
else
  echo "lint: there is no clang-format, so the C sources were not looked at." >&2
fi
# Tests share the command's release build, which has no testable modules.
if grep -rn --include='*.swift' '^@testable' Tests; then
  echo "lint: tests must not use @testable; give what they need package access." >&2
  failed=1
fi
# A program that uses the library has no options: settings stand in advice as values (Advice.swift).
# The demonstration is the command's own, and gives the commands that repeat it.
if grep -rnE --include='*.swift' --exclude-dir=FoveaCLI --exclude-dir=Demonstration \
  '"[^"]*--[a-z]' Sources | grep -vE '^[^:]+:[0-9]+: *///?'; then
  echo "lint: texts of a library target name an option of the command; use Setting in Advice." >&2
  failed=1
fi
Scripts/imports.sh || failed=1
exit $failed
