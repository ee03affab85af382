#!/usr/bin/env bash
# Makes dist/fovea-VERSION-ARCHITECTURE.tar.gz: the command with Swift's runtime inside, so that
# people who use it need no toolchain, and the list of Debian packages that it needs.
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
read -r -a options <<<"${BUILD_OPTIONS:-}"
# A folder of its own: modules compiled for a static runtime cannot be shared with the others.
"$swift" build -c release --product fovea --static-swift-stdlib --scratch-path .build-dist \
  "${options[@]}"
built=.build-dist/release/fovea

linked=$(ldd "$built")
if grep -E 'libswift|lib_?Foundation|not found' <<<"$linked"; then
  echo "dist: the command needs the libraries above, which it must bring along." >&2
  exit 1
fi

version=$("$built" --version | awk '{ print $NF; exit }')
name="fovea-$version-$(uname -m)"
folder="dist/$name"
rm -rf "$folder"
mkdir -p "$folder/bin"
install -m 755 "$built" "$folder/bin/fovea"
strip --strip-debug "$folder/bin/fovea"
cp README.md LICENSE "$folder/"

# The packages of the libraries that it names itself; apt brings what those need.
{
  readelf --dynamic "$built" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r library; do
    path=$(awk -v library="$library" '$1 == library { print $3 }' <<<"$linked")
    [ -n "$path" ] || continue
    # dpkg knows a file by the path it was packed with, with or without /usr before /lib.
    real=$(readlink -f "$path")
    owner=$(dpkg-query --search "$real" 2>/dev/null \
      || dpkg-query --search "${real#/usr}" 2>/dev/null \
      || { echo "dist: no package owns $path" >&2; exit 1; })
    echo "${owner%%:*}"
  done
  sed 's/#.*//' Scripts/debian-packages.txt | awk '$2 == "run" { print $1 }'
} | sort -u >"$folder/debian-packages.txt"

cat >"$folder/INSTALL" <<'TEXT'
Made for the Debian or Ubuntu release whose packages debian-packages.txt names:

  sudo apt-get install --no-install-recommends $(cat debian-packages.txt)
  sudo cp bin/fovea /usr/local/bin/
  fovea --help
TEXT
tar --create --gzip --owner=0 --group=0 --numeric-owner --file "dist/$name.tar.gz" -C dist "$name"
echo "dist/$name.tar.gz ($(du -h "dist/$name.tar.gz" | cut -f 1)); it needs: $(tr '\n' ' ' <"$folder/debian-packages.txt")"
