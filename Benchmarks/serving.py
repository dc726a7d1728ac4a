"""The protocol that every measured program speaks, from the side of the program.

It prints `ready {json}` once it is warm. Then, for every line K that it reads, it runs K steps and
prints K lines, the milliseconds of each. It ends when its input ends.
"""

import json
import os
import sys
import time


def reserve_output():
    """Keeps standard output for the protocol; what libraries print goes to standard error."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return output


def warm_up(step, seconds=1.0, at_least=5, at_most=500):
    """Runs steps until caches are filled and code is compiled; answers how many."""
    for _ in range(2):
        step()
    count, start = 2, time.perf_counter()
    while count < at_least or (time.perf_counter() - start < seconds and count < at_most):
        step()
        count += 1
    return count


def serve(step, facts, output):
    facts = facts | {"warmUpSteps": warm_up(step)}
    print("ready", json.dumps(facts), file=output, flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1e3)
        output.write("".join(f"{time:.6f}\n" for time in times))
        output.flush()
