"""What the workers of engines for inference have in common: arguments, files, and a check."""

import argparse
import os
from importlib.metadata import version

from environment import exported
from serving import reserve_output, serve


def run(system, package, prepare, precisions=("f32",)):
    """Serves one engine.

    `prepare(file, x, options)` gives a step that computes the answer to the batch `x`; `file` turns
    the ending of a name into the path of an exported file.
    """
    parser = argparse.ArgumentParser(description=f"Inference with {system}. Protocol: serving.py.")
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--precision", choices=precisions, default="f32")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    output = reserve_output()
    import numpy

    folder = exported(options.model)
    batch = f"{folder}/batch{options.batch}"
    x, wanted, rounded = (
        numpy.load(f"{batch}.{kind}.npy") for kind in ("input", "answer.f32", "answer.bf16")
    )
    files = {"onnx": f"{batch}.onnx"}
    step = prepare(lambda kind: files.get(kind, f"{folder}/{kind}"), x, options)
    answer = numpy.asarray(step(), dtype=numpy.float64).reshape(wanted.shape)

    def difference(values):
        return float(abs(values - wanted).max() / abs(wanted).max())

    # What bfloat16 may cost is what it costs PyTorch, whose answer is as good as another's. Random
    # weights tell classes hardly apart: what is left of their differences in 8 bits says little.
    error = difference(answer)
    allowed = {"bf16": 2 * difference(rounded), "int8": 0.5}.get(options.precision, 1e-3)
    if not error <= allowed:
        raise SystemExit(
            f"{system}'s answer differs from PyTorch's by {error:.2g} of the largest value,"
            f" more than {allowed:.2g}"
        )
    facts = {
        "system": system, "version": version(package), "model": options.model, "kind": "inference",
        "batch": options.batch, "threads": options.threads, "differenceFromPyTorch": error,
    }  # fmt: skip
    serve(step, facts, output)
