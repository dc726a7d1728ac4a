"""Convolutions of one, two and three axes, and their transposes."""

import torch.nn.functional as F
from golden import Family, dyadic

CONVOLVE = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def per_axis(value, axes):
    return [value] * axes if isinstance(value, int) else list(value)


def same_padding(kernel, dilation):
    """PyTorch's rule for "same": the odd one of an uneven total goes to the high side."""
    totals = [d * (k - 1) for k, d in zip(kernel, dilation)]
    return [t // 2 for t in totals], [t - t // 2 for t in totals]


def add_convolution(
    family, name, image, channels, kernel, *, batch=2, stride=1, padding=0, high=None, dilation=1,
    groups=1, bias=True, mode="zeros", second=False,
):  # fmt: skip
    """`channels` is (in, out); `padding` is one number, one per axis, or "same"; `high` is that of
    the far side where it differs."""
    axes = len(image)
    kernel = per_axis(kernel, axes)
    stride, dilation = per_axis(stride, axes), per_axis(dilation, axes)
    same = padding == "same"
    low = same_padding(kernel, dilation)[0] if same else per_axis(padding, axes)
    far = same_padding(kernel, dilation)[1] if same else per_axis(high or padding, axes)
    seed = f"conv{axes}d/{name}"
    inputs = {
        "x": dyadic(seed + "/x", [batch, channels[0], *image]),
        "weight": dyadic(seed + "/weight", [channels[1], channels[0] // groups, *kernel]),
        "bias": dyadic(seed + "/bias", [channels[1]]) if bias else None,
    }
    sides = [side for pair in zip(reversed(low), reversed(far)) for side in pair]

    def convolve(x, weight, bias=None):
        given = padding if same and mode == "zeros" else 0
        if mode != "zeros":
            x = F.pad(x, sides, mode=mode)
        elif low != far and not same:
            x = F.pad(x, sides)
        elif not same:
            given = low
        return CONVOLVE[axes](x, weight, bias, stride, given, dilation, groups)

    attributes = {
        "stride": stride, "paddingLow": low, "paddingHigh": far, "dilation": dilation,
        "groups": groups, "paddingMode": mode,
    }  # fmt: skip
    if same:
        attributes["padding"] = "same"
    family.add(name, f"conv{axes}d", convolve, inputs, attributes, second=second)


def add_transposed(
    family, name, image, channels, kernel, *, batch=2, stride=1, padding=0, extra=0, dilation=1,
    groups=1, bias=True, second=False,
):  # fmt: skip
    axes = len(image)
    kernel, stride, padding = (per_axis(v, axes) for v in (kernel, stride, padding))
    extra, dilation = per_axis(extra, axes), per_axis(dilation, axes)
    seed = f"conv_transpose{axes}d/{name}"
    inputs = {
        "x": dyadic(seed + "/x", [batch, channels[0], *image]),
        "weight": dyadic(seed + "/weight", [channels[0], channels[1] // groups, *kernel]),
        "bias": dyadic(seed + "/bias", [channels[1]]) if bias else None,
    }

    def convolve(x, weight, bias=None):
        return TRANSPOSED[axes](x, weight, bias, stride, padding, extra, groups, dilation)

    attributes = {
        "stride": stride, "padding": padding, "outputPadding": extra, "dilation": dilation,
        "groups": groups,
    }  # fmt: skip
    family.add(name, f"conv_transpose{axes}d", convolve, inputs, attributes, second=second)


def one_axis():
    family = Family("conv1d")

    def add(name, *arguments, **options):
        add_convolution(family, name, *arguments, **options)

    add("plain", [9], (2, 3), 3)
    add("no bias", [9], (2, 3), 3, bias=False)
    add("kernel 1", [7], (3, 4), 1)
    add("kernel 1, stride 2", [7], (3, 2), 1, stride=2)
    add("stride 2", [10], (2, 3), 3, stride=2)
    add("stride 3, kernel 2, pixels left out", [10], (2, 3), 2, stride=3)
    add("padding 2", [6], (2, 3), 3, padding=2)
    add("padding 1 low, 2 high", [6], (2, 3), 3, padding=1, high=2)
    add("padding low only", [6], (2, 2), 3, padding=2, high=[0])
    add("dilation 2", [9], (2, 3), 3, dilation=2)
    add("dilation 3, padding 3, stride 2", [9], (2, 2), 3, dilation=3, padding=3, stride=2)
    add("groups 2", [8], (4, 6), 3, groups=2)
    add("depthwise", [8], (4, 4), 3, groups=4, padding=1)
    add("depthwise, multiplier 2", [8], (3, 6), 3, groups=3, padding=1)
    add("kernel as long as the signal", [5], (2, 3), 5)
    add("kernel longer than the signal", [3], (2, 3), 5, padding=2)
    add("same, kernel 3", [7], (2, 2), 3, padding="same")
    add("same, kernel 4", [7], (2, 2), 4, padding="same")
    add("same, kernel 2, dilation 3", [7], (2, 2), 2, padding="same", dilation=3)
    for mode in ("circular", "reflect", "replicate"):
        add(f"padding 2, {mode}", [6], (2, 2), 3, padding=2, mode=mode)
    add("batch of 1, second order", [6], (2, 2), 3, batch=1, padding=1, second=True)
    family.write()


def two_axes():
    family = Family("conv2d")

    def add(name, *arguments, **options):
        add_convolution(family, name, *arguments, **options)

    for kernel, padding in ((1, 0), (2, 0), (3, 1), (5, 2)):
        for stride in (1, 2, 3):
            add(
                f"kernel {kernel}, stride {stride}, padding {padding}",
                [6, 5], (2, 3), kernel, stride=stride, padding=padding, bias=stride != 2,
            )  # fmt: skip
    add("kernel 7, stride 2, padding 3", [8, 8], (1, 2), 7, batch=1, stride=2, padding=3)
    add("kernel 3 without padding", [5, 6], (3, 2), 3)
    add("kernel 11, stride 4, padding 2", [11, 11], (1, 1), 11, batch=1, stride=4, padding=2)
    for stride in ((1, 2), (2, 1), (3, 2)):
        add(f"stride {stride[0]} by {stride[1]}", [6, 6], (2, 2), 3, stride=stride, padding=1)
    for kernel in ((1, 3), (3, 1), (2, 4), (5, 2), (1, 7), (7, 1)):
        padding = [k // 2 for k in kernel]
        add(f"kernel {kernel[0]} by {kernel[1]}", [6, 6], (2, 2), kernel, padding=padding)
    add("kernel 2 by 3, stride 3 by 1", [7, 5], (2, 2), (2, 3), stride=(3, 1))
    for padding in ((0, 1), (1, 0), (2, 1), (3, 3)):
        add(f"padding {padding[0]} by {padding[1]}", [4, 5], (2, 2), 3, padding=padding)
    sides = [([1, 0], [0, 1]), ([0, 0], [1, 1]), ([2, 1], [0, 3]), ([1, 1], [2, 2])]
    for low, high in sides:
        add(f"padding {low} low, {high} high", [5, 4], (2, 2), 3, padding=low, high=high)
    add("padding low and high, stride 2", [6, 6], (2, 2), 3, padding=0, high=[1, 1], stride=2)
    for dilation in (2, (1, 2), (2, 1), (3, 2)):
        rows, columns = per_axis(dilation, 2)
        add(
            f"dilation {rows} by {columns}",
            [7, 7], (2, 2), 3, batch=1, padding=(rows, columns), dilation=dilation,
        )  # fmt: skip
    add("dilation 2, stride 2", [8, 7], (2, 2), 3, batch=1, dilation=2, stride=2, padding=1)
    add("dilation 2, kernel 2, no padding", [5, 5], (2, 3), 2, dilation=2, bias=False)
    for groups, channels in ((2, (4, 4)), (2, (4, 6)), (3, (6, 3)), (4, (4, 8))):
        add(
            f"groups {groups}, {channels[0]} to {channels[1]} channels",
            [4, 4], channels, 3, groups=groups, padding=1, bias=groups != 3,
        )  # fmt: skip
    add("groups 2, kernel 1", [4, 4], (4, 4), 1, groups=2)
    add(
        "groups 2, stride 2, dilation 2",
        [6, 6],
        (4, 2),
        3,
        groups=2,
        stride=2,
        dilation=2,
        padding=2,
    )
    for kernel, stride in ((3, 1), (3, 2), (5, 1), (5, 2), (2, 2)):
        add(
            f"depthwise, kernel {kernel}, stride {stride}",
            [5, 6], (3, 3), kernel, groups=3, stride=stride, padding=kernel // 2, bias=stride == 1,
        )  # fmt: skip
    add("depthwise, multiplier 2", [5, 5], (2, 4), 3, groups=2, padding=1)
    add("depthwise, multiplier 3, dilation 2", [6, 6], (2, 6), 3, groups=2, padding=2, dilation=2)
    add("kernel as large as the image", [4, 4], (3, 4), 4)
    add("kernel larger than the image", [3, 3], (2, 2), 5, padding=1)
    add("kernel larger than the image, stride 2", [2, 3], (2, 2), 5, padding=2, stride=2)
    add("image of one pixel", [1, 1], (4, 3), 3, padding=1)
    add("image of one pixel, kernel 1", [1, 1], (5, 4), 1)
    add("last rows and columns not reached", [8, 7], (1, 2), 3, stride=4)
    add("rows of one pixel", [1, 9], (2, 2), (1, 3), stride=(1, 2))
    add("one channel to one", [5, 5], (1, 1), 3, padding=1)
    add("one channel to nine", [4, 4], (1, 9), 2)
    add("nine channels to one", [4, 4], (9, 1), 2)
    add("17 to 19 channels", [2, 2], (17, 19), 1, batch=1)
    add("batch of 5", [3, 3], (2, 2), 2, batch=5)
    for kernel in (1, 2, 3, 4, (2, 3), (5, 4)):
        rows, columns = per_axis(kernel, 2)
        add(f"same, kernel {rows} by {columns}", [5, 6], (2, 2), kernel, padding="same")
    add("same, kernel 2, dilation 2", [5, 5], (2, 2), 2, padding="same", dilation=2)
    add("same, kernel 4, dilation 3 by 1", [6, 5], (1, 2), 4, padding="same", dilation=(3, 1))
    add("same, depthwise, kernel 4", [5, 5], (3, 3), 4, padding="same", groups=3)
    for mode in ("circular", "reflect", "replicate"):
        add(f"padding 1, {mode}", [4, 5], (2, 2), 3, padding=1, mode=mode)
        add(f"padding 2 by 1, stride 2, {mode}", [5, 4], (2, 2), (5, 3), padding=(2, 1),
            stride=2, mode=mode)  # fmt: skip
    add("second order", [4, 4], (2, 2), 3, batch=1, padding=1, second=True)
    add("second order, stride 2, groups 2", [5, 5], (2, 4), 3, padding=1, stride=2, groups=2,
        second=True)  # fmt: skip
    add("second order, dilation 2, low and high", [5, 5], (2, 1), 2, padding=1, high=[0, 2],
        dilation=2, second=True)  # fmt: skip
    family.write()


def three_axes():
    family = Family("conv3d")

    def add(name, *arguments, **options):
        add_convolution(family, name, *arguments, batch=options.pop("batch", 1), **options)

    add("plain", [3, 4, 4], (2, 2), 2)
    add("kernel 3, padding 1", [3, 4, 3], (2, 2), 3, padding=1)
    add("no bias", [3, 3, 4], (2, 3), 2, bias=False)
    add("kernel 1", [2, 3, 3], (3, 4), 1, batch=2)
    add("stride 2", [4, 4, 4], (2, 2), 2, stride=2)
    add("stride 1 by 2 by 2", [3, 5, 5], (1, 2), (1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1))
    add("kernel 3 by 1 by 1", [4, 3, 3], (2, 2), (3, 1, 1), padding=(1, 0, 0), batch=2)
    add("kernel 1 by 3 by 2", [2, 4, 4], (2, 2), (1, 3, 2), padding=(0, 1, 1))
    add("padding low and high", [2, 3, 3], (2, 2), 2, padding=[0, 1, 0], high=[1, 0, 2])
    add("dilation 2", [4, 4, 3], (2, 2), 2, dilation=2)
    add("dilation 1 by 2 by 3", [2, 4, 5], (1, 2), 2, dilation=(1, 2, 3), padding=(0, 1, 1))
    add("groups 2", [3, 3, 3], (4, 4), 2, groups=2)
    add("depthwise", [3, 3, 3], (3, 3), 3, groups=3, padding=1)
    add("same, kernel 2", [2, 3, 4], (2, 2), 2, padding="same")
    add("kernel larger than the image", [2, 2, 2], (2, 2), 3, padding=1)
    for mode in ("circular", "reflect", "replicate"):
        add(f"padding 1, {mode}", [2, 3, 3], (1, 2), 3, padding=1, mode=mode)
    add("second order", [2, 3, 3], (2, 1), 2, second=True)
    family.write()


def transposed():
    family = Family("conv_transpose")

    def add(name, *arguments, **options):
        add_transposed(family, name, *arguments, **options)

    add("1-D", [5], (2, 3), 3)
    add("1-D, no bias", [5], (2, 3), 3, bias=False)
    add("1-D, kernel 1", [5], (3, 2), 1)
    add("1-D, stride 2", [5], (2, 3), 4, stride=2, padding=1)
    add("1-D, stride 2, output padding 1", [4], (2, 3), 3, stride=2, padding=1, extra=1)
    add("1-D, stride 3, output padding 2", [4], (2, 2), 3, stride=3, padding=1, extra=2)
    add("1-D, stride 3, kernel 2, gaps", [4], (2, 2), 2, stride=3)
    add("1-D, dilation 2", [5], (2, 2), 3, dilation=2)
    add("1-D, dilation 3, output padding 2", [4], (2, 2), 2, dilation=3, padding=1, extra=2)
    add("1-D, groups 2", [4], (4, 6), 3, groups=2, stride=2)
    add("1-D, depthwise", [4], (3, 3), 4, groups=3, stride=2, padding=1)
    add("1-D, second order", [4], (2, 2), 3, stride=2, second=True)
    for kernel in (1, 2, 3, 4):
        for stride in (1, 2):
            padding = (kernel - 1) // 2
            add(
                f"2-D, kernel {kernel}, stride {stride}, padding {padding}",
                [4, 3], (2, 3), kernel, stride=stride, padding=padding, bias=kernel != 2,
            )  # fmt: skip
    add("2-D, stride 2, output padding 1", [3, 4], (2, 2), 3, stride=2, padding=1, extra=1)
    add("2-D, output padding 0 by 1", [3, 3], (2, 2), 3, stride=2, padding=1, extra=(0, 1))
    add("2-D, stride 3 by 2, output padding 2 by 1", [3, 3], (2, 2), 3, stride=(3, 2), padding=1,
        extra=(2, 1))  # fmt: skip
    add("2-D, stride 1 by 3", [3, 3], (2, 2), (2, 3), stride=(1, 3))
    add("2-D, kernel 1 by 4", [3, 4], (2, 2), (1, 4), stride=(1, 2), padding=(0, 1))
    add("2-D, kernel 5 by 2", [3, 4], (2, 2), (5, 2), padding=(2, 0))
    add("2-D, padding 2 by 0", [4, 4], (2, 2), 3, padding=(2, 0))
    add("2-D, dilation 2", [3, 4], (2, 2), 3, dilation=2, padding=2)
    add("2-D, dilation 1 by 3", [3, 3], (2, 2), 2, dilation=(1, 3))
    add("2-D, dilation 2, stride 2, output padding 1", [3, 3], (2, 2), 3, dilation=2, stride=2,
        padding=1, extra=1)  # fmt: skip
    add("2-D, stride 1, dilation 2, output padding 1", [4, 4], (2, 2), 2, dilation=2, extra=1)
    add("2-D, groups 2", [3, 3], (4, 6), 3, groups=2, padding=1)
    add("2-D, groups 2, stride 2", [3, 3], (4, 2), 2, groups=2, stride=2)
    add("2-D, groups 3, output padding 1", [3, 3], (3, 6), 3, groups=3, stride=2, extra=1)
    add("2-D, depthwise", [4, 4], (3, 3), 4, groups=3, stride=2, padding=1, bias=False)
    add("2-D, depthwise, multiplier 2", [3, 3], (2, 4), 3, groups=2, stride=2, padding=1)
    add("2-D, one pixel to 4 by 4", [1, 1], (5, 3), 4)
    add("2-D, all but one pixel cut away", [3, 3], (2, 2), 3, padding=2)
    add("2-D, 9 to 1 channel", [2, 2], (9, 1), 2, stride=2)
    add("2-D, second order", [3, 3], (2, 2), 3, stride=2, padding=1, extra=1, second=True)
    add("2-D, second order, groups 2", [3, 3], (2, 4), 2, groups=2, dilation=2, second=True)
    add("3-D", [2, 3, 2], (2, 2), 2, batch=1)
    add("3-D, kernel 3, padding 1", [2, 3, 3], (2, 2), 3, padding=1, batch=1)
    add("3-D, stride 2, output padding 1", [2, 2, 2], (2, 2), 3, stride=2, padding=1, extra=1,
        batch=1)  # fmt: skip
    add("3-D, stride 1 by 2 by 2, no bias", [2, 3, 2], (2, 2), (1, 2, 2), stride=(1, 2, 2),
        bias=False, batch=1)  # fmt: skip
    add("3-D, dilation 2", [2, 2, 3], (2, 2), 2, dilation=2, batch=1)
    add("3-D, groups 2", [2, 2, 2], (4, 4), 2, groups=2, stride=2, batch=1)
    add("3-D, depthwise, output padding 0 by 1 by 0", [2, 2, 2], (3, 3), 2, groups=3, stride=2,
        extra=(0, 1, 0), batch=1)  # fmt: skip
    family.write()


one_axis()
two_axes()
three_axes()
transposed()
