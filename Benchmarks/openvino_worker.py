#!/usr/bin/env python3
"""Inference with OpenVINO on the processor, in one stream: in single precision, with the hint that
bfloat16 will do, or in 8 bits after NNCF has quantised the network."""

import os
import pathlib
import tempfile

import engine


def quantized(source, target, shape):
    """The network in 8 bits, as NNCF makes it with its default settings; a file that is there
    already is kept."""
    if os.path.exists(target):
        return target
    import nncf
    import numpy
    import openvino

    generator = numpy.random.default_rng(2)
    count = max(1, 32 // shape[0])
    pictures = [generator.standard_normal(shape, dtype=numpy.float32) for _ in range(count)]
    network = nncf.quantize(
        openvino.Core().read_model(source), nncf.Dataset(pictures), subset_size=count
    )
    folder = pathlib.Path(target).parent
    # On the same disk; the weights come first, so that a file that is there is whole.
    with tempfile.TemporaryDirectory(dir=folder) as workshop:
        name = pathlib.Path(target).name
        openvino.save_model(network, f"{workshop}/{name}", compress_to_fp16=False)
        for ending in (".bin", ".xml"):
            part = pathlib.Path(name).with_suffix(ending)
            os.replace(f"{workshop}/{part}", folder / part)
    return target


def prepare(file, x, options):
    import openvino

    is_int8 = options.precision == "int8"
    settings = {
        "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1,
        "INFERENCE_NUM_THREADS": options.threads,
        # What is left in real numbers may be in 16 bits: that is faster.
        "INFERENCE_PRECISION_HINT": "bf16" if is_int8 else options.precision,
    }  # fmt: skip
    network = file("onnx")
    if is_int8:
        network = quantized(network, file(f"batch{options.batch}.int8.xml"), x.shape)
    compiled = openvino.Core().compile_model(network, "CPU", settings)
    request = compiled.create_infer_request()

    def step():
        return request.infer({0: x}, share_inputs=True, share_outputs=True)[0]

    return step


engine.run("OpenVINO", "openvino", prepare, precisions=("f32", "bf16", "int8"))
