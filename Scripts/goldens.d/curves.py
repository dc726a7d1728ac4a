"""Fifty training steps of ResNet-20 with momentum, from weights and pictures by a formula.

Computed in double precision, and refused where PyTorch's own single precision takes another way.
"""

import json
import os
import sys

import numpy as np
import torch
from formula import even, fill, words
from plain_networks import SmallResNet

torch.set_num_threads(1)
STEPS, BATCH, CLASSES, SIDE = 50, 16, 10, 32
RATE, MOMENTUM, DECAY = 0.001, 0.9, 1e-4


def batch(step):
    """Noise, and under it a pattern that tells the class."""
    count = 3 * SIDE * SIDE
    labels = (words(f"labels/{step}", BATCH) % np.uint32(CLASSES)).tolist()
    patterns = np.concatenate([even(f"pattern/{label}", count) for label in labels])
    pictures = patterns * np.float32(0.5) + even(f"noise/{step}", BATCH * count)
    return torch.from_numpy(pictures.reshape(BATCH, 3, SIDE, SIDE)), torch.tensor(labels)


def losses(kind):
    network = SmallResNet(20, CLASSES).to(kind)
    fill(network, 3, 0)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY
    )
    found = []
    for step in range(STEPS):
        pictures, labels = batch(step)
        loss = torch.nn.functional.cross_entropy(network(pictures.to(kind)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


exact, single = losses(torch.float64), losses(torch.float32)
error = max(abs(a - b) / a for a, b in zip(exact, single))
print(f"resnet20: loss {exact[0]:.4f} to {exact[-1]:.4f}, single precision off by {error:.1e}")
if error > 3e-4:
    raise ValueError("single precision takes another way")
curve = {
    "name": "resnet20", "batch": BATCH, "classes": CLASSES, "side": SIDE, "gain": 3, "threshold": 0,
    "learningRate": RATE, "momentum": MOMENTUM, "weightDecay": DECAY,
    "losses": [float(f"{loss:.8g}") for loss in exact],
}  # fmt: skip
folder = os.path.join(sys.argv[1], "Tests", "Goldens")
os.makedirs(folder, exist_ok=True)
with open(os.path.join(folder, "training_curve.json"), "w", encoding="ascii") as file:
    file.write(json.dumps([curve], separators=(",", ":")) + "\n")
