"""h2load and `fairlead load`, alike: closed loop for what they cost, open loop for what they measure."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchError
from .load import HEADERS, latencies_of_successes, percentile

METHOD = "/helloworld.Greeter/SayHello"
PERCENTILES = [50, 75, 90, 99]


@dataclass
class Shape:
    """So many connections, and calls under way at once over all of them."""

    connections: int
    calls: int

    @property
    def name(self) -> str:
        return f"{self.connections} x {self.calls // self.connections}"


@dataclass
class Saturation:
    """What a generator got done, and what it cost. CPU is user and system time."""

    rate: float
    cpu_us: float


class Loaders:
    """Both generators, on one core."""

    def __init__(self, program: str, proto: Path, body: Path, core: set[int], folder: Path):
        self.program = program
        self.proto = proto
        self.body = body
        self.core = core
        self.folder = folder

    def saturate_h2load(self, port: int, shape: Shape, seconds: float) -> Saturation:
        # Without a log of each request, which costs more than the request.
        text, cpu = self._run(
            [*self._h2load(port, shape), "--warm-up-time=500ms", f"-D{milliseconds(seconds)}"], seconds)
        counts = re.search(r"status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx", text)
        if not counts:
            raise BenchError("h2load said nothing that can be read:\n" + text[-1500:])
        # The requests of the warm-up are not in the count, their CPU time is in the cost.
        measured = int(counts[1])
        return Saturation(measured / seconds, 1e6 * cpu * seconds / (seconds + 0.5) / measured)

    def saturate_fairlead(self, port: int, shape: Shape, seconds: float) -> Saturation:
        text, cpu = self._run(
            [*self._fairlead(port, shape), "--warm-up", "500ms", "--duration", milliseconds(seconds)],
            seconds)
        run = json.loads(text)["runs"][0]
        if run["failed"]:
            raise BenchError(f"fairlead load had {run['failed']} failed calls.")
        return Saturation(
            run["callsPerSecond"], 1e6 * cpu * seconds / (seconds + 0.5) / run["calls"])

    def latencies_h2load(self, port: int, shape: Shape, rate: int, seconds: float) -> list[float]:
        """Microseconds at each of `PERCENTILES`."""
        log = self.folder / "h2load-rate.tsv"
        log.unlink(missing_ok=True)
        command = [*self._h2load(port, shape), f"--rps={rate // shape.connections}"]
        command += ["--warm-up-time=500ms", f"-D{milliseconds(seconds)}", f"--log-file={log}"]
        self._run(command, seconds)
        latencies = sorted(latencies_of_successes(log))
        return [percentile(latencies, percent) for percent in PERCENTILES]

    def latencies_fairlead(self, port: int, shape: Shape, rate: int, seconds: float) -> list[float]:
        command = [*self._fairlead(port, shape), "--rps", str(rate), "--warm-up", "500ms"]
        text, _ = self._run([*command, "--duration", milliseconds(seconds)], seconds)
        run = json.loads(text)["runs"][0]
        found = {p["percentile"]: p["seconds"] for p in run["latency"]["percentiles"]}
        return [1e6 * found[percent] for percent in PERCENTILES]

    def _h2load(self, port: int, shape: Shape) -> list[str]:
        command = ["h2load", "-t1", f"-c{shape.connections}"]
        command += [f"-m{shape.calls // shape.connections}", f"-d{self.body}"]
        command += [f"-H{header}" for header in HEADERS]
        return [*command, f"http://127.0.0.1:{port}{METHOD}"]

    def _fairlead(self, port: int, shape: Shape) -> list[str]:
        command = [self.program, "load", "--plaintext", "--json", "--call", METHOD]
        command += ["--proto", str(self.proto), "-d", '{"name": "world"}']
        command += ["--connections", str(shape.connections), "--concurrency", str(shape.calls)]
        return [*command, f"127.0.0.1:{port}"]

    def _run(self, command: list[str], seconds: float) -> tuple[str, float]:
        """What it printed, and the CPU time that it took."""
        before = os.times()
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=60 + 2 * seconds,
                preexec_fn=lambda: os.sched_setaffinity(0, self.core),
            )
        except subprocess.TimeoutExpired:
            raise BenchError(f"{command[0]} does not end.") from None
        after = os.times()
        if done.returncode:
            raise BenchError(f"{command[0]} failed:\n{done.stderr[-1500:]}")
        return done.stdout, sum(after[2:4]) - sum(before[2:4])


def milliseconds(seconds: float) -> str:
    """As both command lines write it."""
    return f"{round(1000 * seconds)}ms"
