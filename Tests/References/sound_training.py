#!/usr/bin/env python3
"""Trains Fovea's lstm-attention network for recordings in PyTorch: the same features, network, batches by length and schedule.

  pip install torch torchaudio;  sound_training.py TABLE FOLDER [SEEDS]

TABLE has the columns file, label and split (train or test), FOLDER is where its paths start; recordings have 8,000 samples a second.
What it prints is to be held against

  fovea train TABLE --files FOLDER --model lstm --hidden 48 --epochs 8 --learning-rate 0.003 --schedule warmup --batch-size 32 \\
    --validation-split 0 --patience 0 --seed S --output RUN
"""
import csv
import math
import sys
import wave
from pathlib import Path

import torch
import torchaudio
from torch import nn

RATE, HIDDEN, EPOCHS, BATCH, LEARNING_RATE = 8000, 48, 8, 32, 0.003
torch.set_num_threads(1)
mel = torchaudio.transforms.MelSpectrogram(
    RATE, n_fft=256, win_length=200, hop_length=80, f_min=20, f_max=4000, n_mels=40, power=2, center=True, pad_mode="constant",
    mel_scale="htk")


def features(path):
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE and file.getnchannels() == 1 and file.getsampwidth() == 2
        samples = torch.frombuffer(bytearray(file.readframes(file.getnframes())), dtype=torch.int16).float() / 32768
    return torch.log(mel(samples) + 1e-6).T


class Network(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.lstm = nn.LSTM(40, HIDDEN, batch_first=True, bidirectional=True)
        self.project = nn.Linear(2 * HIDDEN, HIDDEN)
        self.score = nn.Linear(HIDDEN, 1, bias=False)
        self.head = nn.Linear(2 * HIDDEN, classes)

    def forward(self, frames, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(frames, lengths, batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        scores = self.score(torch.tanh(self.project(states)))[..., 0]
        hidden = torch.arange(states.shape[1])[None] >= lengths[:, None]
        weights = scores.masked_fill(hidden, -1e30).softmax(1)
        return self.head((weights[:, :, None] * states).sum(1))


def batches(items, generator):
    """The epoch's order in stretches of eight batches, each sorted by length; then batches in random order."""
    order = torch.randperm(len(items), generator=generator).tolist()
    cut = []
    for start in range(0, len(order), 8 * BATCH):
        stretch = sorted(order[start:start + 8 * BATCH], key=lambda index: len(items[index][0]))
        cut += [stretch[first:first + BATCH] for first in range(0, len(stretch), BATCH)]
    return [cut[index] for index in torch.randperm(len(cut), generator=generator)]


def stacked(items):
    lengths = torch.tensor([len(item[0]) for item in items])
    return nn.utils.rnn.pad_sequence([item[0] for item in items], batch_first=True), lengths, torch.tensor(
        [item[1] for item in items])


def run(training, test, classes, seed):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network = Network(classes)
    optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE)
    total = EPOCHS * math.ceil(len(training) / BATCH)
    warm = max(1, total // 20)
    step = 0
    for _ in range(EPOCHS):
        for batch in batches(training, generator):
            share = (step + 1) / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / max(total - warm, 1)))
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * share
            frames, lengths, labels = stacked([training[index] for index in batch])
            loss = nn.functional.cross_entropy(network(frames, lengths), labels)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1)
            optimizer.step()
            step += 1
    network.eval()
    with torch.no_grad():
        right = 0
        for start in range(0, len(test), 64):
            frames, lengths, labels = stacked(test[start:start + 64])
            right += int((network(frames, lengths).argmax(1) == labels).sum())
    return right / len(test)


def main():
    table, folder = Path(sys.argv[1]), Path(sys.argv[2])
    seeds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    with open(table) as file:
        rows = list(csv.DictReader(file))
    classes = sorted({row["label"] for row in rows})
    parts = {"train": [], "test": []}
    for row in rows:
        parts[row["split"]].append((features(folder / row["file"]), classes.index(row["label"])))
    frames = torch.cat([item[0] for item in parts["train"]])
    mean, deviation = frames.mean(0), frames.std(0).clamp(min=1e-3)
    for part in parts.values():
        part[:] = [((item[0] - mean) / deviation, item[1]) for item in part]
    for seed in range(1, seeds + 1):
        print(f"seed {seed}: accuracy {100 * run(parts['train'], parts['test'], len(classes), seed):.1f} %", flush=True)


main()
