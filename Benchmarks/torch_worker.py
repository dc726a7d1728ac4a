#!/usr/bin/env python3
"""Steps of a network in PyTorch, timed one by one on request.

    torch_worker.py resnet50 --inference --batch 1 --mode channels-last
    torch_worker.py lenet5 --training --batch 64 --optimizer adam --mode compile+fused

MODEL is lenet5, resnet20 (the one for 32x32) or the name of any of torchvision's classification
networks. A mode is one of eager, channels-last and compile; training may add +fused (one kernel for
the whole update) or +compiled-step (the update goes through torch.compile too). A training step is
forward, cross entropy, backward and update on one fixed batch. Protocol: see serving.py.
"""

import argparse
import logging
import os
import warnings

import networks
from serving import reserve_output, serve

LAYOUTS = ("eager", "channels-last", "compile")
UPDATES = ("fused", "compiled-step")


def arguments(defaults=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", metavar="MODEL")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--training", action="store_true")
    kind.add_argument("--inference", action="store_true")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--mode", default="eager", help="see above")
    parser.add_argument("--optimizer", choices=("sgd", "adam"), default="sgd")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    result = parser.parse_args(defaults)
    layout, *updates = result.mode.split("+")
    if layout not in LAYOUTS or any(u not in UPDATES for u in updates):
        parser.error(
            f"unknown mode '{result.mode}'; {', '.join(LAYOUTS)}, then +{' +'.join(UPDATES)}"
        )
    if updates and result.inference:
        parser.error(f"'+{updates[0]}' concerns the update, and inference has none")
    return result, layout, updates


def inference(torch, network, x, layout):
    network.eval()
    if layout == "compile":
        import torch._inductor.config

        torch._inductor.config.freezing = True
        network = torch.compile(network)
    mode = torch.no_grad if layout == "compile" else torch.inference_mode

    def step():
        with mode():
            network(x)

    return step


def training(torch, network, x, labels, layout, updates, kind):
    network.train()
    fused = True if "fused" in updates else None
    if kind == "adam":
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=fused)
    else:
        optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9, fused=fused)

    def loss(x, labels):
        return torch.nn.functional.cross_entropy(network(x), labels)

    forward = torch.compile(loss) if layout == "compile" else loss
    update = torch.compile(optimizer.step) if "compiled-step" in updates else optimizer.step

    def step():
        optimizer.zero_grad(set_to_none=True)
        forward(x, labels).backward()
        update()

    return step


def main(defaults=None):
    options, layout, updates = arguments(defaults)
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    output = reserve_output()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    import torch

    torch.set_num_threads(options.threads)
    network, picture, classes = networks.build(torch, options.model)
    x, labels = networks.batch(torch, picture, classes, options.batch)
    networks.calibrate(torch, network, picture)
    if layout != "eager":
        network = network.to(memory_format=torch.channels_last)
        x = x.to(memory_format=torch.channels_last)
    if options.training:
        step = training(torch, network, x, labels, layout, updates, options.optimizer)
    else:
        step = inference(torch, network, x, layout)
    facts = {
        "system": "PyTorch", "version": torch.__version__, "model": options.model,
        "kind": "training" if options.training else "inference", "batch": options.batch,
        "mode": options.mode, "threads": torch.get_num_threads(),
        "parameters": sum(p.numel() for p in network.parameters()),
    }  # fmt: skip
    serve(step, facts, output)


if __name__ == "__main__":
    main()
