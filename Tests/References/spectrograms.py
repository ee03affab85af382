#!/usr/bin/env python3
"""Writes spectrograms.json: features of a made signal by torchaudio's MelSpectrogram and MFCC.

  pip install torch torchaudio;  python3 Tests/References/spectrograms.py

The signal is a rising tone with noise from whole numbers, so that any language makes the same one. Each case keeps three of its
frames: the first, one in the middle, the last.
"""
import json
import math
import os

import torch
import torchaudio

OFFSET = 1e-6
CASES = [
    dict(name="htk", rate=8000, window=25, hop=10, bands=40, low=20, high=4000, scale="htk", area=False, coefficients=0),
    dict(name="htk-range", rate=16000, window=32, hop=16, bands=23, low=300, high=3400, scale="htk", area=True, coefficients=0),
    dict(name="slaney", rate=16000, window=25, hop=10, bands=64, low=0, high=8000, scale="slaney", area=False, coefficients=0),
    dict(name="slaney-area", rate=22050, window=40, hop=12.5, bands=80, low=50, high=11025, scale="slaney", area=True,
         coefficients=0),
    dict(name="mfcc", rate=8000, window=25, hop=10, bands=40, low=20, high=4000, scale="htk", area=False, coefficients=13),
]


def signal(rate, count):
    """0.5 sin(2π (200 t + 900 t²)) + noise, t = n / rate."""
    return torch.tensor([
        0.5 * math.sin(2 * math.pi * (200 * n / rate + 900 * (n / rate) ** 2))
        + 0.1 * ((((n * 7919 + 13) * (n + 17)) % 1009) / 1009 - 0.5) for n in range(count)], dtype=torch.float64).float()


def features(case):
    rate = case["rate"]
    window = round(case["window"] * rate / 1000)
    size = 32
    while size < window:
        size *= 2
    mel = dict(
        n_fft=size, win_length=window, hop_length=math.floor(case["hop"] * rate / 1000 + 0.5), f_min=case["low"],
        f_max=case["high"], n_mels=case["bands"], power=2, center=True, pad_mode="constant", mel_scale=case["scale"],
        norm="slaney" if case["area"] else None)
    sound = signal(rate, rate // 2 + 37)
    if case["coefficients"]:
        transform = torchaudio.transforms.MFCC(rate, case["coefficients"], log_mels=True, melkwargs=mel)
        return transform(sound).T
    return torch.log(torchaudio.transforms.MelSpectrogram(rate, **mel)(sound) + OFFSET).T


results = []
for case in CASES:
    found = features(case)
    frames = [0, len(found) // 2, len(found) - 1]
    results.append(case | dict(
        frameCount=len(found), frames=frames, values=[[round(float(v), 5) for v in found[frame]] for frame in frames]))
folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "spectrograms.json"), "w") as file:
    json.dump(results, file, indent=1)
    file.write("\n")
