"""Writes Tests/References/rouge.json: scores of made-up summaries by the `rouge-score` package.

    python3 Tests/References/rouge.py

Sentences follow from a seed, of words with many endings; half of the numbers are with stems.
"""

import json
import os

from rouge_score import rouge_scorer
from nltk.stem.porter import PorterStemmer

from hard_texts import Random

STEMS = """abandon able absorb accept act adapt add adjust agree allow analog apply argu attend attract bab
bless bott break buzz cap carry cease certain chang circul class color combin commun compar conflat conform
connect control create cri day decid defens depend die differ digit dog dry easy effect electric enjoy equip
fail fall feud file fizz flat fly form free function gener go good gyroscop happ hesit hiss hop hope howe ident
infer inform irrit iv just knock lov ly mat measur motor nation news oper organ outing over pass plast play
pon possibl pray predic probat proceed radical rat relat replac rev roll run sens siz sky snow spy stat stop
succeed sugar sympath tan theolog tie toy tr trad trip troubl try us vale vic viet vil web xylo yell zip""".split()
ENDINGS = ["", "s", "es", "ed", "ing", "er", "y", "ies", "ied", "ational", "tional", "enci", "anci", "izer",
           "abli", "bli", "alli", "entli", "eli", "ousli", "ization", "ation", "ator", "alism", "iveness",
           "fulness", "ousness", "aliti", "iviti", "biliti", "fulli", "logi", "icate", "ative", "alize",
           "iciti", "ical", "ful", "ness", "al", "ance", "ence", "ic", "able", "ible", "ant", "ement", "ment",
           "ent", "ion", "sion", "tion", "ou", "ism", "ate", "iti", "ous", "ive", "ize", "e", "ll", "le",
           "eed", "sses", "ss", "ying", "at", "bl", "iz", "tt", "wx"]
SIGNS = [" ", " ", " ", " ", ", ", ". ", "-", "'s ", " 3.14 ", "\u00e9 ", " \u4e2d ", "\u212a", "  \n"]


def sentence(random, words):
    result = []
    for _ in range(random.below(30)):
        result.append(words[random.below(len(words))])
        result.append(SIGNS[random.below(len(SIGNS))])
    return "".join(result)


if __name__ == "__main__":
    random = Random(7)
    stemmer = PorterStemmer()
    forms = [stem + ending for stem in STEMS for ending in ENDINGS]
    pairs = []
    for index in range(200):
        words = [forms[random.below(len(forms))] for _ in range(12)]
        first, second = sentence(random, words), sentence(random, words)
        stems = index % 2 == 1
        scores = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=stems).score(second, first)
        pairs.append({"summary": first, "reference": second, "stemming": stems,
                      "scores": [[score.precision, score.recall, score.fmeasure] for score in
                                 (scores["rouge1"], scores["rouge2"], scores["rougeL"])]})
    folder = os.path.dirname(os.path.abspath(__file__))
    value = 0xCBF29CE484222325
    for form in forms:
        for byte in stemmer.stem(form).encode() + b"\n":
            value = ((value ^ byte) * 0x100000001B3) & ((1 << 64) - 1)
    with open(os.path.join(folder, "rouge.json"), "w") as file:
        json.dump({"stems": STEMS, "endings": ENDINGS, "hash": f"{value:016x}", "pairs": pairs[:60]}, file)
