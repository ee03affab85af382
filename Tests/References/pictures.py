"""Writes pictures.json: small picture files of every kind with the pixels they stand for.

Needs Pillow and NumPy:  python3 Tests/References/pictures.py

Each fixture holds a file, its upright pixels in RGB over white as Pillow decodes them (computed
from the source array where Pillow itself loses precision), and the largest deviation allowed,
with the reason. Varieties that Pillow cannot write are written here byte by byte, and Pillow's
reading of them is checked where it has one.
"""

import base64
import io
import json
import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

WIDTH, HEIGHT = 19, 13
EXACT = (0, "lossless")
IDCT = (3, "two correct inverse cosine transforms may round apart by 1, colours then by up to 3")

fixtures, grey_references = [], []


def source(width=WIDTH, height=HEIGHT, channels=3, seed=0):
    """A smooth picture with an edge and a little noise, different in every channel."""
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for c in range(channels):
        wave = 127 + 80 * np.sin(x / (5 + c) + c) * np.cos(y / (4 + c))
        planes.append(wave + np.where(x + c > y, 30, -30))
    noise = np.random.default_rng(seed).normal(0, 3, (height, width, channels))
    return np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8)


def over_white(rgba):
    """Straight alpha over white, rounded once."""
    rgba = rgba.astype(np.int64)
    alpha = rgba[..., 3:]
    return ((rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def pillow_pixels(data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        return over_white(np.asarray(image.convert("RGBA")))
    return np.asarray(image.convert("RGB"))


def text(data):
    return base64.b64encode(bytes(data)).decode()


def add(name, data, tolerance=EXACT, pixels=None, check=None):
    """`check`: how far Pillow may be from `pixels`; None where Pillow cannot read the file."""
    expected = pillow_pixels(data) if pixels is None else pixels
    if pixels is not None and check is not None:
        deviation = np.abs(pillow_pixels(data).astype(int) - pixels).max()
        assert deviation <= check, (name, deviation)
    height, width = expected.shape[:2]
    fixtures.append(
        dict(name=name, file=text(data), width=width, height=height,
             pixels=text(expected.tobytes()), tolerance=tolerance[0], because=tolerance[1]))


def saved(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


# MARK: JPEG

rgb = Image.fromarray(source())
for sampling, shown in ((0, "444"), (1, "422"), (2, "420")):
    add(f"jpeg-{shown}", saved(rgb, "JPEG", quality=92, subsampling=sampling), IDCT)
add("jpeg-420-even", saved(Image.fromarray(source(32, 16)), "JPEG", quality=75), IDCT)
add("jpeg-420-one", saved(Image.fromarray(source(1, 1)), "JPEG"), IDCT)
add("jpeg-420-narrow", saved(Image.fromarray(source(2, 19)), "JPEG"),
    (6, "libjpeg interpolates no chroma of fewer than three columns"))
add("jpeg-coarse", saved(rgb, "JPEG", quality=10), IDCT)
add("jpeg-progressive", saved(rgb, "JPEG", quality=85, progressive=True), IDCT)
add("jpeg-restarts", saved(rgb, "JPEG", quality=85, restart_marker_blocks=2), IDCT)
add("jpeg-grey", saved(Image.fromarray(source(channels=1)[..., 0]), "JPEG"), IDCT)
add("jpeg-rgb", saved(rgb, "JPEG", quality=90, keep_rgb=True), IDCT)
add("jpeg-cmyk", saved(rgb.convert("CMYK"), "JPEG", quality=90),
    (4, "the same, and the ink is multiplied with another rounding"))


def exif(orientation, order):
    entry = struct.pack(order + "HHIHH", 0x112, 3, 1, orientation, 0)
    magic = b"II*\0" if order == "<" else b"MM\0*"
    return magic + struct.pack(order + "IH", 8, 1) + entry + struct.pack(order + "I", 0)


for orientation in range(1, 9):
    order = "<" if orientation % 2 else ">"
    data = saved(rgb, "JPEG", quality=95, subsampling=0, exif=b"Exif\0\0" + exif(orientation, order))
    add(f"jpeg-orientation-{orientation}", data, IDCT)
add("jpeg-thumbnail",
    saved(rgb, "JPEG", quality=90, exif=b"Exif\0\0" + exif(1, "<") + saved(rgb, "JPEG")), IDCT)

# MARK: PNG


def chunk(kind, content):
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def packed_rows(samples, depth):
    """[height, width, channels] → filter byte 0 and the packed samples of each row."""
    rows = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            content = row.astype(">u2").tobytes()
        elif depth == 8:
            content = row.astype(np.uint8).tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in row)
            bits += "0" * (-len(bits) % 8)
            content = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
        rows += b"\0" + content
    return rows


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2))


def png(samples, depth, kind, extra=b"", interlaced=False):
    height, width = samples.shape[:2]
    if interlaced:
        rows = b"".join(packed_rows(samples[y::h, x::w], depth) for x, y, w, h in ADAM7
                        if samples[y::h, x::w].size)
    else:
        rows = packed_rows(samples, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def eight_bits(samples, depth):
    top = 2 ** depth - 1
    return ((samples.astype(np.int64) * 255 + top // 2) // top).astype(np.uint8)


def triple(grey):
    return np.repeat(grey.reshape(*grey.shape[:2], 1), 3, axis=-1)


grey = source(channels=1)
for depth in (1, 2, 4, 8, 16):
    samples = grey.astype(np.int64) * 257 >> (16 - depth)
    add(f"png-grey-{depth}", png(samples, depth, 0), EXACT, triple(eight_bits(samples, depth)),
        None if depth == 16 else 0)
    level = int(samples[3, 5, 0])
    opaque = np.where(samples == level, 255, triple(eight_bits(samples, depth)))
    add(f"png-grey-{depth}-transparent",
        png(samples, depth, 0, chunk(b"tRNS", struct.pack(">H", level))), EXACT,
        opaque.astype(np.uint8))
color16 = source().astype(np.int64) * 257 + np.random.default_rng(1).integers(-128, 128)
color16 = np.clip(color16, 0, 65535)
add("png-rgb", saved(rgb, "PNG"))
add("png-rgb-16", png(color16, 16, 2), EXACT, eight_bits(color16, 16), 1)
add("png-rgb-transparent",
    png(source(), 8, 2, chunk(b"tRNS", struct.pack(">HHH", *map(int, source()[2, 2])))), EXACT,
    np.where((source() == source()[2, 2]).all(-1, keepdims=True), 255, source()).astype(np.uint8))
rgba = source(channels=4, seed=2)
rgba[..., 3] = np.where(rgba[..., 3] > 180, 255, np.where(rgba[..., 3] < 80, 0, rgba[..., 3]))
add("png-rgba", saved(Image.fromarray(rgba), "PNG"))
add("png-rgba-interlaced", png(rgba, 8, 6, interlaced=True), EXACT, over_white(rgba), 0)
rgba16 = rgba.astype(np.int64) * 257
add("png-rgba-16", png(rgba16, 16, 6), EXACT, over_white(rgba), 0)
ga = np.concatenate([grey, rgba[..., 3:]], -1)
add("png-grey-alpha", saved(Image.fromarray(ga, "LA"), "PNG"))
add("png-grey-alpha-16", png(ga.astype(np.int64) * 257, 16, 4), EXACT,
    over_white(np.concatenate([triple(grey), ga[..., 1:]], -1)))
add("png-rgb-interlaced", png(source(), 8, 2, interlaced=True), EXACT, source(), 0)
add("png-grey-1-interlaced", png(grey >> 7, 1, 0, interlaced=True), EXACT,
    triple(eight_bits(grey >> 7, 1)), 0)
for depth in (1, 2, 4, 8):
    count = 2 ** depth
    palette = np.random.default_rng(depth).integers(0, 256, (count, 3)).astype(np.uint8)
    index = grey.astype(np.int64) * count // 256
    add(f"png-palette-{depth}", png(index, depth, 3, chunk(b"PLTE", palette.tobytes())), EXACT,
        palette[index[..., 0]], 0)
    alphas = np.random.default_rng(depth).integers(0, 256, count).astype(np.uint8)
    add(f"png-palette-{depth}-transparent",
        png(index, depth, 3, chunk(b"PLTE", palette.tobytes()) + chunk(b"tRNS", alphas.tobytes())),
        EXACT, over_white(np.concatenate([palette, alphas[:, None]], -1)[index[..., 0]]), 0)
add("png-orientation-6", png(source(), 8, 2, chunk(b"eXIf", exif(6, ">"))), EXACT,
    np.rot90(source(), -1), 0)
add("png-text-bomb",
    png(source(), 8, 2, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 1_000_000, 9))), EXACT,
    source())
add("png-large-rows", png(np.zeros((1, 999, 1), np.int64), 1, 0), EXACT,
    np.zeros((1, 999, 3), np.uint8), 0)

# MARK: WebP

add("webp-lossy", saved(rgb, "WEBP", quality=80))
add("webp-lossy-even", saved(Image.fromarray(source(32, 16)), "WEBP", quality=60))
add("webp-lossy-alpha", saved(Image.fromarray(rgba), "WEBP", quality=80))
add("webp-lossless", saved(rgb, "WEBP", lossless=True))
add("webp-lossless-alpha", saved(Image.fromarray(rgba), "WEBP", lossless=True, exact=True))
add("webp-lossless-palette", saved(rgb.quantize(5).convert("RGB"), "WEBP", lossless=True))
add("webp-orientation-8", saved(rgb, "WEBP", lossless=True, exif=exif(8, "<")))

# MARK: TIFF


def tiff(samples, depth, photometric, order="<", extra=(), planar=False):
    """One uncompressed strip (or one for each plane), tags in ascending order."""
    height, width, channels = samples.shape
    kind = order + ("u2" if depth == 16 else "u1")
    strips = [samples[..., c].astype(kind).tobytes() for c in range(channels)] if planar \
        else [samples.astype(kind).tobytes()]
    tags = {256: width, 257: height, 258: [depth] * channels, 259: 1, 262: photometric,
            273: [0] * len(strips), 277: channels, 278: height, 279: [len(s) for s in strips],
            284: 2 if planar else 1, **dict(extra)}
    lists = {t: v if isinstance(v, list) else [v] for t, v in tags.items()}
    position = 8 + 2 + 12 * len(tags) + 4
    offsets = {}
    for tag, values in lists.items():
        if len(values) * 4 > 4:
            offsets[tag] = position
            position += 4 * len(values)
    for index, strip in enumerate(strips):
        lists[273][index] = position
        position += len(strip)
    entries, outside = b"", b""
    for tag in sorted(lists):
        values = struct.pack(order + f"{len(lists[tag])}I", *lists[tag])
        inside = struct.pack(order + "I", offsets[tag]) if tag in offsets else values
        outside += values if tag in offsets else b""
        entries += struct.pack(order + "HHI", tag, 4, len(lists[tag])) + inside
    # Values outside stand in the order of `lists`, which is ascending.
    assert list(lists) == sorted(lists)
    header = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, len(tags))
    return header + entries + struct.pack(order + "I", 0) + outside + b"".join(strips)


for compression, shown in ((None, "raw"), ("tiff_lzw", "lzw"), ("tiff_adobe_deflate", "deflate"),
                           ("packbits", "packbits")):
    add(f"tiff-{shown}", saved(rgb, "TIFF", compression=compression))
add("tiff-lzw-predictor", saved(rgb, "TIFF", compression="tiff_lzw", tiffinfo={317: 2}))
add("tiff-strips", saved(rgb, "TIFF", compression="tiff_lzw", tiffinfo={278: 4}))
add("tiff-grey", saved(Image.fromarray(grey[..., 0]), "TIFF"))
bilevel = Image.fromarray(grey[..., 0] > 127)
for compression in (None, "group3", "group4", "packbits"):
    add(f"tiff-bilevel-{compression or 'raw'}", saved(bilevel, "TIFF", compression=compression))
add("tiff-palette", saved(rgb.quantize(16), "TIFF"))
add("tiff-rgba", saved(Image.fromarray(rgba), "TIFF"))
add("tiff-cmyk", saved(rgb.convert("CMYK"), "TIFF"), (1, "the ink is multiplied by shifts"))
grey16 = grey.astype(np.int64) * 257
add("tiff-grey-16", saved(Image.fromarray(grey16[..., 0].astype(np.uint16)), "TIFF"), EXACT,
    triple(grey))
add("tiff-rgb-16-big-endian", tiff(color16, 16, 2, ">"), EXACT, eight_bits(color16, 16))
add("tiff-rgb-big-endian", tiff(source(), 8, 2, ">"), EXACT, source(), 0)
add("tiff-planar", tiff(source(), 8, 2, planar=True), EXACT, source(), 0)
add("tiff-white-is-zero", tiff(grey, 8, 0), EXACT, triple(255 - grey), 0)
add("tiff-white-is-zero-16", tiff(grey16, 16, 0), EXACT, triple(255 - grey))
add("tiff-orientation-5", saved(rgb, "TIFF", tiffinfo={274: 5}), EXACT,
    np.swapaxes(source(), 0, 1), 0)
add("tiff-unknown-tags", saved(rgb, "TIFF", tiffinfo={270: "text", 305: "program", 65000: "own"}))
premultiplied = rgba.copy()
premultiplied[..., :3] = (rgba[..., :3].astype(int) * rgba[..., 3:] + 127) // 255
add("tiff-premultiplied",
    tiff(premultiplied, 8, 2, extra={338: 1}.items()), EXACT,
    (premultiplied[..., :3].astype(int) + 255 - premultiplied[..., 3:]).astype(np.uint8))
add("tiff-fourth-channel-ignored", tiff(rgba, 8, 2, extra={338: 0}.items()), EXACT,
    rgba[..., :3], 0)
add("tiff-two-pages", saved(rgb, "TIFF", save_all=True,
                            append_images=[Image.fromarray(source(seed=9))]))

# MARK: BMP


def bmp(rows, bits, compression=0, width=WIDTH, height=HEIGHT, palette=b"", masks=b"", size=40):
    offset = 14 + size + len(masks) + len(palette)
    info = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, len(rows), 0, 0,
                       len(palette) // 4, 0)
    return (b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset) + info + masks
            + palette + rows)


