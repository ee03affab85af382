"""Writes the table of canonical decompositions from Python's own copy of the Unicode data.

    python3 Tests/References/decompositions.py > Sources/FoveaText/Unicode/DecompositionTable.swift

Hangul syllables are left out: they follow from arithmetic.
"""

import unicodedata

print(f"/// Full canonical decompositions, Unicode {unicodedata.unidata_version}: each line holds a scalar value and those that it")
print("/// becomes, hexadecimal. Made by `Tests/References/decompositions.py`.")
print('let decompositionTable = """')
for value in range(0x110000):
    if 0xD800 <= value < 0xE000 or 0xAC00 <= value <= 0xD7A3:
        continue
    parts = unicodedata.normalize("NFD", chr(value))
    if parts != chr(value):
        print("  " + " ".join(f"{ord(part):x}" for part in chr(value) + parts))
print('  """')
