"""Compares newly made data with the data of the repository.

Shapes and whole numbers must agree exactly, computed numbers to 1e-9: another processor may round
the last of the twelve digits differently.
"""

import json
import math
import pathlib
import sys


def difference(new, old, path):
    """The first difference between two JSON values, in words, or None."""
    if isinstance(new, (int, float)) and isinstance(old, (int, float)):
        if math.isclose(new, old, rel_tol=1e-9, abs_tol=1e-11):
            return None
        return f"{path}: made {new}, stored {old}"
    if type(new) is not type(old):
        return f"{path}: made {new!r}, stored {old!r}"
    if isinstance(new, dict):
        if list(new) != list(old):
            return f"{path}: made keys {list(new)}, stored {list(old)}"
        pairs = [(new[k], old[k], f"{path}.{k}") for k in new]
    elif isinstance(new, list):
        if len(new) != len(old):
            return f"{path}: made {len(new)} entries, stored {len(old)}"
        pairs = [(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(new, old))]
    else:
        return None if new == old else f"{path}: made {new!r}, stored {old!r}"
    return next((d for d in (difference(*pair) for pair in pairs) if d), None)


def compare(new, old):
    """The first difference between two files, in words, or None."""
    if not old.exists():
        return "is not in the repository"
    # PyTorch names old storages by their addresses: what is in these files is compared by the tests.
    if new.suffix in (".pth", ".safetensors") or new.read_bytes() == old.read_bytes():
        return None
    if new.suffix != ".json":
        return "differs"
    return difference(json.loads(new.read_text()), json.loads(old.read_text()), "")


def main():
    made, stored = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    everything = len(sys.argv[3].split()) == len(
        list(pathlib.Path(__file__).parents[1].glob("*.py"))
    )
    files = sorted(p.relative_to(made) for p in made.rglob("*") if p.is_file())
    problems = [(f, d) for f in files if (d := compare(made / f, stored / f))]
    if everything:
        for folder, pattern in (("Tests/Goldens", "*.json"), ("Tests/Shapes", "*.txt")):
            found = (p.relative_to(stored) for p in (stored / folder).glob(pattern))
            problems += [(f, "is made by no script") for f in found if f not in files]
    for file, problem in problems:
        print(f"{file}: {problem}", file=sys.stderr)
    print(f"{len(files)} files compared, {len(problems)} differ")
    sys.exit(1 if problems or not files else 0)


main()
