"""The tables that the bench prints."""

from dataclasses import dataclass

from .backends import MEBIBYTE
from .measure import FOREIGN_LIMIT
from .results import Results
from .scenarios import ALL, Scenario


@dataclass(frozen=True)
class Goal:
    """CPU time for each call of Fairlead: at most `limit` times that of another proxy."""

    scenario: str
    reference: str
    limit: float


GOALS = [Goal("10x10", "envoy", 0.45), Goal("1x100", "envoy", 0.40), Goal("10x10", "nghttpx", 1.5)]


def print_report(results: Results) -> bool:
    """Prints everything; true when every goal that could be judged is met."""
    for scenario in ALL:
        if results.proxies(scenario.name):
            print(f"\n{scenario.title}")
            print_table(table(results, scenario))
    if results.problems:
        print("\nNot measured")
        print("\n".join(f"  {problem}" for problem in results.problems))
    print_disturbance(results)
    return print_goals(results)


def table(results: Results, scenario: Scenario) -> list[list[str]]:
    if scenario.is_idle:
        head = ["proxy", "KiB/connection", "peak RSS MiB", "/envoy", "/nghttpx"]
        fields, key = [("idle_kib", 1.0, 1), ("peak_kib", 1 / 1024, 1)], "idle_kib"
    elif scenario.is_bulk:
        head = ["proxy", "MB/s", "CPU µs/MiB", "p50 ms", "p99 ms", "peak RSS MiB", "core %"]
        head += ["failed", "CPU /envoy", "/nghttpx"]
        fields = [("rate", MEBIBYTE / 1e6, 0), ("cpu_us", 1.0, 0), ("p50_us", 1e-3, 2)]
        fields += [("p99_us", 1e-3, 2), ("peak_kib", 1 / 1024, 1), ("proxy_core", 100.0, 0)]
        key = "cpu_us"
    else:
        head = ["proxy", "CPU µs/RPC", "RPC/s", "p50 ms", "p99 ms", "peak RSS MiB", "core %"]
        head += ["failed", "CPU /envoy", "/nghttpx"]
        fields = [("cpu_us", 1.0, 1), ("rate", 1.0, 0), ("p50_us", 1e-3, 3)]
        fields += [("p99_us", 1e-3, 3), ("peak_kib", 1 / 1024, 1), ("proxy_core", 100.0, 0)]
        key = "cpu_us"
    rows = [head]
    for proxy in results.proxies(scenario.name):
        row = [proxy]
        for field, factor, digits in fields:
            value = results.median(proxy, scenario.name, field) * factor
            row.append(f"{value:,.{digits}f}")
        if not scenario.is_idle:
            row.append(str(results.failed(proxy, scenario.name)))
        for reference in ("envoy", "nghttpx"):
            ratio = results.ratio(proxy, reference, scenario.name, key)
            row.append("-" if ratio is None else f"{ratio:.2f}")
        rows.append(row)
    return rows


def print_table(rows: list[list[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())


def print_disturbance(results: Results, field: str = "requests") -> None:
    """Says how many measurements other processes disturbed; `field` tells which cells have one."""
    measured = [cell for cell in results.cells if getattr(cell, field)]
    disturbed = [cell for cell in measured if cell.foreign > FOREIGN_LIMIT]
    if disturbed:
        worst = max(cell.foreign for cell in disturbed)
        print(
            f"\nOther processes used more than {FOREIGN_LIMIT:.0%} of a core in {len(disturbed)} "
            f"of {len(measured)} measurements (at worst {worst:.0%}): read rates and latencies "
            "with care."
        )


def print_goals(results: Results) -> bool:
    is_met = True
    lines = []
    for goal in GOALS:
        ratio = results.ratio("fairlead", goal.reference, goal.scenario, "cpu_us")
        if ratio is None:
            continue
        verdict = "met" if ratio <= goal.limit else "MISSED"
        is_met = is_met and ratio <= goal.limit
        lines.append(
            f"  {goal.scenario:<6} CPU per RPC / {goal.reference:<8} {ratio:.2f}"
            f"  goal at most {goal.limit:.2f}  {verdict}"
        )
    if lines:
        print("\nGoals for fairlead")
        print("\n".join(lines))
    return is_met
