"""One comparison: several programs on one network, interleaved in one run."""

import statistics
import subprocess
import sys

import environment
import programs
from contender import Contender
from probe import Probe

INFERENCE = (
    "fovea,onnxruntime,openvino,ncnn,eager,channels-last,compile,fovea-bf16,openvino-bf16,"
    "fovea-int8,openvino-int8"
)
TRAINING = "fovea,eager,channels-last,compile+compiled-step"


def add_options(parser):
    """What can be said of any comparison."""
    parser.add_argument("--modes", help="what is compared, separated by commas; see README.md")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, help="interleaved rounds (default: 9)")
    parser.add_argument("--turn", type=float, metavar="MS", help="length of a turn (default: 400)")
    parser.add_argument("--quick", action="store_true", help="3 rounds of 150 ms: a first look")
    parser.add_argument("--noise", type=float, default=0.05, help="tolerated share of others")
    parser.add_argument("--slack", type=float, default=0.15, help="tolerated loss of speed")
    parser.add_argument("--retries", type=int, default=4, help="of a disturbed turn")
    parser.add_argument("--fovea", metavar="COMMAND", help="instead of .build/release/fovea")
    parser.add_argument("--without-fovea", action="store_true", help="the peers alone")


def settle_options(options):
    options.rounds = options.rounds or (3 if options.quick else 9)
    options.turn = options.turn or (150 if options.quick else 400)
    options.accepts = lambda share, slowness: (
        share <= options.noise and slowness <= 1 + options.slack
    )


def compare(model, training, batch, optimizer, options):
    """Runs one comparison; answers its report, and raises RuntimeError if there can be none."""
    task = [model, "--training" if training else "--inference", "--batch", str(batch)]
    if training:
        task += ["--optimizer", optimizer]
    modes = (options.modes or (TRAINING if training else INFERENCE)).split(",")
    if training:
        modes = [mode for mode in modes if mode not in programs.ENGINES]
    chosen = [programs.program(mode, task, options.threads, options.fovea) for mode in modes]
    if options.without_fovea:
        chosen = [program for program in chosen if not program.is_own]
    if any(program.is_engine for program in chosen):
        export(model, batch)
    contenders, missing = [], []
    try:
        for program in chosen:
            try:
                contenders.append(Contender(program, options.threads))
            except RuntimeError as error:
                missing.append(program.name)
                print(f"compare: {error}", file=sys.stderr)
        if not contenders or any(p.mode == "fovea" and p.name in missing for p in chosen):
            raise RuntimeError("there is nothing to compare")
        probe = Probe(options.threads)
        try:
            disturbed = measure(contenders, probe, options)
        finally:
            probe.close()
    finally:
        for contender in contenders:
            contender.close()
    quiet = discard(contenders, disturbed)
    summaries = [summary(contender) for contender in contenders]
    return {
        "model": model, "kind": "training" if training else "inference", "batch": batch,
        "optimizer": optimizer if training else None, "threads": options.threads,
        "rounds": options.rounds, "turnMilliseconds": options.turn,
        "discardedRounds": len(disturbed) if quiet else 0, "isDisturbed": not quiet,
        "missing": missing, "contenders": summaries, "ratios": ratios(summaries),
    }  # fmt: skip


def export(model, batch):
    """Makes the files that engines read, where they are missing, in a process of its own."""
    command = [environment.python(), programs.HERE / "export.py", model, "--batch", str(batch)]
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        raise RuntimeError(f"{model} could not be exported")


def measure(contenders, probe, options):
    """Rounds until enough are undisturbed, at most twice as many; the numbers of the others."""
    for contender in contenders:
        contender.settle()
    disturbed = []
    for number in range(2 * options.rounds):
        first = number % len(contenders)
        for contender in contenders[first:] + contenders[:first]:
            contender.turn(probe, options)
        if any(contender.was_disturbed(options) for contender in contenders):
            disturbed.append(number)
        if number + 1 - len(disturbed) >= options.rounds:
            break
    for contender in contenders:
        contender.note_memory()
    return disturbed


def discard(contenders, disturbed):
    """Leaves out those rounds, unless hardly any would be left; whether it did."""
    if disturbed and len(contenders[0].rounds) - len(disturbed) < 3:
        return False
    for contender in contenders:
        for lost in reversed(disturbed):
            for kept in (contender.rounds, contender.disturbance, contender.slowness):
                del kept[lost]
    return True


def summary(contender):
    times = sorted(time for turn in contender.rounds for time in turn)
    quarters = statistics.quantiles(times, n=4) if len(times) > 1 else times * 3
    return contender.facts | {
        "mode": contender.program.mode, "name": contender.name,
        "precision": contender.program.precision,
        "medianMilliseconds": statistics.median(times), "lowerQuartile": quarters[0],
        "upperQuartile": quarters[2], "fastest": times[0], "steps": len(times),
        "roundMedians": [statistics.median(turn) for turn in contender.rounds],
        "othersShareAtMost": max(contender.disturbance),
        "slownessAtMost": max(contender.slowness), **contender.peaks,
    }  # fmt: skip


def ratios(summaries):
    """How many times as long each peer takes as Fovea in the same precision, paired by round."""
    own = {s["precision"]: s for s in summaries if s["mode"] in programs.OWN}
    found = []
    for other in summaries:
        mine = own.get(other["precision"])
        if other["mode"] in programs.OWN or mine is None:
            continue
        pairs = [a / b for a, b in zip(other["roundMedians"], mine["roundMedians"])]
        found.append({
            "of": other["name"], "to": mine["name"], "precision": other["precision"],
            "median": statistics.median(pairs), "lowest": min(pairs), "highest": max(pairs),
            "memory": other["peakBytes"] / mine["peakBytes"],
        })  # fmt: skip
    return found


def show(report):
    kind = f"training with {report['optimizer']}" if report["optimizer"] else "inference"
    print(f"{report['model']} {kind}, batch {report['batch']}, {report['threads']} threads")
    width = max(len(s["name"]) for s in report["contenders"])
    for s in report["contenders"]:
        print(
            f"  {s['name']:{width}}  {s['medianMilliseconds']:9.3f} ms"
            f"  ({s['lowerQuartile']:.3f} to {s['upperQuartile']:.3f}, {s['steps']} steps,"
            f" others {100 * s['othersShareAtMost']:.0f} %, machine"
            f" {s['slownessAtMost']:.2f})  {s['peakBytes'] / 2**20:6.0f} MiB"
            f"  {s.get('version', '')}".rstrip()
        )
    for r in report["ratios"]:
        print(
            f"  {r['to']} is {r['median']:.2f} times as fast as {r['of']}"
            f" (rounds {r['lowest']:.2f} to {r['highest']:.2f}), which takes"
            f" {r['memory']:.2f} times its memory"
        )
    if report["isDisturbed"]:
        print("  hardly any round was undisturbed, so all of them count: measure again")
    elif report["discardedRounds"]:
        print(f"  {report['discardedRounds']} rounds were disturbed and do not count")
