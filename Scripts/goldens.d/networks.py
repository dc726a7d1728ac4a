"""What whole networks answer, and the gradients of one training step, with weights by a formula.

Computed in double precision. A case is refused where PyTorch's own single precision is far from it:
such a network would test nothing but rounding.
"""

import json
import math
import os
import sys

import numpy as np
import plain_networks as plain
import torch
from formula import even, fill, words

torch.set_num_threads(1)
ZOO = plain.models()
CLASSES = 20
LABELS = [3, 7]
SAMPLES = 3

# The side of the pictures, and the gain of the weights: 6 is He's, less where sums grow.
NETWORKS = {
    "lenet5": (28, 6), "lenet5_1998": (32, 3), "alexnet": (96, 6),
    **{f"vgg{d}{n}": (64, 6) for d in (11, 13, 16, 19) for n in ("", "_bn")},
    **{f"resnet{d}": (96, 3) for d in (18, 34, 50, 101, 152)},
    **{f"resnet{d}": (32, 3) for d in (20, 32, 44, 56, 110)},
    "mobilenet_v1": (96, 6), "mobilenet_v2": (96, 6), "squeezenet1_0": (96, 6),
    "squeezenet1_1": (96, 6), "densenet121": (96, 6), "efficientnet_b0": (96, 6),
}  # fmt: skip


def build(name, classes=CLASSES):
    if name == "lenet5":
        return plain.lenet5(classes)
    if name == "lenet5_1998":
        return plain.LeNet1998(classes)
    if name == "mobilenet_v1":
        return plain.MobileNet(classes)
    if name.startswith("resnet") and int(name[6:]) in (20, 32, 44, 56, 110):
        return plain.SmallResNet(int(name[6:]), classes)
    options = {"stochastic_depth_prob": 0.0} if name.startswith("efficientnet") else {}
    return ZOO.get_model(name, weights=None, num_classes=classes, **options)


def picture(name, side):
    shape = (len(LABELS), 1 if name.startswith("lenet") else 3, side, side)
    return torch.from_numpy(even("input", math.prod(shape)).reshape(shape).copy())


def run(name, kind):
    """Logits of inference; loss and gradients of a training step without dropout."""
    side, gain = NETWORKS[name]
    with torch.device("meta"):
        network = build(name).to(kind)
    network = network.to_empty(device="cpu")
    fill(network, gain)
    for layer in network.modules():
        if isinstance(layer, torch.nn.Dropout):
            layer.p = 0.0
    x = picture(name, side).to(kind)
    with torch.no_grad():
        logits = network.eval()(x)
    loss = torch.nn.functional.cross_entropy(network.train()(x), torch.tensor(LABELS))
    loss.backward()
    gradients = {k: p.grad.reshape(-1) for k, p in network.named_parameters()}
    state = [k for k, _ in network.named_buffers()]
    shapes = {k: list(p.shape) for k, p in network.named_parameters()}
    return logits, loss.item(), gradients, state, shapes


def norm(values):
    return float(np.linalg.norm(values.double().numpy()))


def confirm(name, exact, single):
    """How far PyTorch's single precision is from double, in logits, loss and gradients."""
    logits = norm(exact[0] - single[0]) / norm(exact[0])
    loss = abs(exact[1] - single[1]) / exact[1]
    largest = max(norm(g) for g in exact[2].values())
    steps = max(
        abs(norm(g) - norm(single[2][k])) / (norm(g) + 1e-4 * largest)
        for k, g in exact[2].items()
    )
    if logits > 3e-5 or loss > 3e-4 or steps > 3e-4:
        raise ValueError(f"{name}: single precision is off by {logits}, {loss}, {steps}")
    return f"single precision off by {logits:.1e}, {loss:.1e}, {steps:.1e}"


def short(value):
    """Eight digits, more than single precision has."""
    return float(f"{value:.8g}")


def write(file, lines):
    folder = os.path.join(sys.argv[1], "Tests", "Goldens")
    os.makedirs(folder, exist_ok=True)
    text = [json.dumps(line, separators=(",", ":")) for line in lines]
    with open(os.path.join(folder, file), "w", encoding="ascii") as target:
        target.write("[\n" + ",\n".join(text) + "\n]\n")


def case(name):
    exact = run(name, torch.float64)
    words_of_error = confirm(name, exact, run(name, torch.float32))
    logits, loss, gradients, state, shapes = exact
    order = logits.argsort(dim=1, descending=True)[:, :5].tolist()
    parameters = []
    for k, g in gradients.items():
        places = (words("samples/" + k, SAMPLES) % np.uint32(len(g))).tolist()
        parameters.append([k, shapes[k], short(norm(g)), [short(g[p].item()) for p in places]])
    print(f"{name}: {len(parameters)} parameters, {words_of_error}", flush=True)
    side, gain = NETWORKS[name]
    return {
        "name": name, "side": side, "gain": gain, "classes": CLASSES, "labels": LABELS,
        "logits": [[short(v) for v in row] for row in logits.tolist()], "top5": order,
        "loss": short(loss), "parameters": parameters, "state": state,
    }  # fmt: skip


write("networks.json", [case(name) for name in NETWORKS])
