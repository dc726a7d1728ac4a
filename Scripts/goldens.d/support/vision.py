"""torchvision, also without its compiled half, where that was built for another PyTorch."""

import importlib
import sys

import torch

DECLARATIONS = torch.library.Library("torchvision", "FRAGMENT")  # lasts as long as it is held


def torchvision():
    try:
        return importlib.import_module("torchvision")
    except RuntimeError:
        # What failed is the shape function of two detection operators, which nothing here uses.
        for name in [n for n in sys.modules if n.startswith("torchvision")]:
            del sys.modules[name]
        for operator in ("nms", "qnms"):
            DECLARATIONS.define(
                f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
            )
        return importlib.import_module("torchvision")
