"""The networks of the comparison in PyTorch, with random weights, and the batches they get."""

import pathlib
import sys

SUPPORT = pathlib.Path(__file__).resolve().parent.parent / "Scripts" / "goldens.d" / "support"


def build(torch, name):
    """The network, the shape of one picture, and the number of classes."""
    torch.manual_seed(0)
    # What torchvision does not have is written once, where the goldens are made.
    sys.path.insert(0, str(SUPPORT))
    import plain_networks

    if name == "lenet5":
        return plain_networks.lenet5(), (1, 28, 28), 10
    if name == "resnet20":
        return plain_networks.SmallResNet(20), (3, 32, 32), 10
    models = plain_networks.models()

    options = {"aux_logits": False} if name in ("googlenet", "inception_v3") else {}
    options |= {"init_weights": True} if options else {}
    side = 299 if name == "inception_v3" else 224
    network = models.get_model(name, weights=None, **options)
    return network, (3, side, side), 1000


def batch(torch, picture, classes, count):
    """Random pictures and labels, the same ones in every program."""
    generator = torch.Generator().manual_seed(1)
    pictures = torch.randn(count, *picture, generator=generator)
    return pictures, torch.randint(0, classes, (count,), generator=generator)


def calibrate(torch, network, picture):
    """Gives batch normalisation statistics that fit, so that no activation becomes denormal."""
    layers = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    if not layers:
        return
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = None
    with torch.no_grad():
        network.train()(torch.randn(4, *picture, generator=torch.Generator().manual_seed(2)))
    for layer, momentum in zip(layers, momenta):
        layer.momentum = momentum
