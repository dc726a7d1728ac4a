#!/usr/bin/env python3
"""Writes what the engines for inference read: the network as ONNX and for ncnn, one batch, and
PyTorch's answers to it. Files that are there already are kept.

    export.py resnet50 --batch 16
"""

import argparse
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

from environment import exported, has

FILES = ("onnx", "input.npy", "answer.f32.npy", "answer.bf16.npy")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--batch", type=int, default=1)
    options = parser.parse_args()
    folder = exported(options.model)
    names = [f"batch{options.batch}.{kind}" for kind in FILES]
    if has("pnnx"):
        names += ["ncnn.param", "ncnn.bin"]
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        # On the same disk, so that a file appears whole or not at all.
        with tempfile.TemporaryDirectory(dir=folder) as workshop:
            make(options, pathlib.Path(workshop), "ncnn.bin" in missing)
            for name in missing:
                os.replace(pathlib.Path(workshop, name), folder / name)


def make(options, workshop, for_ncnn):
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    import numpy
    import torch

    import networks

    network, picture, classes = networks.build(torch, options.model)
    networks.calibrate(torch, network, picture)
    x, _ = networks.batch(torch, picture, classes, options.batch)
    network.eval()
    stem = str(workshop / f"batch{options.batch}")
    with torch.inference_mode():
        numpy.save(f"{stem}.answer.f32.npy", network(x).numpy())
    numpy.save(f"{stem}.input.npy", x.numpy())
    with torch.no_grad():
        torch.onnx.export(
            network, (x,), f"{stem}.onnx", dynamo=False, opset_version=17,
            input_names=["x"], output_names=["y"],
        )  # fmt: skip
        if for_ncnn:
            torch.jit.trace(network, x[:1]).save(str(workshop / "traced.pt"))
    with torch.inference_mode():
        rounded = network.bfloat16()(x.bfloat16())
    numpy.save(f"{stem}.answer.bf16.npy", rounded.float().numpy())
    if for_ncnn:
        convert_for_ncnn(workshop, [1, *picture])


def convert_for_ncnn(workshop, shape):
    program = shutil.which("pnnx", path=str(pathlib.Path(sys.executable).parent))
    size = ",".join(map(str, shape))
    result = subprocess.run(
        [program, "traced.pt", f"inputshape=[{size}]f32", "fp16=0",
         "ncnnparam=ncnn.param", "ncnnbin=ncnn.bin"],
        cwd=workshop, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if result.returncode != 0:
        sys.exit("export: pnnx: " + "\n  ".join(result.stdout.strip().splitlines()[-3:]))


main()
