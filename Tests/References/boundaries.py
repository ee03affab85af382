"""Writes Tests/References/boundaries.json: words and sentences of the hard texts by Unicode's Annex 29.

Needs the package `uniseg`:  python3 Tests/References/boundaries.py

For every ten texts of `hard_texts.py` one number is kept for words and one for sentences, a hash of
the places at which they end; the megabyte without a space is left out.
"""

import inspect
import json
import os

from uniseg import sentencebreak
from uniseg.breaking import boundaries
from uniseg.wordbreak import word_boundaries

from hard_texts import MASK, hard_texts


def whole_rule_8():
    """uniseg 0.10.1 forgets the class Other among what rule SB8 passes over."""
    source = inspect.getsource(sentencebreak.sentence_breakables)
    assert source.count("SB.SCONTINUE, SB.CLOSE)") == 2
    source = source.replace("SB.SCONTINUE, SB.CLOSE)", "SB.SCONTINUE, SB.CLOSE, SB.OTHER)")
    scope = dict(vars(sentencebreak))
    exec(source, scope)
    return scope["sentence_breakables"]


sentence_breakables = whole_rule_8()


def sentence_boundaries(text):
    return boundaries(sentence_breakables(text))


def numbers(ends, texts):
    result = []
    for start in range(0, len(texts), 10):
        value = 0xCBF29CE484222325
        for string in texts[start:start + 10]:
            places = [place for place in ends(string) if place > 0]
            for place in places + [len(string)]:
                value = ((value ^ place) * 0x100000001B3) & MASK
        result.append(f"{value >> 32:08x}")
    return result


def extra(texts):
    """Sentences of several pieces, with signs between that may end one."""
    signs = [". ", ".", "! ", "? ", "… ", ".\" ", ".) ", "。", "！", "؟ ", "।", ", ", ": ", ".\n", " ", "\n\n", ".5 ", ". 5"]
    result = []
    for index in range(0, len(texts) - 8, 4):
        parts = []
        for step, text in enumerate(texts[index:index + 8]):
            parts.append(text)
            parts.append(signs[(index * 7 + step * 5) % len(signs)])
        result.append("".join(parts))
    return result


if __name__ == "__main__":
    texts = hard_texts()[:1999]
    texts += extra(texts[:1200])
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "boundaries.json"), "w") as file:
        json.dump({"words": numbers(word_boundaries, texts),
                   "sentences": numbers(sentence_boundaries, texts)}, file, indent=0)
