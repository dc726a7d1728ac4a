"""A program that speaks the protocol of serving.py, and what it used."""

import json
import os
import select
import statistics
import subprocess
import tempfile
import time

import machine


class Contender:
    """One program, alive and warm from the beginning of a comparison to its end."""

    def __init__(self, program, threads, patience=900):
        self.program, self.name = program, program.name
        self.rounds, self.disturbance, self.slowness, self.peaks = [], [], [], {}
        self.errors = tempfile.TemporaryFile("w+")
        environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
        try:
            self.process = subprocess.Popen(
                program.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=self.errors, env=environment, text=True,
            )  # fmt: skip
        except OSError as error:
            raise RuntimeError(f"{self.name}: {program.command[0]}: {error.strerror}") from None
        word, _, facts = self.line(patience).partition(" ")
        if word.strip() != "ready":
            self.fail(f"says '{word.strip()}' instead of 'ready'")
        self.facts = json.loads(facts) if facts.strip() else {}

    def line(self, patience):
        if not select.select([self.process.stdout], [], [], patience)[0]:
            self.fail(f"is silent for {patience} s")
        line = self.process.stdout.readline()
        if not line:
            self.fail("has ended")
        return line

    def fail(self, reason):
        self.process.kill()
        self.process.wait()
        self.errors.seek(0)
        last = self.errors.read().strip().splitlines()[-3:]
        raise RuntimeError("\n  ".join([f"{self.name} {reason}", *last]))

    def run(self, steps):
        """The milliseconds of that many steps."""
        try:
            self.process.stdin.write(f"{steps}\n")
            self.process.stdin.flush()
            # One wait for the first line; the rest comes with it or soon after.
            lines = [self.line(600)] + [self.process.stdout.readline() for _ in range(steps - 1)]
            return [float(line) for line in lines]
        except (BrokenPipeError, ValueError):
            self.fail("has broken off")

    def settle(self):
        """A few steps after the idle time in which the others became warm."""
        self.run(3)
        self.typical = statistics.median(self.run(3))
        self.peaks["peakBytes"] = machine.peak(self.process.pid)
        machine.forget_peak(self.process.pid)

    def turn(self, probe, options):
        """One turn, repeated while others disturb it or the machine is slow."""
        for attempt in range(options.retries + 1):
            steps = max(1, min(5000, round(options.turn / max(self.typical, 1e-3))))
            slowness = probe.slowness()
            self.run(max(1, steps // 8))  # wakes the threads, fills the caches
            everybody, own, start = machine.busy(), machine.used(self.process.pid), time.time()
            times = self.run(steps)
            others = machine.busy() - everybody - (machine.used(self.process.pid) - own)
            share = max(0.0, others / (os.cpu_count() * (time.time() - start)))
            slowness = max(slowness, probe.slowness())
            self.typical = statistics.median(times)
            if options.accepts(share, slowness) or attempt == options.retries:
                self.rounds.append(times)
                self.disturbance.append(share)
                self.slowness.append(slowness)
                return
            time.sleep(0.5)  # whoever it is may be done soon

    def was_disturbed(self, options):
        """Whether the last turn was, in spite of all attempts."""
        return not options.accepts(self.disturbance[-1], self.slowness[-1])

    def note_memory(self):
        """The most memory it held: since it began, and since it was warm."""
        now = machine.peak(self.process.pid)
        self.peaks["peakBytesWhileMeasured"] = now
        self.peaks["peakBytes"] = max(self.peaks["peakBytes"], now)

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(5)
        except BrokenPipeError:
            pass  # it ended before; `fail` has said so
        except subprocess.TimeoutExpired:
            self.process.kill()
