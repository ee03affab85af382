#!/usr/bin/env python3
"""Times sentence embeddings in onnxruntime or PyTorch: what `fovea embed FILE --lines --model FOLDER` is held against.

  pip install torch onnx onnxruntime transformers tokenizers numpy
  OMP_NUM_THREADS=2 python3 -P Tests/References/embedding_speed.py FOLDER TEXTS onnxruntime|onnxruntime-int8|torch

FOLDER holds all-MiniLM-L6-v2 as Hugging Face writes it, TEXTS a text a line. Texts are sorted by length, in batches of 32, and cut at
256 tokens; the mean over tokens, of length 1. Prints the seconds of one pass, tokens included, loading left out; Fovea's start
is what it takes for one text.
"""
import os
import sys
import tempfile
import time

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

folder, path, peer = sys.argv[1:4]
threads = int(os.environ.get("OMP_NUM_THREADS", "2"))
torch.set_num_threads(threads)
texts = [line.rstrip("\n") for line in open(path, encoding="utf-8")]
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
tokenizer.no_padding()
tokenizer.enable_truncation(256)
bert = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager" if peer != "torch" else None).eval()


class States(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.bert = bert

    def forward(self, ids, mask):
        return self.bert(input_ids=ids, attention_mask=mask).last_hidden_state


def onnx_session(work):
    import onnxruntime
    file = f"{work}/model.onnx"
    example = torch.ones(2, 9, dtype=torch.long)
    torch.onnx.export(
        States(), (example, example), file, input_names=["ids", "mask"], output_names=["states"], opset_version=17, dynamo=False,
        dynamic_axes={"ids": {0: "batch", 1: "tokens"}, "mask": {0: "batch", 1: "tokens"}})
    if peer == "onnxruntime-int8":
        from onnxruntime.quantization import QuantType, quantize_dynamic
        quantize_dynamic(file, f"{work}/int8.onnx", per_channel=True, weight_type=QuantType.QInt8)
        file = f"{work}/int8.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


if peer == "torch":
    def states(ids, mask):
        with torch.inference_mode():
            return States()(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
else:
    with tempfile.TemporaryDirectory() as work:
        session = onnx_session(work)

    def states(ids, mask):
        return session.run(None, {"ids": ids, "mask": mask})[0]

states(np.ones((2, 16), np.int64), np.ones((2, 16), np.int64))
start = time.perf_counter()
encoded = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
order = sorted(range(len(encoded)), key=lambda index: len(encoded[index]))
result = np.zeros((len(texts), bert.config.hidden_size), np.float32)
for first in range(0, len(order), 32):
    part = order[first:first + 32]
    width = max(len(encoded[index]) for index in part)
    ids, mask = np.zeros((len(part), width), np.int64), np.zeros((len(part), width), np.int64)
    for row, index in enumerate(part):
        ids[row, :len(encoded[index])] = encoded[index]
        mask[row, :len(encoded[index])] = 1
    weights = mask[:, :, None].astype(np.float32)
    mean = (states(ids, mask) * weights).sum(1) / weights.sum(1)
    result[part] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
print(f"{peer}, {threads} threads: {time.perf_counter() - start:.2f} s for {len(texts)} texts")
