"""Pooling: largest, average, to a given size, by norm, and the inverse of the largest."""

import itertools

import torch.nn.functional as F
from golden import Family, distinct, dyadic

MAXIMUM = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
UNPOOL = {1: F.max_unpool1d, 2: F.max_unpool2d, 3: F.max_unpool3d}
AVERAGE = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
ADAPTIVE_AVERAGE = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
ADAPTIVE_MAXIMUM = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}
NORM = {1: F.lp_pool1d, 2: F.lp_pool2d, 3: F.lp_pool3d}


def per_axis(value, axes):
    return [value] * axes if isinstance(value, int) else list(value)


def maximum():
    """The indices count through the image, over all its axes, without batch and channel."""
    family = Family("max_pool")

    def add(name, image, kernel, stride=None, padding=0, dilation=1, ceil=False, second=False):
        axes = len(image)
        kernel = per_axis(kernel, axes)
        stride = per_axis(kernel if stride is None else stride, axes)
        padding, dilation = per_axis(padding, axes), per_axis(dilation, axes)
        x = distinct(f"max_pool/{name}", [2 if axes < 3 else 1, 2, *image])

        def pool(x):
            y, indices = MAXIMUM[axes](x, kernel, stride, padding, dilation, ceil, True)
            return {"y": y, "indices": indices}

        attributes = {
            "kernelSize": kernel, "stride": stride, "padding": padding, "dilation": dilation,
            "ceilMode": int(ceil),
        }  # fmt: skip
        family.add(name, f"max_pool{axes}d", pool, {"x": x}, attributes, second=second)

    add("1-D, kernel 2", [8], 2)
    add("1-D, kernel 3, stride 2, padding 1", [9], 3, 2, 1)
    add("1-D, kernel 3, stride 1", [7], 3, 1)
    add("1-D, kernel 2, last one left out", [7], 2)
    add("1-D, kernel 2, ceil", [7], 2, ceil=True)
    add("1-D, dilation 2", [9], 3, 2, 1, 2)
    add("2-D, kernel 2", [6, 6], 2)
    add("2-D, kernel 3, stride 2", [7, 7], 3, 2)
    add("2-D, kernel 3, stride 2, padding 1", [6, 7], 3, 2, 1)
    add("2-D, kernel 3, stride 1, padding 1", [5, 4], 3, 1, 1)
    add("2-D, kernel 3, stride 2, ceil", [6, 6], 3, 2, ceil=True)
    add("2-D, kernel 3, stride 2, padding 1, ceil", [6, 5], 3, 2, 1, ceil=True)
    add("2-D, ceil, last window would start in the padding", [5, 5], 2, 3, 1, ceil=True)
    add("2-D, kernel 2 by 3, stride 1 by 2", [5, 6], (2, 3), (1, 2))
    add("2-D, kernel 5 by 1, padding 2 by 0", [6, 4], (5, 1), (2, 1), (2, 0))
    add("2-D, dilation 2", [7, 7], 2, 1, 0, 2)
    add("2-D, dilation 2 by 1, stride 2, padding 1, ceil", [6, 6], 3, 2, 1, (2, 1), True)
    add("2-D, whole image", [4, 5], (4, 5))
    add("2-D, stride larger than kernel", [7, 7], 2, 3)
    add("2-D, kernel 1", [3, 3], 1)
    add("2-D, second order", [4, 4], 2, second=True)
    add("3-D, kernel 2", [4, 4, 4], 2)
    add("3-D, kernel 3, stride 2, padding 1", [4, 5, 3], 3, 2, 1)
    add("3-D, kernel 1 by 2 by 2, ceil", [2, 5, 3], (1, 2, 2), ceil=True)
    add("3-D, dilation 1 by 2 by 1", [3, 4, 4], 2, 1, 0, (1, 2, 1))
    family.write()


def unpooling():
    family = Family("max_unpool")

    def add(name, image, kernel, stride=None, padding=0):
        axes = len(image)
        kernel = per_axis(kernel, axes)
        stride, padding = per_axis(stride or kernel, axes), per_axis(padding, axes)
        picture = distinct(f"max_unpool/{name}", [1, 2, *image])
        pooled, indices = MAXIMUM[axes](picture, kernel, stride, padding, return_indices=True)

        def unpool(x, indices):
            return UNPOOL[axes](x, indices, kernel, stride, padding, image)

        attributes = {
            "kernelSize": kernel, "stride": stride, "padding": padding, "outputSize": image,
        }  # fmt: skip
        inputs = {"x": pooled, "indices": indices}
        family.add(name, f"max_unpool{axes}d", unpool, inputs, attributes)

    add("1-D, kernel 2", [8], 2)
    add("1-D, odd length", [7], 2)
    add("2-D, kernel 2", [4, 6], 2)
    add("2-D, odd sizes", [5, 7], 2)
    add("2-D, kernel 2 by 3", [4, 6], (2, 3))
    add("2-D, kernel 2, padding 1", [4, 4], 2, 2, 1)
    add("3-D, kernel 2", [2, 4, 4], 2)
    family.write()


