"""The programs that can be compared: their names, precisions and command lines."""

import dataclasses
import os
import pathlib
import shlex

import environment

HERE = pathlib.Path(__file__).resolve().parent

# Fovea's own sides come first: the others are divided by them.
OWN = {"fovea": "f32", "fovea-bf16": "bf16", "fovea-int8": "int8"}
ENGINES = {
    "onnxruntime": ("ONNX Runtime", "onnxruntime_worker.py", "f32"),
    "openvino": ("OpenVINO", "openvino_worker.py", "f32"),
    "openvino-bf16": ("OpenVINO bf16", "openvino_worker.py", "bf16"),
    "openvino-int8": ("OpenVINO int8", "openvino_worker.py", "int8"),
    "ncnn": ("ncnn", "ncnn_worker.py", "f32"),
}


@dataclasses.dataclass
class Program:
    """One side of a comparison."""

    mode: str
    name: str
    precision: str
    command: list

    @property
    def is_own(self):
        return self.mode in OWN

    @property
    def is_engine(self):
        """Whether it reads exported files."""
        return self.mode in ENGINES


def program(mode, task, threads, own_command=None):
    """The program called `mode`, set to a task: the arguments of torch_worker.py."""
    if mode in OWN:
        fovea = os.fspath(HERE.parent / ".build" / "release" / "fovea")
        chosen = shlex.split(own_command) if own_command else [fovea]
        own_task = [word for word in task if word != "--inference"]  # that is what bench does
        command = [*chosen, "bench", *own_task, "--threads", str(threads), "--serve"]
        if OWN[mode] != "f32":
            command += ["--dtype", OWN[mode]]
        name = "Fovea" if OWN[mode] == "f32" else f"Fovea {OWN[mode]}"
        return Program(mode, name, OWN[mode], command)
    python = os.fspath(environment.python())
    if mode in ENGINES:
        name, worker, precision = ENGINES[mode]
        model = [task[0], *task[task.index("--batch") : task.index("--batch") + 2]]
        command = [python, str(HERE / worker), *model, "--threads", str(threads)]
        if precision != "f32":
            command += ["--precision", precision]
        return Program(mode, name, precision, command)
    command = [python, str(HERE / "torch_worker.py"), *task, "--mode", mode]
    return Program(mode, f"PyTorch {mode}", "f32", [*command, "--threads", str(threads)])
