#!/usr/bin/env bash
# Compiles every Swift block of README.md and docs/: programs as they stand, and manifests by
# reading them. A block that is neither has to become one.
set -euo pipefail
swift=${SWIFT:-swift}
root=$PWD
package=$FOVEA_WORK/blocks
mkdir -p "$package/Sources" "$package/manifests"

python3 - "$package" README.md docs/*.md <<'PYTHON'
import pathlib, re, sys

package, documents = pathlib.Path(sys.argv[1]), sys.argv[2:]
targets = []
for document in documents:
    text = pathlib.Path(document).read_text()
    for match in re.finditer(r"^```swift\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        place = f"{document}:{text[: match.start()].count(chr(10)) + 2}"
        block = match[1]
        if block.startswith("// swift-tools-version"):
            folder = package / "manifests" / str(len(list((package / "manifests").iterdir())))
            folder.mkdir()
            (folder / "Package.swift").write_text(block)
            print(f"manifest {place}")
            continue
        assert block.startswith("import "), f"{place}: neither a program nor a manifest"
        name = f"block{len(targets)}"
        source = package / "Sources" / name
        source.mkdir()
        (source / "main.swift").write_text(f'#sourceLocation(file: "{place}", line: 1)\n{block}')
        targets.append((name, [p for p in ("Fovea", "FoveaInference") if f"import {p}\n" in block]))
        print(f"program {place}")
assert targets, "no Swift block was found"
entries = ",\n".join(
    '.executableTarget(name: "%s", dependencies: [%s], swiftSettings: [.swiftLanguageMode(.v6)])'
    % (name, ", ".join(f'.product(name: "{p}", package: "Fovea")' for p in products))
    for name, products in targets)
root = pathlib.Path.cwd()
(package / "Package.swift").write_text(
    "// swift-tools-version: 6.2\nimport PackageDescription\n\nlet package = Package(\n"
    f'  name: "blocks", dependencies: [.package(name: "Fovea", path: "{root}")],\n'
    f"  targets: [\n{entries}\n])\n")
PYTHON

"$swift" build --package-path "$package" --scratch-path .build-outside -c release
for manifest in "$package"/manifests/*/; do
  [ -e "$manifest/Package.swift" ] || continue
  "$swift" package --package-path "$manifest" dump-package >/dev/null
done
