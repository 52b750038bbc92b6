"""One run of h2load: what completed, how fast, and the latency of every single request."""

import math
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchError

HEADERS = ["content-type: application/grpc", "te: trailers"]


@dataclass
class Load:
    """How h2load calls: connections x streams, which method, with which body."""

    connections: int
    streams: int
    path: str
    body: Path


@dataclass
class Outcome:
    """What came of one run. Latencies are microseconds until the end of the response."""

    requests: int
    succeeded: int
    seconds: float
    p50: float
    p99: float
    load_cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.succeeded / self.seconds


def run_load(load: Load, port: int, requests: int, cores: set[int], folder: Path) -> Outcome:
    """Sends exactly `requests` requests and waits for all of their answers."""
    requests = max(requests, load.connections)
    log = folder / "h2load.tsv"
    log.unlink(missing_ok=True)
    command = ["h2load", f"-n{requests}", f"-c{load.connections}", f"-m{load.streams}", "-t1"]
    command += [f"-d{load.body}", f"--log-file={log}"]
    command += [f"-H{header}" for header in HEADERS]
    command += [f"http://127.0.0.1:{port}{load.path}"]
    before = os.times()
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=120,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
    except subprocess.TimeoutExpired:
        raise BenchError(f"h2load did not get {requests} answers within 120 seconds.") from None
    after = os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    return parse(done.stdout, requests, log, cpu)


def parse(text: str, requests: int, log: Path, load_cpu_seconds: float) -> Outcome:
    finished = re.search(r"finished in ([0-9.]+)(us|ms|s|m)?,", text)
    statuses = re.search(r"status codes: (\d+) 2xx", text)
    results = re.search(r"(\d+) succeeded", text)
    if not (finished and statuses and results):
        raise BenchError("h2load said nothing that can be read:\n" + text[-1500:])
    unit = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}[finished[2] or "s"]
    latencies = sorted(latencies_of_successes(log))
    return Outcome(
        requests=requests,
        succeeded=min(int(statuses[1]), int(results[1])),
        seconds=float(finished[1]) * unit,
        p50=percentile(latencies, 50),
        p99=percentile(latencies, 99),
        load_cpu_seconds=load_cpu_seconds,
    )


def latencies_of_successes(log: Path) -> list[int]:
    """The third column of h2load's log (start, status, microseconds to the end)."""
    with open(log) as file:
        rows = (line.split("\t") for line in file)
        return [int(row[2]) for row in rows if len(row) >= 3 and row[1].startswith("2")]


def percentile(ordered: list[int], percent: float) -> float:
    """The nearest-rank percentile of an ordered list, NaN when it is empty."""
    if not ordered:
        return float("nan")
    return float(ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)])
