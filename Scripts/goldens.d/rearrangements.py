"""Padding, patches and their sum, pixel shuffles, joining, picking and turning."""

import torch
import torch.nn.functional as F
from golden import Family, dyadic, integers


def padding():
    family = Family("pad")

    def add(mode, image, low, high, value=None):
        """`low` and `high` per axis of the image, first axis first; negative sides cut."""
        axes = len(image)
        words = f"{mode}, {axes}-D, {low} low, {high} high" + (
            f", value {value:g}" if value else ""
        )
        x = dyadic(f"pad/{words}", [1, 2, *image])
        sides = [side for pair in zip(reversed(low), reversed(high)) for side in pair]
        attributes = {"mode": mode, "low": low, "high": high}
        if mode == "constant":
            attributes["value"] = value or 0.0
        family.add(words, "pad", lambda x: F.pad(x, sides, mode, value), {"x": x}, attributes)

    for mode in ("constant", "reflect", "replicate", "circular"):
        add(mode, [5], [2], [2])
        add(mode, [5], [0], [3])
        add(mode, [5], [4], [1])
        add(mode, [3, 4], [1, 1], [1, 1])
        add(mode, [3, 4], [2, 0], [0, 3])
        add(mode, [4, 3], [1, 2], [2, 1])
        add(mode, [2, 3, 2], [1, 1, 1], [1, 1, 1])
        add(mode, [3, 2, 3], [0, 1, 2], [2, 0, 1])
    add("replicate", [1, 2], [2, 3], [3, 1])
    add("constant", [3, 3], [1, 0], [2, 1], 1.5)
    add("constant", [4], [1], [1], -2.0)
    add("constant", [4, 4], [-1, 0], [0, -2])
    add("constant", [4, 4], [-1, 2], [1, -1], 0.5)
    family.write()


def patches():
    family = Family("patches")
    table = [
        ([4, 4], [2, 2], [1, 1], [0, 0], [1, 1]), ([4, 5], [3, 3], [1, 1], [1, 1], [1, 1]),
        ([5, 5], [3, 3], [2, 2], [0, 0], [1, 1]), ([5, 6], [2, 3], [2, 1], [1, 0], [1, 1]),
        ([5, 5], [2, 2], [1, 1], [0, 0], [2, 2]), ([6, 5], [3, 2], [2, 1], [2, 1], [2, 3]),
        ([4, 4], [2, 2], [2, 2], [0, 0], [1, 1]), ([3, 4], [1, 1], [1, 1], [0, 0], [1, 1]),
        ([6, 6], [2, 2], [3, 3], [0, 0], [1, 1]),
    ]  # fmt: skip
    for image, kernel, stride, pad, dilation in table:
        words = (
            f"image {image}, kernel {kernel}, stride {stride}, padding {pad}, dilation {dilation}"
        )
        attributes = {"kernelSize": kernel, "stride": stride, "padding": pad, "dilation": dilation}
        options = (kernel, dilation, pad, stride)
        x = dyadic(f"unfold/{words}", [1, 2, *image])
        columns = F.unfold(x, *options)
        family.add(f"unfold, {words}", "unfold", lambda x: F.unfold(x, *options), {"x": x},
                   attributes)  # fmt: skip
        columns = dyadic(f"fold/{words}", columns.shape)
        family.add(f"fold, {words}", "fold", lambda x: F.fold(x, image, *options), {"x": columns},
                   {"outputSize": image, **attributes})  # fmt: skip
    family.write()


