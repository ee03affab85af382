#!/usr/bin/env bash
# Makes a machine ready to build Fovea: looks for a Swift toolchain, and installs the Debian
# packages that are missing. Says nothing and changes nothing where all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
least=6.2

stop() {
  echo "setup: $*" >&2
  exit 1
}

if ! command -v "$swift" >/dev/null; then
  stop "there is no Swift toolchain here; install Swift $least or later from https://www.swift.org/install/linux."
fi
# The first line reads "Swift version 6.2.1 (…)".
version=$("$swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
if [ "$(printf '%s\n%s\n' "$least" "${version:-0}" | sort -V | head -n 1)" != "$least" ]; then
  stop "Swift ${version:-of an unknown version} is too old; install $least or later from https://www.swift.org/install/linux."
fi

mapfile -t wanted <<<"$(sed 's/#.*//' Scripts/debian-packages.txt | awk 'NF { print $1 }')"
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  stop "this is neither Debian nor Ubuntu; install what these packages hold by hand, then run swift build -c release: ${wanted[*]}."
fi
missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -eq 0 ]; then
    as_root=(env)
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo env)
  else
    echo "setup: packages are missing. Run this, then try again:" >&2
    echo "  sudo apt-get update && sudo apt-get install --yes ${missing[*]}" >&2
    exit 1
  fi
  install=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install --yes
    --no-install-recommends "${missing[@]}")
  echo "setup: installing ${missing[*]}"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  # The lists of a fresh machine are empty or old, so a failure is tried once more with new ones.
  if ! "${install[@]}" >"$log" 2>&1; then
    if ! { "${as_root[@]}" apt-get update && "${install[@]}"; } >"$log" 2>&1; then
      tail -n 20 "$log" >&2
      stop "apt-get could not install ${missing[*]}."
    fi
  fi
fi

header=/usr/include/oneapi/dnnl/dnnl_version.h
major=$(sed -n 's/^#define DNNL_VERSION_MAJOR *\([0-9]*\).*/\1/p' "$header" 2>/dev/null || true)
if [ "$major" != 2 ]; then
  stop "Fovea needs oneDNN 2.x (libdnnl-dev of Debian 12 or Ubuntu 22.04), and this machine has version ${major:-unknown}."
fi
