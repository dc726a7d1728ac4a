"""Convolutions of bytes, as PyTorch's quantised operators compute them."""

import warnings

import torch
from golden import Family, dyadic, integers

warnings.filterwarnings("ignore", message="torch.quantize_per_tensor")
# The engine that also adds a residual.
torch.backends.quantized.engine = "onednn"

SIGNED_ZERO = 128  # PyTorch's images are unsigned; a shift of the zero makes signed ones of them.


def whole(seed, shape, low, high):
    values = integers(seed, torch.Size(shape).numel(), low, high)
    return torch.tensor(values, dtype=torch.int64).reshape(shape)


def image(values, step, zero):
    return torch._make_per_tensor_quantized_tensor((values + zero).to(torch.uint8), step, zero)


def add_case(
    family, name, size, channels, kernel, *, stride=1, padding=0, dilation=1, groups=1,
    signed=False, result_signed=False, relu=False, residual=None, step=1 / 16, result=0.75,
):  # fmt: skip
    """`channels` is (in, out); `residual` is the step of what is added before the rectifier."""
    seed = f"quantized/{name}"
    low, zero = (-128, SIGNED_ZERO) if signed else (0, 0)
    inputs = {
        "x": whole(f"{seed}/x", [2, channels[0], *size], low, low + 255),
        "weight": whole(
            f"{seed}/weight", [channels[1], channels[0] // groups, *kernel], -127, 127
        ),
        # PyTorch rounds a bias to steps of image times filter: with powers of two it is exact.
        "steps": torch.tensor([2.0 ** -(9 + i % 3) for i in range(channels[1])]).double(),
        "bias": dyadic(f"{seed}/bias", [channels[1]], -4, 4, unit=16),
    }
    span = [
        (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1 for n, k in zip(size, kernel)
    ]
    if residual:
        inputs["residual"] = whole(f"{seed}/residual", [2, channels[1], *span], 0, 255)

    def convolve(x, weight, steps, bias, **more):
        zeros = torch.zeros(channels[1], dtype=torch.int64)
        filters = torch._make_per_channel_quantized_tensor(
            weight.to(torch.int8), steps, zeros, 0
        )
        packed = torch.ops.quantized.conv2d_prepack(
            filters, bias.float(), [stride] * 2, [padding] * 2, [dilation] * 2, groups
        )
        x, shift = image(x, step, zero), SIGNED_ZERO if result_signed else 0
        if residual:
            added = image(more["residual"], residual, 0)
            y = torch.ops.quantized.conv2d_add_relu(x, added, packed, result, shift)
        else:
            convolution = (
                torch.ops.quantized.conv2d_relu if relu else torch.ops.quantized.conv2d
            )
            y = convolution(x, packed, result, shift)
        return y.int_repr().to(torch.int64) - shift

    attributes = {
        "stride": [stride] * 2, "padding": [padding] * 2, "dilation": [dilation] * 2,
        "groups": groups, "signed": int(signed), "resultSigned": int(result_signed),
        "relu": int(relu or residual is not None), "step": step, "resultStep": result,
    }  # fmt: skip
    if residual:
        attributes["residualStep"] = residual
    family.add(name, "quantized_conv2d", convolve, inputs, attributes, constant=("steps", "bias"))


family = Family("quantized")
add_case(family, "3x3, rectified", [5, 6], (4, 3), (3, 3), padding=1, relu=True)
add_case(family, "3x3, signed result", [5, 6], (4, 3), (3, 3), padding=1, result_signed=True)
add_case(
    family, "3x3, signed image", [5, 6], (4, 3), (3, 3), padding=1, signed=True, relu=True
)
add_case(
    family, "both signed, stride 2", [7, 6], (3, 5), (3, 3), stride=2, padding=1, signed=True,
    result_signed=True, result=0.3,
)  # fmt: skip
add_case(family, "1x1, step of a third", [4, 4], (12, 6), (1, 1), relu=True, result=1 / 3)
add_case(family, "dilated", [9, 9], (2, 4), (3, 3), dilation=2, relu=True)
add_case(family, "depthwise", [6, 6], (5, 5), (3, 3), groups=5, padding=1, relu=True, result=0.1)
add_case(family, "grouped", [5, 5], (4, 6), (3, 3), groups=2, relu=True)
add_case(
    family, "everything is cut off", [4, 4], (6, 3), (3, 3), result_signed=True, result=0.01
)
add_case(family, "residual", [5, 5], (4, 6), (3, 3), padding=1, residual=0.125)
add_case(
    family, "residual of an odd step", [6, 5], (8, 3), (1, 1), signed=True, residual=0.07,
    result=0.21,
)  # fmt: skip
family.write()
