"""Files of weights as PyTorch and the safetensors library write them, and what is in them."""

import collections
import json
import pathlib
import sys
import warnings
import zlib

import safetensors.torch
import torch
from golden import dyadic

warnings.filterwarnings("ignore", message="TypedStorage is deprecated")

DATA = pathlib.Path(__file__).parents[2] / ".." / "shared/data"
PUBLISHED = (
    "resnet20-cifar10/resnet20-12fca82f.th",
    "ultraface-rfb-320/version-RFB-320.pth",
    "ultraface-rfb-320/RFB-640-masked_face-v2.pth",
)
FOLDER = pathlib.Path(sys.argv[1]) / "Tests/Goldens/Weights"


def numbers(dtype, shape):
    """Numbers of a type that every type of its kind can hold."""
    values = dyadic(f"weights/{dtype}/{shape}", shape, -4, 4)
    if dtype == torch.bool:
        return values > 0
    return (values * 8).to(dtype) if not dtype.is_floating_point else values.to(dtype)


def every_type():
    names = {
        "f32": torch.float32, "f64": torch.float64, "f16": torch.float16, "bf16": torch.bfloat16,
        "i8": torch.int8, "u8": torch.uint8, "i32": torch.int32, "i64": torch.int64,
        "flag": torch.bool,
    }  # fmt: skip
    tensors = collections.OrderedDict()
    for name, dtype in names.items():
        values = numbers(dtype, [2, 3])
        tensors[name] = values.abs() if dtype == torch.uint8 else values
    return tensors


def views():
    """Tensors that share a storage, or whose rows do not follow each other in it."""
    base = numbers(torch.float32, [4, 6])
    grid = numbers(torch.float32, [2, 3, 4, 5])
    return collections.OrderedDict(
        whole=base,
        transposed=base.t(),
        column=base[:, 2],
        corner=base[1:3, 2:5],
        steps=base[::2, ::3],
        repeated=base[:1].expand(3, 6),
        number=base[2, 3],
        channels_last=grid.contiguous(memory_format=torch.channels_last),
        point=grid[:, :, :1, :1],
        parameter=torch.nn.Parameter(base[3]),
    )


def trained():
    """What a training program keeps: weights behind a wrapper's prefix, and more."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            tensor.copy_(numbers(tensor.dtype, list(tensor.shape)) if tensor.dim() else 7)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    model(torch.ones(1, 1, 4, 4)).sum().backward()
    optimizer.step()
    wrapped = torch.nn.DataParallel(model)
    return {
        "epoch": 3, "arch": "tiny", "best_prec1": 91.5, "state_dict": wrapped.state_dict(),
        "optimizer": optimizer.state_dict(),
    }  # fmt: skip


def describe(tensors):
    """Type, shape and numbers of each tensor."""
    return {
        name: {
            "type": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "data": tensor.detach().double().reshape(-1).tolist(),
        }
        for name, tensor in tensors.items()
    }


def published(path):
    """Type, shape and checksum of the numbers of each tensor of a published checkpoint."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    tensors = content.get("state_dict", content)
    return {
        name.removeprefix("module."): [
            str(tensor.dtype).removeprefix("torch."),
            list(tensor.shape),
            zlib.crc32(tensor.contiguous().numpy().tobytes()),
        ]
        for name, tensor in tensors.items()
    }


def write(name, contents):
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in contents.items()]
    (FOLDER / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    checkpoint = trained()
    inner = {
        name.removeprefix("module."): value for name, value in checkpoint["state_dict"].items()
    }
    contents = {"types": every_type(), "views": views(), "trained": checkpoint}
    expected = {"types": contents["types"], "views": contents["views"], "trained": inner}
    for name, value in contents.items():
        torch.save(value, FOLDER / f"{name}.pth")
        torch.save(value, FOLDER / f"{name}.legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(contents["types"], FOLDER / "types.protocol4.pth", pickle_protocol=4)
    torch.save(torch.nn.Linear(2, 2), FOLDER / "model.pth")
    torch.save({"a": torch.ones(2, dtype=torch.int16)}, FOLDER / "int16.pth")
    safetensors.torch.save_file(
        contents["types"], FOLDER / "types.safetensors", {"made by": "safetensors", "ünïcode": "“ñ”\n"}
    )  # fmt: skip
    write("expected.json", {name: describe(tensors) for name, tensors in expected.items()})
    # Others' checkpoints are not in the repository; without them the file stays as it is.
    if DATA.exists():
        write("published.json", {name: published(DATA / name) for name in PUBLISHED})


main()
