"""One cell of the client's tables: a fresh client-bench, warmed up and measured, over one transport."""

import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import BenchError
from .greeters import Greeters
from .machine import busy_seconds
from .measure import FOREIGN_LIMIT

SHIM = Path(__file__).resolve().parent / "allocations.c"


@dataclass(frozen=True)
class Kind:
    """What is compared: a transport, and a policy of it."""

    name: str
    transport: str
    policy: str


@dataclass(frozen=True)
class ClientScenario:
    name: str
    title: str
    concurrency: int


@dataclass(frozen=True)
class Allocations:
    """How many, and how many bytes were asked for, by call."""

    calls: int
    allocations: float
    bytes: float


@dataclass
class ClientCell:
    """What one kind did in one scenario of one round. CPU is the client's, user and system time."""

    proxy: str
    scenario: str
    round: int
    calls: int
    rate: float
    cpu_us: float
    user_us: float
    system_us: float
    p50_us: float
    p90_us: float
    p99_us: float
    client_core: float
    """Share of its core that the client kept busy."""
    foreign: float
    """CPU time by second that the machine spent on anything but the client and the servers."""
    slow_share: float
    """Of all calls, in percent, those of the last server."""
    spread: dict[str, int]
    """Calls by server."""
    allocations: float = 0
    """By call, counted in a run of its own."""
    allocated_bytes: float = 0

    def as_json(self) -> dict:
        return asdict(self)


class ClientBench:
    """The program, its core, and how long to measure."""

    def __init__(self, program: str, folder: Path, core: set[int], seconds: float):
        self.program = program
        self.folder = folder
        self.core = core
        self.seconds = seconds
        self.shim: Path | None = None

    def measure_undisturbed(
        self, kind: Kind, scenario: ClientScenario, greeters: Greeters, round: int, attempts: int
    ) -> ClientCell:
        """Measures again, at most `attempts` times, while the rest of the machine disturbs. The least
        disturbed measurement counts, whatever it shows."""
        cells = []
        while len(cells) < attempts:
            cells.append(self.measure(kind, scenario, greeters, round))
            if cells[-1].foreign <= FOREIGN_LIMIT:
                break
        return min(cells, key=lambda cell: cell.foreign)

    def measure(
        self, kind: Kind, scenario: ClientScenario, greeters: Greeters, round: int
    ) -> ClientCell:
        busy, served = busy_seconds(), greeters.cpu_seconds()
        times = os.times()
        report = self.run(kind, scenario, greeters, self.seconds)
        after = os.times()
        served = greeters.cpu_seconds() - served
        own = sum(after[:4]) - sum(times[:4])
        elapsed = after.elapsed - times.elapsed
        user, system = report["userMicrosecondsPerCall"], report["systemMicrosecondsPerCall"]
        calls, spread = report["calls"], report["callsByBackend"]
        rate = calls / report["wallSeconds"]
        slowest = f"pod-{len(greeters.processes)}"
        return ClientCell(
            proxy=kind.name,
            scenario=scenario.name,
            round=round,
            calls=calls,
            rate=rate,
            cpu_us=user + system,
            user_us=user,
            system_us=system,
            p50_us=report["p50Microseconds"],
            p90_us=report["p90Microseconds"],
            p99_us=report["p99Microseconds"],
            client_core=(user + system) * rate / 1e6,
            foreign=max(busy_seconds() - busy - own - served, 0) / elapsed,
            slow_share=100 * spread.get(slowest, 0) / max(calls, 1),
            spread=spread,
        )

    def count_allocations(
        self, kind: Kind, scenario: ClientScenario, greeters: Greeters, stacks: Path | None = None
    ) -> Allocations:
        """Of a short run with a library that counts; it is slower, above all with `stacks`."""
        counts = self.folder / "allocations"
        counts.unlink(missing_ok=True)
        environment = {"LD_PRELOAD": str(self.built_shim()), "ALLOCATIONS_FILE": str(counts)}
        if stacks:
            environment["ALLOCATIONS_STACKS"] = str(stacks)
        seconds = min(self.seconds, 1)
        report = self.run(kind, scenario, greeters, seconds, ["--signals"], environment)
        lines = [line.split() for line in counts.read_text().splitlines()]
        if len(lines) != 2:
            raise BenchError(f"{counts} should have two lines, has {len(lines)}.")
        begin, end = ([int(word) for word in line] for line in lines)
        calls = report["calls"]
        return Allocations(calls, (end[0] - begin[0]) / calls, (end[1] - begin[1]) / calls)

    def run(
        self,
        kind: Kind,
        scenario: ClientScenario,
        greeters: Greeters,
        seconds: float,
        more: list[str] = [],
        environment: dict[str, str] = {},
    ) -> dict:
        command = [self.program, "--transport", kind.transport, "--policy", kind.policy]
        command += ["--addresses", ",".join(greeters.addresses)]
        command += ["--concurrency", str(scenario.concurrency), "--seconds", str(seconds), *more]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=60 + 5 * seconds,
                env=os.environ | environment,
                preexec_fn=lambda: os.sched_setaffinity(0, self.core),
            )
        except subprocess.TimeoutExpired:
            raise BenchError(f"{' '.join(command)} does not end.") from None
        if done.returncode:
            raise BenchError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
        return json.loads(done.stdout)

    def built_shim(self) -> Path:
        if not self.shim:
            compiler = shutil.which("clang") or shutil.which("cc")
            if not compiler:
                raise BenchError("There is no C compiler to build what counts allocations.")
            target = self.folder / "allocations.so"
            command = [compiler, "-O2", "-fPIC", "-shared", "-o", str(target), str(SHIM)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise BenchError(f"{SHIM.name} does not compile:\n{done.stderr[-2000:]}")
            self.shim = target
        return self.shim
