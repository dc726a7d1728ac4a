"""Networks that torchvision does not have, in plain PyTorch, and torchvision's where it does."""

import collections

import torch
from torch import nn
from torch.nn import functional
from vision import torchvision


def models():
    return torchvision().models


def lenet5(classes=10):
    layers = {
        "conv1": nn.Conv2d(1, 6, 5, padding=2), "relu1": nn.ReLU(), "pool1": nn.MaxPool2d(2),
        "conv2": nn.Conv2d(6, 16, 5), "relu2": nn.ReLU(), "pool2": nn.MaxPool2d(2),
        "flatten": nn.Flatten(), "fc1": nn.Linear(400, 120), "relu3": nn.ReLU(),
        "fc2": nn.Linear(120, 84), "relu4": nn.ReLU(), "fc3": nn.Linear(84, classes),
    }  # fmt: skip
    return nn.Sequential(collections.OrderedDict(layers))


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(maps))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        n, c, h, w = x.shape
        sums = x.reshape(n, c, h // 2, 2, w // 2, 2).sum(dim=(3, 5))
        return sums * self.weight[:, None, None] + self.bias[:, None, None]


class Codes(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.register_buffer("codes", torch.zeros(classes, 84))

    def forward(self, x):
        return -((x[:, None, :] - self.codes) ** 2).sum(dim=2)


class LeNet1998(nn.Module):
    """C3 as one dense convolution whose forbidden connections are cut."""

    ROWS = ["X...XXX..XXXX.XX", "XX...XXX..XXXX.X", "XXX...XXX..X.XXX",
            ".XXX..XXXX..X.XX", "..XXX..XXXX.XX.X", "...XXX..XXXX.XXX"]  # fmt: skip

    def __init__(self, classes=10):
        super().__init__()
        seen = [[i for i in range(6) if self.ROWS[i][o] == "X"] for o in range(16)]
        self.c1, self.s2, self.seen = nn.Conv2d(1, 6, 5), Subsampling(6), seen
        self.c3 = nn.ModuleList(nn.Conv2d(len(maps), 1, 5) for maps in seen)
        self.s4, self.c5, self.f6 = Subsampling(16), nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.output = Codes(classes)

    def dense(self):
        rows = []
        for maps, layer in zip(self.seen, self.c3):
            row = layer.weight.new_zeros(1, 6, 5, 5)
            rows.append(row.index_copy(1, torch.tensor(maps), layer.weight))
        return torch.cat(rows), torch.cat([layer.bias for layer in self.c3])

    def forward(self, x):
        def squash(y):
            return 1.7159 * torch.tanh(2 / 3 * y)

        x = squash(self.s2(self.c1(x)))
        x = squash(self.s4(functional.conv2d(x, *self.dense())))
        return self.output(squash(self.f6(squash(self.c5(x)).flatten(1))))


class SmallBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.around = stride, (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        kept = x[:, :, :: self.stride, :: self.stride]
        return functional.relu(
            y + functional.pad(kept, (0, 0, 0, 0, self.around, self.around))
        )


class SmallResNet(nn.Module):
    def __init__(self, depth, classes=10):
        super().__init__()
        n = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = self.stage(16, 16, n)
        self.layer2 = self.stage(16, 32, n)
        self.layer3 = self.stage(32, 64, n)
        self.linear = nn.Linear(64, classes)

    @staticmethod
    def stage(inputs, outputs, n):
        first = SmallBlock(inputs, outputs, outputs // inputs)
        return nn.Sequential(first, *(SmallBlock(outputs, outputs, 1) for _ in range(n - 1)))

    def forward(self, x):
        x = functional.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean(dim=(2, 3)))


class MobileNet(nn.Module):
    STRIDES = {64: [1], 128: [2, 1], 256: [2, 1], 512: [2, 1, 1, 1, 1, 1], 1024: [2, 1]}

    def __init__(self, classes=1000):
        super().__init__()

        def layer(inputs, outputs, kernel, stride, groups=1):
            return nn.Sequential(
                nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, 1, groups, bias=False),
                nn.BatchNorm2d(outputs, eps=1e-3),
                nn.ReLU6(),
            )

        channels, layers = 32, [layer(3, 32, 3, 2)]
        for filters, strides in self.STRIDES.items():
            for stride in strides:
                depthwise = layer(channels, channels, 3, stride, channels)
                pointwise = layer(channels, filters, 1, 1)
                pair = {"depthwise": depthwise, "pointwise": pointwise}
                layers.append(nn.Sequential(collections.OrderedDict(pair)))
                channels = filters
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(channels, classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean(dim=(2, 3)))
