#!/usr/bin/env python3
"""Times torchvision with PIL from picture files to batches: what `fovea bench --feed` is held against.

  python3 -P Tests/References/feeding.py FOLDER --image-size 96 --batch 64

Decode, resize (bicubic, antialiased), random crop of 80 to 100 % of the area resized back, flip, uint8 batches of
height, width, channels; two worker processes, one thread each. Prints one line of JSON.
Needs: pip install torch torchvision pillow; -P keeps the scripts beside this one from standing in for modules.
"""
import argparse, json, pathlib, time
import numpy, torch
from PIL import Image
from torchvision.transforms import InterpolationMode, v2

KINDS = {".jpg", ".jpeg", ".png"}


class Pictures(torch.utils.data.Dataset):
    def __init__(self, files, transform):
        self.files, self.transform = files, transform

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with Image.open(self.files[index]) as picture:
            return torch.from_numpy(numpy.array(self.transform(picture.convert("RGB"))))


def seconds(files, transform, batch, workers):
    loader = torch.utils.data.DataLoader(
        Pictures(files, transform), batch_size=batch, num_workers=workers, persistent_workers=True)
    list(loader)  # starts the workers and fills the system's cache of files
    start = time.perf_counter()
    for _ in loader:
        pass
    return time.perf_counter() - start


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder", type=pathlib.Path)
    p.add_argument("--image-size", type=int, default=96)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--workers", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(1)
    files = sorted(f for f in a.folder.rglob("*") if f.suffix.lower() in KINDS)
    resize = v2.Resize((a.image_size, a.image_size), InterpolationMode.BICUBIC)
    augmented = v2.Compose([
        resize,
        v2.RandomResizedCrop(a.image_size, scale=(0.8, 1), ratio=(1, 1), interpolation=InterpolationMode.BICUBIC),
        v2.RandomHorizontalFlip()])
    result = {"pictures": len(files), "size": a.image_size, "batch": a.batch, "workers": a.workers}
    for name, transform in (("reading", resize), ("decoding", augmented)):
        result[name + "PicturesPerSecond"] = round(len(files) / seconds(files, transform, a.batch, a.workers))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
