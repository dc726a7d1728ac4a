#!/usr/bin/env python3
"""Inference with ONNX Runtime on the processor, every optimisation of the graph switched on."""

import engine


def prepare(file, x, options):
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(
        file("onnx"), settings, providers=["CPUExecutionProvider"]
    )
    return lambda: session.run(None, {"x": x})[0]


engine.run("ONNX Runtime", "onnxruntime", prepare)