def average():
    family = Family("avg_pool")

    def add(name, image, kernel, stride=None, padding=0, ceil=False, count=True, divisor=None,
            second=False):  # fmt: skip
        axes = len(image)
        kernel = per_axis(kernel, axes)
        stride, padding = per_axis(stride or kernel, axes), per_axis(padding, axes)
        x = dyadic(f"avg_pool/{name}", [2 if axes < 3 else 1, 2, *image])
        extra = [] if axes == 1 else [divisor]

        def pool(x):
            return AVERAGE[axes](x, kernel, stride, padding, ceil, count, *extra)

        attributes = {
            "kernelSize": kernel, "stride": stride, "padding": padding, "ceilMode": int(ceil),
            "countIncludePad": int(count),
        }  # fmt: skip
        if divisor:
            attributes["divisorOverride"] = divisor
        family.add(name, f"avg_pool{axes}d", pool, {"x": x}, attributes, second=second)

    add("1-D, kernel 2", [8], 2)
    for ceil, count in itertools.product((False, True), repeat=2):
        words = f"ceil {int(ceil)}, padding counts {int(count)}"
        add(f"1-D, kernel 3, stride 2, padding 1, {words}", [8], 3, 2, 1, ceil, count)
        add(f"3-D, kernel 2, padding 1, {words}", [3, 2, 3], 2, 2, 1, ceil, count)
        for divisor in (None, 3):
            more = f"{words}, divisor {divisor}" if divisor else words
            add(
                f"2-D, kernel 3, stride 2, padding 1, {more}", [6, 5], 3, 2, 1, ceil, count, divisor
            )
    add("2-D, kernel 2", [4, 6], 2)
    add("2-D, kernel 3, stride 1", [5, 5], 3, 1)
    add("2-D, kernel 2 by 3, stride 3 by 1", [6, 5], (2, 3), (3, 1))
    add("2-D, kernel 4 by 1, padding 2 by 0", [5, 3], (4, 1), (1, 2), (2, 0))
    add("2-D, whole image", [3, 4], (3, 4))
    add("2-D, stride larger than kernel, ceil", [6, 6], 2, 3, ceil=True)
    add("2-D, ceil, last window partly outside", [5, 5], 4, 3, 2, True, False)
    add("2-D, second order", [4, 4], 2, 1, second=True)
    add("3-D, kernel 1 by 2 by 2, divisor 2", [2, 4, 4], (1, 2, 2), divisor=2)
    family.write()


def adaptive():
    family = Family("adaptive_pool")

    def add(image, size):
        axes = len(image)
        words = f"{axes}-D, {' by '.join(map(str, image))} to {' by '.join(map(str, size))}"
        attributes = {"outputSize": list(size)}
        shape = [2 if axes == 1 else 1, 2, *image]
        x = dyadic(f"adaptive_pool/{words}", shape)
        family.add(
            f"average, {words}", f"adaptive_avg_pool{axes}d",
            lambda x: ADAPTIVE_AVERAGE[axes](x, size), {"x": x}, attributes,
        )  # fmt: skip

        def largest(x):
            y, indices = ADAPTIVE_MAXIMUM[axes](x, size, return_indices=True)
            return {"y": y, "indices": indices}

        x = distinct(f"adaptive_pool/{words}", shape)
        family.add(f"largest, {words}", f"adaptive_max_pool{axes}d", largest, {"x": x}, attributes)

    for image, size in (([7], [3]), ([4], [6]), ([9], [1])):
        add(image, size)
    for image, size in (
        ([7, 7], [1, 1]), ([6, 8], [3, 4]), ([5, 7], [3, 2]), ([3, 4], [5, 6]), ([7, 5], [6, 5]),
    ):  # fmt: skip
        add(image, size)
    for image, size in (([3, 4, 5], [2, 2, 3]), ([2, 3, 3], [1, 1, 1])):
        add(image, size)
    family.write()


def by_norm():
    """The p-th root of the sum of p-th powers. PyTorch takes no absolute value inside, so that
    odd powers have positive inputs here."""
    family = Family("lp_pool")

    def add(name, image, power, kernel, stride=None, ceil=False):
        axes = len(image)
        kernel = per_axis(kernel, axes)
        stride = per_axis(stride or kernel, axes)
        low = 0.125 if power % 2 else -2
        x = dyadic(f"lp_pool/{name}", [1, 2, *image], low, 2, avoiding=(0,))

        def pool(x):
            given = (kernel[0], stride[0]) if axes == 1 else (kernel, stride)
            return NORM[axes](x, power, *given, ceil)

        attributes = {
            "power": power, "kernelSize": kernel, "stride": stride, "ceilMode": int(ceil),
        }  # fmt: skip
        family.add(name, f"lp_pool{axes}d", pool, {"x": x}, attributes)

    add("1-D, power 2", [8], 2, 3, 2)
    add("1-D, power 3", [8], 3, 2)
    add("2-D, power 1", [4, 4], 1, 2)
    add("2-D, power 2", [5, 6], 2, (2, 3), (1, 2))
    add("2-D, power 2, ceil", [5, 5], 2, 2, ceil=True)
    add("2-D, power 4", [4, 4], 4, 2, 1)
    add("3-D, power 2", [2, 4, 3], 2, 2, 1)
    family.write()


maximum()
unpooling()
average()
adaptive()
by_norm()
