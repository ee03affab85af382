#!/usr/bin/env python3
"""Writes sounds.json: small recordings of every kind that Fovea reads.

  pip install av soundfile numpy;  python3 Tests/References/sounds.py

Each is a tone of 440 Hz, 0.4 s long, that swells, in the sample rate and the channels that its entry names. Kinds that lose nothing are held
to a sample, the others to their level and pitch.
"""
import base64
import io
import json
import os

import av
import numpy as np
import soundfile

SECONDS = 0.4
# name, container, codec, sample format, rate, channels
KINDS = [
    ("wav-s16", "wav", "pcm_s16le", "s16", 8000, 1),
    ("wav-s24", "wav", "pcm_s24le", "s32", 11025, 2),
    ("wav-u8", "wav", "pcm_u8", "u8", 8000, 1),
    ("wav-float", "wav", "pcm_f32le", "flt", 16000, 1),
    ("wav-mulaw", "wav", "pcm_mulaw", "s16", 8000, 1),
    ("flac", "flac", "flac", "s16", 16000, 2),
    ("mp3", "mp3", "libmp3lame", "fltp", 16000, 1),
    ("ogg-vorbis", "OGG", "VORBIS", None, 16000, 1),
    ("ogg-opus", "ogg", "libopus", "s16", 48000, 1),
    ("m4a-aac", "ipod", "aac", "fltp", 16000, 1),
    ("aac", "adts", "aac", "fltp", 16000, 1),
]


def tone(rate):
    t = np.arange(int(SECONDS * rate)) / rate
    return 0.5 * np.sin(2 * np.pi * 440 * t) * t / SECONDS


def encoded(container, codec, form, rate, channels):
    file = io.BytesIO()
    if form is None:
        soundfile.write(file, tone(rate), rate, format=container, subtype=codec)
        return file.getvalue()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate)
        stream.layout = "mono" if channels == 1 else "stereo"
        stream.format = form
        samples = np.tile(tone(rate).astype(np.float32), (channels, 1))
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=stream.layout.name)
        frame.rate = rate
        resampler = av.AudioResampler(format=form, layout=stream.layout.name, rate=rate, frame_size=stream.frame_size or 0)
        for part in resampler.resample(frame) + resampler.resample(None):
            part.pts = None
            for packet in stream.encode(part):
                output.mux(packet)
        for packet in stream.encode(None):
            output.mux(packet)
    return file.getvalue()


fixtures = [
    dict(name=name, file=base64.b64encode(encoded(*kind)).decode(), sampleRate=kind[3], channels=kind[4])
    for name, *kind in KINDS]
folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "sounds.json"), "w") as file:
    json.dump(fixtures, file, indent=0)
    file.write("\n")
