#!/usr/bin/env python3
"""Makes clips of five seconds with one spoken digit over noise, a folder for each digit: what the numbers on explaining
recordings in docs/sound.md are from.

  pip install numpy scipy;  sound_events.py DATA OUTPUT [COUNT]

DATA holds the sets spoken-digits (8,000 samples a second) and sound-scenes (11,025). Only their training parts are used. The digit
lies anywhere in the clip, 6, 12 or 18 dB above the background; the label says which digit, not where.
"""
import sys
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

RATE, SECONDS = 8000, 5
BACKGROUNDS = ["rain", "sea_waves", "fire_crackling", "helicopter", "clock_tick"]


def read(path):
    rate, samples = wavfile.read(path)
    samples = samples.astype(np.float64) / 32768
    return samples if rate == RATE else resample_poly(samples, RATE, rate)


def main():
    data, output = Path(sys.argv[1]), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1200
    random = np.random.default_rng(1)
    scenes = data / "sound-scenes/train"
    backgrounds = [read(path) for kind in BACKGROUNDS for path in sorted((scenes / kind).glob("*.wav"))]
    backgrounds = [sound for sound in backgrounds if np.sqrt(np.mean(sound ** 2)) > 1e-4]
    for index in range(count):
        digit = str(index % 10)
        recordings = sorted((data / "spoken-digits/train" / digit).glob("*.wav"))
        speech = read(recordings[random.integers(len(recordings))])
        background = np.resize(backgrounds[random.integers(len(backgrounds))], RATE * SECONDS)
        background = np.roll(background, random.integers(len(background)))
        start = random.integers(len(background) - len(speech))
        level = np.sqrt(np.mean(speech ** 2)) / np.sqrt(np.mean(background ** 2)) / 10 ** (random.choice([6, 12, 18]) / 20)
        clip = background * level
        clip[start:start + len(speech)] += speech
        clip *= 0.7 / np.max(np.abs(clip))
        folder = output / digit
        folder.mkdir(parents=True, exist_ok=True)
        wavfile.write(folder / f"{index:04}.wav", RATE, np.round(clip * 32767).astype(np.int16))


main()
