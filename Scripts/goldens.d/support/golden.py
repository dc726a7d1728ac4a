"""Records cases: what PyTorch computes, forward and backward, in double precision.

A script adds cases to a `Family` and writes it; the family becomes one file of Tests/Goldens.
"""

import hashlib
import json
import math
import os
import sys
import warnings

import torch

torch.set_num_threads(1)
# Notes on the speed of padding "same" and on the meaning of "mean" in kl_div.
warnings.filterwarnings("ignore", message="Using padding='same'|reduction: 'mean' divides")


def integers(seed, count, low, high):
    """`count` integers from `low` to `high`, the same on every machine and in every version."""
    data = hashlib.shake_128(seed.encode()).digest(4 * count)
    span = high - low + 1
    words = (int.from_bytes(data[4 * i : 4 * i + 4], "little") for i in range(count))
    return [low + word % span for word in words]


def dyadic(seed, shape, low=-2.0, high=2.0, unit=8, avoiding=()):
    """Multiples of 1/unit between `low` and `high`; exact in every float type, short in text."""
    count = math.prod(shape)
    allowed = range(math.ceil(low * unit), math.floor(high * unit) + 1)
    allowed = [k for k in allowed if k / unit not in avoiding]
    values = [allowed[i] / unit for i in integers(seed, count, 0, len(allowed) - 1)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def distinct(seed, shape, unit=32):
    """Like `dyadic`, but no value occurs twice, so that a maximum is never a tie."""
    count = math.prod(shape)
    order = sorted(range(count), key=lambda i: (hashlib.sha256(f"{seed}/{i}".encode()).digest()))
    values = [(2 * k - count + 1) / (2 * unit) for k in order]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def labels(seed, shape, classes):
    """Class numbers below `classes`."""
    values = integers(seed, math.prod(shape), 0, classes - 1)
    return torch.tensor(values, dtype=torch.int64).reshape(shape)


def number(value):
    """A value as JSON prints it: 12 significant digits, whole numbers without a point."""
    if isinstance(value, (bool, int)):
        return int(value)
    if not math.isfinite(value):
        raise ValueError("a golden holds finite numbers only")
    value = float(f"{value:.12g}")
    if abs(value) < 1e-14:  # what is left of a cancellation, different on every machine
        return 0
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def tensor(value):
    """A tensor as it stands in the file."""
    value = value.detach()
    return {
        "shape": list(value.shape),
        "type": {torch.float64: "float64", torch.int64: "int64"}[value.dtype],
        "data": [number(v) for v in value.contiguous().reshape(-1).tolist()],
    }


def tensors(values):
    return {name: tensor(value) for name, value in values.items()}


class Family:
    """The cases of one file."""

    def __init__(self, name):
        self.name = name
        self.cases = []
        self.names = set()

    def add(self, name, op, function, inputs, attributes=None, constant=(), second=False):
        """Runs `function(**inputs)`, differentiates it, and records all of it.

        `function` returns a tensor, called "y" in the file, or a dictionary of tensors. Floating
        inputs are differentiated unless `constant` names them. `second` adds the gradient of the
        sum of the squares of all gradients.
        """
        seed = f"{self.name}/{name}"
        leaves = {k: v.detach().clone() for k, v in inputs.items() if v is not None}
        variables = {
            k: v.requires_grad_()
            for k, v in leaves.items()
            if v.is_floating_point() and k not in constant
        }
        outputs = self.run(function, leaves)
        smooth = {k: v for k, v in outputs.items() if v.requires_grad}
        cotangents = {k: dyadic(f"{seed}/{k}", v.shape, -1.5, 1.5) for k, v in smooth.items()}
        case = {"name": name, "op": op, "attributes": attributes or {}, "inputs": tensors(leaves)}
        gradients = {}
        if smooth:
            found = torch.autograd.grad(
                list(smooth.values()),
                list(variables.values()),
                list(cotangents.values()),
                create_graph=second,
            )
            gradients = dict(zip(variables, found))
            self.confirm(seed, function, leaves, variables, cotangents, gradients)
        case["cotangents"] = tensors(cotangents)
        case["outputs"] = tensors(outputs)
        case["gradients"] = tensors(gradients)
        if second:
            total = sum((g * g).sum() for g in gradients.values())
            found = torch.autograd.grad(
                total, list(variables.values()), allow_unused=True, materialize_grads=True
            )
            case["secondGradients"] = tensors(dict(zip(variables, found)))
        self.record(case)

    def record(self, case):
        """Takes a case as it will stand in the file."""
        if case["name"] in self.names:
            raise ValueError(f"{self.name} has two cases called {case['name']}")
        self.names.add(case["name"])
        self.cases.append(case)

    @staticmethod
    def run(function, leaves):
        result = function(**leaves)
        return {"y": result} if isinstance(result, torch.Tensor) else result

    def confirm(self, seed, function, leaves, variables, cotangents, gradients):
        """Refuses a case at a kink, where the slope along a line is not what the gradient says."""
        step = 1e-6
        line = {k: dyadic(f"{seed}/line/{k}", v.shape, -1, 1) for k, v in variables.items()}

        def along(distance):
            moved = {k: v.detach() for k, v in leaves.items()}
            moved |= {k: moved[k] + distance * line[k] for k in line}
            outputs = self.run(function, moved)
            return sum((outputs[k] * c).sum() for k, c in cotangents.items())

        slope = ((along(step) - along(-step)) / (2 * step)).item()
        expected = sum((gradients[k] * line[k]).sum() for k in line).item()
        size = 1 + sum((gradients[k] * line[k]).abs().sum() for k in line).item()
        if abs(slope - expected) > 1e-6 * size:
            raise ValueError(f"{seed}: slope {slope}, gradient {expected}; is it at a kink?")

    def write(self):
        """Writes the family below the folder that the command line names, one line per case."""
        folder = os.path.join(sys.argv[1], "Tests", "Goldens")
        os.makedirs(folder, exist_ok=True)
        lines = [json.dumps(case, separators=(",", ":")) for case in self.cases]
        with open(os.path.join(folder, self.name + ".json"), "w", encoding="ascii") as file:
            file.write("[\n" + ",\n".join(lines) + "\n]\n")
        print(f"{self.name}: {len(self.cases)} cases")
