"""Every distinct convolution of well-known networks, seen while torchvision's models run.

The models live on PyTorch's "meta" device: shapes are computed, numbers are not.
"""

import collections
import os
import sys

import torch
from vision import torchvision

NETWORKS = {
    "resnet18": ("ResNet-18", 224),
    "resnet50": ("ResNet-50", 224),
    "vgg16": ("VGG-16", 224),
    "mobilenet_v2": ("MobileNetV2", 224),
    "squeezenet1_1": ("SqueezeNet 1.1", 224),
    "lenet5": ("LeNet-5 (padded, max pooling, ReLU)", 28),
    "densenet121": ("DenseNet-121", 224),
    "efficientnet_b0": ("EfficientNet-B0", 224),
    "inception_v3": ("Inception-v3 (its auxiliary classifier does not run)", 299),
    "alexnet": ("AlexNet, one tower", 224),
    "googlenet": ("GoogLeNet (without auxiliary classifiers)", 224),
}

HEADER = """\
# {title}: every distinct convolution, in running order.
# Input: {channels}x{size}x{size}; the batch is left open. {parameters:,} parameters in the network.
# Made by Scripts/goldens from {origin}; do not edit.
#
# ic ih iw: channels, height and width of the input; oc oh ow: of the output; kh kw: kernel;
# sh sw: stride; ph pw: padding on both sides; dh dw: dilation, 1 is dense; g: groups;
# *n: how often it occurs in the network; after the #: the first layer that has it.
"""


def lenet():
    nn = torch.nn
    layers = {
        "conv1": nn.Conv2d(1, 6, 5, padding=2), "relu1": nn.ReLU(), "pool1": nn.MaxPool2d(2),
        "conv2": nn.Conv2d(6, 16, 5), "relu2": nn.ReLU(), "pool2": nn.MaxPool2d(2),
        "flatten": nn.Flatten(), "fc1": nn.Linear(400, 120), "relu3": nn.ReLU(),
        "fc2": nn.Linear(120, 84), "relu4": nn.ReLU(), "fc3": nn.Linear(84, 10),
    }  # fmt: skip
    return nn.Sequential(collections.OrderedDict(layers))


def build(name, zoo):
    """The network and the parameter count that was published for it."""
    if name == "lenet5":
        return lenet(), 61_706
    published = zoo.get_model_weights(name).DEFAULT.meta["num_params"]
    options = {}
    if name in ("googlenet", "inception_v3"):
        options["init_weights"] = False
        options["aux_logits"] = name == "inception_v3"  # its published count includes the head
    return zoo.get_model(name, weights=None, **options), published


def describe(layer, x, y):
    pairs = {
        "k": layer.kernel_size, "s": layer.stride, "p": layer.padding, "d": layer.dilation,
    }  # fmt: skip
    words = [f"ic{x.shape[1]} ih{x.shape[2]} iw{x.shape[3]}"]
    words += [f"oc{y.shape[1]} oh{y.shape[2]} ow{y.shape[3]}"]
    words += [f"{letter}h{pair[0]} {letter}w{pair[1]}" for letter, pair in pairs.items()]
    return " ".join(words + [f"g{layer.groups}"])


def write(name, zoo):
    title, size = NETWORKS[name]
    with torch.device("meta"):
        network, published = build(name, zoo)
        parameters = sum(p.numel() for p in network.parameters())
        assert parameters == published, f"{name} has {parameters} parameters, not {published}"
        network.eval()
        convolutions = {}  # description: [how often, first layer]
        for path, layer in network.named_modules():
            if isinstance(layer, torch.nn.Conv2d):
                assert layer.padding_mode == "zeros" and isinstance(layer.padding, tuple)

                def note(layer, x, y, path=path):
                    convolutions.setdefault(describe(layer, x[0], y), [0, path])[0] += 1

                layer.register_forward_hook(note)
        channels = 1 if name == "lenet5" else 3
        network(torch.empty(1, channels, size, size))
    width = max(map(len, convolutions)) + 4
    lines = [
        f"{shape} *{count}".ljust(width) + f"  # {path}\n"
        for shape, (count, path) in convolutions.items()
    ]
    origin = "the layers in Scripts/goldens.d/shapes.py"
    if name != "lenet5":
        origin = f"torchvision's {name}"
    header = HEADER.format(
        title=title, channels=channels, size=size, parameters=parameters, origin=origin
    )
    folder = os.path.join(sys.argv[1], "Tests", "Shapes")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"{name}.txt"), "w", encoding="ascii") as file:
        file.writelines([header, *lines])
    total = sum(count for count, _ in convolutions.values())
    print(f"{name}: {len(lines)} distinct convolutions of {total}")


zoo = torchvision().models
for name in NETWORKS:
    write(name, zoo)
