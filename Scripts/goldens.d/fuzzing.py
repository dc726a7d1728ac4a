"""The files that fuzzing begins with: what PyTorch, safetensors and Pillow wrote for other tests."""

import base64
import json
import pathlib
import sys
import zipfile

GOLDENS = pathlib.Path(__file__).parents[2] / "Tests/Goldens"
FOLDER = pathlib.Path(sys.argv[1]) / "Fuzz/corpus"


def put(target, name, data):
    path = FOLDER / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def weights():
    for path in sorted((GOLDENS / "Weights").iterdir()):
        data = path.read_bytes()
        if path.suffix == ".safetensors":
            put("safetensors", path.stem, data)
        elif path.suffix == ".pth" and zipfile.is_zipfile(path):
            put("torch-zip", path.stem, data)
            with zipfile.ZipFile(path) as archive:
                entry = next(e for e in archive.namelist() if e.endswith("/data.pkl"))
                put("torch-pickle", path.stem, archive.read(entry))
        elif path.suffix == ".pth":
            put("torch-legacy", path.stem, data)


def pictures():
    targets = {"jpeg": "jpeg", "png": "png", "bmp": "bmp", "ppm": "netpbm", "pgm": "netpbm"}
    for case in json.loads((GOLDENS / "picture_files.json").read_text()):
        kind = case["name"].split(",")[0].split(" ")[0]
        name = case["name"].replace(",", "").replace(" ", "-")
        put(targets[kind], name, base64.b64decode(case["file"]))


weights()
pictures()