def padded(rows):
    return b"".join(r + b"\0" * (-len(r) % 4) for r in rows)


add("bmp-24", saved(rgb, "BMP"))
add("bmp-grey", saved(Image.fromarray(grey[..., 0]), "BMP"))
add("bmp-bilevel", saved(bilevel, "BMP"))
add("bmp-palette", saved(rgb.quantize(200), "BMP"))
add("bmp-top-down", bmp(padded([r[:, ::-1].tobytes() for r in source()]), 24, height=-HEIGHT),
    EXACT, source(), 0)
bgrx = np.concatenate([source()[..., ::-1], rgba[..., 3:]], -1)
add("bmp-32-reserved", bmp(b"".join(r.tobytes() for r in bgrx[::-1]), 32), EXACT, source(), 0)
add("bmp-32-alpha", saved(Image.fromarray(rgba), "BMP"))
high = source().astype(np.int64)
words = (high[..., 0] >> 3) << 11 | (high[..., 1] >> 2) << 5 | high[..., 2] >> 3
seen = np.stack([eight_bits(high[..., 0] >> 3, 5), eight_bits(high[..., 1] >> 2, 6),
                 eight_bits(high[..., 2] >> 3, 5)], -1)
add("bmp-565", bmp(padded([r.astype("<u2").tobytes() for r in words[::-1]]), 16, 3,
                   masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)), EXACT, seen, 1)
