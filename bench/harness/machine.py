"""What /proc knows: cores, and CPU time and memory of a process with all its children."""

import os
import sys
import time

from .errors import BenchError

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def split_cores() -> tuple[set[int], set[int]]:
    """The core for the proxy under test, and all the others for load and backends."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise BenchError("The bench needs two cores, one for the proxy and one for the load.")
    return {cores[1]}, set(cores) - {cores[1]}


def tree(pid: int) -> list[int]:
    """The process and all its living descendants."""
    found = [pid]
    for parent in found:
        try:
            tasks = os.listdir(f"/proc/{parent}/task")
        except FileNotFoundError:
            continue
        for task in tasks:
            try:
                with open(f"/proc/{parent}/task/{task}/children") as file:
                    found.extend(int(child) for child in file.read().split())
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree, children that ended and were waited for included."""
    ticks = 0
    for member in tree(pid):
        try:
            with open(f"/proc/{member}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        # After the command name: field 0 is the state, 11..14 are utime, stime, cutime, cstime.
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS_PER_SECOND


def memory_kib(pid: int, field: str) -> int:
    """The sum over the tree of a field of /proc/PID/status: VmRSS now, VmHWM at its peak."""
    total = 0
    for member in tree(pid):
        try:
            with open(f"/proc/{member}/status") as file:
                lines = file.read().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        for line in lines:
            if line.startswith(field + ":"):
                total += int(line.split()[1])
    return total


def busy_seconds() -> float:
    """CPU time that the whole machine has spent on anything, stolen time included."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND


def wait_until(ready, deadline_seconds: float, failure) -> None:
    """Polls `ready` until it holds; raises the sentence that `failure` gives if it never does."""
    end = time.monotonic() + deadline_seconds
    while not ready():
        if time.monotonic() > end:
            raise BenchError(failure())
        time.sleep(0.02)


def say(text: str) -> None:
    """Progress, on stderr, so that stdout holds the tables only."""
    print(text, file=sys.stderr, flush=True)
