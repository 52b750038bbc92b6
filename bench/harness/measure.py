"""One cell of the table: a fresh proxy, warmed up, measured in one scenario, stopped."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path

from .backends import Backends
from .errors import BenchError
from .idle import close_all, open_idle
from .load import run_load
from .machine import busy_seconds, cpu_seconds, memory_kib
from .proxies import Proxy
from .scenarios import Scenario

# More than this share of a core spent on other things makes a measurement doubtful.
FOREIGN_LIMIT = 0.10


@dataclass
class Cell:
    """What one proxy did in one scenario of one round. CPU is user and system time."""

    proxy: str
    scenario: str
    round: int
    requests: int
    failed: int
    rate: float
    cpu_us: float
    p50_us: float
    p99_us: float
    proxy_core: float
    """Share of its core that the proxy kept busy."""
    load_cores: float
    """CPU time of h2load and the backends by second: at 1.0 on two cores they are the limit."""
    foreign: float
    """CPU time by second that the machine spent on anything else."""
    peak_kib: int
    idle_kib: float
    """For an idle connection; 0 in the other scenarios."""

    def as_json(self) -> dict:
        return asdict(self)


class Bench:
    """The backends, the cores, and how long to measure."""

    def __init__(self, folder: Path, proxy_core: set[int], load_cores: set[int], seconds: float):
        self.folder = folder
        self.proxy_core = proxy_core
        self.load_cores = load_cores
        self.seconds = seconds
        self.backends = Backends(folder, load_cores)

    def stop(self) -> None:
        self.backends.stop()

    def start(self, kind: type[Proxy], program: str) -> Proxy:
        return kind(program, self.folder, self.backends, self.proxy_core)

    def measure_undisturbed(
        self, kind: type[Proxy], program: str, scenario: Scenario, round: int, attempts: int
    ) -> Cell:
        """Measures again, at most `attempts` times, while the rest of the machine disturbs.

        The least disturbed measurement counts, whatever it shows, unless another had failures.
        """
        cells = []
        while len(cells) < attempts:
            cells.append(self.measure(kind, program, scenario, round))
            if cells[-1].failed or cells[-1].foreign <= FOREIGN_LIMIT:
                return cells[-1]
        return min(cells, key=lambda cell: cell.foreign)

    def measure(self, kind: type[Proxy], program: str, scenario: Scenario, round: int) -> Cell:
        proxy = self.start(kind, program)
        try:
            if scenario.is_idle:
                return self.measure_idle(proxy, scenario, round)
            return self.measure_load(proxy, scenario, round)
        finally:
            proxy.stop()

    def send(self, proxy: Proxy, scenario: Scenario, requests: int):
        load = scenario.load(self.backends)
        return run_load(load, proxy.port, requests, self.load_cores, self.folder)

    def warm_up(self, proxy: Proxy, scenario: Scenario) -> float:
        """Half a second of load, or a little more; returns the requests of one second."""
        parallel = scenario.connections * scenario.streams
        rate = self.send(proxy, scenario, max(2 * parallel, 20)).rate
        return self.send(proxy, scenario, max(2 * parallel, int(rate * 0.5))).rate

    def measure_load(self, proxy: Proxy, scenario: Scenario, round: int) -> Cell:
        rate = self.warm_up(proxy, scenario)
        backends = [process.pid for process in self.backends.processes]
        busy, own = busy_seconds(), cpu_seconds(proxy.pid)
        served = sum(map(cpu_seconds, backends))
        start = time.monotonic()
        outcome = self.send(proxy, scenario, int(rate * self.seconds))
        elapsed = time.monotonic() - start
        own = cpu_seconds(proxy.pid) - own
        served = sum(map(cpu_seconds, backends)) - served
        busy = busy_seconds() - busy
        if not proxy.process.is_running:
            raise BenchError(f"{proxy.name} ended under load:\n{proxy.process.output()}")
        others = served + outcome.load_cpu_seconds
        return Cell(
            proxy=proxy.name,
            scenario=scenario.name,
            round=round,
            requests=outcome.requests,
            failed=outcome.requests - outcome.succeeded,
            rate=outcome.rate,
            cpu_us=own * 1e6 / max(outcome.succeeded, 1),
            p50_us=outcome.p50,
            p99_us=outcome.p99,
            proxy_core=own / elapsed,
            load_cores=others / elapsed,
            foreign=max(busy - own - others, 0) / elapsed,
            peak_kib=memory_kib(proxy.pid, "VmHWM"),
            idle_kib=0,
        )

    def measure_idle(self, proxy: Proxy, scenario: Scenario, round: int) -> Cell:
        before = memory_kib(proxy.pid, "VmRSS")
        sockets = open_idle(proxy.port, scenario.connections)
        try:
            after = memory_kib(proxy.pid, "VmRSS")
            peak = memory_kib(proxy.pid, "VmHWM")
        finally:
            close_all(sockets)
        return Cell(
            proxy=proxy.name,
            scenario=scenario.name,
            round=round,
            requests=0,
            failed=0,
            rate=0,
            cpu_us=0,
            p50_us=0,
            p99_us=0,
            proxy_core=0,
            load_cores=0,
            foreign=0,
            peak_kib=peak,
            idle_kib=(after - before) / scenario.connections,
        )
