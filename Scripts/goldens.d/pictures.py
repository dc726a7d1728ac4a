"""Pictures: files of many kinds with what Pillow makes of them, and what torchvision prepares.

Files and values stand in base64. Pillow writes most of the files; what it cannot write is put
together here byte by byte.
"""

import base64
import hashlib
import io
import json
import pathlib
import struct
import sys
import zlib

import numpy
import torch
from PIL import Image, ImageOps
from vision import torchvision

transforms = torchvision().transforms
FOLDER = pathlib.Path(sys.argv[1]) / "Tests" / "Goldens"


def noise(name, shape):
    """Smooth colours with some noise, from a hash of the name."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little")
    random = numpy.random.Generator(numpy.random.Philox(seed))
    rows, columns = shape[:2]
    y, x = numpy.mgrid[0:rows, 0:columns]
    waves = [
        128 + 90 * numpy.sin(0.11 * (c + 1) * x + c) * numpy.cos(0.07 * (c + 2) * y)
        for c in range(shape[2])
    ]
    values = numpy.stack(waves, -1) + random.normal(0, 12, shape)
    return numpy.clip(values, 0, 255).astype(numpy.uint8)


def text(data):
    return base64.b64encode(data).decode()


def lines(cases):
    return "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n"


class Files:
    def __init__(self):
        self.cases = []

    def add(self, name, data, expected=None):
        """Expected is what Pillow reads, unless it reads something else than the format says."""
        if expected is None:
            expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        rgb = numpy.asarray(expected)
        gray = numpy.asarray(Image.fromarray(rgb).convert("L"))
        self.cases.append({
            "name": name, "file": text(data), "width": rgb.shape[1], "height": rgb.shape[0],
            "rgb": text(rgb.tobytes()), "gray": text(gray.tobytes()),
        })  # fmt: skip

    def save(self, name, picture, kind, expected=None, **options):
        buffer = io.BytesIO()
        picture.save(buffer, kind, **options)
        self.add(name, buffer.getvalue(), expected)


def color(name, width=13, height=9):
    return Image.fromarray(noise(name, (height, width, 3)))


def jpeg(files):
    for sampling in (0, 1, 2):
        files.save(f"jpeg, sampling {sampling}", color("j", 35, 21), "JPEG", subsampling=sampling)
    files.save("jpeg, progressive", color("j", 35, 21), "JPEG", progressive=True, quality=60)
    files.save("jpeg, gray", color("j").convert("L"), "JPEG")
    files.save("jpeg, one pixel", color("j", 1, 1), "JPEG")
    files.save("jpeg, restarts", color("j", 40, 24), "JPEG", restart_marker_blocks=2)
    files.save("jpeg, rgb inside", color("j"), "JPEG", keep_rgb=True)
    cmyk = Image.fromarray(noise("cmyk", (11, 14, 4)), "CMYK")
    files.save("jpeg, cmyk", cmyk, "JPEG", quality=90)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        files.save(f"jpeg, orientation {orientation}", color("j", 35, 21), "JPEG", exif=exif)
    # In the other byte order, behind other entries.
    block = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x0f\0\x02\0\0\0\x04abc\0\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    buffer = io.BytesIO()
    color("j", 35, 21).save(buffer, "JPEG", exif=block)
    files.add("jpeg, orientation in big endian", buffer.getvalue())
    files.add("jpeg, bytes behind the end", buffer.getvalue() + b"something else")


def chunk(name, data):
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png_file(width, height, depth, colors, rows, extra=b""):
    """A PNG file of rows that are packed already, without filters."""
    header = struct.pack(">IIBBBBB", width, height, depth, colors, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def png(files):
    picture = color("p", 19, 12)
    files.save("png, rgb", picture, "PNG")
    files.save("png, gray", picture.convert("L"), "PNG")
    files.save("png, rgba", Image.fromarray(noise("rgba", (9, 13, 4))), "PNG")
    files.save("png, gray and alpha", Image.fromarray(noise("la", (9, 13, 2)), "LA"), "PNG")
    files.save("png, 1 bit", picture.convert("1"), "PNG")
    files.save("png, palette", picture.quantize(200), "PNG")
    for bits in (1, 2, 4):
        files.save(f"png, palette of {bits} bits", picture.quantize(1 << bits), "PNG", bits=bits)
    files.save("png, palette and transparency", picture.quantize(9), "PNG", transparency=3)
    files.save("png, transparent colour", picture, "PNG", transparency=(1, 2, 3))
    exif = Image.Exif()
    exif[0x0112] = 6
    files.save("png, orientation", picture, "PNG", exif=exif)
    deep = noise("deep", (5, 7, 6))
    files.add("png, 16 bits", png_file(7, 5, 16, 2, [row.tobytes() for row in deep]))
    for depth in (2, 4):
        # Every value, so that the scale shows.
        row = bytes([0x1B, 0xE4] if depth == 2 else [0x01, 0x23, 0x45, 0x67])
        files.add(f"png, gray of {depth} bits", png_file(8, 2, depth, 0, [row, row[::-1]]))
    # Pillow cuts off at 255 here; the upper half of each value is what every other depth gives.
    upper = noise("sixteen", (4, 6, 1))[:, :, 0]
    lower = noise("lower", (4, 6, 1))[:, :, 0]
    rows = [numpy.stack([a, b], -1).tobytes() for a, b in zip(upper, lower)]
    expected = Image.fromarray(upper).convert("RGB")
    files.add("png, gray of 16 bits", png_file(6, 4, 16, 0, rows), expected)
    # Adam7 by hand: seven small pictures without filters.
    values = noise("adam", (11, 10, 3))
    rows = []
    for x, y, across, down in [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
    ]:  # fmt: skip
        part = values[y::down, x::across]
        rows += [row.tobytes() for row in part if part.shape[1]]
    header = struct.pack(">IIBBBBB", 10, 11, 8, 2, 0, 0, 1)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    files.add("png, interlaced", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
              + chunk(b"IDAT", data) + chunk(b"IEND", b""))  # fmt: skip


def bmp_file(width, height, bits, compression, pixels, palette=b"", extra=b""):
    start = 54 + len(extra) + len(palette)
    header = struct.pack(
        "<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0,
        len(palette) // 4, 0)  # fmt: skip
    size = start + len(pixels)
    return b"BM" + struct.pack("<IHHI", size, 0, 0, start) + header + extra + palette + pixels


def bmp(files):
    picture = color("b", 13, 9)
    files.save("bmp, rgb", picture, "BMP")
    files.save("bmp, palette", picture.quantize(200), "BMP")
    files.save("bmp, 1 bit", picture.convert("1"), "BMP")
    files.save("bmp, gray", picture.convert("L"), "BMP")
    files.save("bmp, 32 bits", picture.convert("RGBA"), "BMP")
    values = noise("top", (5, 3, 3))
    rows = b"".join(row[:, ::-1].tobytes() + b"\0" * 3 for row in values)
    files.add("bmp, from the top", bmp_file(3, -5, 24, 0, rows))
    words = struct.pack("<8H", 0x0000, 0x7FFF, 0x7C00, 0x03E0, 0x001F, 0x1234, 0x5678, 0x2BCD)
    files.add("bmp, 15 bits", bmp_file(4, 2, 16, 0, words))
    masks = struct.pack("<III", 0xF800, 0x07E0, 0x001F)
    files.add("bmp, 16 bits", bmp_file(4, 2, 16, 3, words, extra=masks))
    palette = noise("palette", (16, 1, 4)).tobytes()
    nibbles = bytes([0x01, 0x23, 0x40, 0, 0x56, 0x78, 0x90, 0])
    files.add("bmp, 4 bits", bmp_file(5, 2, 4, 0, nibbles, palette))
    runs = bytes([3, 7, 2, 5, 0, 0, 0, 3, 1, 2, 3, 0, 2, 9, 0, 0, 5, 15, 0, 1])
    files.add("bmp, runs of 8 bits", bmp_file(5, 3, 8, 1, runs, palette))
    runs = bytes([5, 0x12, 0, 0, 0, 5, 0x34, 0x56, 0x70, 0, 0, 0, 4, 0x89, 1, 0xA0, 0, 1])
    files.add("bmp, runs of 4 bits", bmp_file(5, 3, 4, 2, runs, palette))


def netpbm(files):
    picture = color("n", 7, 5)
    files.save("ppm", picture, "PPM")
    files.save("pgm", picture.convert("L"), "PPM")
    files.add("ppm, comments", b"P6 # a comment\n# another\n2\t1\n255\nabcdef")
    files.add("ppm, text", b"P3\n2 2\n# the largest\n9\n0 1 2 3 4 5\n6 7 8 9 0 1\n")
    files.add("pgm, text", b"P2 3 1 15 0 7 15")
    files.add("pgm, 7 is the largest", b"P5 8 1 7\n" + bytes(range(8)))
    files.add("ppm, 16 bits", b"P6 2 1 65535\n" + bytes(range(7, 247, 20)))


def prepared(cases):
    """What torchvision makes of a picture: the 8-bit values and the tensor."""
    sizes = [
        ("shrunk and cut, wide", (61, 47), 17, (12, 10)),
        ("shrunk and cut, high", (38, 71), 20, (15, 16)),
        ("enlarged and cut", (9, 7), 24, (24, 21)),
        ("only cut", (40, 31), 31, (16, 16)),
        ("too small for the cut", (30, 22), 8, (12, 10)),
        ("stretched", (53, 34), None, (20, 20)),
        ("stretched and enlarged", (5, 6), None, (17, 13)),
        ("far down", (161, 137), 5, (4, 4)),
    ]
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    for name, size, side, (height, width) in sizes:
        picture = color(name, *size)
        if side is None:
            steps = [transforms.Resize((height, width))]
        else:
            steps = [transforms.Resize(side), transforms.CenterCrop((height, width))]
        fitted = transforms.Compose(steps)(picture)
        tensor = transforms.Normalize(mean, deviation)(transforms.ToTensor()(fitted))
        buffer = io.BytesIO()
        picture.save(buffer, "PNG", optimize=True)
        cases.append({
            "name": name, "file": text(buffer.getvalue()), "shorterSide": side,
            "height": height, "width": width, "values": text(numpy.asarray(fitted).tobytes()),
            "tensor": text(tensor.to(torch.float32).numpy().tobytes()),
        })  # fmt: skip


def write(name, cases):
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(lines(cases))


files = Files()
for family in (jpeg, png, bmp, netpbm):
    family(files)
write("picture_files", files.cases)
cases = []
prepared(cases)
write("prepared_pictures", cases)
