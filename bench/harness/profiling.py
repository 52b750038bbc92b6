"""Where a proxy's time goes: perf's samples as text."""

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .errors import BenchError
from .machine import cpu_seconds, tree
from .measure import Bench
from .proxies import Proxy
from .scenarios import Scenario


@dataclass
class Profile:
    """Self cost by symbol and by library, in percent, and what one call costs."""

    headline: str
    symbols: list[tuple[float, str, str]]
    """Percent, library, symbol; the dearest first."""
    callers: list[tuple[float, str]] = field(default_factory=list)
    """Percent of all samples, and the nearest callers of the symbol that was asked for."""

    def libraries(self) -> list[tuple[float, str]]:
        totals: dict[str, float] = {}
        for percent, library, _ in self.symbols:
            totals[library] = totals.get(library, 0) + percent
        return sorted(((total, name) for name, total in totals.items()), reverse=True)


def sample(bench: Bench, proxy: Proxy, scenario: Scenario, callers: str | None) -> Profile:
    """Samples the proxy's core under load with perf. The samples are timer ticks of CPU time, so
    this works in virtual machines without hardware counters, too."""
    rate = bench.warm_up(proxy, scenario)
    data = bench.folder / "perf.data"
    # Leaves such as swift_retain keep no frame, so only unwinding by DWARF sees who called them.
    graph = ["-F", "1999"] if not callers else ["-F", "999", "--call-graph", "dwarf,4096"]
    command = ["perf", "record", "-e", "cpu-clock", *graph, "-q", "-o", str(data)]
    recorder = subprocess.Popen(
        command + ["-p", ",".join(map(str, tree(proxy.pid)))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, bench.load_cores),
    )
    before = cpu_seconds(proxy.pid)
    outcome = bench.send(proxy, scenario, int(rate * bench.seconds))
    spent = cpu_seconds(proxy.pid) - before
    recorder.send_signal(signal.SIGINT)
    complaint = recorder.communicate(timeout=30)[1].decode(errors="replace")
    if not data.exists():
        raise BenchError("perf recorded nothing: " + complaint)
    headline = (
        f"{proxy.name}, {scenario.title}: {spent * 1e6 / max(outcome.succeeded, 1):.1f} µs CPU "
        f"per RPC while sampled, {outcome.succeeded} calls"
    )
    columns = ["-g", "none", "-F", "overhead,dso,sym"] if callers else ["-F", "overhead,dso,sym"]
    report = ["report", "-i", str(data), "--stdio", "-q", "-w", "0", "--no-children"]
    flat = perf(report + columns)
    who = []
    if callers:
        stacks = perf(["script", "-i", str(data), "--no-inline", "-F", "ip,sym"])
        who = callers_of(callers, demangle(stacks))
    return Profile(headline, parse_perf(demangle(flat)), who)


def perf(arguments: list[str]) -> str:
    command = ["perf", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=600)
    return done.stdout


def parse_perf(text: str) -> list[tuple[float, str, str]]:
    totals: dict[tuple[str, str], float] = {}
    for line in text.splitlines():
        match = re.match(r"\s*([0-9.]+)%\s+(\S+)\s+\[.\]\s+(.*)", line)
        if match:
            # A stripped library has addresses only: they say nothing one by one.
            symbol = match[3].strip()
            key = (match[2], "(no symbol)" if symbol.startswith("0x") else symbol)
            totals[key] = totals.get(key, 0) + float(match[1])
    return by_cost(totals)


def by_cost(totals: dict[tuple[str, str], float]) -> list[tuple[float, str, str]]:
    rows = [(total, library, symbol) for (library, symbol), total in totals.items()]
    return sorted(rows, reverse=True)


def callers_of(text: str, stacks: str) -> list[tuple[float, str]]:
    """For samples whose own symbol has `text` in its name: its nearest two callers, summed."""
    total = 0
    counts: dict[str, int] = {}
    for stack in stacks.split("\n\n"):
        frames = [line.strip().partition(" ")[2] for line in stack.splitlines() if line.strip()]
        if not frames:
            continue
        total += 1
        if text in frames[0]:
            chain = " < ".join(frames[:3])
            counts[chain] = counts.get(chain, 0) + 1
    rows = [(count * 100 / total, chain) for chain, count in counts.items()]
    return sorted(rows, reverse=True)


def demangle(text: str) -> str:
    """Swift names as a reader writes them; the text as it is without a Swift toolchain."""
    swift = shutil.which("swift")
    if not swift:
        return text
    command = [swift, "demangle", "--simplified"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120)
    return done.stdout if done.returncode == 0 else text