def shuffles():
    family = Family("rearrangements")

    def add(op, name, function, shapes, **attributes):
        shapes = shapes if isinstance(shapes, dict) else {"x": shapes}
        inputs = {k: dyadic(f"{op}/{name}/{k}", s) for k, s in shapes.items()}
        family.add(f"{op}, {name}", op, function, inputs, attributes)

    for factor, shape in (
        (2, [1, 8, 2, 3]),
        (3, [1, 9, 2, 2]),
        (1, [1, 2, 2, 2]),
        (2, [2, 4, 1, 3]),
    ):
        add("pixel_shuffle", f"factor {factor}, {shape}",
            lambda x: F.pixel_shuffle(x, factor), shape, factor=factor)  # fmt: skip
    for factor, shape in ((2, [1, 2, 4, 6]), (3, [1, 1, 6, 3]), (2, [2, 1, 2, 4])):
        add("pixel_unshuffle", f"factor {factor}, {shape}",
            lambda x: F.pixel_unshuffle(x, factor), shape, factor=factor)  # fmt: skip
    for groups, shape in ((2, [1, 6, 2, 2]), (3, [2, 6, 1, 2])):
        add("channel_shuffle", f"{groups} groups, {shape}",
            lambda x: F.channel_shuffle(x, groups), shape, groups=groups)  # fmt: skip
    for axis in (0, 1, -1):
        shape = [2, 3, 2]
        wider = list(shape)
        wider[axis] += 2
        add("concatenate", f"axis {axis}", lambda a, b, c: torch.cat([a, b, c], axis),
            {"a": shape, "b": wider, "c": shape}, axis=axis)  # fmt: skip
        add("stack", f"axis {axis}", lambda a, b: torch.stack([a, b], axis),
            {"a": [2, 3], "b": [2, 3]}, axis=axis)  # fmt: skip
        add("flip", f"axis {axis}", lambda x: torch.flip(x, [axis]), shape, axes=[axis])
        add("roll", f"axis {axis}", lambda x: torch.roll(x, 2, axis), shape, axis=axis, shift=2)
    for order in ([0, 2, 3, 1], [3, 2, 1, 0], [1, 0, 2, 3]):
        add("permute", str(order), lambda x: x.permute(order), [2, 3, 2, 2], order=order)
    add("expand", "[3, 1] to [2, 3, 4]", lambda x: x.expand(2, 3, 4), [3, 1], shape=[2, 3, 4])
    add("repeat", "[2, 1, 3]", lambda x: x.repeat(2, 1, 3), [2, 3], counts=[2, 1, 3])
    add("slice", "axis 1, from 1 to 6 by 2", lambda x: x[:, 1:6:2], [2, 7], axis=1, start=1, end=6,
        step=2)  # fmt: skip
    for lower, diagonal in ((False, 0), (False, 1), (True, -1)):
        op = "tril" if lower else "triu"
        add(op, f"diagonal {diagonal}",
            lambda x: (torch.tril if lower else torch.triu)(x, diagonal), [2, 3, 4],
            diagonal=diagonal)  # fmt: skip
    for axis in (0, 1):
        count = 4
        picked = torch.tensor(integers(f"pick/{axis}", count, 0, 2), dtype=torch.int64)
        inputs = {"x": dyadic(f"pick/{axis}/x", [3, 3]), "indices": picked}
        family.add(f"index_select, axis {axis}", "index_select",
                   lambda x, indices: torch.index_select(x, axis, indices), inputs,
                   {"axis": axis})  # fmt: skip
        places = torch.tensor(integers(f"gather/{axis}", 6, 0, 2), dtype=torch.int64).reshape(2, 3)
        inputs = {"x": dyadic(f"gather/{axis}/x", [3, 3]), "indices": places}
        family.add(f"gather, axis {axis}", "gather",
                   lambda x, indices: torch.gather(x, axis, indices), inputs,
                   {"axis": axis})  # fmt: skip
    numbers = torch.tensor([[0, 2], [2, 1]])
    inputs = {"indices": numbers, "weight": dyadic("embedding", [4, 3])}
    family.add("embedding", "embedding",
               lambda indices, weight: F.embedding(indices, weight), inputs)  # fmt: skip
    chosen = torch.tensor([[1, 0, 1], [0, 0, 1]])
    inputs = {"condition": chosen, "x": dyadic("where/x", [2, 3]), "other": dyadic("where/o", [3])}
    family.add("where", "where",
               lambda condition, x, other: torch.where(condition != 0, x, other),
               inputs)  # fmt: skip
    family.write()


padding()
patches()
shuffles()
