"""Whether the machine is as fast as it was at its best.

A virtual machine may lose half of its speed to neighbours on the same cores without any trace in
/proc/stat; a known piece of work, timed before and after a turn, shows it.
"""

import os
import time

import environment
import programs
from contender import Contender


class Probe:
    """A known piece of work, and its best time."""

    def __init__(self, threads):
        command = [os.fspath(environment.python()), str(programs.HERE / "probe_worker.py")]
        self.contender = Contender(programs.Program("probe", "probe", "f32", command), threads)
        self.best = min(self.contender.run(200))

    def slowness(self):
        """How many times as long as at best it takes now."""
        time.sleep(0.05)  # threads of whoever had its turn may still wait actively
        now = min(self.contender.run(8))
        self.best = min(self.best, now)
        return now / self.best

    def close(self):
        self.contender.close()
