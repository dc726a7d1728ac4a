#!/usr/bin/env python3
"""Inference with ncnn in single precision. Its networks have no batches: pictures go one by one."""

import engine


def prepare(file, x, options):
    import ncnn
    import numpy

    network = ncnn.Net()
    network.opt.num_threads = options.threads
    for name in ("fp16_packed", "fp16_storage", "fp16_arithmetic", "bf16_storage"):
        setattr(network.opt, f"use_{name}", False)
    if network.load_param(file("ncnn.param")) or network.load_model(file("ncnn.bin")):
        raise SystemExit("ncnn cannot load the exported network")
    pictures = [ncnn.Mat(numpy.ascontiguousarray(picture)).clone() for picture in x]

    def step():
        answers = []
        for picture in pictures:
            extractor = network.create_extractor()
            extractor.input("in0", picture)
            answers.append(extractor.extract("out0")[1])
        return answers

    return step


engine.run("ncnn", "ncnn", prepare)
