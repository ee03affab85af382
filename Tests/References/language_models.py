"""Writes Tests/References/models/: a small BERT and a small GPT-2 with random weights, as Hugging
Face's libraries write them, and what the `transformers` package computes with them.

    python3 -P Tests/References/language_models.py

Their tokenizers are those of `hard_texts.py`. Weights are larger than usual, so that a layer that is
wrong shows in the results.
"""

import json
import os
import shutil

import torch
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel
from tokenizers import Tokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
TEXTS = ["The words that we don't know.", "a", "you're 3.14 the 中文字符 naïve", "the " * 40, "العربية 한국어"]


def folder(name, tokenizer):
    path = os.path.join(HERE, "models", name)
    os.makedirs(path, exist_ok=True)
    shutil.copy(os.path.join(HERE, "tokenizers", tokenizer + ".json"), os.path.join(path, "tokenizer.json"))
    return path, Tokenizer.from_file(os.path.join(path, "tokenizer.json"))


def bert():
    path, tokenizer = folder("bert", "bert")
    torch.manual_seed(1)
    model = BertModel(BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=40, max_position_embeddings=64, initializer_range=0.4), add_pooling_layer=False).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("bias") or "LayerNorm" in name:
                weight.add_(0.3 * torch.randn_like(weight))
    model.save_pretrained(path)
    tokenizer.enable_truncation(64)
    vectors = []
    with torch.no_grad():
        for text in TEXTS:
            hidden = model(torch.tensor([tokenizer.encode(text).ids])).last_hidden_state[0]
            vectors.append(torch.nn.functional.normalize(hidden.mean(0), dim=0).tolist())
    return {"texts": TEXTS, "embeddings": vectors}


def gpt2():
    path, tokenizer = folder("gpt2", "gpt2")
    torch.manual_seed(2)
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=tokenizer.get_vocab_size(), n_embd=16, n_layer=2, n_head=2, n_positions=64,
        initializer_range=0.4)).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("bias") or "ln_" in name:
                weight.add_(0.3 * torch.randn_like(weight))
    model.save_pretrained(path)
    logits = []
    with torch.no_grad():
        for text in TEXTS:
            ids = tokenizer.encode(text).ids[:60]
            logits.append([round(value, 6) for value in model(torch.tensor([ids])).logits[0, -1].tolist()])
    ids = tokenizer.encode(TEXTS[0]).ids
    greedy = model.generate(torch.tensor([ids]), max_new_tokens=20, do_sample=False, pad_token_id=0,
                            eos_token_id=None)[0, len(ids):].tolist()
    return {"texts": TEXTS, "logits": logits, "greedy": greedy}


if __name__ == "__main__":
    result = {"bert": bert(), "gpt2": gpt2()}
    with open(os.path.join(HERE, "models", "results.json"), "w") as file:
        json.dump(result, file)
