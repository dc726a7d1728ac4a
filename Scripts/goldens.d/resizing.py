"""Resizing: nearest, nearest-exact, linear, bilinear, bicubic, trilinear; and sampling on a grid.

Where a case has a "scaleFactor", positions are computed with it, not with the ratio of sizes.
"""

import torch.nn.functional as F
from golden import Family, dyadic

LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def add_resize(family, image, mode, *, size=None, factor=None, corners=None):
    axes = len(image)
    words = f"{axes}-D, {' by '.join(map(str, image))}"
    target = " by ".join(f"{v:g}" for v in (size or factor))
    words += f" to {target}" if size else f" times {target}"
    attributes = {"mode": mode}
    if size:
        attributes["size"] = list(size)
    else:
        attributes["scaleFactor"] = list(factor)
    name = f"{mode}, {words}"
    if corners is not None:
        attributes["alignCorners"] = int(corners)
        name += ", corners aligned" if corners else ""
    x = dyadic(f"resize/{name}", [1, 2, *image])

    def resize(x):
        return F.interpolate(x, size, factor, mode, corners)

    family.add(name, "interpolate", resize, {"x": x}, attributes)


def resize():
    family = Family("resize")
    sizes = {
        1: [([5], [10]), ([7], [3]), ([4], [1]), ([1], [4])],
        2: [([3, 4], [6, 8]), ([5, 7], [3, 4]), ([4, 3], [7, 5]), ([6, 6], [3, 3]),
            ([5, 4], [3, 7]), ([3, 3], [1, 1]), ([1, 1], [3, 2])],
        3: [([2, 3, 2], [4, 5, 3]), ([3, 4, 5], [2, 3, 2])],
    }  # fmt: skip
    factors = {
        1: [([5], [2.5]), ([7], [0.4])],
        2: [([3, 3], [2.0, 3.0]), ([4, 5], [1.7, 1.3]), ([7, 6], [0.6, 0.75])],
        3: [([2, 2, 3], [2.0, 1.5, 0.8])],
    }
    for axes in (1, 2, 3):
        modes = [("nearest", None), ("nearest-exact", None)]
        modes += [(LINEAR[axes], False), (LINEAR[axes], True)]
        if axes == 2:
            modes += [("bicubic", False), ("bicubic", True)]
        for mode, corners in modes:
            for image, size in sizes[axes]:
                add_resize(family, image, mode, size=size, corners=corners)
            for image, factor in factors[axes]:
                add_resize(family, image, mode, factor=factor, corners=corners)
    family.write()


def grids():
    family = Family("grid_sample")

    def add(mode, outside, corners):
        name = f"{mode}, outside {outside}{', corners aligned' if corners else ''}"
        seed = f"grid_sample/{name}"
        # Odd multiples of 1/64 lie between pixels, where the result has a slope.
        grid = dyadic(seed + "/grid", [1, 3, 4, 2], -1.25, 1.25, 8) + 1 / 64
        inputs = {"x": dyadic(seed + "/x", [1, 2, 5, 4]), "grid": grid}
        family.add(
            name, "grid_sample",
            lambda x, grid: F.grid_sample(x, grid, mode, outside, corners), inputs,
            {"mode": mode, "paddingMode": outside, "alignCorners": int(corners)},
        )  # fmt: skip

    for mode in ("bilinear", "nearest"):
        for outside in ("zeros", "border", "reflection"):
            for corners in (False, True):
                add(mode, outside, corners)
    for corners in (False, True):
        theta = dyadic(f"affine/{corners}", [2, 2, 3])
        family.add(
            f"affine grid{', corners aligned' if corners else ''}", "affine_grid",
            lambda theta: F.affine_grid(theta, [2, 1, 3, 4], corners), {"theta": theta},
            {"size": [2, 1, 3, 4], "alignCorners": int(corners)},
        )  # fmt: skip
    family.write()


resize()
grids()
