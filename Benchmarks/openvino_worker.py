#!/usr/bin/env python3
"""Inference with OpenVINO on the processor, in one stream, in single precision or with the hint
that bfloat16 will do."""

import engine


def prepare(file, x, options):
    import openvino

    settings = {
        "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1,
        "INFERENCE_NUM_THREADS": options.threads, "INFERENCE_PRECISION_HINT": options.precision,
    }  # fmt: skip
    compiled = openvino.Core().compile_model(file("onnx"), "CPU", settings)
    request = compiled.create_infer_request()

    def step():
        return request.infer({0: x}, share_inputs=True, share_outputs=True)[0]

    return step


engine.run("OpenVINO", "openvino", prepare, precisions=("f32", "bf16"))
