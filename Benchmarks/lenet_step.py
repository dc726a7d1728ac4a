#!/usr/bin/env python3
"""LeNet-5's training step in PyTorch: batch of 64 pictures of 28x28, Adam. Protocol: serving.py.

lenet_step.py [--mode eager|channels-last|compile] [--threads 2]
"""

import sys

from torch_worker import main

if __name__ == "__main__":
    step = ["lenet5", "--training", "--batch", "64", "--optimizer", "adam"]
    main([*step, "--threads", "2", *sys.argv[1:]])
