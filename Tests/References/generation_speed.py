"""How long PyTorch takes for a token of GPT-2's smallest model, beside `fovea bench generate`.

Random weights in the sizes of that model, keys and values kept, each token drawn from all, the
context 128 on average. Needs: pip install torch transformers.

    python generation_speed.py [THREADS]
"""

import sys
import time
import warnings

import torch
from transformers import GPT2Config, GPT2LMHeadModel

warnings.filterwarnings("ignore")
CONTEXT, TOKENS, ROUNDS = 128, 32, 3


def drawn(logits):
    return torch.multinomial(logits[:, -1].softmax(-1), 1)


@torch.no_grad()
def seconds(model, prompt):
    """Of each token behind a prompt, which is not timed."""
    result = model(prompt, use_cache=True)
    times = []
    for _ in range(TOKENS):
        start = time.perf_counter()
        result = model(drawn(result.logits), past_key_values=result.past_key_values, use_cache=True)
        times.append(time.perf_counter() - start)
    return times


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config()).eval()
    prompt = torch.randint(0, model.config.vocab_size, (1, CONTEXT - TOKENS // 2))
    seconds(model, prompt)
    times = sorted(t for _ in range(ROUNDS) for t in seconds(model, prompt))
    print(f"{1e3 * times[len(times) // 2]:.2f} ms a token on {threads} threads")


main()
