"""Writes Tests/References/tokenizers/: four small tokenizers and what they make of 2,000 hard texts.

Needs the package `tokenizers`:

    python3 Tests/References/hard_texts.py                       writes the files
    python3 Tests/References/hard_texts.py --folder MODEL        prints the numbers of a real tokenizer
    python3 Tests/References/hard_texts.py --speed MODEL TEXTS   megabytes a second on one thread

The texts follow from a seed and are made again by the test, `HardTexts.swift`; vocabularies are
learned here from the first of them. For every ten texts one number is kept, a hash of all ids and
places.
"""

import json
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tokenizers")
MASK = (1 << 64) - 1

# Characters of one kind, as first and last scalar values.
ALPHABETS = [
    [(0x61, 0x7A)], [(0x41, 0x5A)], [(0x30, 0x39)], [(0x20, 0x20)], [(0x21, 0x2F), (0x3A, 0x40)],
    [(0x5B, 0x60), (0x7B, 0x7E)], [(0x00, 0x1F)], [(0x7F, 0x9F)], [(0xA0, 0xFF)],
    [(0x100, 0x17F)], [(0x180, 0x24F)], [(0x300, 0x344)], [(0x391, 0x3A1), (0x3A3, 0x3CE)],
    [(0x400, 0x45F)], [(0x5D0, 0x5EA)], [(0x591, 0x5BD)], [(0x621, 0x64A)], [(0x64B, 0x652)],
    [(0x660, 0x669)], [(0x905, 0x939), (0x93E, 0x94D)], [(0x958, 0x95F)], [(0xE01, 0xE3A)],
    [(0x1100, 0x1112)], [(0x1161, 0x1175)], [(0x1EA0, 0x1EF9)], [(0x1F00, 0x1F15)],
    [(0x2000, 0x200F)], [(0x2010, 0x2027)], [(0x2028, 0x202F)], [(0x20A0, 0x20AC)],
    [(0x2100, 0x214F)], [(0x2190, 0x21FF)], [(0x2460, 0x2473)], [(0x2150, 0x2188)],
    [(0x3000, 0x3003)], [(0x3041, 0x3096)], [(0x30A1, 0x30FA)], [(0x4E00, 0x4FFF)],
    [(0x9F00, 0x9FA5)], [(0xAC00, 0xD7A3)], [(0xE000, 0xE010)], [(0xF900, 0xFA0D)],
    [(0xFB00, 0xFB06), (0xFB13, 0xFB17)], [(0xFE0E, 0xFE0F)], [(0xFF01, 0xFF5E)],
    [(0xFEFF, 0xFEFF), (0xFFFD, 0xFFFD)], [(0x10400, 0x10427)], [(0x1D15E, 0x1D164)],
    [(0x1D400, 0x1D433)], [(0x1F300, 0x1F5FF)], [(0x1F600, 0x1F64F)], [(0x20000, 0x200FF)],
    [(0x2F800, 0x2F80F)], [(0x1F1E6, 0x1F1FF)],
]
WORDS = [
    "the", "The", "don't", "we'll", "it's", "I'M", "they've", "you're", "he'd", "'s", "' s", "  ",
    "[CLS]", "[SEP]", "[MASK]", "[cls]", "<|endoftext|>", "<mask>", " <mask> ", "naïve", "Ångström",
    "İstanbul", "ΣΊΣΥΦΟΣ", "straße", "e\u0301", "\u0323\u0301", "q\u0307\u0323", "👩\u200D👩\u200D👧",
    "👍🏽", "🇩🇪", "❤\uFE0F", "한국어", "日本語", "中文字符", "العربية", "עברית", "हिन्दी", "ไทย",
    "3.14", "1,000", "C++", "a_b", "foo@bar.com", "http://x.y/z?q=1", "\t", "\n", "\r\n", "\u00A0",
    "\u3000", "…", "“quote”", "x²", "½", "Ⅷ",
]
SPECIAL = ["", " ", "  ", "\n", "\n\n ", "\t x", " x", "x ", "'", "''", "\u200D", "\u0301", "\x00", "\uFFFD"]


class Random:
    """SplitMix64 (Steele et al. 2014)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % bound


def text(random):
    pieces = []
    for _ in range(1 + random.below(12)):
        if random.below(3) == 0:
            pieces.append(WORDS[random.below(len(WORDS))])
        else:
            kind = ALPHABETS[random.below(len(ALPHABETS))]
            for _ in range(1 + random.below(6)):
                first, last = kind[random.below(len(kind))]
                pieces.append(chr(first + random.below(last - first + 1)))
        if random.below(2) == 0:
            pieces.append(" ")
    return "".join(pieces)


def hard_texts():
    random = Random(20)
    texts = list(SPECIAL)
    while len(texts) < 1999:
        texts.append(text(random))
    # A megabyte without a space.
    texts.append("".join(chr(0x61 + random.below(6)) for _ in range(1 << 20)))
    return texts


def numbers(tokenizer, texts):
    """FNV-1a over ids and places, of every ten texts."""
    result = []
    for start in range(0, len(texts), 10):
        value = 0xCBF29CE484222325
        for string in texts[start:start + 10]:
            encoding = tokenizer.encode(string)
            for id, (first, last) in zip(encoding.ids, encoding.offsets):
                for number in (id, first, last):
                    value = ((value ^ number) * 0x100000001B3) & MASK
            value = ((value ^ len(encoding.ids)) * 0x100000001B3) & MASK
        result.append(f"{value >> 32:08x}")
    return result


def bert(texts, lowercase):
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        texts, trainers.WordPieceTrainer(
            vocab_size=900, limit_alphabet=400, special_tokens=special, show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer


def byte_level(texts):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(
        texts, trainers.BpeTrainer(
            vocab_size=900, min_frequency=2, special_tokens=["<|endoftext|>"], show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def roberta(texts):
    from tokenizers import AddedToken, pre_tokenizers, processors
    tokenizer = byte_level(texts)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.add_special_tokens(
        ["<s>", "</s>", AddedToken("<mask>", lstrip=True, special=True, normalized=False)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>")),
        trim_offsets=True, add_prefix_space=True)
    return tokenizer


def load(folder):
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def main():
    if "--speed" in sys.argv:
        tokenizer = load(sys.argv[2])
        texts = open(sys.argv[3], encoding="utf-8").read().split("\n")
        size = sum(len(string.encode()) for string in texts)
        best = 1e9
        for _ in range(3):
            start = time.perf_counter()
            count = sum(len(tokenizer.encode(string).ids) for string in texts)
            best = min(best, time.perf_counter() - start)
        print(f"tokenizers: {count} tokens, {size / best / 1e6:.2f} MB/s")
        return
    texts = hard_texts()
    if "--folder" in sys.argv:
        print(json.dumps(numbers(load(sys.argv[2]), texts)))
        return
    os.makedirs(FOLDER, exist_ok=True)
    learned = texts[:1200]
    made = {"bert": bert(learned, True), "bert-cased": bert(learned, False),
            "gpt2": byte_level(learned), "roberta": roberta(learned)}
    result = {}
    for name, tokenizer in made.items():
        tokenizer.save(os.path.join(FOLDER, name + ".json"), pretty=False)
        result[name] = numbers(tokenizer, texts)
    result["bytes"] = sum(len(string.encode()) for string in texts)
    with open(os.path.join(FOLDER, "numbers.json"), "w") as file:
        json.dump(result, file, indent=0)


if __name__ == "__main__":
    main()
