#!/usr/bin/env bash
# Holds each target's imports against Package.swift: names every import that is not declared, and
# every declared dependency that is not imported; fails when there is one. A build whose order
# happens to be lucky finds neither.
set -euo pipefail
cd "$(dirname "$0")/.."

"${SWIFT:-swift}" package describe 2>/dev/null | awk '
  /^    Name: / { target = $2 }
  /^    Type: / { type[target] = $2 }
  /^    Module type: / { kind[target] = $3 }
  /^    Path: / { sub(/^    Path: /, ""); path[target] = $0 }
  /^    [A-Z]/ { part = $0 }
  part ~ /^    Sources/ && /^        .*\.swift$/ {
    sub(/^ +/, "")
    sources[target] = sources[target] path[target] "/" $0 "\n"
  }
  part ~ /^    (Target|Product) dependencies/ && /^        / { declared[target, $1] = 1; known[$1] = 1 }
  END {
    if (length(path) == 0) {
      print "imports: swift package describe named no target"
      exit 1
    }
    for (target in path) known[target] = 1
    for (target in path) {
      if (kind[target] != "SwiftTarget") continue
      count = split(sources[target], files, "\n")
      for (i = 1; i < count; i++) {
        while ((getline line < files[i]) > 0) {
          # Attributes and access levels stand before the word, the kind of a symbol behind it.
          if (line !~ /^ *(@[a-zA-Z_]+(\([^)]*\))? +)*([a-z]+ +)?import +[A-Za-z]/) continue
          sub(/.*import +((struct|class|enum|protocol|func|let|var|typealias) +)?/, "", line)
          sub(/[^A-Za-z0-9_].*/, "", line)
          imported[target, line] = 1
          if (known[line] && line != target && !((target, line) in declared)) {
            print files[i] ": " target " does not declare that it imports " line
            failed = 1
          }
        }
        close(files[i])
      }
    }
    for (pair in declared) {
      split(pair, names, SUBSEP)
      # A test that runs a command depends on it so that it is built.
      if (!(pair in imported) && type[names[2]] != "executable") {
        print "Package.swift: " names[1] " declares " names[2] ", which it does not import"
        failed = 1
      }
    }
    exit failed
  }' >&2
