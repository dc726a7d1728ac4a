"""Activations, at ordinary points and on both sides of every kink, never at one."""

import torch
import torch.nn.functional as F
from golden import Family, dyadic


def points(seed, kinks):
    """Fourteen values between -4 and 4, and the neighbours of the kinks, 1/16 and 1/8 away."""
    ordinary = dyadic(seed, [14], -4, 4, avoiding=kinks).tolist()
    near = [k + d for k in kinks for d in (-1 / 8, -1 / 16, 1 / 16, 1 / 8)]
    values = ordinary + [v for v in near if v not in kinks]
    return torch.tensor(values + [-6.5, 6.5], dtype=torch.float64)


# op, function, attributes, kinks
TABLE = [
    ("relu", F.relu, {}, (0,)),
    ("relu6", F.relu6, {}, (0, 6)),
    ("leaky_relu", F.leaky_relu, {"negativeSlope": 0.01}, (0,)),
    ("leaky_relu", lambda x: F.leaky_relu(x, 0.25), {"negativeSlope": 0.25}, (0,)),
    ("elu", F.elu, {"alpha": 1.0}, (0,)),
    ("elu", lambda x: F.elu(x, 0.5), {"alpha": 0.5}, (0,)),
    ("selu", F.selu, {}, (0,)),
    ("celu", F.celu, {"alpha": 1.0}, (0,)),
    ("celu", lambda x: F.celu(x, 2.0), {"alpha": 2.0}, (0,)),
    ("gelu", F.gelu, {"approximate": "none"}, ()),
    ("gelu", lambda x: F.gelu(x, approximate="tanh"), {"approximate": "tanh"}, ()),
    ("silu", F.silu, {}, ()),
    ("hardswish", F.hardswish, {}, (-3, 3)),
    # As its definition says: the gradient of F.hardsigmoid takes 1/6 in single precision.
    ("hardsigmoid", lambda x: F.relu6(x + 3) / 6, {}, (-3, 3)),
    ("hardtanh", F.hardtanh, {"minimum": -1.0, "maximum": 1.0}, (-1, 1)),
    ("hardtanh", lambda x: F.hardtanh(x, -2.0, 0.5), {"minimum": -2.0, "maximum": 0.5}, (-2, 0.5)),
    ("softplus", F.softplus, {"beta": 1.0, "threshold": 20.0}, ()),
    ("softplus", lambda x: F.softplus(x, 2.0, 3.0), {"beta": 2.0, "threshold": 3.0}, (1.5,)),
    ("softsign", F.softsign, {}, (0,)),
    ("mish", F.mish, {}, ()),
    ("tanh", torch.tanh, {}, ()),
    ("sigmoid", torch.sigmoid, {}, ()),
    ("logsigmoid", F.logsigmoid, {}, ()),
    ("hardshrink", F.hardshrink, {"lambda": 0.5}, (-0.5, 0.5)),
    ("softshrink", F.softshrink, {"lambda": 0.5}, (-0.5, 0.5)),
    ("tanhshrink", F.tanhshrink, {}, ()),
    ("threshold", lambda x: F.threshold(x, 0.5, -1.0), {"threshold": 0.5, "value": -1.0}, (0.5,)),
]

LARGE = ("softplus", "sigmoid", "tanh", "logsigmoid", "silu", "mish", "gelu", "elu", "softsign")


def main():
    family = Family("activations")
    for op, activate, attributes, kinks in TABLE:

        def function(x, activate=activate):
            return activate(x)

        words = "".join(f", {k} {v}" for k, v in attributes.items())
        name = op + words
        x = points(f"activations/{name}", kinks)
        family.add(name, op, function, {"x": x}, attributes)
        if op in LARGE:
            far = torch.tensor([-300.0, -40.0, -21.0, 21.0, 40.0, 300.0], dtype=torch.float64)
            family.add(name + ", far from zero", op, function, {"x": far}, attributes)
    smooth = ("gelu", "silu", "mish", "tanh", "sigmoid", "softplus", "logsigmoid", "elu", "selu",
              "celu", "softsign", "hardswish")  # fmt: skip
    for op, activate, attributes, kinks in TABLE:

        def function(x, activate=activate):
            return activate(x)

        words = op + "".join(f", {k} {v}" for k, v in attributes.items())
        if op in smooth:
            x = dyadic(f"activations/second/{words}", [2, 4], -2, 2, avoiding=(*kinks, 0))
            family.add(f"{words}, second order", op, function, {"x": x}, attributes, second=True)
    for name, shape, slopes in (
        ("one slope", [2, 3, 2, 2], 1), ("a slope per channel", [2, 3, 2, 2], 3),
        ("two axes", [4, 3], 3),
    ):  # fmt: skip
        inputs = {
            "x": dyadic(f"prelu/{name}/x", shape, avoiding=(0,)),
            "weight": dyadic(f"prelu/{name}/weight", [slopes], 0.125, 1),
        }
        family.add(f"prelu, {name}", "prelu", lambda x, weight: F.prelu(x, weight), inputs)
    for axis in (1, -1):
        x = dyadic(f"glu/{axis}", [2, 4, 6])
        family.add(f"glu, axis {axis}", "glu", lambda x, axis=axis: F.glu(x, axis), {"x": x},
                   {"axis": axis})  # fmt: skip
    family.write()


main()
