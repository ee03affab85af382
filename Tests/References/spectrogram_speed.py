#!/usr/bin/env python3
"""Times torchaudio's MelSpectrogram on an hour of noise: what `fovea bench --spectrogram` is held against.

  pip install torch torchaudio;  python3 -P Tests/References/spectrogram_speed.py [THREADS]

The settings are Fovea's defaults at 16,000 samples a second. Prints the median seconds of five passes, for 360 recordings of ten
seconds one after the other, and in batches of 16.
"""
import sys
import time

import torch
import torchaudio

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
mel = torchaudio.transforms.MelSpectrogram(
    16000, n_fft=512, win_length=400, hop_length=160, f_min=20, f_max=8000, n_mels=40, power=2, center=True, pad_mode="constant",
    mel_scale="htk")
noise = 0.1 * torch.randn(16, 160000)


def seconds(batch):
    times = []
    with torch.inference_mode():
        for _ in range(6):
            start = time.perf_counter()
            for _ in range(0, 360, batch):
                torch.log(mel(noise[:batch]) + 1e-6)
            times.append(time.perf_counter() - start)
    return sorted(times[1:])[2]


print(f"one by one {seconds(1):.3f} s, in batches {seconds(16) * 360 / (16 * 23):.3f} s")
