"""What the machine does meanwhile: processor time of a program, of everybody, and the model."""

import os
import platform

TICKS = os.sysconf("SC_CLK_TCK")


def busy():
    """Seconds that all processors together have worked, for anyone, time stolen included."""
    with open("/proc/stat") as file:
        user, nice, system, idle, waiting, *rest = map(int, file.readline().split()[1:9])
    return (user + nice + system + sum(rest)) / TICKS


def family(process):
    """A process and all that descend from it."""
    found, open_ends = [], [process]
    while open_ends:
        process = open_ends.pop()
        found.append(process)
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/children") as file:
                    open_ends += map(int, file.read().split())
        except OSError:
            pass  # it has ended in between
    return found


def used(process):
    """Seconds that a process and its descendants have worked."""
    total = 0
    for member in family(process):
        try:
            with open(f"/proc/{member}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
        except OSError:
            pass
    return total / TICKS


def processor():
    """The processor's name as its maker wrote it."""
    try:
        with open("/proc/cpuinfo") as file:
            names = [line.partition(":")[2].strip() for line in file if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown"


def peak(process):
    """The most bytes a process has held in memory so far, as the kernel counts them."""
    with open(f"/proc/{process}/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def forget_peak(process):
    """Lets the count of `peak` begin again at what is held now."""
    with open(f"/proc/{process}/clear_refs", "w") as file:
        file.write("5")


def description():
    """What the figures of a run belong to."""
    return {
        "processor": processor(), "processors": os.cpu_count(), "memoryBytes": memory(),
        "system": f"{platform.system()} {platform.machine()}",
    }  # fmt: skip


def memory():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
