"""What torchvision's networks ask of random numbers when they are made: one line per parameter."""

import json
import os
import sys
from unittest import mock

import plain_networks as plain
import torch

NETWORKS = [
    "alexnet", "vgg11", "vgg11_bn", "resnet18", "resnet50", "mobilenet_v2", "squeezenet1_0",
    "squeezenet1_1", "densenet121", "efficientnet_b0",
]  # fmt: skip
ZOO = plain.models()


def asked(name):
    """Bounds of a uniform distribution, or mean and deviation of a normal one, or a constant."""
    found = {}

    def note(kind):
        def fill(tensor, *numbers, **_):
            found[id(tensor)] = [kind, *(float(f"{n:.10g}") for n in numbers)]
            return tensor

        return fill

    with (
        torch.device("meta"),
        mock.patch.object(torch.Tensor, "uniform_", note("uniform")),
        mock.patch.object(torch.Tensor, "normal_", note("normal")),
        mock.patch.object(torch.Tensor, "fill_", note("constant")),
        mock.patch.object(torch.Tensor, "zero_", lambda tensor: note("constant")(tensor, 0)),
    ):
        network = ZOO.get_model(name, weights=None)
    return {k: found[id(p)] for k, p in network.named_parameters()}


folder = os.path.join(sys.argv[1], "Tests", "Goldens")
os.makedirs(folder, exist_ok=True)
lines = [{"name": name, "parameters": asked(name)} for name in NETWORKS]
with open(os.path.join(folder, "network_weights.json"), "w", encoding="ascii") as file:
    text = [json.dumps(line, separators=(",", ":")) for line in lines]
    file.write("[\n" + ",\n".join(text) + "\n]\n")
print(f"network_weights: {sum(len(line['parameters']) for line in lines)} parameters")
