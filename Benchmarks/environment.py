"""Where the peers are installed, and what is exported for them."""

import os
import pathlib
from importlib.metadata import PackageNotFoundError, version


def folder():
    """The folder of the virtual environment that `setup` fills."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    chosen = os.environ.get("FOVEA_BENCHMARKS_ENVIRONMENT")
    return pathlib.Path(chosen or f"{cache}/fovea/benchmarks")


def python():
    """Its interpreter."""
    return folder() / "bin" / "python"


def exported(network):
    """The folder of one network's files; another torchvision or exporter has another one."""
    made_by = "-".join(version(name) for name in ("torch", "torchvision", "onnx"))
    return folder() / "models" / made_by / network


def has(package):
    """Whether a package is installed beside the running interpreter."""
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False