words = (high[..., 0] >> 3) << 10 | (high[..., 1] >> 3) << 5 | high[..., 2] >> 3
add("bmp-555", bmp(padded([r.astype("<u2").tobytes() for r in words[::-1]]), 16), EXACT,
    eight_bits(high >> 3, 5), 1)
index = (grey[..., 0] >> 6).astype(np.uint8)
colors = np.array([[10, 20, 30, 0], [250, 40, 60, 0], [70, 180, 90, 0], [1, 2, 200, 0]], np.uint8)
runs = b""
for row in index[::-1]:
    x = 0
    while x < WIDTH:
        length = 1
        while x + length < WIDTH and row[x + length] == row[x]:
            length += 1
        runs += bytes([length, row[x]])
        x += length
    runs += b"\0\0"
add("bmp-rle8", bmp(runs + b"\0\1", 8, 1, palette=colors.tobytes() + bytes(4 * 252)), EXACT,
    colors[index][..., 2::-1], 0)

# MARK: GIF

add("gif", saved(rgb.quantize(64), "GIF"))
add("gif-interlaced", saved(rgb.quantize(64), "GIF", interlace=1))
frames = [Image.fromarray(source(seed=s)).quantize(32) for s in range(3)]
add("gif-animated", saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
add("gif-transparent", saved(rgb.quantize(16), "GIF", transparency=3))

# MARK: Grey and sizes

for name in ("jpeg-420", "jpeg-grey", "png-rgb", "png-rgba", "png-grey-16", "webp-lossy"):
    pixels = next(f for f in fixtures if f["name"] == name)
    array = np.frombuffer(base64.b64decode(pixels["pixels"]), np.uint8)
    image = Image.fromarray(array.reshape(pixels["height"], pixels["width"], 3))
    grey_references.append(dict(name=name, pixels=text(np.asarray(image.convert("L")).tobytes())))

large = source(41, 31, seed=4)
sizes = [(16, 16), (8, 5), (1, 1), (41, 9), (7, 31), (60, 50), (32, 32), (40, 30)]
resized = [dict(width=w, height=h,
                pixels=text(np.asarray(Image.fromarray(large).resize((w, h), Image.BICUBIC))
                            .tobytes())) for w, h in sizes]

folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "pictures.json"), "w") as file:
    json.dump(dict(fixtures=fixtures, grey=grey_references,
                   resizing=dict(width=41, height=31, pixels=text(large.tobytes()),
                                 results=resized)), file, indent=0)
    file.write("\n")
print(len(fixtures), "fixtures,", os.path.getsize(file.name), "bytes")
