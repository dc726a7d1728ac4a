"""Files of results, and the table that is made of them."""

import datetime
import json
import math
import os
from statistics import median

import machine
import programs


SCHEMA = "fovea.compare/2"


def write(path, comparisons):
    """Writes a run's file, whole or not at all."""
    content = {
        "schema": SCHEMA, "date": datetime.date.today().isoformat(),
        "machine": machine.description(), "comparisons": comparisons,
    }  # fmt: skip
    beside = f"{path}.{os.getpid()}"
    with open(beside, "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
    os.replace(beside, path)


def on(content):
    """Machine and day of a file, in a line."""
    machine = content["machine"]
    return (
        f"{machine['processor']}, {machine['processors']} processors,"
        f" {machine['memoryBytes'] / 2**30:.1f} GiB, {machine['system']}, {content['date']}"
    )


def versions(comparisons):
    """The software that was measured, in a line."""
    found = {f"{s['system']} {s['version']}" for comparison in comparisons
             for s in comparison["contenders"] if "version" in s}  # fmt: skip
    return ", ".join(sorted(found))


def rows(comparisons, precision="f32"):
    """One row per comparison: Fovea beside the fastest of the peers in that precision."""
    found = []
    for comparison in comparisons:
        rivals = [r for r in comparison["ratios"] if r["precision"] == precision]
        own = [s for s in comparison["contenders"]
               if s["mode"] in programs.OWN and s["precision"] == precision]  # fmt: skip
        if not rivals or not own:
            continue
        best = min(rivals, key=lambda rival: rival["median"])
        named = {s["name"]: s for s in comparison["contenders"]}
        found.append({
            "model": comparison["model"], "batch": comparison["batch"], "kind": comparison["kind"],
            "own": own[0]["medianMilliseconds"], "best": best["of"],
            "peer": named[best["of"]]["medianMilliseconds"], "ratio": best["median"],
            "lowest": best["lowest"], "highest": best["highest"],
            "memory": own[0]["peakBytes"], "peerMemory": best["memory"],
            "leanest": min(rival["memory"] for rival in rivals),
            "isDisturbed": comparison["isDisturbed"],
        })  # fmt: skip
    return found


def table(rows):
    """The rows in Markdown, which a terminal shows well too, with geometric means below."""
    titles = (
        "network", "batch", "Fovea, ms", "fastest peer", "its ms", "times faster", "rounds",
        "Fovea, MiB", "that peer's memory", "leanest peer's",
    )  # fmt: skip
    cells = [titles]
    for row in rows:
        cells.append((
            row["model"] + (" (disturbed)" if row["isDisturbed"] else ""), str(row["batch"]),
            milliseconds(row["own"]), row["best"], milliseconds(row["peer"]),
            f"{row['ratio']:.2f}", f"{row['lowest']:.2f} to {row['highest']:.2f}",
            f"{row['memory'] / 2**20:.0f}", f"× {row['peerMemory']:.2f}", f"× {row['leanest']:.2f}",
        ))  # fmt: skip
    if rows:
        means = [mean(row[key] for row in rows) for key in ("ratio", "peerMemory", "leanest")]
        cells.append((
            "geometric mean", "", "", "", "", f"{means[0]:.2f}", "", "",
            f"× {means[1]:.2f}", f"× {means[2]:.2f}",
        ))  # fmt: skip
    return markdown(cells)


def everyone(comparisons):
    """What every program took, in milliseconds; one row per comparison."""
    names = []
    for comparison in comparisons:
        names += [s["name"] for s in comparison["contenders"] if s["name"] not in names]
    cells = [("network", "batch", *names)]
    for comparison in comparisons:
        took = {s["name"]: milliseconds(s["medianMilliseconds"]) for s in comparison["contenders"]}
        cells.append((
            comparison["model"], str(comparison["batch"]), *(took.get(name, "–") for name in names)
        ))  # fmt: skip
    return markdown(cells)


def markdown(cells):
    """Rows of cells, the first of them the titles."""
    widths = [max(map(len, column)) for column in zip(*cells)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def all_tables(comparisons):
    """Single precision, fewer bits, and every program, for inference and for training."""
    parts = []
    for kind, title in (("inference", "Inference"), ("training", "A training step")):
        chosen = [comparison for comparison in comparisons if comparison["kind"] == kind]
        for precision, name in (
            ("f32", "single precision"), ("bf16", "bfloat16"), ("int8", "8 bits"),
        ):  # fmt: skip
            if found := rows(chosen, precision):
                parts += [f"{title}, {name}", table(found)]
        if chosen:
            parts += [f"{title}, every program, ms", everyone(chosen), spread(chosen)]
    return "\n\n".join(parts)


def spread(comparisons):
    """How noisy the machine was, in a sentence."""
    ranges = []
    for comparison in comparisons:
        for contender in comparison["contenders"]:
            medians = contender["roundMedians"]
            ranges.append((max(medians) - min(medians)) / contender["medianMilliseconds"])
    lost = sum(comparison["discardedRounds"] for comparison in comparisons)
    kept = sum(len(c["contenders"][0]["roundMedians"]) for c in comparisons)
    return (
        f"From its fastest to its slowest round, a program differed by {100 * median(ranges):.0f} %"
        f" of its time (median), at most by {100 * max(ranges):.0f} %; {kept} rounds count,"
        f" {lost} were disturbed and do not."
    )


def milliseconds(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.{2 if value < 10 else 1}f}"


def mean(values):
    """The geometric one: of ratios no other makes sense."""
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms))
