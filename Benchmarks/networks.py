"""The networks of the comparison in PyTorch, with random weights, and the batches they get."""


def build(torch, name):
    """The network, the shape of one picture, and the number of classes."""
    torch.manual_seed(0)
    if name == "lenet5":
        return lenet(torch.nn), (1, 28, 28), 10
    if name == "resnet20":
        return small_resnet(torch, 3), (3, 32, 32), 10
    import torchvision

    options = {"aux_logits": False} if name in ("googlenet", "inception_v3") else {}
    options |= {"init_weights": True} if options else {}
    side = 299 if name == "inception_v3" else 224
    network = torchvision.models.get_model(name, weights=None, **options)
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


def lenet(nn):
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def small_resnet(torch, n):
    """He et al. 2015, section 4.2: 6n + 2 layers for 32x32, shortcuts without weights (A)."""
    nn, functional = torch.nn, torch.nn.functional

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.stride, self.missing = stride, outputs - inputs

        def forward(self, x):
            y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
            if self.missing:
                low = self.missing // 2
                x = x[:, :, :: self.stride, :: self.stride]
                x = functional.pad(x, (0, 0, 0, 0, low, self.missing - low))
            return functional.relu(x + y)

    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    inputs = 16
    for outputs in (16, 32, 64):
        for _ in range(n):
            layers.append(Block(inputs, outputs, 1 if inputs == outputs else 2))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
