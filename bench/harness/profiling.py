"""Where a proxy's time goes: perf's samples or callgrind's instruction counts, as text."""

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
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
    details: str = ""
    """What the tool itself prints about callers, when they were asked for."""

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
    command = ["perf", "record", "-e", "cpu-clock", "-F", "1999", "-g", "-q", "-o", str(data)]
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
    flat = perf_report(data, ["--no-children", "-g", "none", "-F", "overhead,dso,sym"])
    details = ""
    if callers:
        graph = perf_report(data, ["--no-children", "-g", "caller,0.5,callee", "-F", "overhead,sym"])
        details = blocks_about(callers, demangle(graph))
    return Profile(headline, parse_perf(demangle(flat)), details)


def perf_report(data: Path, options: list[str]) -> str:
    command = ["perf", "report", "-i", str(data), "--stdio", "-q", "-w", "0", *options]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=300)
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


def blocks_about(text: str, graph: str) -> str:
    """Of perf's call graphs those of the symbols with `text` in their name."""
    blocks = re.split(r"\n(?=\s+[0-9.]+%\s+\[)", graph)
    return "\n".join(block for block in blocks if text in block.strip().partition("\n")[0])


def count(bench: Bench, kind: type[Proxy], program: str, scenario: Scenario) -> Profile:
    """Counts the proxy's instructions with callgrind: slow, but the same in every run. The kernel
    is not counted."""
    out = bench.folder / "callgrind.out"
    wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
    proxy = bench.start(kind, program, wrapper)
    requests = 10_000
    try:
        bench.send(proxy, scenario, 2_000)
        control(proxy, "--zero")
        outcome = bench.send(proxy, scenario, requests)
        control(proxy, "--dump")
    finally:
        proxy.stop()
    dump = Path(f"{out}.1")
    if not dump.exists():
        raise BenchError("callgrind wrote no counts:\n" + proxy.process.output())
    command = ["callgrind_annotate", "--threshold=100", str(dump)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=300)
    total, symbols = parse_callgrind(demangle(done.stdout))
    headline = (
        f"{proxy.name}, {scenario.title}: {total / max(outcome.succeeded, 1):,.0f} instructions "
        f"per RPC in user space, {outcome.succeeded} calls"
    )
    return Profile(headline, symbols)


def control(proxy: Proxy, option: str) -> None:
    subprocess.run(["callgrind_control", option, str(proxy.pid)], check=True, capture_output=True)


def parse_callgrind(text: str) -> tuple[int, list[tuple[float, str, str]]]:
    total = 0
    totals: dict[tuple[str, str], float] = {}
    for line in text.splitlines():
        match = re.match(r"\s*([0-9,]+)\s+\(\s*[0-9.]+%\)\s+(.*)", line)
        if not match:
            continue
        cost = int(match[1].replace(",", ""))
        if match[2].startswith("PROGRAM TOTALS"):
            total = cost
            continue
        # FILE:FUNCTION [LIBRARY], where the file is ??? without debug information. Functions that
        # were running when the counts were set to zero get the whole total as their own: drop them.
        found = re.match(r"[^:]*:(.*?)(?: \[([^\]]*)\])?$", match[2])
        if found and cost < total:
            key = (Path(found[2] or "?").name, found[1])
            totals[key] = totals.get(key, 0) + cost * 100 / total
    return total, by_cost(totals)


def demangle(text: str) -> str:
    """Swift names as a reader writes them; the text as it is without a Swift toolchain."""
    swift = shutil.which("swift")
    if not swift:
        return text
    command = [swift, "demangle", "--simplified"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120)
    return done.stdout if done.returncode == 0 else text
